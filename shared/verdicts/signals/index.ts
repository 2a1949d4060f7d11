/**
 * Signals of denied traffic, over time.
 *
 *   advanceSignals(state, input)   the state after one more window, and every signal that is active or has just ended
 */
export { advanceSignals } from './advance.ts';
export { emptySignalState } from './state.ts';
export type { PolicyChange, SignalInput, SignalOptions, SignalState } from './state.ts';
