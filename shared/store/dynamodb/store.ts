import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterRef } from '../../model/cluster.ts';
import type { Change, ClusterRecord } from '../../model/finding.ts';
import { byArn, emptyRecord, type FindingsStore, StaleRecordError, StoreError } from '../port.ts';
import type { OwnerOf } from '../queries.ts';
import { decodeRecord, encodeRecord } from '../stored-record.ts';
import { CLUSTERS, finish, partsIn, makeCommit } from './commit.ts';
import { afterDays } from './expiry.ts';
import { findingItem, type StagedChange } from './finding-item.ts';
import { clusterIn, isPending, revisionOf } from './head.ts';
import { readPartition, recordIn } from './partition.ts';
import { refuseOversize } from './parts.ts';
import type { Key, Table } from './table.ts';

export interface DynamoStore {
  readonly table: Table;
  readonly now: () => Date;
  readonly retention: {
    /** A finding is forgotten this long after a commit last changed it, if it had ended by then. */
    readonly endedFindingsDays: number;
  };
  /** Recorded with each change, for queries by owner. */
  readonly ownerOf?: OwnerOf;
}

/** What a reading found. */
interface Base {
  readonly record: ClusterRecord;
  readonly step: number;
  readonly litter: readonly Key[];
}

const READ_ATTEMPTS = 20;

/** A change must be what the record holds, every difference must be a change, and none may undo a newer look. */
const refuseMismatch = (
  place: string,
  record: ClusterRecord,
  base: ClusterRecord,
  changes: readonly Change[],
): void => {
  const changed = new Map(changes.map(({ finding }) => [finding.id, finding]));
  if (changed.size < changes.length) throw new StoreError(`${place}: changes: expected each finding once`);
  for (const [id, finding] of changed) {
    const before = base.findings[id];
    if (!isDeepStrictEqual(record.findings[id], finding)) {
      throw new StoreError(`${place}: changes: expected the findings of the record`);
    }
    if (before !== undefined && Date.parse(finding.takenAt) < Date.parse(before.takenAt)) {
      throw new StaleRecordError(record.cluster);
    }
  }
  for (const id of new Set([...Object.keys(base.findings), ...Object.keys(record.findings)])) {
    if (changed.has(id) || base.findings[id] === record.findings[id]) continue;
    if (isDeepStrictEqual(base.findings[id], record.findings[id])) continue;
    throw new StoreError(`${place}: changes: expected every finding in which the record differs from the one read`);
  }
};

/**
 * Findings in one DynamoDB table (`TABLE_DEFINITION`), whose stream is the outbox: every change of a commit is exactly
 * one record of it, see `changeFromStreamImage`. No crash between any two requests loses or doubles anything. See
 * docs/decisions/0005-dynamodb.md.
 *
 * `commit` may throw a StoreError after it was made but before every change was applied: then it stands, and the next
 * `read` or `list` applies the rest.
 */
export const dynamoStore = ({ table, now, retention, ownerOf = () => undefined }: DynamoStore): FindingsStore => {
  const bases = new WeakMap<ClusterRef, Base>();

  /** Every reading has a `cluster` object of its own: it tells on which step a later commit is based. */
  const handOut = (base: Base): ClusterRecord => {
    const cluster = { ...base.record.cluster };
    bases.set(cluster, base);
    return { ...base.record, cluster };
  };

  const baseOf = async (cluster: ClusterRef): Promise<Base> => {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const partition = await readPartition(table, cluster);
      if (partition === undefined) return { record: emptyRecord(cluster), step: 0, litter: [] };
      const { head } = partition;
      // With the parts of this head: the commit that is based on it replaces them.
      const litter = partsIn(partition);
      if (!isPending(head)) return { record: recordIn(table, partition, now()), step: head.step, litter };
      await finish(table, partition);
    }
    throw new StoreError(`${table.place}: expected a record that stays while it is read`);
  };

  const staged = ({ kind, finding }: Change): StagedChange => {
    const owner = ownerOf(finding);
    return {
      kind,
      finding,
      ...(owner === undefined ? {} : { owner }),
      ...(finding.status === 'open' ? {} : { expiresAt: afterDays(now(), retention.endedFindingsDays) }),
    };
  };

  return {
    read: async (cluster) => handOut(await baseOf(cluster)),

    commit: async (record, changes) => {
      const base = bases.get(record.cluster);
      if (base !== undefined && isDeepStrictEqual(record, base.record)) return;
      const place = `the record to store in ${table.place}`;
      // What could not be read again must not be written: it would lock everybody out of the record.
      decodeRecord(place, encodeRecord(record));
      const { step, litter, record: before } = base ?? { step: 0, litter: [], record: emptyRecord(record.cluster) };
      refuseMismatch(place, record, before, changes);
      const committedAt = now().toISOString();
      const steps = changes.map(staged);
      for (const change of steps) refuseOversize(place, findingItem(change, revisionOf(step) + 1, committedAt));
      await makeCommit(table, { record, staged: steps, committedAt, id: randomUUID(), step, litter });
    },

    list: async () => {
      const known = await table.query(CLUSTERS);
      const records: ClusterRecord[] = [];
      for (const item of known) {
        const base = await baseOf(clusterIn(`${table.place}: ${CLUSTERS} ${item.sk}`, item['cluster']));
        if (base.step > 0) records.push(handOut(base));
      }
      return records.toSorted(byArn);
    },
  };
};
