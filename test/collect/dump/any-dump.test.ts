import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importDump, ImportError } from '../../../shared/collect/dump/import-dump.ts';
import { SINGLE_FILES } from '../../../shared/collect/dump/single-files.ts';
import { FACT_KEYS } from '../../../shared/model/snapshot.ts';
import { writeDump } from './dump.ts';

const FILES = [
  'gather.json',
  'aws/list-nodegroups.json',
  'aws/nodegroups/a.json',
  'aws/launch-templates/lt-a.json',
  'kubernetes/version.json',
  'kubernetes/daemonsets.json',
  'probes/readyz/node-a.txt',
  ...Object.values(SINGLE_FILES).flatMap(({ name }) => [`${name}.json`, `${name}.error`]),
];

const content = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom('', '{', '[]', '{"items":[]}'));

describe('any dump at all', () => {
  test('becomes a snapshot of every fact, or one ImportError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...FILES), content, { maxKeys: 8 }), async (files) => {
        const dir = await writeDump(files);
        let ending: unknown;
        try {
          ending = Object.keys((await importDump(dir)).facts).length;
        } catch (error) {
          ending = error instanceof ImportError ? 'ImportError' : error;
        }
        expect([FACT_KEYS.length, 'ImportError']).toContain(ending);
      }),
      { numRuns: 60 },
    );
  });
});
