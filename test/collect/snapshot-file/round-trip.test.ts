import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeSnapshot, readSnapshot, writeSnapshot } from '../../../shared/collect/snapshot-file/snapshot-file.ts';
import { FACT_KEYS } from '../../../shared/model/snapshot.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { arbitrarySnapshot } from './arbitrary-snapshot.ts';
import { AT, SAMPLE } from './sample.ts';

describe('a snapshot that is written', () => {
  test('is the snapshot that is read, whatever is in it', async () => {
    const dir = await temporaryDirectory();
    await fc.assert(
      fc.asyncProperty(arbitrarySnapshot, fc.constantFrom('a.json', 'a.json.gz'), async (snapshot, name) => {
        const path = join(dir, name);
        await writeSnapshot(path, snapshot);
        const read = await readSnapshot(path);
        expect(read).toEqual(snapshot);
        expect(encodeSnapshot(read)).toBe(encodeSnapshot(snapshot));
      }),
      { numRuns: 60 },
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('has one fact a line, in the model’s order', () => {
    const lines = encodeSnapshot(SAMPLE).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '{',
      '  "schemaVersion": 1,',
      '  "cluster": {"account":"111122223333","name":"shop-prod","partition":"aws","region":"us-west-2"},',
      '  "takenAt": "2026-11-20T09:00:00Z",',
      '  "facts": {',
    ]);
    expect(lines.slice(5, -3).map((line) => /^ {4}"([^"]+)": \{/.exec(line)?.[1])).toEqual(FACT_KEYS);
    expect(lines.slice(-3)).toEqual(['  }', '}', '']);
  });

  test('is gzip by its name, and the same bytes each time', async () => {
    const dir = await temporaryDirectory();
    await writeSnapshot(join(dir, 'a.json.gz'), SAMPLE);
    await writeSnapshot(join(dir, 'b.json.gz'), SAMPLE);
    const bytes = await readFile(join(dir, 'a.json.gz'));
    expect(gunzipSync(bytes).toString()).toBe(encodeSnapshot(SAMPLE));
    expect(await readFile(join(dir, 'b.json.gz'))).toEqual(bytes);
  });

  test('replaces the file before in one step, leaves nothing beside it, and is its owner’s alone', async () => {
    const dir = await temporaryDirectory();
    const path = join(dir, 'a.json');
    await writeFile(path, 'old');
    await writeSnapshot(path, SAMPLE);
    expect(await readdir(dir)).toEqual(['a.json']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('that cannot be written leaves nothing behind', async () => {
    const dir = await temporaryDirectory();
    await expect(writeSnapshot(join(dir, 'no-such-folder/a.json'), SAMPLE)).rejects.toThrow('ENOENT');
    await writeSnapshot(join(dir, 'taken.json'), SAMPLE);
    await expect(writeSnapshot(join(dir, 'taken.json', 'a.json'), SAMPLE)).rejects.toThrow('ENOTDIR');
    await mkdir(join(dir, 'folder.json'));
    await expect(writeSnapshot(join(dir, 'folder.json'), SAMPLE)).rejects.toThrow('EISDIR');
    expect((await readdir(dir)).toSorted()).toEqual(['folder.json', 'taken.json']);
  });
});

describe('a snapshot that is read', () => {
  const reading = async (document: unknown): ReturnType<typeof readSnapshot> => {
    const path = join(await temporaryDirectory(), 'a.json');
    await writeFile(path, JSON.stringify(document));
    return readSnapshot(path);
  };
  const bare = { schemaVersion: 1, cluster: SAMPLE.cluster, takenAt: AT };

  test('a fact that it lacks was not collected', async () => {
    const { facts } = await reading({ ...bare, facts: {} });
    expect(Object.keys(facts).toSorted()).toEqual([...FACT_KEYS].toSorted());
    expect(facts['kubernetes.nodes']).toEqual({
      state: 'unobserved',
      reason: 'not-collected',
      detail: 'the snapshot file has no kubernetes.nodes',
      source: 'snapshot file',
      observedAt: AT,
    });
  });

  test('what it does not know is ignored', async () => {
    const observed = { state: 'observed', source: 's', observedAt: AT };
    const read = await reading({
      ...bare,
      $schema: 'https://netpol-warden.dev/schema/snapshot/v1.json',
      facts: {
        'future.fact': { state: 'no such state' },
        'kubernetes.api-services': { ...observed, value: [{ name: 'v1.', available: 'True', colour: 'blue' }], x: 1 },
      },
    });
    expect(Object.keys(read).toSorted()).toEqual(['cluster', 'facts', 'takenAt']);
    expect(read.facts).not.toHaveProperty(['future.fact']);
    expect(read.facts['kubernetes.api-services']).toEqual({ ...observed, value: [{ name: 'v1.', available: 'True' }] });
  });

  test('prototype keys are ignored where keys are fixed and carried where they are free', async () => {
    const path = join(await temporaryDirectory(), 'a.json');
    const configMap = `{"state":"observed","source":"s","observedAt":"${AT}","value":{"__proto__":"x","a":"b"}}`;
    await writeFile(
      path,
      `{"schemaVersion":1,"cluster":${JSON.stringify(SAMPLE.cluster)},"takenAt":"${AT}","__proto__":{"polluted":1},` +
        `"facts":{"__proto__":{"polluted":1},"kubernetes.amazon-vpc-cni":${configMap}}}`,
    );
    const { facts } = await readSnapshot(path);
    const data = facts['kubernetes.amazon-vpc-cni'];
    expect(data.state === 'observed' ? Object.entries(data.value) : data).toEqual([
      ['__proto__', 'x'],
      ['a', 'b'],
    ]);
    expect(data.state === 'observed' ? data.value['toString'] : data).toBeUndefined();
    expect(facts).not.toHaveProperty('polluted');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('a text of 10 MB is carried', async () => {
    const detail = '<b>'.repeat(3_500_000);
    const fact = { state: 'unobserved', reason: 'denied', detail, source: 's', observedAt: AT };
    const { facts } = await reading({ ...bare, facts: { 'eks.cluster': fact } });
    expect(facts['eks.cluster']).toEqual(fact);
  });
});
