/** Timing on a shared machine: routes take turns within a round, and only figures of the same round are compared. */

export interface Route {
  readonly name: string;
  readonly run: () => unknown;
  /** Runs a round; slow routes need fewer. */
  readonly repeats: number;
}

export interface Figures {
  /** Milliseconds a run, medians over the rounds. */
  readonly wall: number;
  /** Of all threads of the process. */
  readonly cpu: number;
  /** Medians over the rounds of the route's figure divided by the first route's in the same round. */
  readonly wallRatio: number;
  readonly cpuRatio: number;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Sample {
  readonly wall: number;
  readonly cpu: number;
}

const sample = async (route: Route): Promise<Sample> => {
  const before = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < route.repeats; i++) await route.run();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall: wall / route.repeats, cpu: (user + system) / 1000 / route.repeats };
};

/** The first route is what the others are compared with. Warms up until V8 has settled, then measures. */
export const measure = async (
  routes: readonly Route[],
  rounds: number,
  warmUps: number,
): Promise<ReadonlyMap<string, Figures>> => {
  const samples = new Map<string, Sample[]>(routes.map(({ name }) => [name, []]));
  for (const route of routes) for (let i = 0; i < warmUps; i++) await sample(route);
  for (let round = 0; round < rounds; round++) {
    for (const route of routes) samples.get(route.name)?.push(await sample(route));
  }
  const base = samples.get(routes[0]?.name ?? '') ?? [];
  const ratios = (own: readonly Sample[], of: (it: Sample) => number): number[] =>
    own.map((it, round) => of(it) / of(base[round] ?? it));
  return new Map(
    [...samples].map(([name, own]) => [
      name,
      {
        wall: median(own.map((it) => it.wall)),
        cpu: median(own.map((it) => it.cpu)),
        wallRatio: median(ratios(own, (it) => it.wall)),
        cpuRatio: median(ratios(own, (it) => it.cpu)),
      },
    ]),
  );
};
