import { renderMessage } from '../../../shared/model/check.ts';
import type { ClusterRef } from '../../../shared/model/cluster.ts';
import type { Change, ChangeKind, Finding } from '../../../shared/model/finding.ts';
import type { Outcome } from '../../../shared/model/outcome.ts';
import type { ClusterReport } from '../../../shared/model/report.ts';
import { CHECKS, NODE_WORDS } from './checks.ts';
import { factsOf } from './facts.ts';
import { clusterOutcomes, evidence } from './outcomes.ts';
import type { ClusterSpec } from './spec.ts';
import { TAKEN_AT } from './spec.ts';

const findingOf = (
  cluster: ClusterRef,
  failed: Pick<Outcome, 'check' | 'resource' | 'message' | 'evidence'>,
  kind: ChangeKind,
): Finding => ({
  id: `finding:${cluster.name}:${failed.check}:${failed.resource.id}`,
  cluster,
  check: failed.check,
  severity: CHECKS.find(({ id }) => id === failed.check)?.severity ?? 'low',
  resource: failed.resource,
  status: kind === 'resolved' ? 'resolved' : kind === 'closed' ? 'closed' : 'open',
  ...(kind === 'closed' ? { closeReason: 'resource-gone' as const } : {}),
  firstSeenAt: kind === 'opened' ? TAKEN_AT : '2026-11-12T09:00:00Z',
  lastSeenAt: kind === 'unverified' || kind === 'resolved' ? '2026-11-18T09:00:00Z' : TAKEN_AT,
  openedAt: kind === 'opened' || kind === 'reopened' ? TAKEN_AT : '2026-11-12T09:00:00Z',
  ...(kind === 'resolved' || kind === 'closed' ? { endedAt: TAKEN_AT } : {}),
  reopenCount: kind === 'reopened' ? 1 : 0,
  ...(kind === 'unverified' ? { unverifiedSince: '2026-11-19T09:00:00Z' } : {}),
  takenAt: TAKEN_AT,
  message: failed.message,
  evidence: failed.evidence,
});

const GONE: Pick<Outcome, 'check' | 'resource' | 'message' | 'evidence'> = {
  check: 'network-policy/enforced',
  resource: {
    type: 'node',
    id: 'ip-10-0-9-99.us-west-2.compute.internal/uid-99',
    name: 'ip-10-0-9-99.us-west-2.compute.internal',
  },
  message: renderMessage(NODE_WORDS, 'agent-off', { flag: '--enable-network-policy=false' }),
  evidence: [evidence('kubernetes.aws-node-pods', '[nodeName=ip-10-0-9-99].args', '--enable-network-policy=false')],
};

export const clusterReport = (spec: ClusterSpec): ClusterReport => {
  const outcomes = clusterOutcomes(spec);
  const kindOf = (check: string): ChangeKind => spec.changes?.[check] ?? 'refreshed';
  const changes: readonly Change[] = [
    ...outcomes
      .filter(({ status }) => status === 'fail')
      .map((failed) => ({
        kind: kindOf(failed.check),
        finding: findingOf(spec.cluster, failed, kindOf(failed.check)),
      })),
    ...(['unverified', 'resolved', 'closed'] as const)
      .filter((kind) => spec.changes?.['gone'] === kind)
      .map((kind) => ({ kind, finding: findingOf(spec.cluster, GONE, kind) })),
  ];
  return {
    snapshot: { cluster: spec.cluster, takenAt: TAKEN_AT, facts: factsOf(spec) },
    evaluation: { cluster: spec.cluster, takenAt: TAKEN_AT, outcomes, scope: [] },
    findings: changes.map(({ finding }) => finding),
    changes,
  };
};
