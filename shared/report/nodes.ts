import type { Outcome } from '../model/outcome.ts';
import type { ClusterReport } from '../model/report.ts';

/** The check that composes all links of the chain into one outcome per node. */
export const ENFORCED_CHECK = 'network-policy/enforced';

export interface StatusCounts {
  readonly pass: number;
  readonly fail: number;
  readonly notApplicable: number;
  readonly notEvaluated: number;
}

export interface NodeCounts {
  readonly enforced: number;
  readonly notEnforced: number;
  readonly unknown: number;
  /** Fargate, Windows, …: nodes the question does not apply to. They are in no other count. */
  readonly notApplicable: number;
  /** `unlisted`: the nodes themselves could not be read, so that nobody knows how many more are unknown. */
  readonly population: 'listed' | 'unlisted';
}

/** Of a cluster. `enforced` needs every node that the question applies to, and at least one. */
export type Answer = 'enforced' | 'not-enforced' | 'unknown' | 'not-applicable';

export const countStatuses = (outcomes: readonly Outcome[]): StatusCounts => {
  const counts = { pass: 0, fail: 0, notApplicable: 0, notEvaluated: 0 };
  for (const { status } of outcomes) {
    switch (status) {
      case 'pass':
      case 'fail':
        counts[status] += 1;
        break;
      case 'not-applicable':
        counts.notApplicable += 1;
        break;
      case 'not-evaluated':
        counts.notEvaluated += 1;
        break;
    }
  }
  return counts;
};

/** Outcomes on another resource than a node speak for the nodes that got none of their own. */
export const countNodes = ({ snapshot, evaluation }: ClusterReport): NodeCounts => {
  const outcomes = evaluation.outcomes.filter(({ check }) => check === ENFORCED_CHECK);
  const onNodes = countStatuses(outcomes.filter(({ resource }) => resource.type === 'node'));
  const judged = onNodes.pass + onNodes.fail + onNodes.notEvaluated + onNodes.notApplicable;
  const elsewhere = outcomes.filter(({ resource }) => resource.type !== 'node');
  const listed = snapshot.facts['kubernetes.nodes'];
  const blind = elsewhere.some(({ status }) => status === 'not-evaluated') || outcomes.length === 0;
  const unjudged = blind && listed.state === 'observed' ? Math.max(0, listed.value.length - judged) : 0;
  return {
    enforced: onNodes.pass,
    notEnforced: onNodes.fail,
    unknown: onNodes.notEvaluated + unjudged,
    notApplicable: onNodes.notApplicable,
    population: blind && listed.state === 'unobserved' ? 'unlisted' : 'listed',
  };
};

export const answerOf = (nodes: NodeCounts, outcomes: readonly Outcome[]): Answer => {
  const own = outcomes.filter(({ check }) => check === ENFORCED_CHECK);
  if (own.some(({ status }) => status === 'fail')) return 'not-enforced';
  if (own.length === 0 || own.some(({ status }) => status === 'not-evaluated') || nodes.population === 'unlisted')
    return 'unknown';
  return nodes.enforced > 0 ? 'enforced' : 'not-applicable';
};
