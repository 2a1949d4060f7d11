import type { AddressOwner, DeniedPair, DeniedParty, TrafficSignal } from '../../../shared/model/denied-traffic.ts';
import type { DecodeCounts } from '../../../shared/model/flow.ts';
import { advanceSignals, emptySignalState } from '../../../shared/verdicts/signals/index.ts';
import type { SignalInput, SignalState } from '../../../shared/verdicts/signals/index.ts';

/** Times in tests are minutes after this. */
export const START = Date.parse('2026-11-16T00:00:00Z');
export const HOUR = 60;
export const DAY = 24 * HOUR;
export const at = (minutes: number): number => START + minutes * 60_000;
export const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

const party = (id: string, label: string, owner: AddressOwner, address: string): DeniedParty => ({
  id,
  label,
  certainty: 'exact',
  owner,
  ...(owner.kind === 'pod' ? { workload: owner.workload } : {}),
  addresses: [address],
  addressCount: 1,
});

export const podOf = (
  namespace: string,
  name: string,
  change: Partial<Extract<AddressOwner, { kind: 'pod' }>> = {},
  address = '10.0.1.20',
): DeniedParty =>
  party(
    `workload:Deployment/${namespace}/${name}`,
    `${namespace}/${name} (Deployment)`,
    {
      kind: 'pod',
      namespace,
      name: `${name}-0`,
      node: 'node-a',
      workload: { kind: 'Deployment', namespace, name },
      ...change,
    },
    address,
  );

export const web = podOf('shop', 'web', {}, '10.0.1.20');
export const database = podOf('shop', 'db', {}, '10.0.1.30');
export const dns = podOf('kube-system', 'coredns', { role: 'cluster-dns' }, '10.0.1.53');
export const imds = party(
  'well-known:imds',
  'the instance metadata service (IMDS)',
  { kind: 'well-known', service: 'imds' },
  '169.254.169.254',
);
export const podIdentity = party(
  'well-known:pod-identity-agent',
  'the EKS Pod Identity agent',
  { kind: 'well-known', service: 'pod-identity-agent' },
  '169.254.170.23',
);
export const ownNode = party(
  'node:own',
  "the pod's own node",
  { kind: 'node', name: 'node-a', hostNetworkPods: [] },
  '10.0.1.5',
);
export const outside = party(
  'external:203.0.113.0/24',
  '203.0.113.0/24',
  { kind: 'external', network: '203.0.113.0/24' },
  '203.0.113.9',
);

/** `key` need only be distinct here. Denied from minute `from` to minute `to`. */
export const denied = (from: number, to: number, count: number, change: Partial<DeniedPair> = {}): DeniedPair => {
  const source = change.source ?? web;
  const destination = change.destination ?? database;
  const port = change.destinationPort ?? 5432;
  return {
    key: `${source.id}>${destination.id}:${port}/${change.protocol ?? 'TCP'}`,
    source,
    destination,
    destinationPort: port,
    portCount: 1,
    protocol: 'TCP',
    direction: 'ingress',
    directionFrom: 'inferred',
    class: 'policy-denied',
    count,
    uncounted: 0,
    firstSeenAt: iso(from),
    lastSeenAt: iso(to),
    nodes: ['node-a'],
    tiers: [],
    sampleEventIds: [],
    explanation: {
      summary: [],
      isolatedBy: [{ direction: 'ingress', policies: ['shop/default-deny'] }],
      suspicions: [],
      suggestions: [],
      noSuggestion: 'not asked for',
    },
    ...change,
  };
};

export const suspected = (kind: DeniedPair['explanation']['suspicions'][number]['kind']) => ({
  explanation: {
    summary: [],
    isolatedBy: [],
    suspicions: [{ kind, text: 'so it seems' }],
    suggestions: [],
    noSuggestion: 'not asked for',
  },
});

export const countsOf = (flows: number): DecodeCounts => ({
  lines: flows,
  flows,
  denied: flows,
  accepted: 0,
  otherVerdicts: 0,
  repaired: 0,
  notVerdict: 0,
  unreadable: 0,
  unreadableBy: {},
  notVerdictSamples: [],
  unreadableSamples: [],
});

/** A window that was read up to its minute `now`, with one verdict at least. */
export const windowAt = (
  now: number,
  pairs: readonly DeniedPair[],
  change: Partial<SignalInput> = {},
): SignalInput => ({
  pairs,
  scans: [],
  now: at(now),
  counts: countsOf(1),
  read: { from: at(now - 1), to: at(now) },
  reportingNodes: ['node-a'],
  ...change,
});

export interface Run {
  readonly state: SignalState;
  readonly signals: readonly TrafficSignal[];
}

export const run = (windows: readonly SignalInput[], start: SignalState = emptySignalState): Run =>
  windows.reduce<Run>(({ state }, input) => advanceSignals(state, input), { state: start, signals: [] });

/** Windows in which nothing was denied and the log was read, one for each hour of (from, to]. */
export const quietHours = (from: number, to: number): readonly SignalInput[] =>
  Array.from({ length: Math.floor((to - from) / HOUR) }, (_, index) => windowAt(from + (index + 1) * HOUR, []));

/** `<kind> <status> <subject>` */
export const told = ({ signals }: Run): readonly string[] =>
  signals.map(({ kind, status, subject }) => `${kind} ${status} ${subject.id}`);
