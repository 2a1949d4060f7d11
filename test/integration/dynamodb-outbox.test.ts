import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dynamoOutbox } from '../../shared/store/dynamodb/outbox.ts';
import { dynamoTable, type Table } from '../../shared/store/dynamodb/table.ts';
import { StoreError } from '../../shared/store/port.ts';
import { outboxContract, waitingEntry } from '../store/outbox-contract.ts';
import { type Emulator, startEmulator } from '../support/dynamodb/emulator.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.decide(() => 'none'));
afterAll(async () => emulator.close());

const now = (): Date => new Date('2026-11-21T12:00:00Z');

const freshTable = async (attempts?: number): Promise<Table> => {
  const tableName = `netpol-warden-${randomUUID()}`;
  await emulator.createTable(tableName);
  return dynamoTable({ client: emulator.client(attempts), tableName, pause: async () => undefined });
};

outboxContract('dynamoOutbox over a socket', async () => dynamoOutbox({ table: await freshTable(), now }));

it('has written an entry when the answer is lost and the SDK asks again', async () => {
  const store = dynamoOutbox({ table: await freshTable(3), now });
  let cut = 0;
  emulator.decide((operation) => {
    if (operation !== 'PutItem' || cut > 0) return 'none';
    cut += 1;
    return 'cut-after';
  });
  await store.write(waitingEntry('a', 0));

  expect(cut).toBe(1);
  expect(await store.read('sns', ['a'])).toEqual([{ ...waitingEntry('a', 0), revision: 1 }]);
});

it('says so when the service does not answer, and has lost nothing', async () => {
  const store = dynamoOutbox({ table: await freshTable(1), now });
  await store.write(waitingEntry('a', 0));
  emulator.decide(() => 'throttled');

  await expect(store.due('sns', now(), 5)).rejects.toThrow(StoreError);
  await expect(store.write({ ...waitingEntry('a', 0), revision: 1 })).rejects.toThrow(StoreError);
  emulator.decide(() => 'none');
  expect(await store.due('sns', now(), 5)).toEqual([{ ...waitingEntry('a', 0), revision: 1 }]);
});
