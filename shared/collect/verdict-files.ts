import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of verdict lines, read as it is asked for. */
export interface VerdictFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds: for lines that tell no time of their own, the best there is. */
  readonly modifiedAt: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

const CHUNK_BYTES = 1_048_576;

/** @throws what the file system says, where the file cannot be looked at */
export const openVerdictFile = async (path: string): Promise<VerdictFile> => {
  const { size, mtimeMs } = await stat(path);
  return {
    path,
    bytes: size,
    modifiedAt: mtimeMs,
    chunks: () => createReadStream(path, { highWaterMark: CHUNK_BYTES }),
  };
};

const filesBelow = async (directory: string): Promise<readonly VerdictFile[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.toSorted().map(openVerdictFile));
};

/** The file, or all below the directory, in order of their names. @throws what the file system says */
export const verdictFilesAt = async (path: string): Promise<readonly VerdictFile[]> =>
  (await stat(path)).isDirectory() ? filesBelow(path) : [await openVerdictFile(path)];

/** Below `verdicts/` of a dump, in order of their names. Empty where there is no such directory. */
export const verdictFilesIn = async (dump: string): Promise<readonly VerdictFile[]> =>
  filesBelow(join(dump, 'verdicts')).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
