import { glob, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { offline } from '../shared/compose.ts';
import type { Snapshot } from '../shared/model/snapshot.ts';
import { oneLine, UsageError } from './io.ts';

/** A place that holds one snapshot: a snapshot file, or a directory of raw dumps. */
export interface Place {
  readonly path: string;
  readonly form: 'file' | 'dump';
}

const SNAPSHOT_FILE = /\.json(\.gz)?$/;

const placesIn = async (directory: string): Promise<readonly Place[]> => {
  if (await offline.isDumpDirectory(directory)) return [{ path: directory, form: 'dump' }];
  const entries = (await readdir(directory, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const places: Place[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && (await offline.isDumpDirectory(path))) places.push({ path, form: 'dump' });
    else if (entry.isFile() && SNAPSHOT_FILE.test(entry.name)) places.push({ path, form: 'file' });
  }
  if (places.length === 0) {
    throw new UsageError(
      `${directory}: expected snapshot files (*.json, *.json.gz) or directories with a gather.json, found none`,
    );
  }
  return places;
};

const GLOB = /[*?[{]/;

const kindOf = async (path: string): Promise<'directory' | 'file' | 'none'> => {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'none';
  return found.isDirectory() ? 'directory' : 'file';
};

/**
 * Files, directories and globs to places, each once.
 * @throws UsageError where a path holds nothing
 */
export const findPlaces = async (patterns: readonly string[], cwd: string): Promise<readonly Place[]> => {
  const found = new Map<string, Place>();
  for (const pattern of patterns) {
    const path = resolve(cwd, pattern);
    const kind = await kindOf(path);
    let matches = [path];
    if (kind === 'none') {
      // A shell expands globs itself; a quoted one, or one on Windows, arrives here.
      matches = [];
      if (GLOB.test(pattern)) for await (const match of glob(pattern, { cwd })) matches.push(resolve(cwd, match));
      if (matches.length === 0) throw new UsageError(`${pattern}: no such file or directory`);
    }
    for (const match of matches.toSorted()) {
      const places =
        (await kindOf(match)) === 'directory' ? await placesIn(match) : [{ path: match, form: 'file' as const }];
      for (const place of places) found.set(place.path, place);
    }
  }
  return [...found.values()];
};

export const readPlace = (place: Place): Promise<Snapshot> =>
  place.form === 'dump' ? offline.importDump(place.path) : offline.readSnapshot(place.path);

/** One line about why a place could not be read; the errors of the readers already name the file. */
export const problemOf = (error: unknown): string => oneLine(error instanceof Error ? error.message : String(error));
