import { describe, expect, it } from 'vitest';
import { CLUSTER } from '../../support/cluster.ts';
import { audit, histories, recordOf, settledItems, shown, storeOver } from '../../support/dynamodb/audits.ts';
import { type Fate, faultyTable, ProcessDeath } from '../../support/dynamodb/faults.ts';
import { type MemoryTable, memoryTable, published } from '../../support/dynamodb/memory-table.ts';

const ACTIVE = 'ACTIVE';

/** Opens, reopens, resolves, closes, refreshes and updates, and once cannot look. */
const RUNS = [
  shown(1, { nodes: { a: 'False', b: 'False', c: 'False' }, addon: 'DEGRADED' }),
  shown(2, { nodes: { a: 'True', b: 'False' }, addon: ACTIVE }),
  shown(3, { nodes: 'denied', addon: 'UPDATE_FAILED' }),
  shown(4, { nodes: { a: 'False', b: 'True', d: 'False' }, addon: 'DEGRADED' }),
];

const LAST = shown(5, { nodes: { a: 'False', d: 'True' }, addon: ACTIVE });

/** Runs every audit; the one in which the process dies is run again by another one, as its queue does. */
const auditAll = async (onWrite: () => Fate): Promise<{ readonly table: MemoryTable; readonly deaths: number }> => {
  const table = memoryTable();
  let deaths = 0;
  for (const run of RUNS) {
    const process = faultyTable(table, { onRead: () => 'done', onWrite });
    const died = await audit(process, run).then(
      () => false,
      (error: unknown) => {
        if (error instanceof ProcessDeath) return true;
        throw error;
      },
    );
    if (!died) continue;
    deaths += 1;
    await audit(table, run);
  }
  return { table, deaths };
};

/** The fate of write number `index` alone, counted over all processes. */
const atWrite = (index: number, fate: Fate): (() => Fate) => {
  let count = 0;
  return () => {
    count += 1;
    return count === index ? fate : 'done';
  };
};

const { writes, faultFree } = await (async () => {
  let count = 0;
  const { table } = await auditAll(() => {
    count += 1;
    return 'done';
  });
  return { writes: count, faultFree: table };
})();

const WRITES = Array.from({ length: writes }, (_, index) => index + 1);

describe('audits that nothing disturbs', () => {
  it('tell the outbox each change once, in the order in which it happened', () => {
    expect(histories(published(faultFree.images()))).toEqual({
      'fleet/addon-active shop-prod': ['1 opened', '2 resolved', '3 reopened', '4 updated'],
      'network-policy/nodes-ready a': ['1 opened', '2 resolved', '4 reopened'],
      'network-policy/nodes-ready b': ['1 opened', '2 refreshed', '3 unverified', '4 resolved'],
      'network-policy/nodes-ready c': ['1 opened', '2 closed'],
      'network-policy/nodes-ready d': ['4 opened'],
    });
    expect(writes).toBeGreaterThan(30);
  });
});

describe.each(['dies-before', 'dies-after'] as const)('a process that %s its write', (fate) => {
  it.each(WRITES)('number %i loses nothing and doubles nothing', async (index) => {
    const { table, deaths } = await auditAll(atWrite(index, fate));

    expect(deaths).toBe(1);
    expect(await recordOf(table)).toEqual(await recordOf(faultFree));
    expect(histories(published(table.images()))).toEqual(histories(published(faultFree.images())));
  });

  it.each(WRITES)('number %i leaves nothing behind after the next audit', async (index) => {
    const { table } = await auditAll(atWrite(index, fate));
    const undisturbed = (await auditAll(() => 'done')).table;
    await audit(table, LAST);
    await audit(undisturbed, LAST);

    expect(settledItems(table.items())).toEqual(settledItems(undisturbed.items()));
  });
});

describe.each(['refused', 'cut'] as const)('a write that is %s', (fate) => {
  it.each(WRITES)('number %i fails the audit or nothing, and the queue brings it again', async (index) => {
    const table = memoryTable();
    const onWrite = atWrite(index, fate);
    for (const run of RUNS) {
      const process = faultyTable(table, { onRead: () => 'done', onWrite });
      await audit(process, run).catch(async () => audit(process, run));
    }

    expect(await recordOf(table)).toEqual(await recordOf(faultFree));
    expect(histories(published(table.images()))).toEqual(histories(published(faultFree.images())));
  });
});

it('a commit that a dead process left half applied is read whole, and the outbox gets the rest by the reading', async () => {
  const table = memoryTable();
  const [first] = RUNS;
  if (first === undefined) throw new Error('no run');
  const findingWrites = { seen: 0 };
  const process = faultyTable(
    {
      ...table,
      put: async (item, guard) => {
        if (item.sk.startsWith('FINDING#')) findingWrites.seen += 1;
        return table.put(item, guard);
      },
    },
    { onRead: () => 'done', onWrite: () => (findingWrites.seen === 2 ? 'dies-before' : 'done') },
  );
  await expect(audit(process, first)).rejects.toThrow(ProcessDeath);
  expect(published(table.images())).toHaveLength(2);

  const [record] = await storeOver(table).list();
  expect(Object.keys(record?.findings ?? {})).toHaveLength(4);
  expect(published(table.images())).toHaveLength(4);
  expect((await storeOver(table).read(CLUSTER)).findings).toEqual(record?.findings);
});
