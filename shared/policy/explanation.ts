import type { ClusterRuleRef, Decision, Side } from './decision.ts';
import type { Direction, Endpoint, Flow } from './flow.ts';
import type { NearestRule } from './nearest-rule.ts';
import type { Suggestion } from './suggest.ts';

/** What keeps a flow out on one side. */
export interface SideExplanation {
  readonly direction: Direction;
  readonly subject: Endpoint;
  readonly side: Side;
  /** The rule that comes nearest. Absent where no rule is in force on this side. */
  readonly nearest?: NearestRule;
}

export interface Explanation {
  readonly flow: Flow;
  readonly decision: Decision;
  /** The sides that deny the flow. Both, where both do: mending one alone would only show the other. */
  readonly denied: readonly SideExplanation[];
  /** Admin rules that deny it. Where there is one, no NetworkPolicy can allow the flow and nothing is suggested. */
  readonly forbiddenBy: readonly ClusterRuleRef[];
  /** The one to take first; then narrower and wider ones where they differ. */
  readonly suggestions: readonly Suggestion[];
  /** The same in sentences. Names in it come from the cluster. */
  readonly summary: readonly string[];
  /** What holds for every decision on a VPC CNI cluster. */
  readonly limits: readonly string[];
}
