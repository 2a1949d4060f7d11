import { describe, expect, it } from 'vitest';
import type { Change } from '../../../shared/model/finding.ts';
import { reconcile } from '../../../shared/reconcile/reconcile.ts';
import { dynamoStore } from '../../../shared/store/dynamodb/store.ts';
import type { Table } from '../../../shared/store/dynamodb/table.ts';
import type { FindingsStore } from '../../../shared/store/port.ts';
import { CATALOGUE, CHECK, evaluationAt, hour, run, type Saying } from '../../reconcile/scenario.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { faultyTable } from '../../support/dynamodb/faults.ts';
import { memoryTable, published } from '../../support/dynamodb/memory-table.ts';
import { commitRun, examinedAt, storeContract } from '../store-contract.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');

const storeAt = (table: Table, day = 0): FindingsStore =>
  dynamoStore({ table, now: () => new Date(NOW + day * DAY_MS), retention: { endedFindingsDays: 90 } });

const audit = async (store: FindingsStore, at: number, nodes: Saying[string]): Promise<readonly Change[]> => {
  const { record, changes } = reconcile(await store.read(CLUSTER), run(at, nodes), CATALOGUE);
  await store.commit(record, changes);
  return changes;
};

storeContract('dynamoStore', async () => {
  const table = memoryTable();
  return () => storeAt(table);
});

describe('a commit to DynamoDB', () => {
  it('leaves one item for the head, one for each finding and the watermarks, and no litter', async () => {
    const table = memoryTable();
    const store = storeAt(table);
    await audit(store, 1, { a: 'fail', b: 'fail' });
    await audit(store, 2, { a: 'fail', b: 'pass' });

    expect(
      table.items().map(({ sk }) =>
        sk
          .split('#', 2)
          .join('#')
          .replace(/[0-9a-f]{64}/, '<digest>'),
      ),
    ).toEqual([
      'cluster-shop-prod-<digest>',
      '#HEAD',
      'FINDING#<digest>',
      'FINDING#<digest>',
      'WATERMARKS#000000000000002',
    ]);
  });

  it('is as large as it must be: 2,000 findings and more watermarks than one item could hold', async () => {
    const table = memoryTable();
    const store = storeAt(table);
    const nodes = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`node-${index}`, 'fail'] as const));
    await audit(store, 1, nodes);
    const read = await store.read(CLUSTER);
    const many = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`${CHECK} ${Math.sin(index)}${Math.cos(index)}`, {}] as const),
    );
    await store.commit({ ...read, watermarks: many }, []);

    const sizes = table.images().map(({ body }) => (body instanceof Uint8Array ? body.length : 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(350 * 1024);
    expect(table.items().filter(({ sk }) => sk.startsWith('WATERMARKS')).length).toBeGreaterThan(1);
    const stored = await storeAt(table).read(CLUSTER);
    expect(Object.keys(stored.findings)).toHaveLength(2000);
    expect(stored.watermarks).toEqual(many);
  });

  it('refuses a change that would undo a newer look, although nobody committed since the reading', async () => {
    const table = memoryTable();
    const store = storeAt(table);
    await commitRun(store, 5, 'fail');
    const read = await store.read(CLUSTER);
    const [finding] = Object.values(read.findings);
    if (finding === undefined) throw new Error('no finding');
    const older = { ...finding, takenAt: hour(4) };
    const record = { ...read, findings: { [older.id]: older } };

    await expect(store.commit(record, [{ kind: 'updated', finding: older }])).rejects.toThrow(
      'the record of "arn:aws:eks:us-west-2:111122223333:cluster/shop-prod" changed since it was read',
    );
    expect(await store.read(CLUSTER)).toEqual({ ...read });
  });

  it.each([
    ['a difference that is no change', [], 'expected every finding in which the record differs from the one read'],
    ['a change that the record does not have', [{ severity: 'low' } as const], 'expected the findings of the record'],
    ['a finding that changes twice', [{}, {}], 'expected each finding once'],
  ])('refuses %s: it would be lost to the outbox', async (_, differences, problem) => {
    const store = storeAt(memoryTable());
    const { record, changes } = reconcile(await store.read(CLUSTER), run(1, { a: 'fail' }), CATALOGUE);
    const [change] = changes;
    if (change === undefined) throw new Error('no change');
    const given = differences.map((difference) => ({ ...change, finding: { ...change.finding, ...difference } }));

    await expect(store.commit(record, given)).rejects.toThrow(
      `the record to store in table memory: changes: ${problem}`,
    );
  });

  it('does not write what it could not read again', async () => {
    const table = memoryTable();
    const store = storeAt(table);
    const read = await store.read(CLUSTER);

    await expect(store.commit({ ...read, watermarks: { [CHECK]: { examinedAt: 'soon' } } }, [])).rejects.toThrow(
      `the record to store in table memory: watermarks.${CHECK}.examinedAt: expected an RFC 3339 time`,
    );
    expect(table.images()).toEqual([]);
  });

  it('refuses a finding that no item could hold, before anything is written', async () => {
    const table = memoryTable();
    const store = storeAt(table);
    const { record, changes } = reconcile(await store.read(CLUSTER), run(1, { a: 'fail' }), CATALOGUE);
    const [change] = changes;
    if (change === undefined) throw new Error('no change');
    const noise = Array.from({ length: 60_000 }, (_, index) => Math.sin(index)).join('');
    const finding = { ...change.finding, message: { key: 'k', values: {}, text: noise } };

    await expect(
      store.commit({ ...record, findings: { [finding.id]: finding } }, [{ kind: 'opened', finding }]),
    ).rejects.toThrow('body: expected at most 358400 bytes of gzipped JSON');
    expect(table.images()).toEqual([]);
  });

  it('stands when its answer got lost and the SDK asked again', async () => {
    const table = memoryTable();
    const store = storeAt(faultyTable(table, { onRead: () => 'done', onWrite: () => 'repeated' }));
    await commitRun(store, 1, 'fail');
    await commitRun(store, 2, 'pass');

    expect(published(table.images()).map(({ change, sequence }) => [change.kind, sequence])).toEqual([
      ['opened', 1],
      ['resolved', 2],
    ]);
  });

  it('stays made when litter cannot be removed', async () => {
    const table = memoryTable();
    const refusing: Table = {
      ...table,
      delete: faultyTable(table, { onRead: () => 'done', onWrite: () => 'refused' }).delete,
    };
    await commitRun(storeAt(refusing), 1, 'fail');

    expect(table.items().filter(({ sk }) => sk.startsWith('STAGED'))).toHaveLength(1);
    await commitRun(storeAt(table), 2, 'fail');
    expect(table.items().filter(({ sk }) => sk.startsWith('STAGED'))).toEqual([]);
    expect(table.items().filter(({ sk }) => sk.startsWith('WATERMARKS'))).toHaveLength(1);
  });

  it('is finished by whoever reads next, and what woke up late writes nothing any more', async () => {
    const table = memoryTable();
    const asleep: (() => void)[] = [];
    const sleeping: Table = {
      ...table,
      put: async (item, guard) => {
        if (item.sk.startsWith('FINDING#')) await new Promise<void>((wake) => void asleep.push(wake));
        return table.put(item, guard);
      },
    };
    const slow = commitRun(storeAt(sleeping), 1, 'fail');
    while (asleep.length === 0) await new Promise(setImmediate);

    await commitRun(storeAt(table), 2, 'pass');
    for (const wake of asleep) wake();
    await slow;

    expect(published(table.images()).map(({ change, sequence }) => [change.kind, sequence])).toEqual([
      ['opened', 1],
      ['resolved', 2],
    ]);
    const [finding] = Object.values((await storeAt(table).read(CLUSTER)).findings);
    expect(finding?.status).toBe('resolved');
  });

  it('says what is wrong with the table, and neither takes it for empty nor overwrites it', async () => {
    const table = memoryTable();
    await commitRun(storeAt(table), 1, 'fail');
    const watermarks = table.items().find(({ sk }) => sk.startsWith('WATERMARKS'));
    if (watermarks === undefined) throw new Error('no watermarks');
    table.forget(watermarks);

    await expect(storeAt(table).read(CLUSTER)).rejects.toThrow(/WATERMARKS of \S+: expected 1 parts, found 0$/);
    await expect(storeAt(table).list()).rejects.toThrow('expected 1 parts, found 0');
  });

  it('refuses a table of another version of the tool', async () => {
    const table = memoryTable();
    await commitRun(storeAt(table), 1, 'fail');
    const head = table.items().find(({ sk }) => sk === '#HEAD');
    if (head === undefined) throw new Error('no head');
    await table.put({ ...head, schemaVersion: 2 });

    await expect(storeAt(table).read(CLUSTER)).rejects.toThrow(
      'schemaVersion: expected 1: written by another version of netpol-warden',
    );
  });
});

describe('an ended finding', () => {
  it('is not among the open ones of the index', async () => {
    const table = memoryTable();
    const entries = async () =>
      (
        await Promise.all('0123456789abcdef'.split('').map(async (digit) => table.queryIndex('gsi1', `open#${digit}`)))
      ).flat();
    await commitRun(storeAt(table), 1, 'fail');
    expect(await entries()).toHaveLength(1);

    await commitRun(storeAt(table), 2, 'pass');
    expect(await entries()).toEqual([]);
  });

  const expiryOf = (table: ReturnType<typeof memoryTable>) =>
    table.items().find(({ sk }) => sk.startsWith('FINDING#'))?.['expiresAt'];

  it('expires after the retention, an open one never', async () => {
    const table = memoryTable();
    await commitRun(storeAt(table), 1, 'fail');
    expect(expiryOf(table)).toBeUndefined();

    await commitRun(storeAt(table), 2, 'pass');
    expect(expiryOf(table)).toBe(Date.parse('2027-02-19T12:00:00Z') / 1000);

    await commitRun(storeAt(table), 3, 'fail');
    expect(expiryOf(table)).toBeUndefined();
  });

  it('is reopened with its true beginning within the retention', async () => {
    const table = memoryTable();
    await commitRun(storeAt(table), 1, 'fail');
    await commitRun(storeAt(table), 2, 'pass');
    const [finding] = Object.values((await commitRun(storeAt(table, 89), 3, 'fail')).findings);

    expect(finding).toMatchObject({ status: 'open', firstSeenAt: hour(1), openedAt: hour(3), reopenCount: 1 });
  });

  it.each([
    ['is still there', false],
    ['was deleted', true],
  ])('is forgotten after it, whether the item %s or not', async (_, isDeleted) => {
    const table = memoryTable();
    await commitRun(storeAt(table), 1, 'fail');
    await commitRun(storeAt(table), 2, 'pass');
    const item = table.items().find(({ sk }) => sk.startsWith('FINDING#'));
    if (isDeleted && item !== undefined) table.forget(item);

    expect((await storeAt(table, 90).read(CLUSTER)).findings).toEqual({});
    const [finding] = Object.values((await commitRun(storeAt(table, 90), 3, 'fail')).findings);
    expect(finding).toMatchObject({ status: 'open', firstSeenAt: hour(3), reopenCount: 0 });
    expect(published(table.images()).map(({ change, sequence }) => [change.kind, sequence])).toEqual([
      ['opened', 1],
      ['resolved', 2],
      ['opened', 3],
    ]);
  });
});

describe('a cluster with a hostile name', () => {
  it.each([['../../etc'], ['a#b'], ['\u0000\u202e'], ['x'.repeat(5000)], ['__proto__']])(
    'is kept apart: %j',
    async (name) => {
      const table = memoryTable();
      const hostile = { ...CLUSTER, name };
      const store = storeAt(table);
      await store.commit(examinedAt(await store.read(hostile), 1), []);
      await store.commit(examinedAt(await store.read(CLUSTER), 2), []);

      expect((await store.read(hostile)).watermarks).toEqual({ [CHECK]: { examinedAt: hour(1) } });
      expect((await store.list()).map(({ cluster }) => cluster.name).toSorted()).toEqual(
        [CLUSTER.name, name].toSorted(),
      );
      expect(table.items().every(({ pk, sk }) => /^[\w#-]{1,300}$/.test(pk + sk))).toBe(true);
    },
  );
});

it('a record of many checks comes back as it was committed', async () => {
  const table = memoryTable();
  const evaluation = evaluationAt(hour(1), { [CHECK]: { a: 'fail', b: 'not-evaluated' } });
  const { record, changes } = reconcile(await storeAt(table).read(CLUSTER), evaluation, CATALOGUE);
  const store = storeAt(table);
  await store.commit({ ...record, cluster: (await store.read(CLUSTER)).cluster }, changes);

  expect(await store.read(CLUSTER)).toEqual(record);
});
