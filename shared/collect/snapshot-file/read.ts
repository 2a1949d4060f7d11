import { unobserved, type Unobserved } from '../../model/fact.ts';
import { FACT_KEYS, type Facts, type Snapshot } from '../../model/snapshot.ts';
import { describeFound, expectation, pathText, valueAt } from '../normalise/expectation.ts';
import { parseJsonText } from '../normalise/json-text.ts';
import { mapOf } from '../normalise/text-map.ts';
import { MAX_SNAPSHOT_BYTES, readText } from './bytes.ts';
import { SCHEMA_VERSION, snapshotFile, type SnapshotFile } from './schema.ts';
import { SnapshotError } from './snapshot-error.ts';

const parseDocument = (file: string, text: string): unknown => {
  const parsed = parseJsonText(text);
  if (!parsed.ok) throw new SnapshotError(file, '', 'JSON', parsed.found);
  return parsed.value;
};

const refuseOtherVersions = (file: string, document: unknown): void => {
  const version = valueAt(document, ['schemaVersion']);
  if (version === undefined || version === SCHEMA_VERSION) return;
  throw new SnapshotError(
    file,
    'schemaVersion',
    `${SCHEMA_VERSION}, the version that this program supports`,
    describeFound(version),
  );
};

const validated = (file: string, document: unknown): SnapshotFile => {
  const result = snapshotFile.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new SnapshotError(file, '', 'a snapshot', describeFound(document));
  const expected = issue.path.length === 0 ? 'a snapshot object' : expectation(issue);
  throw new SnapshotError(file, pathText(issue.path), expected, describeFound(valueAt(document, issue.path)));
};

const notCollected = (takenAt: string): Facts =>
  // One entry for every key there is, and an unobserved fact fits the type of every key.
  mapOf<Unobserved>(
    FACT_KEYS.map((key) => [
      key,
      unobserved('not-collected', `the snapshot file has no ${key}`, 'snapshot file', takenAt),
    ]),
  ) as unknown as Facts;

/**
 * Reads a snapshot file, plain or gzip. Keys that it does not know are ignored; a fact that the file lacks is
 * unobserved, never absent.
 * @param maxBytes of JSON, before and after unpacking.
 * @throws SnapshotError and nothing else, whatever the file holds.
 */
export const readSnapshot = async (path: string, maxBytes: number = MAX_SNAPSHOT_BYTES): Promise<Snapshot> => {
  const document = parseDocument(path, await readText(path, maxBytes));
  refuseOtherVersions(path, document);
  const { cluster, takenAt, facts } = validated(path, document);
  return { cluster, takenAt, facts: { ...notCollected(takenAt), ...facts } };
};
