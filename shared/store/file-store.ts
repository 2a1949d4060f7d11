import { randomUUID } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterRef } from '../model/cluster.ts';
import type { ClusterRecord } from '../model/finding.ts';
import { fileName, fileStem, newestRevisions, revisionsOf } from './file-name.ts';
import { byArn, emptyRecord, type FindingsStore, StaleRecordError, StoreError } from './port.ts';
import { decodeRecord, decodeRecordOf, encodeRecord } from './stored-record.ts';

/** The part of node:fs/promises that the store uses. */
export type Files = Pick<typeof nodeFiles, 'link' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'unlink'>;

/** What a reading found; revision 0 where nothing was stored. */
interface Base {
  readonly revision: number;
  readonly text?: string;
}

const READ_ATTEMPTS = 10;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';

const storeError = (place: string, expected: string, cause: unknown): StoreError =>
  new StoreError(`${place}: expected ${expected} (${codeOf(cause)})`, { cause });

/**
 * Keeps each cluster's record as JSON in a directory, in the file `<stem>.<revision>.json` of the highest revision.
 *
 * A commit writes a temporary file, syncs it, and links it under the next revision's name. The link is the commit: the
 * operating system makes it whole or not at all, and refuses it where another process was first. Then older revisions
 * are removed. A process that dies in between leaves files behind which nobody reads, never a lock or half a record.
 * The directory must be on a file system with hard links.
 */
export const fileStore = (directory: string, files: Files = nodeFiles): FindingsStore => {
  const bases = new WeakMap<ClusterRef, Base>();
  const pathOf = (stem: string, revision: number): string => join(directory, fileName(stem, revision));

  const names = async (): Promise<readonly string[]> =>
    files.readdir(directory).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw storeError(directory, 'a directory that can be read', error);
    });

  const readRevision = async (stem: string, revision: number): Promise<string | undefined> =>
    files.readFile(pathOf(stem, revision), 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw storeError(pathOf(stem, revision), 'a file that can be read', error);
    });

  /** Between listing and reading, a commit may remove what was listed; then it is listed again. */
  const newest = async (stem: string): Promise<Base> => {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const revision = Math.max(0, ...revisionsOf(await names(), stem));
      if (revision === 0) return { revision };
      const text = await readRevision(stem, revision);
      if (text !== undefined) return { revision, text };
    }
    throw new StoreError(`${join(directory, stem)}.*.json: expected a file that stays while it is read`);
  };

  /** Every reading has a `cluster` object of its own: it tells on which revision a later commit is based. */
  const handOut = (record: ClusterRecord, base: Base): ClusterRecord => {
    const cluster = { ...record.cluster };
    bases.set(cluster, base);
    return { ...record, cluster };
  };

  const writeDurably = async (path: string, text: string): Promise<void> => {
    const file = await files.open(path, 'wx', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
  };

  /** Makes the new name durable. Windows opens no directories and does this by itself. */
  const syncDirectory = async (): Promise<void> => {
    if (process.platform === 'win32') return;
    const handle = await files.open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };

  const linkNext = async (cluster: ClusterRef, temporary: string, target: string): Promise<void> => {
    await files.link(temporary, target).catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw new StaleRecordError(cluster);
      throw storeError(target, 'a file system with hard links', error);
    });
  };

  const write = async (cluster: ClusterRef, text: string, revision: number): Promise<void> => {
    const stem = fileStem(cluster);
    const temporary = join(directory, `${stem}.${randomUUID()}.tmp`);
    await files.mkdir(directory, { recursive: true, mode: 0o700 });
    await writeDurably(temporary, text);
    try {
      // As late as can be: the name of a revision that was removed again would be free to link.
      if (Math.max(0, ...revisionsOf(await names(), stem)) !== revision - 1) throw new StaleRecordError(cluster);
      await linkNext(cluster, temporary, pathOf(stem, revision));
    } finally {
      await files.unlink(temporary);
    }
    await syncDirectory();
    const present = revisionsOf(await names(), stem);
    // Overtaken between the look and the link; or after it, and then reading again does no harm.
    if (Math.max(...present) !== revision) throw new StaleRecordError(cluster);
    for (const older of present.filter((each) => each < revision)) {
      await files.unlink(pathOf(stem, older)).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
    }
  };

  return {
    read: async (cluster) => {
      const stem = fileStem(cluster);
      const base = await newest(stem);
      if (base.text === undefined) return handOut(emptyRecord(cluster), base);
      return handOut(decodeRecordOf(cluster, pathOf(stem, base.revision), base.text), base);
    },

    commit: async (record) => {
      const base = bases.get(record.cluster) ?? { revision: 0 };
      const text = encodeRecord(record);
      if (text === base.text) return;
      // What could not be read again must not be written: it would lock everybody out of the record.
      decodeRecord(`the record to store in ${directory}`, text);
      await write(record.cluster, text, base.revision + 1).catch((error: unknown) => {
        if (error instanceof StaleRecordError || error instanceof StoreError) throw error;
        throw storeError(directory, 'a directory that can be written', error);
      });
    },

    list: async () => {
      const records: ClusterRecord[] = [];
      for (const [stem] of newestRevisions(await names())) {
        const base = await newest(stem);
        if (base.text === undefined) continue;
        const place = pathOf(stem, base.revision);
        const record = decodeRecord(place, base.text);
        if (fileStem(record.cluster) !== stem) {
          throw new StoreError(`${place}: expected the record of its name; it is that of ${fileStem(record.cluster)}`);
        }
        records.push(handOut(record, base));
      }
      return records.toSorted(byArn);
    },
  };
};
