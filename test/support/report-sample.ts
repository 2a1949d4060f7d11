import type { ClusterRef } from '../../shared/model/cluster.ts';
import type { ExceptionUse } from '../../shared/model/exception.ts';
import type { AuditReport } from '../../shared/model/report.ts';
import { CHECKS } from '../report/sample/checks.ts';
import { clusterReport } from '../report/sample/cluster-report.ts';
import { PAYLOADS, tainted } from '../report/sample/hostile.ts';
import type { ClusterSpec } from '../report/sample/spec.ts';

/** An audit of six clusters, built in code, for the tests of every report format. */

export const clusterAt = (name: string, region: string, account = '111122223333', partition = 'aws'): ClusterRef => ({
  partition,
  account,
  region,
  name,
});

const SIX: readonly ClusterSpec[] = [
  {
    cluster: clusterAt('checkout-prod', 'us-east-1'),
    version: '1.34',
    cni: 'v1.23.0-eksbuild.1',
    nodes: ['enforced', 'enforced', 'enforced', 'enforced', 'enforced', 'enforced'],
    eventLogs: 'off',
    changes: { gone: 'resolved' },
  },
  {
    cluster: clusterAt('payments-prod', 'us-west-2'),
    version: '1.33',
    cni: 'v1.20.4-eksbuild.1',
    nodes: ['enforced', 'agent-off', 'agent-off', 'no-bpffs', 'enforced'],
    eventLogs: 'off',
    changes: { 'network-policy/enforced': 'opened', 'network-policy/bpffs-mounted': 'opened', gone: 'closed' },
  },
  {
    cluster: clusterAt('search-staging', 'us-west-2'),
    version: '1.32',
    cni: 'v1.19.5-eksbuild.1',
    nodes: ['controller-off', 'controller-off', 'controller-off'],
    changes: { 'network-policy/controller-enabled': 'reopened' },
  },
  {
    cluster: clusterAt('batch-dev', 'ap-southeast-2', '444455556666'),
    version: '1.33',
    cni: 'v1.21.1-eksbuild.1',
    nodes: ['enforced', 'enforced', 'enforced', 'unread', 'unread', 'windows'],
  },
  {
    cluster: clusterAt('ledger-prod', 'eu-central-1', '777788889999'),
    version: '1.34',
    cni: 'auto-mode',
    nodes: ['enforced', 'enforced', 'enforced', 'enforced'],
  },
  {
    cluster: clusterAt('partner-gov', 'us-gov-west-1', '222233334444', 'aws-us-gov'),
    version: '1.33',
    cni: 'v1.20.4-eksbuild.1',
    nodes: [],
    access: 'denied',
    changes: { gone: 'unverified' },
  },
];

const EXCEPTIONS: readonly ExceptionUse[] = [
  {
    exception: {
      check: 'network-policy/event-logs',
      cluster: 'checkout-prod',
      owner: 'team-checkout',
      reason: 'Node size grows in December',
      expires: '2027-01-31',
    },
    state: 'active',
    findings: ['finding:checkout-prod:network-policy/event-logs:kube-system/aws-node'],
  },
  {
    exception: {
      check: 'network-policy/event-logs',
      cluster: 'payments-prod',
      owner: 'team-payments',
      reason: 'Waiting for the cost review',
      expires: '2026-10-31',
    },
    state: 'expired',
    findings: [],
  },
  {
    exception: {
      check: 'network-policy/bpffs-mounted',
      resource: 'ip-10-0-3-3',
      owner: 'platform',
      reason: 'Node is being drained',
      expires: '2026-12-24',
    },
    state: 'unused',
    findings: [],
  },
];

/** A report on clusters of your own; without any, on the six. */
export const sampleReport = (
  specs: readonly ClusterSpec[] = SIX,
  exceptions: readonly ExceptionUse[] = EXCEPTIONS,
): AuditReport => ({
  tool: { name: 'netpol-warden', version: '0.1.0' },
  generatedAt: '2026-11-20T09:05:00Z',
  clusters: specs.map(clusterReport),
  checks: CHECKS,
  exceptions,
  unreadable: [],
});

const UNREADABLE: AuditReport['unreadable'] = [
  { path: 'dumps/lab', problem: 'gather.json: expected schemaVersion 1, found 7' },
];

/** The sample with `payload` before and after every string that a cluster, an API, a file or a person outside gave. */
export const hostileReport = (payload: string): AuditReport =>
  tainted({ ...sampleReport(), unreadable: UNREADABLE }, (text) => `${payload}${text}${payload}`);

/** The same strings as in `hostileReport`, as they are: what a hostile report is compared with. */
export const benignReport = (): AuditReport => tainted({ ...sampleReport(), unreadable: UNREADABLE }, (text) => text);

/** Every payload at once. */
export const worstReport = (): AuditReport => hostileReport(PAYLOADS.join(' '));

/** Ten clusters of 167 nodes: 5,050 outcomes. */
export const largeReport = (): AuditReport => {
  const states = ['enforced', 'enforced', 'enforced', 'agent-off', 'no-bpffs', 'unread', 'windows'] as const;
  return sampleReport(
    Array.from({ length: 10 }, (_, index) => ({
      cluster: clusterAt(`cluster-${index}`, 'us-west-2'),
      version: '1.33',
      cni: 'v1.20.4-eksbuild.1',
      nodes: Array.from({ length: 167 }, (_, node) => states[(node + index) % states.length] ?? 'unread'),
    })),
  );
};
