/**
 * Decoded verdicts, summed up in bounded space.
 *
 *   absorbBatch(state, batch)   counts a batch once, whatever the order and repetition of delivery
 *   topFlows(summary)           the most frequent flows, and scanSignals(summary) who tries everything
 *   takeWindows(summary, time)  what may be handed on, and what stays
 */
export { FIRST_EPHEMERAL_PORT } from './ephemeral-port.ts';
export { isLikelyReply, keyOfFlow, keyText, windowStartOf } from './key.ts';
export type { FlowKey } from './key.ts';
export { admitBatch, emptyLedger } from './ledger.ts';
export type { BatchLedger } from './ledger.ts';
export { scanSignals } from './scan.ts';
export type { ScanSignal, ScanThresholds } from './scan.ts';
export { absorbBatch, emptyState } from './state.ts';
export type { StateOptions, VerdictState } from './state.ts';
export { emptySummary, mergeSummaries, SummaryBuilder, takeWindows, topFlows } from './summary.ts';
export type { FlowSummary, SummaryOptions } from './summary.ts';
