import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { peakRssKilobytes } from '../peak-rss.ts';

export interface ClusterTarget {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** What the parent asks of a reader. */
export interface Order {
  readonly clusters: readonly ClusterTarget[];
  readonly atOnce: number;
  /** So many of them are read before, one at a time: what a cluster takes when nothing else runs. */
  readonly sample: number;
}

export interface ClusterRead {
  /** The facts read, by key: what both routes must agree on. */
  readonly facts: { readonly [key: string]: unknown };
}

export interface Measurement {
  readonly wallSeconds: number;
  /** User and system, of all threads of the reader. */
  readonly cpuSeconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly unloadedP99Ms: number;
  readonly peakRssMegabytes: number;
  /** By fact: a hash over that fact of all clusters. */
  readonly digests: { readonly [key: string]: string };
}

/** One route: a start (clients, credentials) and then clusters. */
export type Route = () => (cluster: ClusterTarget) => Promise<ClusterRead>;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;

/** JSON with its keys in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const digestsOf = (reads: readonly ClusterRead[]): Measurement['digests'] => {
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  for (const [key, value] of reads.flatMap(({ facts }) => Object.entries(facts))) {
    const hash = hashes.get(key) ?? createHash('sha256');
    hashes.set(key, hash.update(canonical(value)));
  }
  return Object.fromEntries([...hashes].map(([key, hash]) => [key, hash.digest('hex').slice(0, 16)]));
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const inOrder = (times: readonly number[]): readonly number[] => times.toSorted((a, b) => a - b);

/** Modules loaded and code compiled: a fleet's audit runs long enough for that not to count. */
const WARM_UP = 3;

const measure = async (route: Route, { clusters, atOnce, sample }: Order): Promise<Measurement> => {
  const alone = route();
  for (const cluster of clusters.slice(0, WARM_UP)) await alone(cluster);
  const unloaded: number[] = [];
  for (const cluster of clusters.slice(0, sample)) unloaded.push(await timed(() => alone(cluster)));

  const read = route();
  const limit = pLimit(atOnce);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const reads = await Promise.all(
    clusters.map((cluster) =>
      limit(async () => {
        const begun = performance.now();
        const done = await read(cluster);
        times.push(performance.now() - begun);
        return done;
      }),
    ),
  );
  const wallSeconds = (performance.now() - start) / 1000;
  const { system, user } = process.cpuUsage(cpu);
  const sorted = inOrder(times);
  return {
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    unloadedP99Ms: percentile(inOrder(unloaded), 0.99),
    peakRssMegabytes: peakRssKilobytes() / 1024,
    digests: digestsOf(reads),
  };
};

/** Waits for the parent's order, measures the route on it and sends the measurement back. */
export const answerOrder = (route: Route): void => {
  const answer = async (order: Order): Promise<void> => {
    process.send?.(await measure(route, order));
    process.disconnect();
  };
  // bench.ts sends exactly this; a rejection ends the process, which the parent sees.
  process.once('message', (order) => void answer(order as Order));
};
