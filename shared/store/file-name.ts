import { createHash } from 'node:crypto';
import type { ClusterRef } from '../model/cluster.ts';
import { clusterKey } from './port.ts';

const SLUG_LIMIT = 40;
const FILE_NAME = /^(cluster-[a-z0-9-]*-[0-9a-f]{64})\.([1-9][0-9]{0,14})\.json$/;

/**
 * `cluster-<slug>-<SHA-256>`: the slug is for people, the digest keeps clusters apart. Holds nothing that a file system
 * or a shell gives a meaning to, whatever the name of the cluster.
 */
export const fileStem = (cluster: ClusterRef): string => {
  const slug = cluster.name
    .slice(0, SLUG_LIMIT)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `cluster-${slug}-${createHash('sha256').update(clusterKey(cluster), 'utf8').digest('hex')}`;
};

export const fileName = (stem: string, revision: number): string => `${stem}.${revision}.json`;

/** Newest revision by stem; names of another form are nobody's record. */
export const newestRevisions = (names: readonly string[]): ReadonlyMap<string, number> => {
  const newest = new Map<string, number>();
  for (const name of names) {
    const [, stem, digits] = FILE_NAME.exec(name) ?? [];
    if (stem !== undefined) newest.set(stem, Math.max(newest.get(stem) ?? 0, Number(digits)));
  }
  return newest;
};

/** Revisions of one stem, in no order. */
export const revisionsOf = (names: readonly string[], stem: string): readonly number[] =>
  names
    .filter((name) => name.startsWith(`${stem}.`))
    .flatMap((name) => {
      const [, , digits] = FILE_NAME.exec(name) ?? [];
      return digits === undefined ? [] : Number(digits);
    });
