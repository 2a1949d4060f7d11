import { isDeepStrictEqual } from 'node:util';
import type { ClusterRef } from '../model/cluster.ts';
import type { ClusterRecord } from '../model/finding.ts';
import { byArn, clusterKey, emptyRecord, type FindingsStore, StaleRecordError } from './port.ts';

interface Held {
  readonly record: ClusterRecord;
  readonly revision: number;
}

/** Remembers for as long as the process lives. */
export const memoryStore = (): FindingsStore => {
  const held = new Map<string, Held>();
  const bases = new WeakMap<ClusterRef, Held>();

  /** Every reading has a `cluster` object of its own: it tells on which revision a later commit is based. */
  const handOut = (base: Held): ClusterRecord => {
    const cluster = { ...base.record.cluster };
    bases.set(cluster, base);
    return { ...base.record, cluster };
  };

  return {
    read: async (cluster) => handOut(held.get(clusterKey(cluster)) ?? { record: emptyRecord(cluster), revision: 0 }),
    commit: async (record) => {
      const base = bases.get(record.cluster);
      if (base !== undefined && isDeepStrictEqual(record, base.record)) return;
      const key = clusterKey(record.cluster);
      const revision = held.get(key)?.revision ?? 0;
      if (revision !== (base?.revision ?? 0)) throw new StaleRecordError(record.cluster);
      held.set(key, { record, revision: revision + 1 });
    },
    list: async () => [...held.values()].map(handOut).toSorted(byArn),
  };
};
