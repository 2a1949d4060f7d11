import type { DeniedTraffic, SignalKind, TrafficSignal } from '../../../shared/model/denied-traffic.ts';
import type { ResourceType } from '../../../shared/model/outcome.ts';
import { countsOf, denied } from '../../verdicts/signals/windows.ts';

const PAIR = denied(5, 10, 4);

/** A log of which 1,200 verdicts of two nodes were read, 37 of them denials. */
export const traffic = (change: Partial<DeniedTraffic> = {}): DeniedTraffic => ({
  from: '2026-11-20T08:00:00.000Z',
  to: '2026-11-20T08:59:00.000Z',
  counts: { ...countsOf(1200), denied: 37, accepted: 1163 },
  exact: true,
  nodes: ['node-a', 'node-b'],
  pairs: [PAIR],
  omitted: { pairs: 0, lines: 0 },
  signals: [],
  ...change,
});

/** The log was read and had not one verdict. */
export const nothingRead = (change: Partial<DeniedTraffic> = {}): DeniedTraffic => ({
  counts: { ...countsOf(0), lines: 3, notVerdict: 3 },
  exact: true,
  nodes: [],
  pairs: [],
  omitted: { pairs: 0, lines: 0 },
  signals: [],
  ...change,
});

export const signal = (
  kind: SignalKind,
  type: ResourceType,
  change: Partial<TrafficSignal> = {},
  id: string = type === 'workload' ? 'Deployment/shop/web' : '0123456789abcdef',
): TrafficSignal => ({
  kind,
  subject: { type, id, name: 'shop/web (Deployment)' },
  status: 'active',
  since: '2026-11-20T08:05:00.000Z',
  lastSeenAt: '2026-11-20T08:10:00.000Z',
  count: 4,
  values: { what: 'shop/web (Deployment) is denied something.' },
  pairs: [PAIR.key],
  ...change,
});

export const evidenceOf = (kind: SignalKind, id: string): readonly string[] => [
  `verdicts.denied-traffic:signals[kind=${kind}][subject.id=${id}]`,
  `verdicts.denied-traffic:pairs[key=${PAIR.key}]`,
];

/** What a statement that nothing was found rests on. */
export const READING = ['counts.flows', 'counts.denied', 'counts.unreadable', 'nodes', 'from to', 'exact'].map(
  (path) => `verdicts.denied-traffic:${path}`,
);
