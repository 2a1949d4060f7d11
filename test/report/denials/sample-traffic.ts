import type {
  DenialClass,
  DenialExplanation,
  DeniedPair,
  DeniedParty,
  DeniedTraffic,
  TrafficSignal,
} from '../../../shared/model/denied-traffic.ts';
import type { DecodeCounts } from '../../../shared/model/flow.ts';
import type { DenialsReport } from '../../../shared/report/denials/denials-report.ts';
import { CLUSTER } from '../../support/cluster.ts';

export const workloadParty = (namespace: string, name: string, kind = 'Deployment'): DeniedParty => ({
  id: `workload:${kind}/${namespace}/${name}`,
  label: `${namespace}/${name} (${kind})`,
  certainty: 'exact',
  owner: { kind: 'pod', namespace, name: `${name}-0`, workload: { kind, namespace, name } },
  workload: { kind, namespace, name },
  addresses: ['10.0.1.7'],
  addressCount: 1,
});

export const outsideParty = (network: string): DeniedParty => ({
  id: `external:${network}`,
  label: `${network} (outside)`,
  certainty: 'unknown',
  owner: { kind: 'external', network },
  addresses: ['203.0.113.9'],
  addressCount: 1,
});

export const EXPLANATION: DenialExplanation = {
  summary: [
    'shop/web (Deployment) may not reach payments/orders (Deployment) on 5432/TCP.',
    'payments/orders is isolated on ingress by payments/default-deny; no rule of it admits this.',
  ],
  isolatedBy: [{ direction: 'ingress', policies: ['payments/default-deny'] }],
  suspicions: [],
  suggestions: [
    {
      scope: 'smallest',
      titles: ['create NetworkPolicy payments/allow-web-to-orders-5432'],
      manifest: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: allow-web-to-orders-5432\n',
      alsoOpens: 0,
      alsoOpensExamples: [],
    },
  ],
};

export const pairOf = (overrides: Partial<DeniedPair> = {}): DeniedPair => ({
  key: '0123456789abcdef',
  source: workloadParty('shop', 'web'),
  destination: workloadParty('payments', 'orders'),
  destinationPort: 5432,
  portCount: 1,
  protocol: 'TCP',
  direction: 'ingress',
  directionFrom: 'inferred',
  class: 'policy-denied',
  count: 412,
  uncounted: 0,
  firstSeenAt: '2026-11-20T08:00:00.000Z',
  lastSeenAt: '2026-11-20T08:55:00.000Z',
  nodes: ['ip-10-0-1-5.eu-west-1.compute.internal'],
  tiers: [],
  sampleEventIds: [],
  explanation: EXPLANATION,
  ...overrides,
});

export const COUNTS: DecodeCounts = {
  lines: 1204,
  flows: 1100,
  denied: 412,
  accepted: 688,
  otherVerdicts: 0,
  repaired: 0,
  notVerdict: 90,
  unreadable: 14,
  unreadableBy: { 'bad-address': 12, binary: 2 },
  notVerdictSamples: [],
  unreadableSamples: [{ reason: 'bad-address', text: 'Src: 10.0.999.1' }],
};

export const trafficOf = (pairs: readonly DeniedPair[], signals: readonly TrafficSignal[] = []): DeniedTraffic => ({
  from: '2026-11-20T08:00:00.000Z',
  to: '2026-11-20T09:00:00.000Z',
  counts: COUNTS,
  exact: true,
  nodes: ['ip-10-0-1-5.eu-west-1.compute.internal'],
  pairs,
  omitted: { pairs: 0, lines: 0 },
  signals,
});

export const SIGNAL: TrafficSignal = {
  kind: 'dns',
  subject: { type: 'workload', id: 'Deployment/shop/web', name: 'shop/web' },
  status: 'active',
  since: '2026-11-20T08:00:00.000Z',
  lastSeenAt: '2026-11-20T08:55:00.000Z',
  count: 37,
  values: { what: 'shop/web (Deployment) was denied DNS 37 times.' },
  pairs: ['0123456789abcdef'],
};

export const reportOf = (traffic: DeniedTraffic, overrides: Partial<DenialsReport> = {}): DenialsReport => ({
  tool: { name: 'netpol-warden', version: '0.0.0' },
  generatedAt: '2026-11-20T09:00:00.000Z',
  cluster: CLUSTER,
  traffic,
  inputs: [{ name: 'network-policy-agent.log', problems: [] }],
  ...overrides,
});

const CLASSES: readonly DenialClass[] = [
  'policy-denied',
  'policy-denied',
  'reply',
  'enforcement-anomaly',
  'unattributed',
];

/** Many pairs between a few namespaces, always the same ones. */
export const manyPairs = (count: number): readonly DeniedPair[] =>
  Array.from({ length: count }, (_, index) => {
    const destination =
      index % 11 === 0
        ? outsideParty(`203.0.${index % 7}.0/24`)
        : workloadParty(
            `team-${(index * 7) % 12}`,
            `service-${(index * 13) % 9}`,
            index % 3 === 0 ? 'StatefulSet' : 'Deployment',
          );
    return pairOf({
      key: index.toString(16).padStart(16, '0'),
      source: workloadParty(`team-${(index * 5) % 9}`, `client-${(index * 17) % 23}`),
      destination,
      destinationPort: [5432, 8080, 443, 53, 6379][index % 5] ?? 80,
      class: CLASSES[index % CLASSES.length] ?? 'reply',
      count: 1 + ((index * 7919) % 5000),
    });
  }).toSorted((a, b) => b.count - a.count);
