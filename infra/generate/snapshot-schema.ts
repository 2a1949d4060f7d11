import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { SCHEMA_VERSION, snapshotFile } from '../../shared/collect/snapshot-file/schema.ts';

const ID = `https://netpol-warden.dev/schema/snapshot/v${SCHEMA_VERSION}.json`;

/**
 * The snapshot file as JSON Schema 2020-12, from the same schema that reads it. It describes what may be **written**:
 * unknown keys are allowed, because readers ignore them.
 */
export const generateSnapshotSchema = (): string => {
  const { $schema, ...schema } = z.toJSONSchema(snapshotFile, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // What the program does with a value, and the edge of its number type, are no rules for a writer.
      delete jsonSchema.readOnly;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  const document = {
    $schema,
    $id: ID,
    title: 'Netpol Warden snapshot',
    description:
      'Everything that was looked at about one Amazon EKS cluster at one moment. Each fact is observed, absent (looked for and not there) or unobserved (could not be looked at, with the reason); one that is missing was not collected.',
    ...schema,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
};

if (import.meta.main) {
  await writeFile(fileURLToPath(new URL('../../docs/snapshot.schema.json', import.meta.url)), generateSnapshotSchema());
}
