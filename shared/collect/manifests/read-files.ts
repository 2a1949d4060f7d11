import { constants, isUtf8 } from 'node:buffer';
import { constants as flags } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareText } from '../normalise/order.ts';
import type { ManifestFile } from './documents.ts';
import { ManifestError } from './manifest-error.ts';

export interface ManifestLimits {
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
  readonly maxFiles: number;
}

/** 64 MB are 10,000 pods as kubectl prints them. */
export const MANIFEST_LIMITS: ManifestLimits = {
  maxFileBytes: 64_000_000,
  maxTotalBytes: 512_000_000,
  maxFiles: 20_000,
};

const MANIFEST = /\.(?:ya?ml|json)$/;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';

const unreadable = (path: string, expected: string, error: unknown): ManifestError =>
  new ManifestError(path, '', expected, codeOf(error), error);

/**
 * Manifest files below a directory, sorted. Hidden directories are passed over; links to directories are not followed, for they
 * may lead in a circle.
 */
const filesBelow = async (directory: string, shown: string): Promise<readonly string[]> => {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(shown, 'a readable directory', error);
  });
  const found: string[] = [];
  for (const entry of entries.toSorted((a, b) => compareText(a.name, b.name))) {
    const below = join(shown, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) {
      found.push(...(await filesBelow(join(directory, entry.name), below)));
    } else if (!entry.isDirectory() && MANIFEST.test(entry.name)) found.push(below);
  }
  return found;
};

const isDirectory = async (path: string): Promise<boolean> => (await stat(path)).isDirectory();

const readFile = async (path: string, cwd: string, maxBytes: number): Promise<string> => {
  try {
    // Not blocking: a pipe would wait for somebody to write to it.
    const handle = await open(resolve(cwd, path), flags.O_RDONLY | flags.O_NONBLOCK);
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw new ManifestError(path, '', 'a regular file', 'something else');
      if (status.size > maxBytes) throw new ManifestError(path, '', `at most ${maxBytes} bytes`, `${status.size}`);
      const bytes = await handle.readFile();
      if (bytes.length > constants.MAX_STRING_LENGTH)
        throw new ManifestError(path, '', 'less text', `${bytes.length} bytes`);
      if (!isUtf8(bytes)) throw new ManifestError(path, '', 'UTF-8 text', 'other bytes');
      return bytes.toString('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ManifestError) throw error;
    throw unreadable(path, 'a readable file', error);
  }
};

/**
 * Files as they are, directories with everything `*.yaml`, `*.yml` and `*.json` below them, each file once.
 * @param paths relative to `cwd`; errors name files as given here
 * @throws ManifestError also where a directory holds no manifest, or there is more to read than `limits`
 */
export const readManifestFiles = async (
  paths: readonly string[],
  cwd: string,
  limits: ManifestLimits = MANIFEST_LIMITS,
): Promise<readonly ManifestFile[]> => {
  const places = new Map<string, string>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const directory = await isDirectory(absolute).catch((error: unknown) => {
      throw unreadable(path, 'a file or directory', error);
    });
    const found = directory ? await filesBelow(absolute, path) : [path];
    if (found.length === 0) throw new ManifestError(path, '', '*.yaml, *.yml or *.json files', 'none');
    for (const file of found) places.set(resolve(cwd, file), file);
    if (places.size > limits.maxFiles) {
      throw new ManifestError(path, '', `at most ${limits.maxFiles} files`, String(places.size));
    }
  }
  const files: ManifestFile[] = [];
  let left = limits.maxTotalBytes;
  for (const path of places.values()) {
    const text = await readFile(path, cwd, limits.maxFileBytes);
    left -= Buffer.byteLength(text);
    if (left < 0) throw new ManifestError(path, '', `at most ${limits.maxTotalBytes} bytes in all`, 'more');
    files.push({ path, text });
  }
  return files;
};
