import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { emptyEntry, type OutboxEntry, StaleEntryError } from '../../shared/model/outbox.ts';
import { dynamoOutbox } from '../../shared/store/dynamodb/outbox.ts';
import { memoryOutbox } from '../../shared/store/memory-outbox.ts';
import { StoreError } from '../../shared/store/port.ts';
import { announcementOf } from '../publish/announcements.ts';
import { type Fate, faultyTable } from '../support/dynamodb/faults.ts';
import { type MemoryTable, memoryTable, published } from '../support/dynamodb/memory-table.ts';
import { outboxContract, waitingEntry } from './outbox-contract.ts';

const now = (): Date => new Date('2026-11-21T12:00:00Z');
const ENTRY = waitingEntry('a', 0);
/** Nothing compresses it: 800 KB, three parts. */
const large = (text = randomBytes(300_000).toString('hex')): OutboxEntry => ({
  ...ENTRY,
  waiting: [1, 2].map((sequence) =>
    announcementOf(
      { id: 'a', message: { key: 'k', values: {}, text: `${sequence}${text}${randomBytes(300_000).toString('hex')}` } },
      { sequence },
    ),
  ),
});

outboxContract('memoryOutbox', async () => memoryOutbox());
outboxContract('dynamoOutbox', async () => dynamoOutbox({ table: memoryTable(), now }));

const read = async (table: MemoryTable): Promise<OutboxEntry | undefined> => {
  const [entry] = await dynamoOutbox({ table, now }).read('sns', ['a']);
  return entry;
};

describe('dynamoOutbox', () => {
  it('does not wake the publisher: none of its items is a change', async () => {
    const table = memoryTable();
    const store = dynamoOutbox({ table, now });
    await store.write(large());
    await store.writeThread({ destination: 'slack', thread: 't', sentAt: {} });

    expect(table.images().map(({ sk }) => sk.replace(/#.*/, ''))).toEqual([
      'PART',
      'PART',
      'PART',
      'PART',
      'ENTRY',
      'THREAD',
    ]);
    expect(published(table.images())).toEqual([]);
  });

  it.each([
    ['something waits', ENTRY, undefined],
    [
      'something is parked',
      {
        ...ENTRY,
        waiting: [],
        parked: [{ announcement: announcementOf(), reason: 'r', parkedAt: now().toISOString() }],
      },
      undefined,
    ],
    [
      'people were told that it is open',
      { ...emptyEntry('sns', 'a'), told: { status: 'open', severity: 'high', isUnverified: false, flips: [] } },
      undefined,
    ],
    [
      'people were told of its end',
      { ...emptyEntry('sns', 'a'), told: { status: 'ended', severity: 'high', isUnverified: false, flips: [] } },
      Date.UTC(2027, 2, 1, 12) / 1000,
    ],
    ['nobody was told', { ...emptyEntry('sns', 'a'), done: 4 }, Date.UTC(2027, 2, 1, 12) / 1000],
  ] satisfies readonly (readonly [string, OutboxEntry, number | undefined])[])(
    'forgets an entry 100 days later or never: %s',
    async (_, entry, expiresAt) => {
      const table = memoryTable();
      await dynamoOutbox({ table, now }).write(entry);

      expect(table.items().map((item) => item['expiresAt'])).toEqual([expiresAt]);
    },
  );

  it('keeps an entry that is larger than an item, and leaves no part of those before', async () => {
    const table = memoryTable();
    const store = dynamoOutbox({ table, now });
    const [first, second] = [large(), large()];
    await store.write(first);
    expect(await read(table)).toEqual({ ...first, revision: 1 });
    await store.write({ ...second, revision: 1 });
    expect(await read(table)).toEqual({ ...second, revision: 2 });
    expect(await store.due('sns', now(), 5)).toEqual([{ ...second, revision: 2 }]);
    expect(table.items()).toHaveLength(5);
    await store.write({ ...ENTRY, revision: 2 });

    expect(table.items()).toHaveLength(1);
    expect(await read(table)).toEqual({ ...ENTRY, revision: 3 });
  });

  it('leaves no part of a write that came too late', async () => {
    const table = memoryTable();
    await dynamoOutbox({ table, now }).write(ENTRY);

    await expect(dynamoOutbox({ table, now }).write(large())).rejects.toThrow(StaleEntryError);
    expect(table.items()).toHaveLength(1);
  });

  it('has written what was written twice because the answer got lost', async () => {
    const table = memoryTable();
    const store = dynamoOutbox({ table: faultyTable(table, { onRead: () => 'done', onWrite: () => 'repeated' }), now });
    await store.write(ENTRY);

    expect(await read(table)).toEqual({ ...ENTRY, revision: 1 });
  });

  it.each(['dies-before', 'dies-after'] as const)(
    'is the old or the new one, whole, when a process %s any write',
    async (fate) => {
      const [before, after] = [large(), large()];
      for (let index = 1; index <= 9; index += 1) {
        const table = memoryTable();
        await dynamoOutbox({ table, now }).write(before);
        let count = 0;
        const onWrite = (): Fate => {
          count += 1;
          return count === index ? fate : 'done';
        };
        const dying = dynamoOutbox({ table: faultyTable(table, { onRead: () => 'done', onWrite }), now });
        await dying.write({ ...after, revision: 1 }).catch(() => undefined);
        const found = await read(table);

        expect([
          { ...before, revision: 1 },
          { ...after, revision: 2 },
        ]).toContainEqual(found);
      }
    },
  );

  it('refuses an entry that it cannot understand, and names it', async () => {
    const table = memoryTable();
    await dynamoOutbox({ table, now }).write({ ...ENTRY, attempts: -1 });

    await expect(read(table)).rejects.toThrow(StoreError);
    await expect(read(table)).rejects.toThrow(/^table memory: outbox#sns#[0-9a-f]{64} ENTRY: attempts: /);
  });
});
