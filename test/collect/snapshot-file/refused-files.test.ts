import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeSnapshot, readSnapshot, SnapshotError } from '../../../shared/collect/snapshot-file/snapshot-file.ts';
import { FACT_KEYS } from '../../../shared/model/snapshot.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { arbitrarySnapshot } from './arbitrary-snapshot.ts';
import { AT, SAMPLE } from './sample.ts';

let dir = '';
let file = '';

beforeAll(async () => {
  dir = await temporaryDirectory();
  file = join(dir, 'a.json');
});

/** What is said of a file with this content: path, expectation and the line without the directory. */
const refusal = async (content: string | Uint8Array, maxBytes?: number): Promise<unknown> => {
  await writeFile(file, content);
  try {
    return await readSnapshot(file, maxBytes);
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    expect(error.file).toBe(file);
    return { path: error.path, expected: error.expected, message: error.message.replace(`${dir}/`, '') };
  }
};

const whole = JSON.parse(encodeSnapshot(SAMPLE)) as { readonly [key: string]: unknown };
const withFact = (key: string, fact: unknown): string => JSON.stringify({ ...whole, facts: { [key]: fact } });
const observed = (value: unknown): object => ({ state: 'observed', source: 's', observedAt: AT, value });

describe('bytes that are no snapshot', () => {
  test.each([
    { name: 'empty', content: '', message: 'a.json: expected JSON, found an empty file' },
    {
      name: 'cut off',
      content: encodeSnapshot(SAMPLE).slice(0, 40),
      message: 'a.json: expected JSON, found an error at position 40',
    },
    { name: 'HTML', content: '<html></html>', message: 'a.json: expected JSON, found other text' },
    {
      name: 'not UTF-8',
      content: Buffer.from([0x22, 0xff, 0x22]),
      message: 'a.json: expected UTF-8 text, found other bytes',
    },
    {
      name: 'truncated gzip',
      content: gzipSync(encodeSnapshot(SAMPLE)).subarray(0, 80),
      message: 'a.json: expected a whole gzip file, found a truncated one',
    },
    {
      name: 'damaged gzip',
      content: Buffer.concat([gzipSync('').subarray(0, 10), Buffer.from('garbage')]),
      message: 'a.json: expected a whole gzip file, found damage (Z_DATA_ERROR)',
    },
    { name: 'gzip of no JSON', content: gzipSync('x'), message: 'a.json: expected JSON, found other text' },
    { name: 'a list', content: '[]', message: 'a.json: expected a snapshot object, found array of 0' },
    { name: 'null', content: 'null', message: 'a.json: expected a snapshot object, found null' },
  ])('$name', async ({ content, message }) => {
    expect(await refusal(content)).toMatchObject({ path: '', message });
  });

  test('a bomb is not unpacked beyond the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20));
    expect(await refusal(bomb, 1_000_000)).toMatchObject({
      message: 'a.json: expected at most 1000000 bytes once unpacked, found more',
    });
  });

  test('a file beyond the limit is not read', async () => {
    expect(await refusal(' '.repeat(2000), 1999)).toMatchObject({
      message: 'a.json: expected at most 1999 bytes, found 2000 bytes',
    });
  });

  test('a hundred thousand levels of nothing are no reason to fall over', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await refusal(deep)).toMatchObject({ message: 'a.json: expected a snapshot object, found array of 1' });
    expect(
      await refusal(JSON.stringify({ ...whole, facts: {} }).replace('"facts":{}', `"facts":{},"x":${deep}`)),
    ).toHaveProperty('facts');
  });

  test('what cannot be opened', async () => {
    await expect(readSnapshot(join(dir, 'gone.json'))).rejects.toThrow(
      'gone.json: expected a readable file, found ENOENT',
    );
    await mkdir(join(dir, 'folder.json'));
    await expect(readSnapshot(join(dir, 'folder.json'))).rejects.toThrow(
      'expected a regular file, found something else',
    );
    await expect(readSnapshot('/dev/zero')).rejects.toThrow('/dev/zero: expected a regular file, found something else');
    await expect(readSnapshot('\u0000')).rejects.toThrow(SnapshotError);
  });
});

describe('JSON that is no snapshot', () => {
  test.each([
    {
      name: 'a newer version',
      content: JSON.stringify({ ...whole, schemaVersion: 2 }),
      path: 'schemaVersion',
      message: 'a.json: schemaVersion: expected 1, the version that this program supports, found number 2',
    },
    {
      name: 'a version of another type',
      content: JSON.stringify({ ...whole, schemaVersion: '1' }),
      path: 'schemaVersion',
      message: 'a.json: schemaVersion: expected 1, the version that this program supports, found "1"',
    },
    {
      name: 'no version',
      content: JSON.stringify({ ...whole, schemaVersion: undefined }),
      path: 'schemaVersion',
      message: 'a.json: schemaVersion: expected 1, found nothing',
    },
    {
      name: 'no facts',
      content: JSON.stringify({ ...whole, facts: undefined }),
      path: 'facts',
      message: 'a.json: facts: expected object, found nothing',
    },
    {
      name: 'a time that is none',
      content: JSON.stringify({ ...whole, takenAt: 'now' }),
      path: 'takenAt',
      message: 'a.json: takenAt: expected RFC 3339 time in UTC, found "now"',
    },
    {
      name: 'a time that is not UTC',
      content: JSON.stringify({ ...whole, takenAt: '2026-11-20T10:00:00+01:00' }),
      path: 'takenAt',
      message: 'a.json: takenAt: expected RFC 3339 time in UTC, found "2026-11-20T10:00:00+01:00"',
    },
    {
      name: 'an account that is none',
      content: JSON.stringify({ ...whole, cluster: { ...SAMPLE.cluster, account: '1' } }),
      path: 'cluster.account',
      message: 'a.json: cluster.account: expected twelve digits, found "1"',
    },
    {
      name: 'a state that is none',
      content: withFact('eks.cluster', { state: 'maybe' }),
      path: 'facts["eks.cluster"].state',
      message: 'a.json: facts["eks.cluster"].state: expected "observed" or "absent" or "unobserved", found "maybe"',
    },
    {
      name: 'a reason that is none',
      content: withFact('eks.cluster', { state: 'unobserved', reason: 'lazy', detail: '', source: '', observedAt: AT }),
      path: 'facts["eks.cluster"].reason',
      message:
        'a.json: facts["eks.cluster"].reason: expected "denied" or "throttled" or "api-error" or "unreachable" or "malformed" or "partial" or "not-collected", found "lazy"',
    },
    {
      name: 'an observed fact without value',
      content: withFact('kubernetes.nodes', observed(undefined)),
      path: 'facts["kubernetes.nodes"].value',
      message: 'a.json: facts["kubernetes.nodes"].value: expected array, found nothing',
    },
    {
      name: 'a field of another type',
      content: withFact(
        'kubernetes.api-services',
        observed([
          { name: 'a', available: 'True' },
          { name: 1, available: 'True' },
        ]),
      ),
      path: 'facts["kubernetes.api-services"].value[1].name',
      message: 'a.json: facts["kubernetes.api-services"].value[1].name: expected string, found number 1',
    },
    {
      name: 'null where a field may be missing',
      content: withFact('ec2.images', observed([{ imageId: 'a', name: 'b', ownerId: null }])),
      path: 'facts["ec2.images"].value[0].ownerId',
      message: 'a.json: facts["ec2.images"].value[0].ownerId: expected string, found null',
    },
    {
      name: 'a map with a value that is no text',
      content: withFact('kubernetes.amazon-vpc-cni', observed({ 'a/b': { c: 1 } })),
      path: 'facts["kubernetes.amazon-vpc-cni"].value["a/b"]',
      message: 'a.json: facts["kubernetes.amazon-vpc-cni"].value["a/b"]: expected string, found object',
    },
    {
      name: 'a map that is a list',
      content: withFact('kubernetes.amazon-vpc-cni', observed(['a'])),
      path: 'facts["kubernetes.amazon-vpc-cni"].value',
      message: 'a.json: facts["kubernetes.amazon-vpc-cni"].value: expected object of strings, found array of 1',
    },
  ])('$name', async ({ content, path, message }) => {
    expect(await refusal(content)).toMatchObject({ path, message });
  });

  test('add-on values nested beyond any that a collector keeps', async () => {
    const configuration = { form: 'values', values: 'HERE' };
    const addon = { version: '', status: '', healthIssues: [], configuration, podIdentityAssociationArns: [] };
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    expect(await refusal(withFact('eks.vpc-cni-addon', observed(addon)).replace('"HERE"', deep))).toMatchObject({
      path: 'facts["eks.vpc-cni-addon"].value.configuration.values',
      expected: 'JSON nested at most 32 levels',
    });
  });

  test('the line is one line, bounded and printable, whatever the file says', async () => {
    const key = '\u001B[2J\n\u202E'.repeat(10_000);
    const said = await refusal(withFact('kubernetes.amazon-vpc-cni', observed({ [key]: 1 })));
    const message = said !== null && typeof said === 'object' && 'message' in said ? String(said.message) : '';
    expect(message).toMatch(/^a\.json: facts\["kubernetes\.amazon-vpc-cni"\]\.value\["\\u001b\[2J/);
    expect(message.length).toBeLessThanOrEqual(300);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('readSnapshot throws a SnapshotError and nothing else', () => {
  /** Neither a snapshot nor a refusal would be `nothing`; another exception is thrown on and fails the test. */
  const ending = async (content: string | Uint8Array): Promise<'read' | 'refused' | 'nothing'> => {
    const result = await refusal(content);
    if (typeof result !== 'object' || result === null) return 'nothing';
    return 'facts' in result ? 'read' : 'message' in result ? 'refused' : 'nothing';
  };

  test('on any bytes, packed or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, isPacked) => {
        expect(await ending(isPacked ? gzipSync(bytes) : bytes)).not.toBe('nothing');
      }),
      { numRuns: 60 },
    );
  });

  test('on any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (json) => {
        expect(await ending(json)).not.toBe('nothing');
      }),
      { numRuns: 60 },
    );
  });

  test('on any JSON in place of a fact, or of a value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FACT_KEYS),
        fc.jsonValue({ maxDepth: 4 }),
        fc.boolean(),
        async (key, json, isValue) => {
          expect(await ending(withFact(key, isValue ? observed(json) : json))).not.toBe('nothing');
        },
      ),
      { numRuns: 100 },
    );
  });

  test('on a snapshot that was cut off anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrarySnapshot, fc.double({ min: 0, max: 0.999, noNaN: true }), async (snapshot, part) => {
        const text = encodeSnapshot(snapshot);
        expect(await ending(text.slice(0, Math.floor(text.length * part)))).not.toBe('nothing');
      }),
      { numRuns: 40 },
    );
  });
});
