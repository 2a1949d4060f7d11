import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST_LIMITS, readManifestFiles } from '../../../shared/collect/manifests/read-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const put = async (path: string, content: string | Uint8Array = 'a: 1\n'): Promise<void> => {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
};

const read = async (...paths: readonly string[]): Promise<readonly string[]> =>
  (await readManifestFiles(paths, folder)).map(({ path }) => path);

describe('manifest files', () => {
  it('are every *.yaml, *.yml and *.json below a directory, sorted, hidden directories passed over', async () => {
    for (const path of ['m/b.yml', 'm/a.yaml', 'm/sub/deep/c.json', 'm/README.md', 'm/.git/d.yaml', 'm/e.yaml.bak']) {
      await put(path);
    }
    expect(await read('m')).toEqual(['m/a.yaml', 'm/b.yml', 'm/sub/deep/c.json']);
  });

  it('are read once, however often they are named, and a file whatever its name', async () => {
    await put('m/a.yaml');
    await put('m/policy.txt');
    expect(await read('m', 'm/a.yaml', './m', 'm/policy.txt')).toHaveLength(2);
  });

  it('are not looked for behind a link to a directory, which may lead in a circle', async () => {
    await put('m/a.yaml');
    await symlink(join(folder, 'm'), join(folder, 'm/circle'));
    await symlink(join(folder, 'm/a.yaml'), join(folder, 'm/linked.yaml'));
    expect(await read('m')).toEqual(['m/a.yaml', 'm/linked.yaml']);
  });

  it.each([
    ['nowhere', 'nowhere: expected a file or directory, found ENOENT'],
    ['empty', 'empty: expected *.yaml, *.yml or *.json files, found none'],
    ['binary.yaml', 'binary.yaml: expected UTF-8 text, found other bytes'],
  ])('%s: the error names the place as it was given', async (path, message) => {
    await mkdir(join(folder, 'empty'));
    await put('binary.yaml', Uint8Array.of(0xff, 0xfe, 0x61, 0x00));
    await expect(read(path)).rejects.toThrow(message);
  });

  it.each([
    ['maxFileBytes', 'm/a.yaml: expected at most 4 bytes, found 5'],
    ['maxTotalBytes', 'm/a.yaml: expected at most 4 bytes in all, found more'],
  ])('%s bounds what is read', async (limit, message) => {
    await put('m/a.yaml');
    await expect(readManifestFiles(['m'], folder, { ...MANIFEST_LIMITS, [limit]: 4 })).rejects.toThrow(message);
  });

  it('are bounded in number', async () => {
    await put('m/a.yaml');
    await put('m/b.yaml');
    await expect(readManifestFiles(['m'], folder, { ...MANIFEST_LIMITS, maxFiles: 1 })).rejects.toThrow(
      'm: expected at most 1 files, found 2',
    );
  });
});
