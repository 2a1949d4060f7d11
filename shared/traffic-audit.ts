import type { Check } from './model/check.ts';
import type { ClusterRef } from './model/cluster.ts';
import type { DecodeCounts, FlowAggregate } from './model/flow.ts';
import type { ClusterReport } from './model/report.ts';
import type { PodLookUp } from './model/pod-look-up.ts';
import type { FactKey, Snapshot } from './model/snapshot.ts';
import { auditCluster } from './pipeline.ts';
import { type PodCache, trafficPods } from './pod-lists.ts';
import type { FindingsStore } from './store/port.ts';
import type { VerdictStates } from './store/verdict-states.ts';
import { readTraffic, withoutPods, withTraffic } from './traffic.ts';
import { packState, readShard, SHARDS, unpackState } from './verdict-watch.ts';
import { emptySummary, mergeSummaries } from './verdicts/aggregate/index.ts';
import type { FlowSummary } from './verdicts/aggregate/index.ts';
import { addCounts, NO_COUNTS } from './verdicts/decode/index.ts';
import {
  type AddressHistory,
  type AwsRange,
  EMPTY_HISTORY,
  observeAll,
  sightingsOfFacts,
} from './verdicts/resolve/index.ts';
import { emptySignalState, type SignalState } from './verdicts/signals/index.ts';

/** What attributing denials needs to know of a cluster. */
export const TRAFFIC_FACTS: readonly FactKey[] = [
  'eks.cluster',
  'eks.vpc-cni-addon',
  'eks.updates',
  'kubernetes.access',
  'kubernetes.nodes',
  'kubernetes.aws-node',
  'kubernetes.aws-node-pods',
  'kubernetes.amazon-vpc-cni',
  'kubernetes.crds',
  'kubernetes.namespaces',
  'kubernetes.pods',
  'kubernetes.services',
  'kubernetes.endpoint-slices',
  'kubernetes.network-policies',
  'kubernetes.policy-endpoints',
  'kubernetes.cluster-network-policies',
  'kubernetes.application-network-policies',
  'kubernetes.nodeclasses',
  'ec2.network-interfaces',
  'ec2.subnets',
];

const SIGNALS = 'signals';
/** A window is read once lines for it hardly come any more: CloudWatch delivers within seconds, rarely minutes. */
const SETTLED_MS = 120_000;
const ATTEMPTS = 5;

/** What one traffic audit leaves to the next. */
interface TrafficMemory {
  readonly schemaVersion: 1;
  readonly signals: SignalState;
  readonly history: AddressHistory;
  /** Milliseconds: windows that began before are read. */
  readonly readUntil: number;
  /** Counted so far, over all shards. */
  readonly counts: DecodeCounts;
}

const FRESH: TrafficMemory = {
  schemaVersion: 1,
  signals: emptySignalState,
  history: EMPTY_HISTORY,
  readUntil: 0,
  counts: NO_COUNTS,
};

export interface TrafficAudit {
  readonly cluster: ClusterRef;
  readonly states: VerdictStates;
  readonly store: FindingsStore;
  /** The whole catalogue; those that need denied traffic are run. */
  readonly catalogue: readonly Check[];
  /** Of pods, it lists those that it is told to, or all of them. */
  readonly collect: (keys: readonly FactKey[], pods: PodLookUp) => Promise<Snapshot>;
  readonly podCache: PodCache;
  /** Amazon's published addresses; undefined where nobody has them. */
  readonly awsRanges: () => Promise<readonly AwsRange[] | undefined>;
  readonly now: () => Date;
}

/** What of each count is new since the last audit. A state that was lost begins anew: then everything is. */
const since = (all: DecodeCounts, before: DecodeCounts): DecodeCounts => {
  if (all.lines < before.lines) return all;
  return {
    ...all,
    lines: all.lines - before.lines,
    flows: all.flows - before.flows,
    denied: all.denied - before.denied,
    accepted: all.accepted - before.accepted,
    otherVerdicts: all.otherVerdicts - before.otherVerdicts,
    repaired: all.repaired - before.repaired,
    notVerdict: all.notVerdict - before.notVerdict,
    unreadable: all.unreadable - before.unreadable,
    unreadableBy: Object.fromEntries(
      Object.entries(all.unreadableBy).map(([reason, count]) => {
        // Both have the reasons as keys.
        const known = before.unreadableBy[reason as keyof DecodeCounts['unreadableBy']] ?? 0;
        return [reason, Math.max(0, count - known)];
      }),
    ),
  };
};

const inWindows = (summary: FlowSummary, from: number, to: number): FlowSummary => {
  const isWanted = ({ windowStart }: FlowAggregate): boolean =>
    windowStart >= from && windowStart + summary.windowMs <= to;
  const flows = summary.flows.filter(isWanted);
  return { ...summary, flows, total: flows.reduce((sum, { count }) => sum + count, 0) };
};

const readMemory = async (states: VerdictStates, cluster: ClusterRef) => {
  const stored = await states.get(cluster, SIGNALS);
  if (stored === undefined) return { memory: FRESH, revision: 0 };
  // Only this program writes this item, and only what `packState` made of a TrafficMemory.
  return { memory: (await unpackState(stored.state)) as TrafficMemory, revision: stored.revision };
};

/**
 * One cluster's denied traffic since the last time: attributed, turned into signals, and its findings reconciled. The
 * memory is written before the findings: whoever dies in between leaves signals behind that the next audit tells of, and
 * no window is counted twice.
 * @returns undefined where nothing new was read and nothing is remembered: then nothing was asked of the cluster either
 * @throws what the stores and `collect` throw
 */
export const auditTraffic = async (audit: TrafficAudit): Promise<ClusterReport | undefined> => {
  const { cluster, states, store, catalogue, collect, podCache: cache, now } = audit;
  for (let attempt = 1; ; attempt += 1) {
    const { memory, revision } = await readMemory(states, cluster);
    const shards = await Promise.all(SHARDS.map(async (shard) => readShard(states, cluster, shard)));
    const counts = shards.reduce((sum, { state }) => addCounts(sum, state.counts), NO_COUNTS);
    const until = now().getTime() - SETTLED_MS;
    const summary = mergeSummaries(
      emptySummary(),
      ...shards.map(({ state }) => inWindows(state.summary, memory.readUntil, until)),
    );
    const isNews = summary.flows.length > 0 || counts.lines !== memory.counts.lines;
    if (!isNews && memory.signals.signals.length === 0) return undefined;

    const pods = trafficPods({ cluster, cache, flows: summary.flows, history: memory.history, now });
    const [snapshot, awsRanges] = await Promise.all([collect(TRAFFIC_FACTS, pods), audit.awsRanges()]);
    const { facts } = snapshot;
    const listed = facts['kubernetes.pods'].state === 'observed' ? pods.sightings() : undefined;
    const seen = listed === undefined ? sightingsOfFacts(facts) : [...sightingsOfFacts(withoutPods(facts)), ...listed];
    const history = observeAll(memory.history, seen);
    const { traffic, signals } = readTraffic(
      { summary, counts: since(counts, memory.counts) },
      {
        snapshot,
        now: now().getTime(),
        signals: memory.signals,
        history,
        ...(listed === undefined ? {} : { sightings: listed }),
        ...(awsRanges === undefined ? {} : { awsRanges }),
      },
    );
    const next: TrafficMemory = {
      schemaVersion: 1,
      signals,
      history,
      readUntil: summary.flows.reduce(
        (latest, { windowStart }) => Math.max(latest, windowStart + summary.windowMs),
        memory.readUntil,
      ),
      counts,
    };
    try {
      await states.put(cluster, SIGNALS, await packState(next), revision);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      continue;
    }
    const checks = catalogue.filter(({ needs }) => needs['verdicts.denied-traffic'] !== undefined);
    return auditCluster(withTraffic(snapshot, traffic), { checks, catalogue, store });
  }
};
