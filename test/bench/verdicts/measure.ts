/**
 * Timing on a shared machine: routes take turns run by run, so that they meet the same load and the same state of the
 * heap. A round's figure is the median of its runs, which passes over those that were interrupted; only figures of the
 * same round are compared.
 */

export interface Route {
  readonly name: string;
  readonly run: () => unknown;
  /** Whether it is so slow that one run a round is enough. */
  readonly isSlow?: boolean;
}

export interface Figures {
  /** Milliseconds a run, median over the rounds. */
  readonly wall: number;
  /** Median over the rounds of the route's figure divided by the first route's in the same round. */
  readonly wallRatio: number;
  /** The same of the time that all threads of the process had a core for, which a busy machine hardly changes. */
  readonly cpuRatio: number;
}

const RUNS = 8;
const WARM_UPS = 50;
const SLOW_WARM_UPS = 3;

/** Run with --expose-gc, a slow route pays for its own garbage, instead of the route after it. */
const collect = (): void => globalThis.gc?.();

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

class Samples {
  /** Milliseconds, one a round. */
  readonly walls: number[] = [];
  readonly cpus: number[] = [];
  private runs: number[] = [];
  private cpuRuns: number[] = [];

  async take(run: () => unknown): Promise<void> {
    const before = process.cpuUsage();
    const start = performance.now();
    await run();
    this.runs.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    this.cpuRuns.push((user + system) / 1000);
  }

  endRound(): void {
    this.walls.push(median(this.runs));
    this.cpus.push(median(this.cpuRuns));
    this.runs = [];
    this.cpuRuns = [];
  }
}

/** The first route is what the others are compared with. Runs at the beginning let V8 settle. */
export const measure = async (routes: readonly Route[], rounds: number): Promise<ReadonlyMap<string, Figures>> => {
  const all = routes.map((route) => ({ route, samples: new Samples() }));
  for (const { route } of all)
    for (let i = 0; i < (route.isSlow === true ? SLOW_WARM_UPS : WARM_UPS); i++) await route.run();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < RUNS; i++) {
      for (const { route, samples } of all) {
        if (i > 0 && route.isSlow === true) continue;
        await samples.take(route.run);
        if (route.isSlow === true) collect();
      }
    }
    for (const { samples } of all) samples.endRound();
  }
  const base = all[0]?.samples;
  const ratio = (own: readonly number[], others: readonly number[] = own): number =>
    median(own.map((value, round) => value / (others[round] ?? value)));
  return new Map(
    all.map(({ route, samples }) => [
      route.name,
      {
        wall: median(samples.walls),
        wallRatio: ratio(samples.walls, base?.walls),
        cpuRatio: ratio(samples.cpus, base?.cpus),
      },
    ]),
  );
};
