import { decide } from '../shared/policy/decide.ts';
import type { Verdict } from '../shared/policy/decision.ts';
import { explain } from '../shared/policy/explain.ts';
import type { Explanation } from '../shared/policy/explanation.ts';
import type { Flow } from '../shared/policy/flow.ts';
import type { PolicyIndex } from '../shared/policy/policy-index.ts';

/** What comes of a question about one or more pairs of ends. */
export interface Answer {
  /** Allowed where every pair is; denied where any is. */
  readonly verdict: Verdict;
  readonly counts: { readonly [V in Verdict]: number };
  /** The first pair that has the verdict. */
  readonly explanation: Explanation;
  readonly flows: readonly { readonly flow: Flow; readonly verdict: Verdict }[];
}

const WORST_FIRST: readonly Verdict[] = ['denied', 'unknown', 'allowed'];

export const answer = (index: PolicyIndex, flows: readonly [Flow, ...Flow[]]): Answer => {
  const decided = flows.map((flow) => ({ flow, verdict: decide(index, flow).allowed }));
  const count = (verdict: Verdict): number => decided.filter((one) => one.verdict === verdict).length;
  const counts = { allowed: count('allowed'), denied: count('denied'), unknown: count('unknown') };
  const verdict = WORST_FIRST.find((one) => counts[one] > 0) ?? 'unknown';
  const shown = decided.find((one) => one.verdict === verdict)?.flow ?? flows[0];
  return { verdict, counts, explanation: explain(index, shown), flows: decided };
};
