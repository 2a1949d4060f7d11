import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Flow } from './flow.ts';
import type { PolicyIndex } from './policy-index.ts';

export interface FlowChange {
  readonly flow: Flow;
  readonly before: Decision;
  readonly after: Decision;
}

/** What the change from one set of policies to another does to the flows asked about. */
export interface PolicyDiff {
  /** Denied before, allowed after. */
  readonly opens: readonly FlowChange[];
  /** Allowed before, denied after. */
  readonly closes: readonly FlowChange[];
  /** Unknown on at least one of the sides and not the same on both: nobody can say whether it opens or closes. */
  readonly uncertain: readonly FlowChange[];
  /** How many keep their verdict. */
  readonly unchanged: number;
}

/** @throws PolicyInputError where a port or an external address is none */
export const diffPolicies = (before: PolicyIndex, after: PolicyIndex, probes: Iterable<Flow>): PolicyDiff => {
  const opens: FlowChange[] = [];
  const closes: FlowChange[] = [];
  const uncertain: FlowChange[] = [];
  let unchanged = 0;
  for (const flow of probes) {
    const change = { flow, before: decide(before, flow), after: decide(after, flow) };
    if (change.before.allowed === change.after.allowed) unchanged += 1;
    else if (change.before.allowed === 'unknown' || change.after.allowed === 'unknown') uncertain.push(change);
    else if (change.after.allowed === 'allowed') opens.push(change);
    else closes.push(change);
  }
  return { opens, closes, uncertain, unchanged };
};
