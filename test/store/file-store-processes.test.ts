import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as nodeFiles from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { fileStem } from '../../shared/store/file-name.ts';
import { fileStore, type Files } from '../../shared/store/file-store.ts';
import { StaleRecordError, StoreError } from '../../shared/store/port.ts';
import { CHECK, hour } from '../reconcile/scenario.ts';
import { CLUSTER } from '../support/cluster.ts';
import { commitRun, examinedAt } from './store-contract.ts';
import { removeTemporary, temporary } from './temporary.ts';

afterEach(removeTemporary);

const STEM = fileStem(CLUSTER);

/** Files that work until `dieBefore(step)`; from that step on nothing is done any more, as in a process that was killed. */
const mortalFiles = () => {
  const steps: string[] = [];
  let last = Number.POSITIVE_INFINITY;
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (steps.length >= last) throw new Error('killed');
    steps.push(name);
    return work();
  };
  const open = async (path: string, flags: string, mode?: number): Promise<object> => {
    const handle = await nodeFiles.open(path, flags, mode);
    return {
      writeFile: async (text: string) => {
        const half = text.slice(0, text.length / 2);
        await handle.writeFile(half, 'utf8');
        await step('write', async () => handle.writeFile(text.slice(half.length), 'utf8'));
      },
      sync: async () => step('sync', async () => handle.sync()),
      close: async () => {
        await handle.close();
        await step('close', async () => undefined);
      },
    };
  };
  const files = {
    link: async (from: string, to: string) => step('link', async () => nodeFiles.link(from, to)),
    mkdir: async (path: string, options: { recursive: true }) =>
      step('mkdir', async () => nodeFiles.mkdir(path, options)),
    open: async (path: string, flags: string, mode?: number) => step('open', async () => open(path, flags, mode)),
    readdir: async (path: string) => step('readdir', async () => nodeFiles.readdir(path)),
    readFile: async (path: string) => step('readFile', async () => nodeFiles.readFile(path, 'utf8')),
    unlink: async (path: string) => step('unlink', async () => nodeFiles.unlink(path)),
  };
  return {
    // It has every function of Files, for the arguments that the store gives them.
    files: files as unknown as Files,
    dieBefore: (number: number) => {
      steps.length = 0;
      last = number;
    },
    steps,
  };
};

const STEPS = [
  'mkdir',
  'open',
  'write',
  'sync',
  'close',
  'readdir',
  'link',
  'unlink',
  'open',
  'sync',
  'close',
  'readdir',
  'unlink',
];
const LINKED = STEPS.indexOf('link') + 1;

describe('a process that is killed in a commit', () => {
  it('has these steps in which it can be killed', async () => {
    const directory = await temporary();
    await commitRun(fileStore(directory), 1, 'fail');
    const { files, dieBefore, steps } = mortalFiles();
    const store = fileStore(directory, files);
    const read = await store.read(CLUSTER);
    dieBefore(Number.POSITIVE_INFINITY);
    await store.commit(examinedAt(read, 2), []);

    expect(steps).toEqual(STEPS);
  });

  it.each(STEPS.map((step, number) => [number, step, number < LINKED ? 1 : 2] as const))(
    'before step %i, %s, leaves the record of hour %i, and nothing in the way of the next',
    async (number, _, at) => {
      const directory = await temporary();
      await commitRun(fileStore(directory), 1, 'fail');
      const { files, dieBefore } = mortalFiles();
      const store = fileStore(directory, files);
      const read = await store.read(CLUSTER);
      dieBefore(number);
      await expect(store.commit(examinedAt(read, 2), [])).rejects.toThrow(StoreError);

      const left = await fileStore(directory).read(CLUSTER);
      expect(left).toEqual(at === 1 ? read : examinedAt(read, 2));

      const next = fileStore(directory);
      await next.commit(examinedAt(await next.read(CLUSTER), 3), []);
      expect((await fileStore(directory).read(CLUSTER)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(3) } });
      const names = await readdir(directory);
      expect(names.filter((name) => name.endsWith('.json'))).toEqual([`${STEM}.${at + 1}.json`]);
    },
  );
});

describe('another process', () => {
  const failing = (code: string, name: keyof Files): Files => ({
    ...nodeFiles,
    [name]: async () => {
      throw Object.assign(new Error(code), { code });
    },
  });

  it.each([
    ['link', 'EPERM', 'expected a file system with hard links (EPERM)'],
    ['open', 'EACCES', 'expected a directory that can be written (EACCES)'],
    ['mkdir', 'EROFS', 'expected a directory that can be written (EROFS)'],
    ['readdir', 'EACCES', 'expected a directory that can be read (EACCES)'],
  ] as const)('fails clearly when %s gives %s', async (name, code, problem) => {
    const directory = await temporary();
    const commit = commitRun(fileStore(directory, failing(code, name)), 1, 'fail');

    await expect(commit).rejects.toThrow(StoreError);
    await expect(commit).rejects.toThrow(problem);
    expect(await readdir(directory).catch(() => [])).toEqual([]);
  });

  it('is noticed when it commits between the look and the link', async () => {
    const directory = await temporary();
    const rival = fileStore(directory);
    const files: Files = {
      ...nodeFiles,
      link: async (from, to) => {
        await commitRun(rival, 1, 'fail');
        await nodeFiles.link(from, to);
      },
    };
    const store = fileStore(directory, files);

    await expect(store.commit(examinedAt(await store.read(CLUSTER), 2), [])).rejects.toThrow(StaleRecordError);
    expect((await rival.read(CLUSTER)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(1) } });
    expect(await readdir(directory)).toEqual([`${STEM}.1.json`]);
  });

  it('is noticed even when it commits twice there, which frees the name to link', async () => {
    const directory = await temporary();
    const rival = fileStore(directory);
    const files: Files = {
      ...nodeFiles,
      link: async (from, to) => {
        await commitRun(rival, 1, 'fail');
        await commitRun(rival, 2, 'pass');
        await nodeFiles.link(from, to);
      },
    };
    const store = fileStore(directory, files);

    await expect(store.commit(examinedAt(await store.read(CLUSTER), 3), [])).rejects.toThrow(StaleRecordError);
    expect((await rival.read(CLUSTER)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(2) } });
  });

  it('may remove a file between listing and reading it: then it is listed again', async () => {
    const directory = await temporary();
    const rival = fileStore(directory);
    await commitRun(rival, 1, 'fail');
    let commits = 0;
    const files = {
      ...nodeFiles,
      readFile: async (path: string) => {
        commits += 1;
        if (commits === 1) await commitRun(rival, 2, 'pass');
        return nodeFiles.readFile(path, 'utf8');
      },
      // The store reads by path and as text only.
    } as unknown as Files;

    expect((await fileStore(directory, files).read(CLUSTER)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(2) } });
  });

  it('that never stops removing them is given up on', async () => {
    const directory = await temporary();
    await commitRun(fileStore(directory), 1, 'fail');

    await expect(fileStore(directory, failing('ENOENT', 'readFile')).read(CLUSTER)).rejects.toThrow(
      `${STEM}.*.json: expected a file that stays while it is read`,
    );
  });

  const startLoop = (directory: string, prefix: string, count: number): ChildProcess =>
    spawn(process.execPath, [join(import.meta.dirname, 'commit-loop.ts'), directory, prefix, String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it('and more of them commit at the same time, and nothing is lost', async () => {
    const directory = await temporary();
    const loops = ['a', 'b', 'c'].map((prefix) => startLoop(directory, prefix, 6));
    const codes = await Promise.all(loops.map(async (loop) => (await once(loop, 'exit'))[0] as unknown));
    const committed = Object.keys((await fileStore(directory).read(CLUSTER)).watermarks);

    expect(codes).toEqual([0, 0, 0]);
    expect(committed).toEqual(
      ['a', 'b', 'c'].flatMap((prefix) => [0, 1, 2, 3, 4, 5].map((index) => `${prefix}${index}`)),
    );
    expect(await readdir(directory)).toEqual([`${STEM}.18.json`]);
  });

  it('is killed in the middle of committing, and what it said it committed is there', async () => {
    const directory = await temporary();
    const loop = startLoop(directory, 'k', 1_000_000);
    const said: string[] = [];
    if (loop.stdout === null) throw new Error('the process has no output');
    for await (const line of createInterface({ input: loop.stdout })) {
      said.push(line);
      if (said.length === 20) loop.kill('SIGKILL');
    }
    const store = fileStore(directory);
    const committed = Object.keys((await store.read(CLUSTER)).watermarks);

    expect(committed).toEqual(expect.arrayContaining(said));
    await commitRun(store, 1, 'fail');
    expect(Object.keys((await store.read(CLUSTER)).watermarks)).toEqual(expect.arrayContaining([...said, CHECK]));
  });
});
