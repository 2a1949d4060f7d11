import { describe, expect, it } from 'vitest';
import type { ClusterRef } from '../../shared/model/cluster.ts';
import type { ClusterRecord } from '../../shared/model/finding.ts';
import { type FindingsStore, StaleRecordError } from '../../shared/store/port.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { CATALOGUE, CHECK, evaluationAt, hour } from '../reconcile/scenario.ts';
import { CLUSTER } from '../support/cluster.ts';

/** Commits what a run at this hour says, on what the store holds. */
export const commitRun = async (
  store: FindingsStore,
  at: number,
  said: 'pass' | 'fail',
  cluster: ClusterRef = CLUSTER,
) => {
  const evaluation = { ...evaluationAt(hour(at), { [CHECK]: { a: said } }), cluster };
  const { record, changes } = reconcile(await store.read(cluster), evaluation, CATALOGUE);
  await store.commit(record, changes);
  return record;
};

/** A record that only has been examined at this hour, on the reading given. */
export const examinedAt = (read: ClusterRecord, at: number): ClusterRecord => ({
  ...read,
  watermarks: { ...read.watermarks, [CHECK]: { examinedAt: hour(at) } },
});

/** What every store promises, whatever keeps its records. `open` gives a store over the same records each time. */
export const storeContract = (name: string, fresh: () => Promise<() => FindingsStore>): void => {
  describe(`${name} keeps the promises of the port`, () => {
    it('reads an empty record of a cluster that nobody committed', async () => {
      const open = await fresh();

      expect(await open().read(CLUSTER)).toEqual({ cluster: CLUSTER, findings: {}, watermarks: {} });
      expect(await open().list()).toEqual([]);
    });

    it('reads what was committed', async () => {
      const open = await fresh();
      const record = await commitRun(open(), 1, 'fail');

      expect(Object.keys(record.findings)).toHaveLength(1);
      expect(await open().read(CLUSTER)).toEqual(record);
    });

    it('goes on from reading to reading', async () => {
      const open = await fresh();
      await commitRun(open(), 1, 'fail');
      await commitRun(open(), 2, 'pass');
      await commitRun(open(), 3, 'fail');
      const [finding] = Object.values((await open().read(CLUSTER)).findings);

      expect(finding).toMatchObject({ status: 'open', firstSeenAt: hour(1), openedAt: hour(3), reopenCount: 1 });
    });

    it('keeps clusters apart that differ in one part only, and lists them by ARN', async () => {
      const open = await fresh();
      const clusters: readonly ClusterRef[] = [
        CLUSTER,
        { ...CLUSTER, name: 'shop-test' },
        { ...CLUSTER, region: 'eu-west-1' },
        { ...CLUSTER, account: '444455556666' },
        { ...CLUSTER, partition: 'aws-us-gov' },
      ];
      const store = open();
      for (const [index, cluster] of clusters.entries()) {
        await store.commit(examinedAt(await store.read(cluster), index), []);
      }

      for (const [index, cluster] of clusters.entries()) {
        expect((await open().read(cluster)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(index) } });
      }
      expect((await open().list()).map(({ cluster }) => Object.values(cluster).join(' '))).toEqual([
        'aws-us-gov 111122223333 us-west-2 shop-prod',
        'aws 111122223333 eu-west-1 shop-prod',
        'aws 111122223333 us-west-2 shop-prod',
        'aws 111122223333 us-west-2 shop-test',
        'aws 444455556666 us-west-2 shop-prod',
      ]);
    });

    it('refuses a commit when another was made since the reading, and stores nothing of it', async () => {
      const open = await fresh();
      const store = open();
      await commitRun(store, 1, 'fail');
      const [mine, theirs] = [await store.read(CLUSTER), await store.read(CLUSTER)];
      await store.commit(examinedAt(theirs, 2), []);

      await expect(store.commit(examinedAt(mine, 3), [])).rejects.toThrow(StaleRecordError);
      await expect(store.commit(examinedAt(mine, 3), [])).rejects.toThrow(
        'the record of "arn:aws:eks:us-west-2:111122223333:cluster/shop-prod" changed since it was read',
      );
      expect((await open().read(CLUSTER)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(2) } });
    });

    it('accepts one commit per reading', async () => {
      const open = await fresh();
      const store = open();
      const read = await store.read(CLUSTER);
      await store.commit(examinedAt(read, 1), []);

      await expect(store.commit(examinedAt(read, 2), [])).rejects.toThrow(StaleRecordError);
    });

    it('does nothing to commit what was read, unchanged: nobody becomes stale by it', async () => {
      const open = await fresh();
      const store = open();
      await commitRun(store, 1, 'fail');
      const [unchanged, theirs] = [await store.read(CLUSTER), await store.read(CLUSTER)];
      await store.commit(unchanged, []);
      await store.commit(examinedAt(theirs, 2), []);
      await store.commit(unchanged, []);

      expect((await open().read(CLUSTER)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(2) } });
    });

    it('refuses a record that was read before there was one', async () => {
      const open = await fresh();
      const early = await open().read(CLUSTER);
      const store = open();
      const sameStore = await store.read(CLUSTER);
      await commitRun(store, 1, 'fail');

      await expect(store.commit(examinedAt(sameStore, 2), [])).rejects.toThrow(StaleRecordError);
      await expect(store.commit(examinedAt(early, 2), [])).rejects.toThrow(StaleRecordError);
    });

    it('takes a record whose cluster object it did not give as read before there was one', async () => {
      const open = await fresh();
      const store = open();
      const own: ClusterRecord = { cluster: { ...CLUSTER }, findings: {}, watermarks: { [CHECK]: {} } };
      await store.commit(own, []);

      await expect(store.commit({ ...own, watermarks: {} }, [])).rejects.toThrow(StaleRecordError);
      expect(await store.read(CLUSTER)).toEqual(own);
    });

    it('can commit what list gave', async () => {
      const open = await fresh();
      const store = open();
      await commitRun(store, 1, 'fail');
      const [listed] = await store.list();
      if (listed === undefined) throw new Error('nothing was listed');
      await store.commit(examinedAt(listed, 2), []);

      expect((await open().read(CLUSTER)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(2) } });
    });

    it('lets exactly one of many concurrent commits through, and all of them by trying again', async () => {
      const open = await fresh();
      const store = open();
      const count = async (key: string): Promise<void> => {
        const read = await store.read(CLUSTER);
        const next = { ...read, watermarks: { ...read.watermarks, [key]: {} } };
        await store.commit(next, []).catch(async (error: unknown) => {
          if (!(error instanceof StaleRecordError)) throw error;
          await count(key);
        });
      };
      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const readings = await Promise.all(keys.map(async () => store.read(CLUSTER)));
      const first = await Promise.allSettled(
        readings.map(async (read, index) => store.commit(examinedAt(read, index), [])),
      );

      expect(first.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);

      await Promise.all(keys.map(async (key) => count(key)));
      expect(Object.keys((await open().read(CLUSTER)).watermarks).toSorted()).toEqual([...keys, CHECK]);
    });
  });
};
