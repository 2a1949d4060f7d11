import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/model/finding.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { dynamoQueries } from '../../shared/store/dynamodb/queries.ts';
import { dynamoStore } from '../../shared/store/dynamodb/store.ts';
import { memoryStore } from '../../shared/store/memory-store.ts';
import { type FindingsQueries, moveOf, type OwnerOf, queriesOf } from '../../shared/store/queries.ts';
import type { FindingsStore } from '../../shared/store/port.ts';
import { CATALOGUE, CHECK, evaluationAt, hour, OTHER, type Said, type Saying } from '../reconcile/scenario.ts';
import { CLUSTER } from '../support/cluster.ts';
import { faultyTable } from '../support/dynamodb/faults.ts';
import { memoryTable } from '../support/dynamodb/memory-table.ts';

const ownerOf: OwnerOf = ({ resource, cluster }) => {
  if (resource.id === 'nobody') return undefined;
  return cluster.name === CLUSTER.name ? 'shop' : 'platform';
};
const CLUSTERS = [CLUSTER, { ...CLUSTER, name: 'shop-test' }, { ...CLUSTER, account: '444455556666' }];
const now = (): Date => new Date('2026-11-21T12:00:00Z');

interface Kind {
  readonly store: FindingsStore;
  readonly queries: FindingsQueries;
}

const inMemory = (): Kind => {
  const store = memoryStore();
  return { store, queries: queriesOf(store, ownerOf) };
};

const inDynamo = (): Kind => {
  const table = memoryTable();
  const store = dynamoStore({ table, now, retention: { endedFindingsDays: 90 }, ownerOf });
  return { store, queries: dynamoQueries({ table, now }) };
};

const commit = async (
  store: FindingsStore,
  cluster: typeof CLUSTER | (typeof CLUSTERS)[number],
  at: number,
  saying: Saying,
) => {
  const evaluation = { ...evaluationAt(hour(at), saying), cluster };
  const { record, changes } = reconcile(await store.read(cluster), evaluation, CATALOGUE);
  await store.commit(record, changes);
};

const brief = ({ cluster, check, resource }: Finding): string =>
  `${cluster.account} ${cluster.name} ${check} ${resource.id}`;

describe.each([
  ['memoryStore', inMemory],
  ['dynamoStore', inDynamo],
])('findings of %s', (_, make) => {
  const asked = async (): Promise<FindingsQueries> => {
    const { store, queries } = make();
    const [here, test, other] = CLUSTERS;
    if (here === undefined || test === undefined || other === undefined) throw new Error('three clusters');
    await commit(store, here, 1, { [CHECK]: { a: 'fail', b: 'fail', nobody: 'fail' }, [OTHER]: { a: 'fail' } });
    await commit(store, here, 3, { [CHECK]: { a: 'pass', b: 'fail', nobody: 'fail' }, [OTHER]: {} });
    await commit(store, test, 2, { [CHECK]: { t: 'fail' } });
    await commit(store, test, 4, { [CHECK]: { t: 'pass' } });
    await commit(store, test, 5, { [CHECK]: { t: 'fail' } });
    await commit(store, other, 6, { [OTHER]: { o: 'fail' } });
    await commit(store, other, 7, { [OTHER]: 'none' });
    return queries;
  };

  it('are asked for by cluster', async () => {
    const { openByCluster } = await asked();

    expect((await openByCluster(CLUSTER)).map(brief).toSorted()).toEqual([
      `111122223333 shop-prod ${CHECK} b`,
      `111122223333 shop-prod ${CHECK} nobody`,
    ]);
    expect(await openByCluster({ ...CLUSTER, name: 'unknown' })).toEqual([]);
  });

  it('are asked for by check, over all clusters', async () => {
    const { openByCheck } = await asked();

    expect((await openByCheck(CHECK)).map(brief).toSorted()).toEqual([
      `111122223333 shop-prod ${CHECK} b`,
      `111122223333 shop-prod ${CHECK} nobody`,
      `111122223333 shop-test ${CHECK} t`,
    ]);
    expect((await openByCheck(OTHER)).map(brief)).toEqual([`444455556666 shop-prod ${OTHER} o`]);
    expect(await openByCheck('network-policy/enforce')).toEqual([]);
  });

  it('are asked for by owner; those without one have none', async () => {
    const { openByOwner } = await asked();

    expect((await openByOwner('shop')).map(brief).toSorted()).toEqual([
      `111122223333 shop-prod ${CHECK} b`,
      `444455556666 shop-prod ${OTHER} o`,
    ]);
    expect((await openByOwner('platform')).map(brief)).toEqual([`111122223333 shop-test ${CHECK} t`]);
    expect(await openByOwner('')).toEqual([]);
  });

  it.each([
    ['a time', hour(4), ['reopened 05 t', 'unverified 07 o']],
    ['the very time of a move', hour(5), ['reopened 05 t', 'unverified 07 o']],
    ['a time that nothing moved since', hour(8), []],
    ['a time in another zone', '2026-11-20T04:00:00-02:00', ['unverified 07 o']],
    [
      'long ago',
      '2020-01-01T00:00:00Z',
      ['opened 01 b', 'opened 01 nobody', 'resolved 03 a', 'closed 03 a', 'reopened 05 t', 'unverified 07 o'],
    ],
  ])('are asked for by what moved since %s', async (__, since, expected) => {
    const { movedSince } = await asked();
    const moves = (await movedSince(since)).map(
      ({ kind, at, finding }) => `${kind} ${at.slice(11, 13)} ${finding.resource.id}`,
    );

    expect(moves.toSorted()).toEqual(expected.toSorted());
    const hours = moves.map((move) => Number(move.split(' ')[1]));
    expect(hours).toEqual(hours.toSorted((a, b) => a - b));
  });

  it('are found by id, whether open or ended', async () => {
    const { movedSince, byId } = await asked();
    for (const { finding } of await movedSince('2020-01-01T00:00:00Z')) {
      expect(await byId(finding.id)).toEqual(finding);
    }
    expect(await byId('us-west-2/111122223333/netpol-warden/0')).toBeUndefined();
  });
});

describe('moveOf', () => {
  const finding = async (): Promise<Finding> => {
    const { store, queries } = inMemory();
    await commit(store, CLUSTER, 1, { [CHECK]: { a: 'fail' } });
    const [first] = await queries.openByCheck(CHECK);
    if (first === undefined) throw new Error('no finding');
    return first;
  };

  it.each([
    ['open', {}, 'opened', 1],
    ['open again', { openedAt: hour(4), reopenCount: 1 }, 'reopened', 4],
    ['resolved', { status: 'resolved', endedAt: hour(5) }, 'resolved', 5],
    ['closed', { status: 'closed', closeReason: 'resource-gone', endedAt: hour(6) }, 'closed', 6],
    ['unverified', { unverifiedSince: hour(7) }, 'unverified', 7],
    [
      'resolved and then unverified',
      { status: 'resolved', endedAt: hour(5), unverifiedSince: hour(8) },
      'unverified',
      8,
    ],
    ['refreshed', { lastSeenAt: hour(9), takenAt: hour(9) }, 'opened', 1],
  ] as const)('of what is %s', async (_, change, kind, at) => {
    const { finding: its, ...move } = moveOf({ ...(await finding()), ...change });

    expect(move).toEqual({ kind, at: hour(at) });
    expect(its).toMatchObject(change);
  });
});

it('both kinds of store answer alike, whatever happened', async () => {
  const said = fc.constantFrom<Said>('pass', 'fail', 'not-applicable', 'not-evaluated');
  const look = fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'nobody'), said, { noNullPrototype: true }) },
    fc.constant('none' as const),
  );
  const step = fc.record({
    cluster: fc.constantFrom(...CLUSTERS),
    at: fc.integer({ min: 0, max: 20 }),
    saying: fc.record({ [CHECK]: look, [OTHER]: look }, { requiredKeys: [] }),
  });
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 8 }),
    fc.integer({ min: 0, max: 20 }),
    async (steps, since) => {
      const [one, two] = [inMemory(), inDynamo()];
      for (const { cluster, at, saying } of steps) {
        await commit(one.store, cluster, at, saying);
        await commit(two.store, cluster, at, saying);
      }
      for (const check of [CHECK, OTHER]) {
        expect(await two.queries.openByCheck(check)).toEqual(await one.queries.openByCheck(check));
      }
      for (const owner of ['shop', 'platform']) {
        expect(await two.queries.openByOwner(owner)).toEqual(await one.queries.openByOwner(owner));
      }
      expect(await two.queries.movedSince(hour(since))).toEqual(await one.queries.movedSince(hour(since)));
      expect(await two.queries.openByCluster(CLUSTER)).toEqual(await one.queries.openByCluster(CLUSTER));
    },
  );
  await fc.assert(property, { numRuns: 150 });
});

describe('queries of DynamoDB', () => {
  const half = async () => {
    const table = memoryTable();
    let puts = 0;
    const dying = faultyTable(table, {
      onRead: () => 'done',
      onWrite: () => {
        puts += 1;
        return puts === 6 ? 'dies-before' : 'done';
      },
    });
    const store = dynamoStore({ table: dying, now, retention: { endedFindingsDays: 90 } });
    await expect(commit(store, CLUSTER, 1, { [CHECK]: { a: 'fail', b: 'fail', c: 'fail' } })).rejects.toThrow('died');
    return table;
  };

  it('see a commit that a dead process left half applied by cluster, and write nothing', async () => {
    const table = await half();
    const before = table.images().length;
    const queries = dynamoQueries({ table, now });

    expect(await queries.openByCluster(CLUSTER)).toHaveLength(3);
    expect((await queries.openByCheck(CHECK)).length).toBeLessThan(3);
    expect(table.images()).toHaveLength(before);
  });

  it('do not show what has expired and was not deleted yet', async () => {
    const table = memoryTable();
    const store = dynamoStore({ table, now, retention: { endedFindingsDays: 90 } });
    await commit(store, CLUSTER, 1, { [CHECK]: { a: 'fail' } });
    await commit(store, CLUSTER, 2, { [CHECK]: { a: 'pass' } });
    const later = dynamoQueries({ table, now: () => new Date('2027-02-20T12:00:00Z') });
    const [move] = await dynamoQueries({ table, now }).movedSince(hour(0));

    expect(move?.kind).toBe('resolved');
    expect(await later.movedSince(hour(0))).toEqual([]);
    expect(await later.byId(move?.finding.id ?? '')).toBeUndefined();
  });

  it('name only one partition of an index per day and digit', async () => {
    const table = memoryTable();
    const partitions: string[] = [];
    const watched = {
      ...table,
      queryIndex: async (...query: Parameters<typeof table.queryIndex>) => {
        partitions.push(query[1]);
        return table.queryIndex(...query);
      },
    };
    await dynamoQueries({ table: watched, now }).movedSince('2026-11-20T23:00:00Z');

    expect(partitions).toHaveLength(3 * 16);
    expect(new Set(partitions.map((partition) => partition.slice(0, 16)))).toEqual(
      new Set(['moved#2026-11-20', 'moved#2026-11-21', 'moved#2026-11-22']),
    );
  });
});
