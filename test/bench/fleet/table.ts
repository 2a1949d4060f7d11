import type { Measurement } from './measure.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

interface Summary {
  readonly wall: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly unloaded: number;
  /** Within each round, since the machine's other load changes from round to round. */
  readonly loadedShare: number;
  readonly rss: number;
}

const summary = (rounds: readonly Measurement[]): Summary => ({
  wall: median(rounds.map(({ wallSeconds }) => wallSeconds)),
  cpu: median(rounds.map(({ cpuSeconds }) => cpuSeconds)),
  p50: median(rounds.map(({ p50Ms }) => p50Ms)),
  p99: median(rounds.map(({ p99Ms }) => p99Ms)),
  unloaded: median(rounds.map(({ unloadedP99Ms }) => unloadedP99Ms)),
  loadedShare: median(rounds.map(({ p99Ms, unloadedP99Ms }) => p99Ms / unloadedP99Ms)),
  rss: median(rounds.map(({ peakRssMegabytes }) => peakRssMegabytes)),
});

const row = (name: string, it: Summary): string =>
  [
    name.padEnd(30),
    it.wall.toFixed(2).padStart(8),
    it.cpu.toFixed(2).padStart(8),
    it.p50.toFixed(0).padStart(9),
    it.p99.toFixed(0).padStart(9),
    it.unloaded.toFixed(0).padStart(14),
    it.rss.toFixed(0).padStart(9),
  ].join('');

const against = (what: string, ratio: number, target: number): string =>
  `${what}: ${ratio.toFixed(2)} (target: ${target} at most${ratio <= target ? '' : ', MISSED'})`;

/** Medians of the rounds of both routes, and the first against the second. */
export const table = (
  names: readonly string[],
  ours: readonly Measurement[],
  plain: readonly Measurement[],
  atOnce: number,
): readonly string[] => {
  const [a, b] = [summary(ours), summary(plain)];
  return [
    `medians of ${ours.length} rounds`.padEnd(30) + '  wall s   CPU s   p50 ms   p99 ms  p99 alone ms  peak MB',
    row(names[0] ?? '', a),
    row(names[1] ?? '', b),
    against('wall, ours / plain', a.wall / b.wall, 0.5),
    against('CPU, ours / plain', a.cpu / b.cpu, 0.5),
    against(`p99 of ours, ${atOnce} at once / alone`, a.loadedShare, 3),
  ];
};

/** By the number of clusters at once. */
export const sweepTable = (found: ReadonlyMap<number, readonly Measurement[]>): readonly string[] => [
  'at once'.padEnd(30) + '  wall s   CPU s   p50 ms   p99 ms  p99 alone ms  peak MB  p99 / alone',
  ...[...found].map(([count, rounds]) => {
    const it = summary(rounds);
    return `${row(String(count), it)}${it.loadedShare.toFixed(2).padStart(13)}`;
  }),
];
