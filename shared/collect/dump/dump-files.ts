import { constants, isUtf8 } from 'node:buffer';
import { constants as flags } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { compareText } from '../normalise/order.ts';
import { ImportError } from './import-error.ts';

/** 512 MB a file: a list of that size is 400,000 pods, and it still fits into one string. */
export const MAX_DUMP_FILE_BYTES = 512_000_000;

/** Something is there that is not what a dump holds. */
export interface Unusable {
  readonly kind: 'unusable';
  readonly expected: string;
  readonly found: string;
}

export type Content = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' } | Unusable;

export type Folder =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'missing' }
  | Unusable;

export interface DumpFiles {
  /** A text file as it is. */
  readonly text: (file: string) => Promise<Content>;
  /** File names in a folder of the dump, sorted. */
  readonly names: (folder: string) => Promise<Folder>;
  /** A file's path for an error message. */
  readonly path: (file: string) => string;
}

const unusable = (expected: string, found: string): Unusable => ({ kind: 'unusable', expected, found });

const LEADS_OUT = unusable('a place inside the dump', 'a symbolic link that leads out of it');

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';

const missingOr = (error: unknown, expected: string): { readonly kind: 'missing' } | Unusable => {
  const code = codeOf(error);
  return code === 'ENOENT' ? { kind: 'missing' } : unusable(expected, code);
};

const readRegularFile = async (path: string, maxBytes: number): Promise<Content> => {
  // Not following a link here closes the gap between resolving and opening; not blocking, a pipe.
  const handle = await open(path, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK);
  try {
    const status = await handle.stat();
    if (!status.isFile()) return unusable('a regular file', 'something else');
    if (status.size > maxBytes) return unusable(`at most ${maxBytes} bytes`, `${status.size}`);
    const bytes = await handle.readFile();
    const most = Math.min(maxBytes, constants.MAX_STRING_LENGTH);
    if (bytes.length > most) return unusable(`at most ${most} bytes`, `${bytes.length}`);
    return isUtf8(bytes) ? { kind: 'text', text: bytes.toString('utf8') } : unusable('UTF-8 text', 'other bytes');
  } finally {
    await handle.close();
  }
};

/**
 * The files of a dump directory. Whatever stands there is an answer, never an exception: what is too large, no file, not
 * UTF-8, or behind a symbolic link that leaves the directory is unusable.
 * @throws ImportError where the directory itself cannot be opened.
 */
export const openDumpFiles = async (dir: string, maxBytes: number = MAX_DUMP_FILE_BYTES): Promise<DumpFiles> => {
  const root = await realpath(dir).catch((error: unknown) => {
    throw new ImportError(dir, '', 'a dump directory', codeOf(error), error);
  });
  const within = root.endsWith(sep) ? root : `${root}${sep}`;

  return {
    text: async (file) => {
      try {
        const path = await realpath(join(root, file));
        return path.startsWith(within) ? await readRegularFile(path, maxBytes) : LEADS_OUT;
      } catch (error) {
        return missingOr(error, 'a readable file');
      }
    },
    names: async (folder) => {
      try {
        const path = await realpath(join(root, folder));
        if (!path.startsWith(within)) return LEADS_OUT;
        return { kind: 'names', names: (await readdir(path)).toSorted(compareText) };
      } catch (error) {
        return missingOr(error, 'a readable folder');
      }
    },
    path: (file) => join(dir, file),
  };
};
