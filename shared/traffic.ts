import type { DeniedTraffic } from './model/denied-traffic.ts';
import { type Fact, observed, unobserved } from './model/fact.ts';
import type { DecodeCounts } from './model/flow.ts';
import type { Facts, Snapshot } from './model/snapshot.ts';
import { scanSignals } from './verdicts/aggregate/index.ts';
import type { FlowSummary } from './verdicts/aggregate/index.ts';
import { attributeDenials, type AttributionLimits } from './verdicts/attribute/index.ts';
import { addressBook, type AddressHistory, type AwsRange, type Sighting } from './verdicts/resolve/index.ts';
import { advanceSignals, emptySignalState, type PolicyChange, type SignalState } from './verdicts/signals/index.ts';

/** What the logs gave: one window, or everything of some files. */
export interface VerdictReading {
  readonly summary: FlowSummary;
  readonly counts: DecodeCounts;
  /** The time of the log that was read, milliseconds, where it is known better than from its denials. */
  readonly read?: { readonly from: number; readonly to: number };
}

export interface TrafficContext {
  /** Whose the logs are: policies, pods and everything else that gives addresses names and denials reasons. */
  readonly snapshot: Snapshot;
  /** Milliseconds. */
  readonly now: number;
  /** What earlier windows left behind. Default: nothing, as for files read once. */
  readonly signals?: SignalState;
  readonly history?: AddressHistory;
  /** Where lists of the snapshot are put together from several: what each of them showed, and when. */
  readonly sightings?: readonly Sighting[];
  readonly awsRanges?: readonly AwsRange[];
  readonly limits?: AttributionLimits;
}

export interface Traffic {
  readonly traffic: DeniedTraffic;
  readonly signals: SignalState;
}

const MOST_NODES = 1000;
const WORD: { readonly [type: string]: string } = { AddonUpdate: 'was updated', VersionUpdate: 'was upgraded' };

/** What may have made traffic be denied, as far as the snapshot tells. */
const changesOf = ({ facts }: Snapshot): readonly PolicyChange[] => {
  const policies = facts['kubernetes.network-policies'];
  const updates = facts['eks.updates'];
  return [
    ...(policies.state === 'observed'
      ? policies.value.map(({ namespace, name, createdAt }) => ({
          what: `NetworkPolicy ${namespace}/${name} was created`,
          at: Date.parse(createdAt),
          namespace,
          policy: `${namespace}/${name}`,
        }))
      : []),
    ...(updates.state === 'observed'
      ? updates.value
          .filter(({ subject, status }) => subject === 'addon/vpc-cni' && status === 'Successful')
          .map(({ type, subject, createdAt }) => ({
            what: `${subject} ${WORD[type] ?? 'was changed'}`,
            at: Date.parse(createdAt),
          }))
      : []),
  ].filter(({ at }) => Number.isFinite(at));
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** First and last time of some flows; undefined where there are none. */
const spanOf = ({ flows }: FlowSummary): { readonly from: number; readonly to: number } | undefined => {
  const [first] = flows;
  if (first === undefined) return undefined;
  return flows.reduce(
    ({ from, to }, { firstSeenAt, lastSeenAt }) => ({
      from: Math.min(from, firstSeenAt),
      to: Math.max(to, lastSeenAt),
    }),
    { from: first.firstSeenAt, to: first.lastSeenAt },
  );
};

/** Without a list that was put together from several, which was so at no one time. */
export const withoutPods = (facts: Facts): Facts => {
  const { source, observedAt } = facts['kubernetes.pods'];
  const elsewhere = unobserved('not-collected', 'put together from several lists', source, observedAt);
  return { ...facts, 'kubernetes.pods': elsewhere };
};

/**
 * Denied flows with names and reasons, and what people should hear of it. Pure: the same logs, snapshot and state give the
 * same answer. The state it gives belongs to the next window of the same cluster.
 */
export const readTraffic = ({ summary, counts, read }: VerdictReading, context: TrafficContext): Traffic => {
  const { snapshot, now, history, sightings, awsRanges, limits } = context;
  const { facts, takenAt } = snapshot;
  const book = addressBook({
    facts: sightings === undefined ? facts : withoutPods(facts),
    ...(history === undefined ? {} : { history }),
    ...(sightings === undefined ? {} : { sightings }),
    ...(awsRanges === undefined ? {} : { awsRanges }),
  });
  const { pairs, omitted } = attributeDenials(summary, {
    facts,
    takenAt,
    resolve: book.resolve,
    ...(limits === undefined ? {} : { limits }),
  });
  const nodes = [...new Set(summary.flows.flatMap((flow) => flow.nodes))].toSorted().slice(0, MOST_NODES);
  const span = read ?? spanOf(summary);
  const advanced = advanceSignals(context.signals ?? emptySignalState, {
    pairs,
    scans: scanSignals(summary),
    now,
    counts,
    ...(span === undefined ? {} : { read: span }),
    reportingNodes: nodes,
    changes: changesOf(snapshot),
  });
  return {
    traffic: {
      ...(span === undefined ? {} : { from: iso(span.from), to: iso(span.to) }),
      counts,
      exact: summary.floor === 0,
      nodes,
      pairs,
      omitted,
      signals: advanced.signals,
    },
    signals: advanced.state,
  };
};

export const VERDICT_SOURCE = 'network policy agent verdict logs';

/** The snapshot with what its verdict logs told. */
export const withTraffic = (snapshot: Snapshot, traffic: DeniedTraffic): Snapshot => {
  const fact: Fact<DeniedTraffic> = observed(traffic, VERDICT_SOURCE, snapshot.takenAt);
  return { ...snapshot, facts: { ...snapshot.facts, 'verdicts.denied-traffic': fact } };
};
