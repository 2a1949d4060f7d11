import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** `gather.json` marks a dump directory, whatever is in it. */
export const MARKER = 'gather.json';

/** Whether a path is a directory that a gather run has marked. A path that cannot be looked at is none. */
export const isDumpDirectory = async (path: string): Promise<boolean> => {
  try {
    await lstat(join(path, MARKER));
    return true;
  } catch {
    return false;
  }
};
