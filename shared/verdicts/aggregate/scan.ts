import type { FlowAggregate } from '../../model/flow.ts';
import { DistinctCollector, estimateBySource } from './distinct.ts';
import type { DistinctEstimate } from './distinct.ts';
import { offerAggregate } from './summary.ts';
import type { FlowSummary } from './summary.ts';

/** One source was denied to suspiciously many destinations, or on suspiciously many ports. */
export interface ScanSignal {
  readonly source: string;
  /** Distinct destinations that it was denied to. */
  readonly destinations: DistinctEstimate;
  /** Distinct destination ports that it was denied on, over all destinations. */
  readonly ports: DistinctEstimate;
}

export interface ScanThresholds {
  /** Default 15. */
  readonly destinations?: number;
  /** Default 20. */
  readonly ports?: number;
}

const NOTHING: DistinctEstimate = { count: 0, error: 0 };

const isDenial = (aggregate: FlowAggregate): boolean => aggregate.verdict === 'DENY' && aggregate.reply !== 'likely';

/** Nothing was dropped, so the flows themselves are counted. */
const countExactly = (
  flows: readonly FlowAggregate[],
  thing: (aggregate: FlowAggregate) => string | number,
): ReadonlyMap<string, DistinctEstimate> => {
  const things = new Map<string, Set<string | number>>();
  for (const aggregate of flows.filter(isDenial)) {
    const known = things.get(aggregate.source) ?? new Set();
    things.set(aggregate.source, known.add(thing(aggregate)));
  }
  return new Map([...things].map(([source, set]) => [source, { count: set.size, error: 0 }]));
};

const estimate = (summary: FlowSummary): readonly ReadonlyMap<string, DistinctEstimate>[] => {
  const pairs = new DistinctCollector(summary.droppedPairs);
  const ports = new DistinctCollector(summary.droppedPorts);
  for (const aggregate of summary.flows) offerAggregate(aggregate, pairs, ports);
  return [estimateBySource(pairs.sample()), estimateBySource(ports.sample())];
};

/**
 * Sources that look like scanners, widest first. Exact while the summary is; afterwards estimated from bottom-k samples
 * of everything that was ever denied, of which a source with few denials beside a large scan may be missing.
 */
export const scanSignals = (summary: FlowSummary, thresholds: ScanThresholds = {}): readonly ScanSignal[] => {
  const [destinations, ports] =
    summary.floor === 0
      ? [
          countExactly(summary.flows, (aggregate) => aggregate.destination),
          countExactly(summary.flows, (aggregate) => aggregate.destinationPort),
        ]
      : estimate(summary);
  const sources = new Set([...(destinations?.keys() ?? []), ...(ports?.keys() ?? [])]);
  return [...sources]
    .map((source) => ({
      source,
      destinations: destinations?.get(source) ?? NOTHING,
      ports: ports?.get(source) ?? NOTHING,
    }))
    .filter(
      (signal) =>
        signal.destinations.count >= (thresholds.destinations ?? 15) || signal.ports.count >= (thresholds.ports ?? 20),
    )
    .toSorted(
      (a, b) =>
        b.destinations.count + b.ports.count - (a.destinations.count + a.ports.count) || (a.source < b.source ? -1 : 1),
    );
};
