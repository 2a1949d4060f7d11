import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Snapshot } from '../../model/snapshot.ts';
import { encodeSnapshot } from './encode.ts';

/** Addresses, names and versions of a cluster: for its owner's eyes until the owner decides otherwise. */
const OWNER_ONLY = 0o600;

const packed = promisify(gzip);

/**
 * Writes a snapshot, gzipped where the name ends in `.gz`. Nobody ever sees half a file: it is written beside its final
 * name and then renamed over it. Readable by its owner alone.
 * @throws the system's error where the folder cannot be written to; nothing is left behind then.
 */
export const writeSnapshot = async (path: string, snapshot: Snapshot): Promise<void> => {
  const text = encodeSnapshot(snapshot);
  const content = path.endsWith('.gz') ? await packed(text) : text;
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};
