import { evaluate } from './evaluate/evaluate.ts';
import type { Check } from './model/check.ts';
import type { ClusterReport } from './model/report.ts';
import type { Snapshot } from './model/snapshot.ts';
import { reconcile } from './reconcile/reconcile.ts';
import { type FindingsStore, StaleRecordError } from './store/port.ts';

export interface PipelineDependencies {
  /** The checks of this run. */
  readonly checks: readonly Check[];
  /** Every check there is: a finding whose check is not in here is retired. */
  readonly catalogue: readonly Check[];
  readonly store: FindingsStore;
}

/** Two audits of one cluster at once are rare; more than this many in a row means something else is wrong. */
const COMMIT_ATTEMPTS = 5;

/**
 * The product on one screen: one cluster's facts are judged, the judgement is reconciled with what is stored, and the
 * changes are committed. Whoever delivers them reads them from the store.
 * @throws what the store throws. Where that is not a StaleRecordError the commit may have been made all the same: the
 * answer to it may have got lost. Auditing the same snapshot again is safe in both cases, and then changes nothing twice.
 */
export const auditCluster = async (
  snapshot: Snapshot,
  { checks, catalogue, store }: PipelineDependencies,
): Promise<ClusterReport> => {
  const evaluation = evaluate(snapshot, checks);
  for (let attempt = 1; ; attempt += 1) {
    const stored = await store.read(snapshot.cluster);
    const { record, changes } = reconcile(stored, evaluation, catalogue);
    try {
      await store.commit(record, changes);
      return { snapshot, evaluation, findings: Object.values(record.findings), changes };
    } catch (error) {
      // Somebody else committed in between: reconciling the same evaluation again is safe and sees what they saw.
      if (!(error instanceof StaleRecordError) || attempt === COMMIT_ATTEMPTS) throw error;
    }
  }
};
