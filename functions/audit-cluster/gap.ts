import type { ClusterRef } from '../../shared/model/cluster.ts';
import { unobserved, type UnobservedReason } from '../../shared/model/fact.ts';
import { FACT_KEYS, type Facts, type Snapshot } from '../../shared/model/snapshot.ts';

/** Why nothing at all could be read of a cluster. */
export interface Gap {
  readonly reason: UnobservedReason;
  readonly detail: string;
  /** The call that failed. */
  readonly source: string;
}

/** What an audit sees that may not even look: nothing is known, and every check says so. */
export const snapshotOfGap = (cluster: ClusterRef, { reason, detail, source }: Gap, takenAt: string): Snapshot => ({
  cluster,
  takenAt,
  // One entry for every key there is, and an unobserved fact fits the type of every key.
  facts: Object.fromEntries(
    FACT_KEYS.map((key) => [key, unobserved(reason, detail, source, takenAt)]),
  ) as unknown as Facts,
});
