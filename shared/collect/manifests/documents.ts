import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml';
import { parseJsonText } from '../normalise/json-text.ts';
import { oneLine } from '../normalise/one-line.ts';
import { ManifestError } from './manifest-error.ts';
import type { Origin } from './manifest-error.ts';

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

export interface ManifestDocument {
  readonly origin: Origin;
  readonly value: unknown;
}

/** Dates stay text, as in Kubernetes; `<<` means what it means to kubectl. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Levels of nesting; a NetworkPolicy has ten. */
const MAX_DEPTH = 64;
/** Of one document, once aliases are written out. */
const MAX_VALUES = 5_000_000;
/** A small document may repeat itself a little. */
const FEW_VALUES = 10_000;

const REASON_LENGTH = 80;

const describeYaml = (error: unknown): string => {
  if (!(error instanceof YAMLException)) return 'text that no YAML parser accepts';
  const line = error.mark === undefined ? '' : ` at line ${error.mark.line + 1}`;
  return `an error${line}: ${oneLine(error.reason, REASON_LENGTH)}`;
};

/**
 * Aliases make a small text into a tree without end. Without them a document has fewer values than characters, so that is
 * how many it may have with them.
 */
const requireBounded = ({ origin, value }: ManifestDocument, characters: number): void => {
  const most = Math.min(MAX_VALUES, Math.max(characters, FEW_VALUES));
  let left = most;
  const walk = (node: unknown, depth: number): void => {
    left -= 1;
    if (left < 0) throw new ManifestError(origin, '', `at most ${most} values once aliases are written out`, 'more');
    if (depth > MAX_DEPTH) throw new ManifestError(origin, '', `at most ${MAX_DEPTH} levels of nesting`, 'more');
    if (typeof node !== 'object' || node === null) return;
    for (const item of Object.values(node)) walk(item, depth + 1);
  };
  walk(value, 0);
};

const yamlDocuments = ({ path, text }: ManifestFile): readonly unknown[] => {
  try {
    return loadAll(text, { schema: SCHEMA });
  } catch (error) {
    throw new ManifestError(path, '', 'YAML', describeYaml(error), error);
  }
};

const jsonDocument = ({ path, text }: ManifestFile): readonly unknown[] => {
  const parsed = parseJsonText(text);
  if (!parsed.ok) throw new ManifestError(path, '', 'JSON', parsed.found);
  return [parsed.value];
};

/**
 * The documents of one file: JSON where its name ends so, else YAML. Empty documents are left out but count.
 * @throws ManifestError
 */
export const manifestDocuments = (file: ManifestFile): readonly ManifestDocument[] => {
  const values = file.path.endsWith('.json') ? jsonDocument(file) : yamlDocuments(file);
  const documents = values.flatMap((value, index): readonly ManifestDocument[] =>
    value === null || value === undefined ? [] : [{ origin: { file: file.path, document: index + 1 }, value }],
  );
  for (const document of documents) requireBounded(document, file.text.length);
  return documents;
};
