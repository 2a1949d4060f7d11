import * as fc from 'fast-check';
import type { Announcement } from '../../../shared/model/announcement.ts';
import type { OutboxStore } from '../../../shared/model/outbox.ts';
import type { NoiseRules } from '../../../shared/publish/outbox/noise.ts';
import { dispatchAll, enqueue, type OutboxDependencies, redrive } from '../../../shared/publish/outbox/outbox.ts';
import { memoryOutbox } from '../../../shared/store/memory-outbox.ts';
import { CHECK, checkNamed, evaluationAt, OTHER, type Saying } from '../../reconcile/scenario.ts';
import {
  type Arrivals,
  commitAudit,
  type Fate,
  faultyOutbox,
  type Findings,
  noFindings,
  noticesInto,
  type Process,
  recordsInto,
} from './stream-model.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T00:00:00Z');
export const NAMES = { history: 'history', state: 'state', chat: 'chat' } as const;

const RULES: NoiseRules = {
  severityAtLeast: {},
  maintenance: [{ from: new Date(START + 40 * MINUTE).toISOString(), to: new Date(START + 60 * MINUTE).toISOString() }],
  flapping: { flips: 3, withinMs: 60 * MINUTE, quietMs: 20 * MINUTE },
  coalesceMs: 5 * MINUTE,
};

type Step =
  /** `late`: so many minutes before now. */
  | { readonly do: 'audit'; readonly saying: Saying; readonly critical: boolean; readonly late: number }
  /** A batch of one shard, from where it stands, or from before: records are given again. */
  | { readonly do: 'consume'; readonly shard: number; readonly records: number; readonly back: number }
  /** One process, or two at once, while others may give it more. */
  | { readonly do: 'dispatch'; readonly processes: number; readonly meanwhile: readonly number[] }
  | { readonly do: 'redrive' }
  | { readonly do: 'wait'; readonly minutes: number };

const said = fc.constantFrom('pass', 'fail', 'fail', 'not-evaluated', 'not-applicable');
/** A node that is missing is gone. */
const nodes = fc.oneof(
  { weight: 5, arbitrary: fc.record({ a: said, b: said }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.constant('none' as const) },
);
const saying: fc.Arbitrary<Saying> = fc.record({ [CHECK]: nodes, [OTHER]: nodes }, { requiredKeys: [CHECK] });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('audit' as const),
    saying,
    critical: fc.boolean(),
    late: fc.constantFrom(0, 0, 0, 0, 30),
  }),
  fc.record({
    do: fc.constant('consume' as const),
    shard: fc.nat(1),
    records: fc.integer({ min: 1, max: 4 }),
    back: fc.constantFrom(0, 0, 1, 3),
  }),
  fc.record({
    do: fc.constant('dispatch' as const),
    processes: fc.integer({ min: 1, max: 2 }),
    meanwhile: fc.subarray([0, 1]),
  }),
  fc.record({ do: fc.constant('redrive' as const) }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 6, 25) }),
);

export const FAULTS: readonly Fate[] = ['failed', 'done-unheard', 'dies-before', 'dies-after', 'forgotten'];
const fate = (faults: readonly Fate[]): fc.Arbitrary<Fate> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('done' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...faults) },
  );

export interface World {
  readonly findings: Findings;
  readonly store: OutboxStore;
  readonly arrivals: { readonly [destination in keyof typeof NAMES]: Arrivals };
  now: number;
  readonly positions: number[];
}

const newWorld = (): World => ({
  findings: noFindings(),
  store: memoryOutbox(),
  arrivals: { history: { announcements: [] }, state: { announcements: [] }, chat: { announcements: [] } },
  now: START,
  positions: [0, 0],
});

const outboxOf = ({ store, arrivals, findings, ...world }: World, clock: () => number, process: Process) => {
  void world;
  const dependencies: OutboxDependencies = {
    store: faultyOutbox(store, process),
    destinations: [
      recordsInto(arrivals.history, process, { name: NAMES.history, wants: 'every-change' }),
      recordsInto(arrivals.state, process, { name: NAMES.state, wants: 'latest' }),
      noticesInto(arrivals.chat, process, NAMES.chat),
    ],
    rules: RULES,
    now: () => new Date(clock()),
    openNow: async (_cluster, check) =>
      Object.values(findings.record.findings).filter((each) => each.check === check && each.status === 'open').length,
  };
  return dependencies;
};

/** The stream keeps the order of one finding, and none between shards. */
const shardOf = (findings: Findings, shard: number): readonly Announcement[] =>
  findings.stream.filter(({ change }) => Number.parseInt(change.finding.id.slice(-1), 16) % 2 === shard);

const consume = async (world: World, process: Process, shard: number, records: number, back: number): Promise<void> => {
  const position = world.positions[shard] ?? 0;
  const from = Math.max(0, position - back);
  const batch = shardOf(world.findings, shard).slice(from, from + records);
  const failed = await enqueue(
    outboxOf(world, () => world.now, process),
    batch,
  );
  const first = batch.findIndex(({ change }) => failed.has(change.finding.id));
  // A crash, as a failure, has the stream give the rest again, in order.
  const reached = first === -1 && !process.dead ? batch.length : Math.max(0, first);
  world.positions[shard] = Math.max(from + reached, back > 0 && !process.dead && first === -1 ? position : 0);
};

const take = async (world: World, each: Step, newProcess: () => Process): Promise<void> => {
  const clock = (): number => world.now;
  switch (each.do) {
    case 'wait':
      world.now += each.minutes * MINUTE;
      return;
    case 'audit': {
      world.now += MINUTE;
      const takenAt = new Date(world.now - each.late * MINUTE).toISOString();
      const catalogue = [checkNamed(CHECK, each.critical ? 'critical' : 'high'), checkNamed(OTHER, 'low')];
      commitAudit(world.findings, evaluationAt(takenAt, each.saying), catalogue, new Date(world.now));
      return;
    }
    case 'consume':
      return consume(world, newProcess(), each.shard, each.records, each.back);
    case 'dispatch':
      await Promise.all([
        ...Array.from({ length: each.processes }, async () => dispatchAll(outboxOf(world, clock, newProcess()))),
        ...each.meanwhile.map(async (shard) => consume(world, newProcess(), shard, 4, 0)),
      ]);
      return;
    case 'redrive': {
      const dependencies = outboxOf(world, clock, newProcess());
      for (const destination of dependencies.destinations) {
        await redrive(dependencies, destination).catch(() => undefined);
      }
    }
  }
};

export const entriesOf = async ({ store, findings }: World, destination: string) =>
  store.read(destination, Object.keys(findings.record.findings));

/** No more faults: everything that is in the stream and the outbox arrives. */
const drain = async (world: World): Promise<void> => {
  const healthy = (): Process => ({ dead: false, fate: () => 'done', itemFate: () => 'done', turns: () => 0 });
  for (const shard of [0, 1]) await consume(world, healthy(), shard, world.findings.stream.length, 0);
  const dependencies = outboxOf(world, () => world.now, healthy());
  for (const destination of dependencies.destinations) await redrive(dependencies, destination);
  for (let index = 0; index < 100; index += 1) {
    for (const [name, each] of await dispatchAll(dependencies)) {
      if (each instanceof Error) throw new Error(`${name}: ${each.message}`, { cause: each });
    }
    const waiting = (await Promise.all(Object.values(NAMES).map(async (name) => entriesOf(world, name)))).flat();
    const due = waiting.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [Date.parse(dueAt)]));
    if (due.length === 0) return;
    world.now = Math.max(world.now, Math.min(...due));
  }
  throw new Error('the outbox does not come to rest');
};

export interface Schedule {
  readonly steps: readonly Step[];
  readonly fates: readonly Fate[];
  readonly itemFates: readonly Fate[];
  readonly turns: readonly number[];
}

export const run = async ({ steps, fates, itemFates, turns }: Schedule): Promise<World> => {
  const world = newWorld();
  const [store, items, others] = [[...fates], [...itemFates], [...turns]];
  const newProcess = (): Process => ({
    dead: false,
    fate: () => store.shift() ?? 'done',
    itemFate: () => items.shift() ?? 'done',
    turns: () => others.shift() ?? 1,
  });
  for (const each of steps) await take(world, each, newProcess);
  await drain(world);
  return world;
};

export const schedule = (itemFaults: readonly Fate[]): fc.Arbitrary<Schedule> =>
  fc.record({
    steps: fc.array(step, { minLength: 4, maxLength: 16, size: 'max' }),
    fates: fc.array(fate(FAULTS), { maxLength: 40 }),
    itemFates: fc.array(fate(itemFaults), { maxLength: 30 }),
    turns: fc.array(fc.constantFrom(0, 1, 3, 60), { maxLength: 60 }),
  });
