import type { Result } from '../../model/check.ts';
import type { DeniedTraffic, SignalKind, TrafficSignal } from '../../model/denied-traffic.ts';
import type { Looked, Observed } from '../../model/fact.ts';
import type { Evidence, MissingFact, Resource, ResourceType } from '../../model/outcome.ts';
import { evidence } from './evidence.ts';
import { clusterResource } from './resources.ts';

const TRAFFIC = 'verdicts.denied-traffic';
/** Pairs shown as evidence. */
const PAIRS_SHOWN = 3;

export const SIGNAL_MESSAGES = {
  active: '{what}',
  ended: '{what}',
  'nothing-read': 'No verdict was read from the log ({lines} lines): that nothing is denied is not proven',
  'no-log-path': 'The verdicts of the network policy agent reach no log that could be read',
} as const;

type SignalMessage = keyof typeof SIGNAL_MESSAGES | 'none';

/** Nobody can say what was denied where no verdict was read. */
export const unread = (fact: Looked<DeniedTraffic>): MissingFact => ({
  fact: TRAFFIC,
  reason: fact.state === 'absent' ? 'not-collected' : 'partial',
  detail: fact.state === 'absent' ? 'there is no verdict log' : 'not one verdict was read',
  source: fact.source,
});

const nodesText = ({ nodes }: DeniedTraffic): string => (nodes.length === 0 ? 'not named' : String(nodes.length));

/** How much was read: what a statement that nothing was found rests on. */
export const readingValues = (traffic: DeniedTraffic): { readonly [name: string]: string | number } => ({
  flows: traffic.counts.flows,
  denied: traffic.counts.denied,
  unreadable: traffic.counts.unreadable,
  nodes: nodesText(traffic),
});

export const readingEvidence = (fact: Observed<DeniedTraffic>): readonly [Evidence, ...Evidence[]] => {
  const { counts } = fact.value;
  const time = `${fact.value.from ?? '?'} to ${fact.value.to ?? '?'}`;
  return [
    evidence(TRAFFIC, fact, 'counts.flows', String(counts.flows)),
    evidence(TRAFFIC, fact, 'counts.denied', String(counts.denied)),
    evidence(TRAFFIC, fact, 'counts.unreadable', String(counts.unreadable)),
    evidence(TRAFFIC, fact, 'nodes', nodesText(fact.value)),
    evidence(TRAFFIC, fact, 'from to', time),
    evidence(TRAFFIC, fact, 'exact', String(fact.value.exact)),
  ];
};

/** Nothing that grows from run to run stands here: the same denial seen again is no news. */
export const signalEvidence = (
  fact: Observed<DeniedTraffic>,
  signal: TrafficSignal,
): readonly [Evidence, ...Evidence[]] => {
  const path = `signals[kind=${signal.kind}][subject.id=${signal.subject.id}]`;
  const state =
    signal.status === 'active' ? `active since ${signal.since}` : `quiet since ${signal.lastSeenAt}, and cleared`;
  const known = new Map(fact.value.pairs.map((pair) => [pair.key, pair]));
  const pairs = signal.pairs.flatMap((key) => known.get(key) ?? []).slice(0, PAIRS_SHOWN);
  return [
    evidence(TRAFFIC, fact, path, state),
    ...pairs.map((pair) => {
      const port = pair.destinationPort === undefined ? 'many ports' : String(pair.destinationPort);
      const value = `${pair.source.label} → ${pair.destination.label} ${port}/${pair.protocol}: ${pair.class}`;
      return evidence(TRAFFIC, fact, `pairs[key=${pair.key}]`, value);
    }),
  ];
};

export const signalResult = (
  resource: Resource,
  signal: TrafficSignal,
  fact: Observed<DeniedTraffic>,
): Result<SignalMessage> => {
  const base = { resource, values: signal.values, evidence: signalEvidence(fact, signal) };
  return signal.status === 'active'
    ? { ...base, status: 'fail', message: 'active' }
    : { ...base, status: 'pass', message: 'ended' };
};

/**
 * One outcome per signal of the kind: fail while active, pass once cleared. Without any, one for the cluster: it says how
 * much was read, and where no verdict was, that nothing is known.
 */
export const judgeSignals = (
  fact: Looked<DeniedTraffic>,
  about: { readonly kind: SignalKind; readonly resource: ResourceType },
  cluster: { readonly name: string },
  resourceOf: (signal: TrafficSignal) => Resource | undefined = ({ subject }) => subject,
): readonly Result<SignalMessage>[] => {
  const resource = clusterResource(cluster);
  if (fact.state === 'absent') {
    return [{ resource, status: 'not-evaluated', message: 'no-log-path', missing: [unread(fact)] }];
  }
  const results = fact.value.signals
    .filter(({ kind, subject }) => kind === about.kind && subject.type === about.resource)
    .flatMap((signal) => {
      const subject = resourceOf(signal);
      return subject === undefined ? [] : [signalResult(subject, signal, fact)];
    });
  if (results.length > 0) return results;
  const [flows, ...others] = readingEvidence(fact);
  if (fact.value.counts.flows === 0) {
    const values = { lines: fact.value.counts.lines };
    return [{ resource, status: 'not-evaluated', message: 'nothing-read', values, missing: [unread(fact)] }];
  }
  const values = readingValues(fact.value);
  return [{ resource, status: 'not-applicable', message: 'none', values, evidence: [flows, ...others] }];
};
