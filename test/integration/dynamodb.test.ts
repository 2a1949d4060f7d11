import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dynamoQueries } from '../../shared/store/dynamodb/queries.ts';
import { dynamoTable, type Table } from '../../shared/store/dynamodb/table.ts';
import { dynamoVerdictStates } from '../../shared/store/dynamodb/verdict-states.ts';
import { StoreError } from '../../shared/store/port.ts';
import { StaleVerdictStateError } from '../../shared/store/verdict-states.ts';
import { CLUSTER } from '../support/cluster.ts';
import { audit, recordOf, shown, storeOver } from '../support/dynamodb/audits.ts';
import { type Emulator, type Fault, startEmulator } from '../support/dynamodb/emulator.ts';
import { memoryTable } from '../support/dynamodb/memory-table.ts';
import { storeContract } from '../store/store-contract.ts';

let emulator: Emulator;
const WRITES = new Set(['PutItem', 'DeleteItem']);

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.decide(() => 'none'));
afterAll(async () => emulator.close());

const freshName = async (): Promise<string> => {
  const tableName = `netpol-warden-${randomUUID()}`;
  await emulator.createTable(tableName);
  return tableName;
};

const tableNamed = (tableName: string, attempts?: number): Table =>
  dynamoTable({ client: emulator.client(attempts), tableName, pause: async () => undefined });

const freshTable = async (): Promise<Table> => tableNamed(await freshName());

/** The fault meets the write of this number alone. */
const atWrite = (index: number, fault: Fault): ((operation: string) => Fault) => {
  let count = 0;
  return (operation) => {
    if (WRITES.has(operation)) count += 1;
    return WRITES.has(operation) && count === index ? fault : 'none';
  };
};

storeContract('dynamoStore over a socket', async () => {
  const tableName = await freshName();
  return () => storeOver(tableNamed(tableName));
});

const FIRST = shown(1, { nodes: { a: 'False', b: 'False', c: 'True' }, addon: 'DEGRADED' });
const SECOND = shown(2, { nodes: { a: 'True', b: 'False', d: 'False' }, addon: 'ACTIVE' });

describe('the table over a socket does as the one in memory', () => {
  it('with guards', async () => {
    for (const table of [await freshTable(), memoryTable()]) {
      const item = (version: number) => ({ pk: 'p', sk: 's', version, body: new Uint8Array([version]) });
      const answers: boolean[] = [];
      for (const [version, guard] of [
        [1, { ifVersion: 1 }],
        [1, { ifVersion: 0 }],
        [2, { ifVersion: 0 }],
        [2, { ifVersion: 1 }],
        [4, { ifBelow: 4 }],
        [4, { ifBelow: 4 }],
        [3, { ifBelow: 3 }],
      ] as const) {
        answers.push(await table.put(item(version), guard));
      }

      expect(answers).toEqual([false, true, false, true, true, false, false]);
      expect(await table.get({ pk: 'p', sk: 's' })).toEqual(item(4));
      expect(await table.put({ ...item(9), sk: 'new' }, { ifBelow: 1 })).toBe(true);
      await table.delete({ pk: 'p', sk: 's' });
      expect(await table.get({ pk: 'p', sk: 's' })).toBeUndefined();
    }
  });

  it('with ranges, and over several pages', async () => {
    for (const table of [await freshTable(), memoryTable()]) {
      const body = new Uint8Array(300 * 1024);
      for (const sk of ['a#3', 'a#1', 'b#1', 'a#2', 'a#4']) {
        await table.put({ pk: 'p', sk, version: 1, body, gsi2pk: 'i', gsi2sk: sk.toUpperCase() });
      }
      const sorted = async (...query: Parameters<Table['query']>) => (await table.query(...query)).map(({ sk }) => sk);

      expect(await sorted('p')).toEqual(['a#1', 'a#2', 'a#3', 'a#4', 'b#1']);
      expect(await sorted('p', { prefix: 'a#' })).toEqual(['a#1', 'a#2', 'a#3', 'a#4']);
      expect(await sorted('p', { from: 'a#3' })).toEqual(['a#3', 'a#4', 'b#1']);
      expect(await sorted('p', undefined, 2)).toEqual(['b#1', 'a#4']);
      expect(await sorted('q')).toEqual([]);
      expect(await table.queryIndex('gsi2', 'i', { from: 'A#4' })).toEqual([
        { pk: 'p', sk: 'a#4' },
        { pk: 'p', sk: 'b#1' },
      ]);
    }
  });

  it('with more keys than one batch may have', async () => {
    for (const table of [await freshTable(), memoryTable()]) {
      const keys = Array.from({ length: 130 }, (_, index) => ({ pk: 'p', sk: String(index) }));
      for (const key of keys) await table.put({ ...key, version: 1 });

      expect(await table.getMany([...keys, { pk: 'p', sk: 'none' }])).toHaveLength(130);
      expect(await table.getMany([])).toEqual([]);
    }
  });
});

describe('audits over a socket', () => {
  it('answer every question as it is stored', async () => {
    const table = await freshTable();
    await audit(table, FIRST);
    await audit(table, SECOND);
    const queries = dynamoQueries({ table, now: () => new Date('2026-11-21T12:00:00Z') });
    const resources = async (found: ReturnType<typeof queries.openByCheck>) =>
      (await found).map(({ resource }) => resource.id).toSorted();

    expect(await resources(queries.openByCluster(CLUSTER))).toEqual(['b', 'd']);
    expect(await resources(queries.openByCheck('network-policy/nodes-ready'))).toEqual(['b', 'd']);
    expect(await resources(queries.openByCheck('fleet/addon-active'))).toEqual([]);
    expect(await resources(queries.openByOwner('platform'))).toEqual(['b', 'd']);
    expect(await resources(queries.openByOwner('nobody'))).toEqual([]);
    const moves = await queries.movedSince('2026-11-20T02:00:00Z');
    expect(moves.map(({ kind, finding }) => `${kind} ${finding.resource.id}`).toSorted()).toEqual([
      'opened d',
      'resolved a',
      'resolved shop-prod',
    ]);
    const [first] = moves;
    expect(await queries.byId(first?.finding.id ?? '')).toEqual(first?.finding);
    expect(await queries.byId('other')).toBeUndefined();
  });

  it('keep and replace the state of verdicts, larger than an item', async () => {
    const states = dynamoVerdictStates(await freshTable());
    const state = Buffer.alloc(900 * 1024, 'abc');

    expect(await states.get(CLUSTER, '0')).toBeUndefined();
    expect(await states.put(CLUSTER, '0', state, 0)).toBe(1);
    await expect(states.put(CLUSTER, '0', state, 0)).rejects.toThrow(StaleVerdictStateError);
    const stored = await states.get(CLUSTER, '0');
    expect(stored?.revision).toBe(1);
    expect(state.equals(stored?.state ?? new Uint8Array())).toBe(true);
  });
});

describe('faults on the way', () => {
  const undisturbed = async (): Promise<unknown> => {
    const table = memoryTable();
    await audit(table, FIRST);
    await audit(table, SECOND);
    return recordOf(table);
  };

  const failing = async (act: () => Promise<unknown>): Promise<StoreError> => {
    const error: unknown = await act().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof StoreError) return error;
    throw new Error('expected a StoreError', { cause: error });
  };

  it('throttling that lasts is an error which names table, operation and cause, and nothing is stored', async () => {
    const name = await freshName();
    emulator.decide((operation) => (operation === 'PutItem' ? 'throttled' : 'none'));
    const error = await failing(async () => audit(tableNamed(name), FIRST));

    expect(error.message).toMatch(
      /^table netpol-warden-\S+: PutItem: ProvisionedThroughputExceededException: The level of configured/,
    );
    emulator.decide(() => 'none');
    expect((await recordOf(tableNamed(name))).findings).toEqual({});
  });

  it('a network that is down is an error', async () => {
    const table = await freshTable();
    emulator.decide(() => 'cut-before');

    expect((await failing(async () => recordOf(table))).message).toMatch(/: Query: \w*Error: /);
  });

  it.each(['throttled', 'cut-before', 'cut-after'] as const)(
    'where writes are %s the first time, the SDK asks again and nobody notices',
    async (fault) => {
      const name = await freshName();
      const table = tableNamed(name, 3);
      const met = new Set<string>();
      emulator.decide((operation, body) => {
        if (!WRITES.has(operation) || met.has(body)) return 'none';
        met.add(body);
        return met.size % 3 === 0 ? fault : 'none';
      });
      await audit(table, FIRST);
      await audit(table, SECOND);
      emulator.decide(() => 'none');

      expect(met.size).toBeGreaterThan(15);
      expect(await recordOf(tableNamed(name))).toEqual(await undisturbed());
    },
  );

  it.each(['throttled', 'cut-before', 'cut-after'] as const)(
    'a write that is %s without a second attempt fails the audit or nothing, whichever it is',
    async (fault) => {
      const expected = await undisturbed();
      const failures: boolean[] = [];
      for (let index = 1; index <= 12; index += 1) {
        const table = await freshTable();
        await audit(table, FIRST);
        emulator.decide(atWrite(index, fault));
        const isFailed = await audit(table, SECOND).then(
          () => false,
          () => true,
        );
        emulator.decide(() => 'none');
        if (isFailed) await audit(table, SECOND);
        failures.push(isFailed);

        expect(await recordOf(table)).toEqual(expected);
      }
      expect(failures).toContain(true);
    },
  );

  it('what a batch leaves unprocessed is asked for again', async () => {
    const table = await freshTable();
    await audit(table, FIRST);
    const asked: string[] = [];
    emulator.decide((operation) => {
      asked.push(operation);
      return 'half';
    });
    const queries = dynamoQueries({ table, now: () => new Date('2026-11-21T12:00:00Z') });

    expect(await queries.openByOwner('platform')).toHaveLength(2);
    expect(asked.filter((operation) => operation === 'BatchGetItem')).toHaveLength(2);
  });

  it('what stays unprocessed is an error, not a shorter answer', async () => {
    const table = await freshTable();
    for (let index = 0; index < 12; index += 1) await table.put({ pk: 'p', sk: String(index), version: 1 });
    emulator.decide(() => 'half');
    const keys = Array.from({ length: 12 }, (_, index) => ({ pk: 'p', sk: String(index) }));

    expect((await failing(async () => table.getMany(keys))).message).toMatch(
      /^table \S+: BatchGetItem: keys were left unprocessed$/,
    );
  });
});
