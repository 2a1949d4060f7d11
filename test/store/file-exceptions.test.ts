import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileExceptions } from '../../shared/store/file-exceptions.ts';
import { memoryExceptions } from '../../shared/store/memory-exceptions.ts';
import { removeTemporary, temporary } from './temporary.ts';

let folder = '';
beforeEach(async () => {
  folder = await temporary();
});
afterEach(removeTemporary);

const exception = { check: 'network-policy/enforced', owner: 'shop', reason: 'moving out', expires: '2026-12-01' };
const narrow = { ...exception, cluster: 'shop-prod', resource: 'ip-10-0-1-5' };

describe.each([
  ['in a document', () => fileExceptions(join(folder, 'exceptions.json'))],
  ['in memory', memoryExceptions],
] as const)('exceptions %s', (_, make) => {
  it('are none at first, and one for each check, cluster and resource', async () => {
    const exceptions = make();

    expect(await exceptions.list()).toEqual([]);
    for (const each of [narrow, exception, { ...narrow, reason: 'later' }]) await exceptions.put(each);
    expect(await exceptions.list()).toEqual([{ ...narrow, reason: 'later' }, exception]);
  });

  it('are removed for exactly what they were made for', async () => {
    const exceptions = make();
    for (const each of [narrow, exception]) await exceptions.put(each);

    await exceptions.delete({ check: exception.check, cluster: 'shop-prod' });
    expect(await exceptions.list()).toEqual([narrow, exception]);
    await exceptions.delete({ check: exception.check });
    expect(await exceptions.list()).toEqual([narrow]);
  });
});

describe('the document of exceptions', () => {
  it('is what audit reads, and for its owner only', async () => {
    const path = join(folder, 'exceptions.json');
    await fileExceptions(path).put(exception);

    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ exceptions: [exception] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is never overwritten where it is not understood', async () => {
    const path = join(folder, 'exceptions.json');
    await mkdir(folder);
    await writeFile(path, '{"exceptions":[{"check":"network-policy/enforced","resourse":"x"}]}');

    await expect(fileExceptions(path).put(exception)).rejects.toThrow(/exceptions\[0\]/);
    expect(await readFile(path, 'utf8')).toContain('resourse');
  });

  it('refuses what could not be read again', async () => {
    const path = join(folder, 'exceptions.json');

    await expect(fileExceptions(path).put({ ...exception, expires: 'never' })).rejects.toThrow('expected a day');
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  it('reads YAML, and does not write it, because its comments would be lost', async () => {
    const path = join(folder, 'exceptions.yaml');
    const yaml =
      '# why\nexceptions:\n  - {check: network-policy/enforced, owner: shop, reason: moving out, expires: 2026-12-01}\n';
    await mkdir(folder);
    await writeFile(path, yaml);

    expect(await fileExceptions(path).list()).toEqual([exception]);
    await expect(fileExceptions(path).put(narrow)).rejects.toThrow('comments in YAML would be lost');
    expect(await readFile(path, 'utf8')).toBe(yaml);
  });
});
