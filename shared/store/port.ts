import { type ClusterRef, clusterArn } from '../model/cluster.ts';
import type { Change, ClusterRecord } from '../model/finding.ts';

/** Somebody else committed a record of the cluster since this one was read. Read again, reconcile again, commit again. */
export class StaleRecordError extends Error {
  override readonly name = 'StaleRecordError';
  readonly cluster: ClusterRef;

  constructor(cluster: ClusterRef) {
    // JSON, because the name of a cluster may come from a file that anybody wrote.
    super(`the record of ${JSON.stringify(clusterArn(cluster))} changed since it was read`);
    this.cluster = cluster;
  }
}

/** What is stored cannot be read or be written; the message names the place, the path in it and what was expected. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * Where the records of clusters are kept: the single truth about findings.
 *
 * - `read` gives the newest committed record, or an empty one of a cluster nobody has committed. Its `cluster` object is
 *   the handle of this very reading: a record for `commit` must carry that object, as what `reconcile` returns does.
 * - `commit` stores the whole record or nothing; no reader ever sees a part. It succeeds at most once per reading, and only where
 *   nobody committed since: otherwise StaleRecordError. A record with another `cluster` object counts as read before
 *   anything was stored. Committing what was read, unchanged, does nothing.
 * - After StaleRecordError the caller reads and reconciles anew. That is safe however far the failed attempt came:
 *   reconciling the same evaluation twice changes nothing the second time.
 * - Any other error of `commit` leaves open whether the record was stored: an answer may get lost. The caller does the
 *   same as after StaleRecordError, at once or when its queue delivers again; a store that was broken off in the middle
 *   of a commit completes it then.
 * - `changes` are the findings in which the record differs from the one read. An adapter may write only these and
 *   the watermarks; of the latter there may be one for each check and resource that could not be looked at.
 * - `list` gives the newest record of every cluster, ordered by ARN.
 * - A record that is stored and cannot be understood is a StoreError. It is never taken for an empty one and never
 *   overwritten.
 */
export interface FindingsStore {
  readonly read: (cluster: ClusterRef) => Promise<ClusterRecord>;
  readonly commit: (record: ClusterRecord, changes: readonly Change[]) => Promise<void>;
  readonly list: () => Promise<readonly ClusterRecord[]>;
}

export const emptyRecord = (cluster: ClusterRef): ClusterRecord => ({ cluster, findings: {}, watermarks: {} });

/** One string per cluster, and never the same for two. */
export const clusterKey = ({ partition, account, region, name }: ClusterRef): string =>
  JSON.stringify([partition, account, region, name]);

export const byArn = (a: ClusterRecord, b: ClusterRecord): number =>
  clusterArn(a.cluster) < clusterArn(b.cluster) ? -1 : 1;
