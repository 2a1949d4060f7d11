import * as z from 'zod';
import type { ClusterRef } from '../../model/cluster.ts';
import type { ChangeKind, ClusterRecord, Finding } from '../../model/finding.ts';
import { StoreError } from '../port.ts';
import { parseFinding, parseStored, parseWatermarks } from '../stored-record.ts';
import { isExpired } from './expiry.ts';
import { clusterPk, FINDING, findingIn, type StagedChange } from './finding-item.ts';
import { HEAD, type Head, headIn, isPending, revisionOf } from './head.ts';
import { expanded, isPartOf, joined } from './parts.ts';
import type { Item, Table } from './table.ts';

/** The kinds of parts; see `partsOf`. */
export const WATERMARKS = 'WATERMARKS';
export const STAGED = 'STAGED';

/** Every item of one cluster as of one step. */
export interface Partition {
  readonly head: Head;
  readonly items: readonly Item[];
}

const READ_ATTEMPTS = 20;

/**
 * Undefined: nobody committed yet. A query of several items is no snapshot of them, but they change only between two
 * steps: what was read while the step stayed the same is of that step.
 */
export const readPartition = async (table: Table, cluster: ClusterRef): Promise<Partition | undefined> => {
  const pk = clusterPk(cluster);
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    const items = await table.query(pk);
    const before = items.find(({ sk }) => sk === HEAD);
    if (before === undefined) return undefined;
    const after = await table.get({ pk, sk: HEAD });
    if (after?.version === before.version) return { head: headIn(table.place, cluster, before), items };
  }
  throw new StoreError(`${table.place}: ${pk}: expected a record that stays while it is read`);
};

const blob = (table: Table, { head, items }: Partition, kind: string, count: number): unknown => {
  const here = `${table.place}: ${clusterPk(head.cluster)} ${kind} of ${head.commitId}`;
  const parts = items.filter((item) => isPartOf(item, kind, revisionOf(head.step), head.commitId));
  const bytes = joined(parts, count);
  if (bytes === undefined) throw new StoreError(`${here}: expected ${count} parts, found ${parts.length}`);
  return expanded(here, bytes);
};

const KINDS = {
  opened: 'opened',
  updated: 'updated',
  refreshed: 'refreshed',
  resolved: 'resolved',
  closed: 'closed',
  reopened: 'reopened',
  unverified: 'unverified',
  backdated: 'backdated',
} as const satisfies { readonly [K in ChangeKind]: K };

export const Kind = z.enum(KINDS);

const Staged = z.array(
  z.strictObject({
    kind: Kind,
    finding: z.unknown(),
    owner: z.string().exactOptional(),
    expiresAt: z.int().exactOptional(),
  }),
);

/** What the commit in progress changes; empty where there is none. Throws StoreError. */
export const stagedIn = (table: Table, partition: Partition): readonly StagedChange[] => {
  if (!isPending(partition.head)) return [];
  const here = `${table.place}: ${clusterPk(partition.head.cluster)} ${STAGED}`;
  return parseStored(Staged, here, blob(table, partition, STAGED, partition.head.stagedParts)).map(
    ({ finding, ...staged }) => ({ ...staged, finding: parseFinding(here, finding) }),
  );
};

/** The record as of the step: a commit in progress counts, whoever is still applying it. Throws StoreError. */
export const recordIn = (table: Table, partition: Partition, now: Date): ClusterRecord => {
  const { head, items } = partition;
  const here = `${table.place}: ${clusterPk(head.cluster)} ${WATERMARKS}`;
  const findings = new Map<string, Finding>();
  for (const item of items) {
    if (!item.sk.startsWith(FINDING) || isExpired(item, now)) continue;
    const finding = findingIn(table.place, item);
    findings.set(finding.id, finding);
  }
  for (const { finding } of stagedIn(table, partition)) findings.set(finding.id, finding);
  const watermarks = parseWatermarks(here, blob(table, partition, WATERMARKS, head.watermarkParts));
  return { cluster: head.cluster, findings: Object.fromEntries(findings), watermarks };
};
