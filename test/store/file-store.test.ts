import * as nodeFiles from 'node:fs/promises';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileStem } from '../../shared/store/file-name.ts';
import { fileStore } from '../../shared/store/file-store.ts';
import { StaleRecordError, StoreError } from '../../shared/store/port.ts';
import { CHECK } from '../reconcile/scenario.ts';
import { CLUSTER } from '../support/cluster.ts';
import { commitRun, examinedAt, storeContract } from './store-contract.ts';
import { removeTemporary, temporary } from './temporary.ts';

afterEach(removeTemporary);

storeContract('fileStore', async () => {
  const directory = await temporary();
  return () => fileStore(directory);
});

const STEM = fileStem(CLUSTER);

/** What the store says of a file with this text. */
const reading = async (text: string): Promise<string> => {
  const directory = await temporary();
  await nodeFiles.mkdir(directory);
  await writeFile(join(directory, `${STEM}.3.json`), text);
  const store = fileStore(directory);
  const problem = await store.read(CLUSTER).then(
    () => 'was read',
    (error: unknown) => (error instanceof StoreError ? error.message : 'another error'),
  );
  // Neither a run that ignores the error nor one that begins anew may overwrite what cannot be understood.
  const own = { cluster: { ...CLUSTER }, findings: {}, watermarks: { [CHECK]: {} } };
  await expect(store.commit(own, [])).rejects.toThrow(StaleRecordError);
  expect(await readFile(join(directory, `${STEM}.3.json`), 'utf8')).toBe(text);
  expect(await readdir(directory)).toEqual([`${STEM}.3.json`]);
  return problem.replace(join(directory, STEM), '<stem>');
};

describe('a directory of records', () => {
  it('holds one file per cluster, readable by its owner only', async () => {
    const directory = await temporary();
    await commitRun(fileStore(directory), 1, 'fail');
    await commitRun(fileStore(directory), 2, 'pass');
    const names = await readdir(directory);

    expect(names).toEqual([`${STEM}.2.json`]);
    expect((await stat(join(directory, `${STEM}.2.json`))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('is not made by reading', async () => {
    const directory = await temporary();
    await fileStore(directory).read(CLUSTER);
    await fileStore(directory).list();

    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });

  it('may hold other files, which are left alone', async () => {
    const directory = await temporary();
    await nodeFiles.mkdir(directory);
    const others = ['README.md', 'x.json', `${STEM}.0.json`, `${STEM}.json`, `${STEM}.1.json.bak`, `${STEM}.5f0c.tmp`];
    await Promise.all(others.map(async (name) => writeFile(join(directory, name), '{')));
    const store = fileStore(directory);
    await commitRun(store, 1, 'fail');

    expect(await store.list()).toHaveLength(1);
    expect((await readdir(directory)).toSorted()).toEqual([...others, `${STEM}.1.json`].toSorted());
  });

  it('that is none is an error', async () => {
    const directory = await temporary();
    await writeFile(directory, 'a file');

    await expect(fileStore(directory).read(CLUSTER)).rejects.toThrow(
      `${directory}: expected a directory that can be read (ENOTDIR)`,
    );
  });

  it.each([
    '../../../escape',
    '/absolute',
    '',
    '.',
    '..',
    'a/b',
    'a\\b',
    'nul\u0000byte',
    'con',
    '__proto__',
    'UPPER',
    'upper',
    'line\nbreak',
    'é',
    'e\u0301',
    '\ud800',
    '$(touch x)',
    'x'.repeat(1000),
  ])('takes a cluster called %j', async (name) => {
    const directory = await temporary();
    const cluster = { ...CLUSTER, name };
    const record = await commitRun(fileStore(directory), 1, 'fail', cluster);
    const names = await readdir(directory);

    expect(await fileStore(directory).read(cluster)).toEqual(record);
    expect(await fileStore(directory).list()).toEqual([record]);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^cluster-[a-z0-9-]{0,41}-[0-9a-f]{64}\.1\.json$/);
    expect(await readdir(join(directory, '..'))).toEqual(['state']);
  });
});

describe('a file that is not as it must be', () => {
  it.each([
    ['empty', ''],
    ['cut off', '{"schemaVersion":1,"cluster":{"partition":"aws","acc'],
    ['no JSON', 'status: open'],
  ])('is refused when it is %s', async (_, text) => {
    expect(await reading(text)).toMatch(/^<stem>\.3\.json: expected a whole JSON document: /);
  });

  const WHOLE = { schemaVersion: 1, cluster: CLUSTER, findings: {}, watermarks: {} };

  it.each([
    [
      'of another schema version',
      { ...WHOLE, schemaVersion: 2 },
      '<stem>.3.json: schemaVersion: expected 1: the record of another version of netpol-warden',
    ],
    ['without findings', { ...WHOLE, findings: undefined }, '<stem>.3.json: findings: Invalid input: expected record'],
    [
      'with a watermark that is no time',
      { ...WHOLE, watermarks: { [CHECK]: { examinedAt: 'soon' } } },
      `<stem>.3.json: watermarks.${CHECK}.examinedAt: expected an RFC 3339 time`,
    ],
    ['with a key that nobody knows', { ...WHOLE, extra: 1 }, '<stem>.3.json: Unrecognized key: "extra"'],
    ['that is a list', [], '<stem>.3.json: Invalid input: expected object, received array'],
    [
      'of another cluster',
      { ...WHOLE, cluster: { ...CLUSTER, name: 'shop-test' } },
      '<stem>.3.json: cluster: expected ["aws","111122223333","us-west-2","shop-prod"], found ["aws","111122223333","us-west-2","shop-test"]',
    ],
  ])('is refused when it is one %s', async (_, value, problem) => {
    expect(await reading(JSON.stringify(value))).toContain(problem);
  });

  it('makes list fail too, rather than be shorter', async () => {
    const directory = await temporary();
    const store = fileStore(directory);
    await commitRun(store, 1, 'fail');
    await commitRun(store, 1, 'fail', { ...CLUSTER, name: 'shop-test' });
    await writeFile(join(directory, `${STEM}.2.json`), '{');

    await expect(store.list()).rejects.toThrow(`${STEM}.2.json: expected a whole JSON document`);
    await expect(store.read({ ...CLUSTER, name: 'shop-test' })).resolves.toHaveProperty('findings');
  });

  it('is found out when it was renamed', async () => {
    const directory = await temporary();
    await commitRun(fileStore(directory), 1, 'fail');
    const other = fileStem({ ...CLUSTER, name: 'shop-test' });
    await nodeFiles.rename(join(directory, `${STEM}.1.json`), join(directory, `${other}.1.json`));

    await expect(fileStore(directory).list()).rejects.toThrow(
      `${other}.1.json: expected the record of its name; it is that of ${STEM}`,
    );
  });

  it('is not written in the first place', async () => {
    const directory = await temporary();
    const store = fileStore(directory);
    const record = examinedAt(await store.read(CLUSTER), 1);
    const nonsense = { ...record, watermarks: { [CHECK]: { examinedAt: 'soon' } } };

    await expect(store.commit(nonsense, [])).rejects.toThrow(
      `the record to store in ${directory}: watermarks.${CHECK}.examinedAt: expected an RFC 3339 time`,
    );
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
  });
});
