import { describe, expect, it } from 'vitest';
import type { AuditRun } from '../../../shared/store/audit-runs.ts';
import { dynamoAuditRuns } from '../../../shared/store/dynamodb/audit-runs.ts';
import { dynamoExceptions } from '../../../shared/store/dynamodb/exceptions.ts';
import { dynamoVerdictStates } from '../../../shared/store/dynamodb/verdict-states.ts';
import { hour } from '../../reconcile/scenario.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { type Fate, faultyTable } from '../../support/dynamodb/faults.ts';
import { memoryTable } from '../../support/dynamodb/memory-table.ts';

describe('audit runs', () => {
  const run = (at: number, change: Partial<AuditRun> = {}): AuditRun => ({
    cluster: CLUSTER,
    takenAt: hour(at),
    checks: [{ check: 'network-policy/enforced', population: 'complete', resources: 12 }],
    counts: { pass: 10, fail: 2, 'not-applicable': 0, 'not-evaluated': 1 },
    durationMs: 1234.5,
    trigger: 'schedule',
    ...change,
  });
  const runsAt = (table: ReturnType<typeof memoryTable>, day: string) =>
    dynamoAuditRuns({ table, now: () => new Date(`${day}T12:00:00Z`), retentionDays: 30 });

  it('are listed newest first, as many as asked for, of one cluster', async () => {
    const runs = runsAt(memoryTable(), '2026-11-21');
    for (const at of [2, 3, 1]) await runs.recordRun(run(at));
    await runs.recordRun(run(9, { cluster: { ...CLUSTER, region: 'eu-west-1' } }));

    expect(await runs.listRuns(CLUSTER, 10)).toEqual([run(3), run(2), run(1)]);
    expect(await runs.listRuns(CLUSTER, 2)).toEqual([run(3), run(2)]);
    expect(await runs.listRuns({ ...CLUSTER, name: 'unknown' }, 10)).toEqual([]);
  });

  it('are recorded once per snapshot, however its time is written', async () => {
    const runs = runsAt(memoryTable(), '2026-11-21');
    await runs.recordRun(run(1));
    await runs.recordRun(run(1, { takenAt: '2026-11-20T02:00:00+01:00', trigger: 'command' }));

    expect((await runs.listRuns(CLUSTER, 10)).map(({ trigger }) => trigger)).toEqual(['command']);
  });

  it('are forgotten after the retention', async () => {
    const table = memoryTable();
    await runsAt(table, '2026-11-21').recordRun(run(1));

    expect(await runsAt(table, '2026-12-20').listRuns(CLUSTER, 10)).toHaveLength(1);
    expect(await runsAt(table, '2026-12-21').listRuns(CLUSTER, 10)).toEqual([]);
  });
});

describe('exceptions', () => {
  const exception = { check: 'network-policy/enforced', owner: 'shop', reason: 'moving out', expires: '2026-12-01' };
  const narrow = { ...exception, cluster: 'shop-prod', resource: 'ip-10-0-1-5' };

  it('are one for each check, cluster and resource', async () => {
    const exceptions = dynamoExceptions(memoryTable());
    for (const each of [narrow, exception, { ...narrow, reason: 'later' }]) await exceptions.put(each);

    expect(await exceptions.list()).toEqual([{ ...narrow, reason: 'later' }, exception]);
    await exceptions.delete({ check: exception.check });
    await exceptions.delete({ check: 'network-policy/other' });
    expect(await exceptions.list()).toEqual([{ ...narrow, reason: 'later' }]);
  });

  it('without a cluster are not those of a cluster with an odd name', async () => {
    const exceptions = dynamoExceptions(memoryTable());
    for (const cluster of ['', 'null', 'undefined']) await exceptions.put({ ...exception, cluster });
    await exceptions.put(exception);

    expect(await exceptions.list()).toHaveLength(4);
  });
});

describe('the state of verdicts', () => {
  const bytes = (character: string, length = 3): Uint8Array => Buffer.alloc(length, character);
  const LARGE = 800 * 1024;

  it('is stored on the one before, whole, in items that are small enough', async () => {
    const table = memoryTable();
    const states = dynamoVerdictStates(table);

    expect(await states.get(CLUSTER, '0')).toBeUndefined();
    expect(await states.put(CLUSTER, '0', bytes('a', LARGE), 0)).toBe(1);
    expect(await states.put(CLUSTER, '0', bytes('b', 5), 1)).toBe(2);
    expect(await states.put(CLUSTER, '1', bytes('c'), 0)).toBe(1);
    expect(await states.get(CLUSTER, '0')).toEqual({ state: bytes('b', 5), revision: 2 });
    expect(table.items()).toHaveLength(4);
    const sizes = table.images().map(({ body }) => (body instanceof Uint8Array ? body.length : 0));
    expect(Math.max(...sizes)).toBe(350 * 1024);
  });

  it('may be empty', async () => {
    const states = dynamoVerdictStates(memoryTable());
    await states.put(CLUSTER, '0', new Uint8Array(), 0);

    expect((await states.get(CLUSTER, '0'))?.state).toHaveLength(0);
  });

  it.each([0, 2, 7])('is refused on revision %i when that of 1 is stored', async (revision) => {
    const table = memoryTable();
    const states = dynamoVerdictStates(table);
    await states.put(CLUSTER, '0', bytes('a'), 0);

    await expect(states.put(CLUSTER, '0', bytes('b'), revision)).rejects.toThrow(
      /^another state than that of revision/,
    );
    expect(await states.get(CLUSTER, '0')).toEqual({ state: bytes('a'), revision: 1 });
    expect(table.items()).toHaveLength(2);
  });

  it('is stored by one of many at once', async () => {
    const table = memoryTable();
    const puts = ['a', 'b', 'c', 'd'].map(async (each) =>
      dynamoVerdictStates(table).put(CLUSTER, '0', bytes(each, LARGE), 0),
    );
    const ended = await Promise.allSettled(puts);

    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await dynamoVerdictStates(table).get(CLUSTER, '0'))?.state).toHaveLength(LARGE);
  });

  it('loses no part to the tidying of the one before, when both are stored at once', async () => {
    const table = memoryTable();
    const asleep: (() => void)[] = [];
    const next = dynamoVerdictStates({
      ...table,
      put: async (item, guard) => {
        if (item.sk === '#HEAD') await new Promise<void>((wake) => void asleep.push(wake));
        return table.put(item, guard);
      },
    });
    const following: Promise<number>[] = [];
    const first = dynamoVerdictStates({
      ...table,
      query: async (pk, range) => {
        following.push(next.put(CLUSTER, '0', bytes('b'), 1));
        while (asleep.length === 0) await new Promise(setImmediate);
        return table.query(pk, range);
      },
    });
    await first.put(CLUSTER, '0', bytes('a'), 0);
    for (const wake of asleep) wake();

    expect(await Promise.all(following)).toEqual([2]);
    expect(await dynamoVerdictStates(table).get(CLUSTER, '0')).toEqual({ state: bytes('b'), revision: 2 });
  });

  it('is stored when its answer got lost and the SDK asked again', async () => {
    const table = memoryTable();
    const states = dynamoVerdictStates(faultyTable(table, { onRead: () => 'done', onWrite: () => 'repeated' }));

    expect(await states.put(CLUSTER, '0', bytes('a'), 0)).toBe(1);
    expect(await states.put(CLUSTER, '0', bytes('b'), 1)).toBe(2);
  });

  it.each(['dies-before', 'dies-after'] as const)(
    'is the old or the new one, whole, when a process %s any of its writes',
    async (fate) => {
      for (let index = 1; index <= 8; index += 1) {
        const table = memoryTable();
        await dynamoVerdictStates(table).put(CLUSTER, '0', bytes('a', LARGE), 0);
        let count = 0;
        const onWrite = (): Fate => {
          count += 1;
          return count === index ? fate : 'done';
        };
        const dying = dynamoVerdictStates(faultyTable(table, { onRead: () => 'done', onWrite }));
        await dying.put(CLUSTER, '0', bytes('b', LARGE), 1).catch(() => undefined);
        const stored = await dynamoVerdictStates(table).get(CLUSTER, '0');

        expect([bytes('a', LARGE), bytes('b', LARGE)]).toContainEqual(stored?.state);
        await dynamoVerdictStates(table).put(CLUSTER, '0', bytes('c'), stored?.revision ?? 0);
        expect(table.items()).toHaveLength(2);
      }
    },
  );
});
