import type { Flow, FlowAggregate, FlowSide } from '../../model/flow.ts';
import { parseAddress } from '../decode/address.ts';
import { DistinctCollector, EMPTY_SAMPLE, pairHash, portHash } from './distinct.ts';
import type { DistinctSample } from './distinct.ts';
import { DEFAULT_WINDOW_MS, keyOfFlow, keyText } from './key.ts';

/** Everything kept of any number of verdicts, in bounded space. A plain value: it can be stored as JSON and merged. */
export interface FlowSummary {
  /** Milliseconds. */
  readonly windowMs: number;
  /** K: how many flows are promised; up to 2K are held. */
  readonly limit: number;
  /** In no promised order; `topFlows` orders and cuts. */
  readonly flows: readonly FlowAggregate[];
  /** Verdicts added, exactly. */
  readonly total: number;
  /** 0: nothing was ever dropped and every count is exact. Else no flow missing from `flows` came more often than this. */
  readonly floor: number;
  /** Milliseconds: the latest window that anything was dropped of; -1 where nothing was. Later windows have floor 0. */
  readonly floorWindow: number;
  /** Of the (source, destination) pairs and (source, destination port) pairs that were dropped: see `scanSignals`. */
  readonly droppedPairs: DistinctSample;
  readonly droppedPorts: DistinctSample;
}

export interface SummaryOptions {
  /** Milliseconds, a positive whole number. Default five minutes. */
  readonly windowMs?: number;
  /** Default 10,000. */
  readonly limit?: number;
}

export const DEFAULT_LIMIT = 10_000;
export const NODE_SAMPLES = 4;
export const TIER_SAMPLES = 8;
export const ID_SAMPLES = 3;

/** The options with their defaults. Throws RangeError for what is not a positive whole number. */
export const checkedOptions = (options: SummaryOptions): Required<SummaryOptions> => {
  const { windowMs = DEFAULT_WINDOW_MS, limit = DEFAULT_LIMIT } = options;
  for (const [name, value] of Object.entries({ windowMs, limit })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a positive whole number`);
  }
  return { windowMs, limit };
};

export const emptySummary = (options: SummaryOptions = {}): FlowSummary => ({
  ...checkedOptions(options),
  flows: [],
  total: 0,
  floor: 0,
  floorWindow: -1,
  droppedPairs: EMPTY_SAMPLE,
  droppedPorts: EMPTY_SAMPLE,
});

/** The first few of some names, each once. */
export const firstNames = (names: readonly string[], limit: number): readonly string[] =>
  [...new Set(names)].toSorted().slice(0, limit);

/** By length, then by digits: the order of their numbers. */
const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : Number(a > b));

export const firstIds = (ids: readonly string[]): readonly string[] => ids.toSorted(compareIds).slice(0, ID_SAMPLES);

const SIDES: readonly FlowSide[] = ['source', 'destination'];

const join = (a: FlowAggregate, b: FlowAggregate): FlowAggregate => ({
  ...a,
  count: a.count + b.count,
  uncounted: a.uncounted + b.uncounted,
  firstSeenAt: Math.min(a.firstSeenAt, b.firstSeenAt),
  lastSeenAt: Math.max(a.lastSeenAt, b.lastSeenAt),
  nodes: firstNames([...a.nodes, ...b.nodes], NODE_SAMPLES),
  tiers: firstNames([...a.tiers, ...b.tiers], TIER_SAMPLES),
  sampleEventIds: firstIds([...a.sampleEventIds, ...b.sampleEventIds]),
  repaired: SIDES.filter((side) => a.repaired.includes(side) || b.repaired.includes(side)),
});

const aggregateOf = (flow: Flow, windowMs: number): FlowAggregate => ({
  ...keyOfFlow(flow, windowMs),
  count: 1,
  uncounted: 0,
  firstSeenAt: flow.time,
  lastSeenAt: flow.time,
  nodes: flow.node === undefined ? [] : [flow.node],
  tiers: flow.tier === undefined ? [] : [flow.tier],
  sampleEventIds: flow.eventId === undefined ? [] : [flow.eventId],
  repaired: flow.repaired ?? [],
});

/** A summary without this entry may have dropped it, and then no more of it than its floor. */
const withUncounted = (
  aggregate: FlowAggregate,
  without: { readonly floor: number; readonly floorWindow: number },
): FlowAggregate =>
  without.floor === 0 || aggregate.windowStart > without.floorWindow
    ? aggregate
    : { ...aggregate, uncounted: aggregate.uncounted + without.floor };

/** The most that an entry may stand for. */
const weightOf = (aggregate: FlowAggregate): number => aggregate.count + aggregate.uncounted;

/** The weight up to which entries go so that at most `limit` stay; equal weights go together, so order never matters. */
export const evictionWeight = (weights: readonly number[], limit: number): number =>
  weights.toSorted((a, b) => a - b)[weights.length - limit - 1] ?? 0;

/**
 * Adds flows in bounded space: Space-Saving with deferred eviction (Metwally, Agrawal, El Abbadi, "Efficient
 * computation of frequent and top-k elements in data streams", 2005; merging after Agarwal et al., "Mergeable
 * summaries", 2012). Holds 2K entries. When a new key finds it full, entries weighing no more than the K-th smallest go,
 * that weight becomes the floor, and the newcomer starts with `uncounted` = floor
 * (0 in a window that nothing was dropped of yet).
 *
 * Bound: floor ≤ total / K. Let Φ be the sum over the K heaviest places of max(weight, floor), an empty place weighing
 * the floor. A verdict raises Φ by at most 1, a new key included (it replaces a place that weighed at least the floor);
 * an eviction leaves it as it is, as each of the K heaviest weighs at least the new floor. So K · floor ≤ Φ ≤ total.
 * Hence a flow that came more than total / K times is present, and its true count lies in [count, count + uncounted]
 * with uncounted ≤ total / K. While no more than 2K distinct flows have come, the floor is 0 and everything is exact.
 */
export class SummaryBuilder {
  private readonly kept = new Map<string, FlowAggregate>();
  private readonly pairs: DistinctCollector;
  private readonly ports: DistinctCollector;
  private readonly windowMs: number;
  private readonly limit: number;
  private total = 0;
  floor = 0;
  floorWindow = -1;

  constructor(options: SummaryOptions = {}) {
    const { windowMs, limit } = checkedOptions(options);
    this.windowMs = windowMs;
    this.limit = limit;
    this.pairs = new DistinctCollector();
    this.ports = new DistinctCollector();
  }

  add(flow: Flow): void {
    const aggregate = aggregateOf(flow, this.windowMs);
    const key = keyText(aggregate);
    const known = this.kept.get(key);
    if (known === undefined && this.kept.size >= 2 * this.limit) this.evict();
    const next = known === undefined ? withUncounted(aggregate, this) : join(known, aggregate);
    this.kept.set(key, next);
    this.total += 1;
  }

  /** Adds another summary of the same window length. Commutative; associative while nothing was dropped. */
  addSummary(summary: FlowSummary): void {
    if (summary.windowMs !== this.windowMs) {
      throw new RangeError(`cannot merge windows of ${summary.windowMs} ms into windows of ${this.windowMs} ms`);
    }
    const others = new Map(summary.flows.map((aggregate) => [keyText(aggregate), aggregate]));
    // Where it dropped nothing, what it does not have did not come.
    for (const [key, known] of summary.floor === 0 ? [] : this.kept) {
      if (!others.has(key)) this.kept.set(key, withUncounted(known, summary));
    }
    for (const [key, other] of others) {
      const known = this.kept.get(key);
      this.kept.set(key, known === undefined ? withUncounted(other, this) : join(known, other));
    }
    this.floor += summary.floor;
    this.floorWindow = Math.max(this.floorWindow, summary.floorWindow);
    this.total += summary.total;
    this.pairs.unite(summary.droppedPairs);
    this.ports.unite(summary.droppedPorts);
    if (this.kept.size > 2 * this.limit) this.evict();
  }

  summary(): FlowSummary {
    return {
      windowMs: this.windowMs,
      limit: this.limit,
      flows: [...this.kept.values()],
      total: this.total,
      floor: this.floor,
      floorWindow: this.floorWindow,
      droppedPairs: this.pairs.sample(),
      droppedPorts: this.ports.sample(),
    };
  }

  private evict(): void {
    const weight = evictionWeight([...this.kept.values()].map(weightOf), this.limit);
    for (const [key, aggregate] of this.kept) {
      if (weightOf(aggregate) > weight) continue;
      this.kept.delete(key);
      this.floorWindow = Math.max(this.floorWindow, aggregate.windowStart);
      offerAggregate(aggregate, this.pairs, this.ports);
    }
    this.floor = Math.max(this.floor, weight);
  }
}

/** Only what counts as evidence of a scan: a server's answers to many clients look like one and are none. */
export const offerAggregate = (aggregate: FlowAggregate, pairs: DistinctCollector, ports: DistinctCollector): void => {
  if (aggregate.verdict !== 'DENY' || aggregate.reply === 'likely') return;
  const source = parseAddress(aggregate.source);
  const destination = parseAddress(aggregate.destination);
  if (source === undefined || destination === undefined) return;
  pairs.offer(pairHash(source.words, destination.words), () => aggregate.source);
  ports.offer(portHash(source.words, aggregate.destinationPort), () => aggregate.source);
};

/** Merges summaries of the same window length under the smallest of their limits. */
export const mergeSummaries = (first: FlowSummary, ...rest: readonly FlowSummary[]): FlowSummary => {
  const limit = Math.min(first.limit, ...rest.map((summary) => summary.limit));
  const builder = new SummaryBuilder({ windowMs: first.windowMs, limit });
  for (const summary of [first, ...rest]) builder.addSummary(summary);
  return builder.summary();
};

/** The most frequent flows, at most `limit` (the summary's own by default); equal counts by key. */
export const topFlows = (summary: FlowSummary, limit: number = summary.limit): readonly FlowAggregate[] =>
  summary.flows
    .map((aggregate) => ({ aggregate, key: keyText(aggregate) }))
    .toSorted((a, b) => b.aggregate.count - a.aggregate.count || (a.key < b.key ? -1 : 1))
    .slice(0, limit)
    .map(({ aggregate }) => aggregate);

/** Takes out the flows of windows that began before a time (milliseconds). What comes late opens them anew. */
export const takeWindows = (
  summary: FlowSummary,
  before: number,
): { readonly taken: readonly FlowAggregate[]; readonly rest: FlowSummary } => {
  const isTaken = (aggregate: FlowAggregate): boolean => aggregate.windowStart < before;
  const taken = summary.flows.filter(isTaken);
  const flows = summary.flows.filter((aggregate) => !isTaken(aggregate));
  const total = summary.total - taken.reduce((sum, aggregate) => sum + aggregate.count, 0);
  const isPast = summary.floorWindow < before;
  return {
    taken,
    rest: {
      ...summary,
      flows,
      total,
      ...(isPast && { floor: 0, floorWindow: -1, droppedPairs: EMPTY_SAMPLE, droppedPorts: EMPTY_SAMPLE }),
    },
  };
};
