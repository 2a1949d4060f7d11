import * as z from 'zod';
import type { ClusterRef } from '../../model/cluster.ts';
import { singleLine } from '../../model/single-line.ts';
import { clusterKey, StoreError } from '../port.ts';
import { parseJson, parseStored } from '../stored-record.ts';
import { clusterPk } from './finding-item.ts';
import type { Item } from './table.ts';

/** Of the items of a cluster. Another layout is another number. */
const SCHEMA_VERSION = 1;

/** Sorts before all others, so that a query sees it first. */
export const HEAD = '#HEAD';

/**
 * What commits of one cluster agree on. Its item's version is the step: `2 × revision` when the commit of that revision
 * is settled, and one less while its changes are still to be applied. Each step is taken once, by a conditional put.
 */
export interface Head {
  readonly cluster: ClusterRef;
  readonly step: number;
  readonly commitId: string;
  readonly committedAt: string;
  readonly watermarkParts: number;
  /** 0: the commit changed no finding. */
  readonly stagedParts: number;
}

export const revisionOf = (step: number): number => Math.ceil(step / 2);
export const isPending = ({ step }: Head): boolean => step % 2 === 1;

const Cluster = z.strictObject({ partition: z.string(), account: z.string(), region: z.string(), name: z.string() });

const StoredHead = z.object({
  version: z.int().positive(),
  schemaVersion: z.literal(SCHEMA_VERSION, `expected ${SCHEMA_VERSION}: written by another version of netpol-warden`),
  cluster: z.string(),
  commitId: z.string(),
  committedAt: z.string(),
  watermarkParts: z.int().positive(),
  stagedParts: z.int().nonnegative(),
});

/** JSON of the four parts, because one of them may be anything. */
export const clusterText = ({ partition, account, region, name }: ClusterRef): string =>
  JSON.stringify({ partition, account, region, name });

export const clusterIn = (place: string, text: unknown): ClusterRef =>
  parseStored(Cluster, place, typeof text === 'string' ? parseJson(place, text) : text);

export const headItem = ({ cluster, step, ...rest }: Head): Item => ({
  pk: clusterPk(cluster),
  sk: HEAD,
  version: step,
  schemaVersion: SCHEMA_VERSION,
  cluster: clusterText(cluster),
  ...rest,
});

/** Throws StoreError, also where it is not the head of this cluster. */
export const headIn = (place: string, cluster: ClusterRef, item: Item): Head => {
  const here = `${place}: ${item.pk} ${item.sk}`;
  const { version, schemaVersion: _schemaVersion, cluster: text, ...rest } = parseStored(StoredHead, here, item);
  const stored = clusterIn(`${here}: cluster`, text);
  if (clusterKey(stored) === clusterKey(cluster)) return { cluster: stored, step: version, ...rest };
  const problem = `${here}: cluster: expected ${clusterKey(cluster)}, found ${clusterKey(stored)}`;
  throw new StoreError(singleLine(problem, 400));
};
