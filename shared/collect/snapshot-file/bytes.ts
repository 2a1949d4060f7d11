import { constants, isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SnapshotError } from './snapshot-error.ts';

/** Bytes of JSON, packed or not. The largest clusters that EKS supports stay below a third of it. */
export const MAX_SNAPSHOT_BYTES = 1024 ** 3;

const unpack = promisify(gunzip);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';

const readBytes = async (file: string, maxBytes: number): Promise<Buffer> => {
  try {
    // Asked before it is opened: opening a pipe would wait for somebody to write to it.
    const status = await stat(file);
    if (!status.isFile()) throw new SnapshotError(file, '', 'a regular file', 'something else');
    if (status.size > maxBytes) throw new SnapshotError(file, '', `at most ${maxBytes} bytes`, `${status.size} bytes`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof SnapshotError) throw error;
    throw new SnapshotError(file, '', 'a readable file', codeOf(error), error);
  }
};

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const unpacked = async (file: string, bytes: Buffer, maxBytes: number): Promise<Buffer> => {
  if (!isGzip(bytes)) return bytes;
  try {
    return await unpack(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new SnapshotError(file, '', `at most ${maxBytes} bytes once unpacked`, 'more', error);
    }
    const found = code === 'Z_BUF_ERROR' ? 'a truncated one' : `damage (${code})`;
    throw new SnapshotError(file, '', 'a whole gzip file', found, error);
  }
};

/**
 * The text of a file, plain or gzip by its first bytes.
 * @throws SnapshotError where it is unreadable, too large, damaged, or not UTF-8.
 */
export const readText = async (file: string, maxBytes: number): Promise<string> => {
  const bytes = await unpacked(file, await readBytes(file, maxBytes), maxBytes);
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new SnapshotError(file, '', `at most ${constants.MAX_STRING_LENGTH} bytes of text`, `${bytes.length} bytes`);
  }
  if (!isUtf8(bytes)) throw new SnapshotError(file, '', 'UTF-8 text', 'other bytes');
  return bytes.toString('utf8');
};
