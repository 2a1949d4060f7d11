import type { DecodeCounts } from '../../model/flow.ts';
import type { DecodedBatch } from '../decode/batch.ts';
import { addCounts, NO_COUNTS } from '../decode/tally.ts';
import { admitBatch, emptyLedger } from './ledger.ts';
import type { BatchLedger } from './ledger.ts';
import { emptySummary, mergeSummaries } from './summary.ts';
import type { FlowSummary, SummaryOptions } from './summary.ts';

/** Everything known of any number of batches: a plain value, stored and loaded as JSON. */
export interface VerdictState {
  readonly summary: FlowSummary;
  readonly counts: DecodeCounts;
  readonly ledger: BatchLedger;
  /** Batches counted, batches known already, and CloudWatch's own probes. */
  readonly batches: { readonly admitted: number; readonly repeated: number; readonly control: number };
}

export interface StateOptions extends SummaryOptions {
  readonly ledgerLimit?: number;
}

export const emptyState = (options: StateOptions = {}): VerdictState => ({
  summary: emptySummary(options),
  counts: NO_COUNTS,
  ledger: emptyLedger(options.ledgerLimit),
  batches: { admitted: 0, repeated: 0, control: 0 },
});

/**
 * Counts a batch exactly once. In whatever order batches come, and however often each, the flows, counts and totals are
 * the same, as long as the summary is exact and the ledger has forgotten none of them.
 */
export const absorbBatch = (state: VerdictState, batch: DecodedBatch): VerdictState => {
  const { batches } = state;
  if (batch.kind === 'control') return { ...state, batches: { ...batches, control: batches.control + 1 } };
  const admission = batch.identity === undefined ? undefined : admitBatch(state.ledger, batch.identity);
  if (admission?.isNew === false) return { ...state, batches: { ...batches, repeated: batches.repeated + 1 } };
  return {
    summary: mergeSummaries(state.summary, batch.summary),
    counts: addCounts(state.counts, batch.counts),
    ledger: admission?.ledger ?? state.ledger,
    batches: { ...batches, admitted: batches.admitted + 1 },
  };
};
