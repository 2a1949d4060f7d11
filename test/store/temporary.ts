import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A path in a new directory; nothing is there yet. */
export const temporary = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'netpol-warden-store-'));
  made.push(directory);
  return join(directory, 'state');
};

export const removeTemporary = async (): Promise<void> => {
  await Promise.all(made.splice(0).map(async (directory) => rm(directory, { recursive: true })));
};
