import type { ClusterRecord } from '../../model/finding.ts';
import { StaleRecordError, StoreError } from '../port.ts';
import { clusterPk, findingItem, type StagedChange } from './finding-item.ts';
import { clusterText, HEAD, type Head, headIn, headItem, isPending, revisionOf } from './head.ts';
import { inParallel } from './in-parallel.ts';
import { type Partition, STAGED, stagedIn, WATERMARKS } from './partition.ts';
import { compressed, isPartOf, partsOf } from './parts.ts';
import type { Item, Key, Table } from './table.ts';

/** Has an item for every cluster, so that clusters can be listed without an index that lags behind. */
export const CLUSTERS = 'CLUSTERS';

/**
 * Litter: parts to which no head refers any more. That it goes is not part of the commit, and what stays is removed by
 * the next one; so a failure here is nobody's.
 */
const sweep = async (table: Table, keys: readonly Key[]): Promise<void> => {
  await inParallel(keys, async (key) => table.delete(key)).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
  });
};

/**
 * Every part there is: those of the head, and those of commits that lost or died. One that may still be made is not
 * among them once a commit that is based on the same reading was made, as that one then loses.
 */
export const partsIn = ({ items }: Partition): readonly Item[] =>
  items.filter(({ sk }) => sk.startsWith(`${STAGED}#`) || sk.startsWith(`${WATERMARKS}#`));

/**
 * Writes every change to its finding's item, once: the guard refuses the second time, also when several processes do
 * this at once or one wakes up after a later commit. So the table's stream has every change exactly once.
 */
const apply = async (table: Table, head: Head, staged: readonly StagedChange[]): Promise<void> => {
  const revision = revisionOf(head.step);
  await inParallel(staged, async (change) =>
    table.put(findingItem(change, revision, head.committedAt), { ifBelow: revision }),
  );
  // Refused: somebody else settled it.
  await table.put(headItem({ ...head, step: head.step + 1, stagedParts: 0 }), { ifVersion: head.step });
};

/** Completes a commit that was made and not settled. Does nothing where there is none. */
export const finish = async (table: Table, partition: Partition): Promise<void> => {
  if (!isPending(partition.head)) return;
  const revision = revisionOf(partition.head.step);
  const applied = new Set(partition.items.filter(({ version }) => version === revision).map(({ sk }) => sk));
  const left = stagedIn(table, partition).filter(
    (change) => !applied.has(findingItem(change, revision, partition.head.committedAt).sk),
  );
  await apply(table, partition.head, left);
  const { commitId } = partition.head;
  const refersTo = (item: Item): boolean => isPartOf(item, WATERMARKS, revision, commitId);
  await sweep(
    table,
    partsIn(partition).filter((item) => !refersTo(item)),
  );
};

export interface Commit {
  readonly record: ClusterRecord;
  readonly staged: readonly StagedChange[];
  readonly committedAt: string;
  readonly id: string;
  /** Of the head on which the record is based; 0: there was none. */
  readonly step: number;
  /** Of that reading. */
  readonly litter: readonly Key[];
}

/**
 * 1. The watermarks and the changes are written as parts, to which nothing refers yet.
 * 2. The head takes the next step, if nobody else did: this one conditional put is the commit.
 * 3. The changes are applied, the head is settled, the parts are swept.
 *
 * Whoever reads the record for a commit of its own first finishes what a dead process left after 2.
 */
export const makeCommit = async (table: Table, { record, staged, step, litter, ...commit }: Commit): Promise<void> => {
  const { cluster } = record;
  const pk = clusterPk(cluster);
  const revision = revisionOf(step) + 1;
  const watermarks = partsOf(pk, WATERMARKS, revision, commit.id, compressed(record.watermarks));
  const parts = staged.length === 0 ? [] : partsOf(pk, STAGED, revision, commit.id, compressed(staged));
  const head: Head = {
    cluster,
    step: 2 * revision - (staged.length === 0 ? 0 : 1),
    commitId: commit.id,
    committedAt: commit.committedAt,
    watermarkParts: watermarks.length,
    stagedParts: parts.length,
  };

  if (step === 0) await table.put({ pk: CLUSTERS, sk: pk, version: 1, cluster: clusterText(cluster) });
  await inParallel([...watermarks, ...parts], async (part) => table.put(part));
  if (!(await table.put(headItem(head), { ifVersion: step }))) {
    const there = await table.get({ pk, sk: HEAD });
    // It may be our own: the answer got lost, and the SDK tried again.
    if (there === undefined || headIn(table.place, cluster, there).commitId !== commit.id) {
      await sweep(table, [...watermarks, ...parts]);
      throw new StaleRecordError(cluster);
    }
  }
  if (isPending(head)) await apply(table, head, staged);
  await sweep(table, [...litter, ...parts]);
};
