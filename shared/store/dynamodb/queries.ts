import type { Finding } from '../../model/finding.ts';
import { type FindingsQueries, inOrder, movesSince } from '../queries.ts';
import { CLUSTERS } from './commit.ts';
import { isExpired } from './expiry.ts';
import { findingIn, findingKey, movedPk, openPk, openSk, SHARDS } from './finding-item.ts';
import { clusterIn } from './head.ts';
import { readPartition, recordIn } from './partition.ts';
import type { IndexEntry, Item, Key, Table } from './table.ts';

const DAY_MS = 86_400_000;

/** Beyond this, reading every cluster's record is cheaper than asking every day's part of the index. */
const DAYS_BY_INDEX = 60;

const keyOf = ({ pk, sk }: IndexEntry): Key => ({ pk, sk });

/**
 * `openByCluster` is consistent. The others ask an index, which lags behind by moments: a finding may be missing for
 * that long, and for as long as the commit that opened it is not yet applied. What they give is as it is stored now.
 */
export const dynamoQueries = ({ table, now }: { readonly table: Table; readonly now: () => Date }): FindingsQueries => {
  const findingsAt = async (entries: readonly IndexEntry[]): Promise<readonly Finding[]> => {
    // A finding that moves meanwhile may be met twice, and a batch must not name a key twice.
    const keys = [...new Map(entries.map((entry) => [`${entry.pk} ${entry.sk}`, keyOf(entry)])).values()];
    const items = await table.getMany(keys);
    return items.filter((item) => !isExpired(item, now())).map((item) => findingIn(table.place, item));
  };

  const openEntries = async (check?: string): Promise<readonly IndexEntry[]> => {
    const range = check === undefined ? undefined : { prefix: openSk(check) };
    return (await Promise.all(SHARDS.map(async (shard) => table.queryIndex('gsi1', openPk(shard), range)))).flat();
  };

  const clusters = async (): Promise<readonly Item[]> => table.query(CLUSTERS);

  const allFindings = async (): Promise<readonly Finding[]> => {
    const all: Finding[] = [];
    for (const { sk, cluster } of await clusters()) {
      const partition = await readPartition(table, clusterIn(`${table.place}: ${CLUSTERS} ${sk}`, cluster));
      if (partition === undefined) continue;
      for (const finding of Object.values(recordIn(table, partition, now()).findings)) all.push(finding);
    }
    return all;
  };

  const movedEntries = async (from: number, to: number): Promise<readonly IndexEntry[]> => {
    const entries: IndexEntry[] = [];
    const range = { from: new Date(from).toISOString() };
    for (let day = Math.floor(from / DAY_MS) * DAY_MS; day <= to; day += DAY_MS) {
      const name = new Date(day).toISOString().slice(0, 10);
      const found = await Promise.all(
        SHARDS.map(async (shard) => table.queryIndex('gsi2', movedPk(name, shard), range)),
      );
      for (const entry of found.flat()) entries.push(entry);
    }
    return entries;
  };

  return {
    openByCluster: async (cluster) => {
      const partition = await readPartition(table, cluster);
      if (partition === undefined) return [];
      const { findings } = recordIn(table, partition, now());
      return inOrder(Object.values(findings).filter(({ status }) => status === 'open'));
    },

    openByCheck: async (check) =>
      inOrder(
        (await findingsAt(await openEntries(check))).filter(
          (finding) => finding.status === 'open' && finding.check === check,
        ),
      ),

    openByOwner: async (owner) => {
      const entries = (await openEntries()).filter((entry) => entry.owner === owner);
      return inOrder((await findingsAt(entries)).filter(({ status }) => status === 'open'));
    },

    movedSince: async (at) => {
      const from = Date.parse(at);
      // A day more: the clocks of others may be ahead.
      const to = now().getTime() + DAY_MS;
      if (to - from > DAYS_BY_INDEX * DAY_MS) return movesSince(await allFindings(), at);
      return movesSince(await findingsAt(await movedEntries(from, to)), at);
    },

    byId: async (id) => {
      const keys = (await clusters()).map(({ sk }) => findingKey(sk, id));
      const [item] = await table.getMany(keys);
      return item === undefined || isExpired(item, now()) ? undefined : findingIn(table.place, item);
    },
  };
};
