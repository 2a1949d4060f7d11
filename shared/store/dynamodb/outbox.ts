import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { emptyEntry, type OutboxEntry, type OutboxStore, StaleEntryError } from '../../model/outbox.ts';
import { StoreError } from '../port.ts';
import { parseStored } from '../stored-record.ts';
import { afterDays } from './expiry.ts';
import { inParallel } from './in-parallel.ts';
import {
  dueSk,
  duePk,
  ENTRY,
  entryKey,
  indexed,
  OUTBOX_SHARDS,
  parkedPk,
  parseEntry,
  parseThread,
  threadKey,
} from './outbox-item.ts';
import { BODY_LIMIT, compressed, expanded, isPartOf, joined, partsOf, refuseOversize } from './parts.ts';
import type { IndexEntry, Item, Table } from './table.ts';

const PART = 'PART';
const READ_ATTEMPTS = 20;
const READ_AT_ONCE = 100;
/** Longer than the 90 days for which Security Hub keeps a finding. */
const RETENTION_DAYS = 100;

const Head = z.object({ version: z.int().positive(), writeId: z.string(), parts: z.int().nonnegative() });

export interface DynamoOutbox {
  readonly table: Table;
  readonly now: () => Date;
}

/** Nothing is left to do, and nobody was told that the finding is open: that must be known for as long as it is. */
const isOver = ({ waiting, parked, told }: OutboxEntry): boolean =>
  waiting.length === 0 && parked.length === 0 && told?.status !== 'open';

/** One of each in turn. */
const interleaved = <T>(lists: readonly (readonly T[])[]): readonly T[] =>
  Array.from({ length: Math.max(0, ...lists.map(({ length }) => length)) }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();

const byDue = (a: OutboxEntry, b: OutboxEntry): number => {
  const [left, right] = [Date.parse(a.dueAt ?? ''), Date.parse(b.dueAt ?? '')];
  if (left !== right) return left - right;
  return a.finding < b.finding ? -1 : 1;
};

/**
 * The outbox in the table of the findings. An entry is one item; where it is larger than an item may be, its body is in
 * parts that are written before the head that refers to them, as those of `dynamoVerdictStates`.
 *
 * `read` is strongly consistent. `due` and `parked` ask an index, which lags behind by moments, and then read what it
 * named: an entry may be missing for that long, but what they give is as it is stored now. With more due than `limit`,
 * the longest waiting of each quarter come first.
 */
export const dynamoOutbox = ({ table, now }: DynamoOutbox): OutboxStore => {
  /** Entries that were in parts when they were last seen: their next write leaves litter. */
  const inParts = new Set<string>();

  const wholeOf = async (pk: string): Promise<readonly [revision: number, body: Uint8Array]> => {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const items = await table.query(pk);
      const head = items.find(({ sk }) => sk === ENTRY);
      if (head === undefined) break;
      const { version, writeId, parts } = parseStored(Head, `${table.place}: ${pk} ${ENTRY}`, head);
      const { body } = head;
      if (parts === 0 && body instanceof Uint8Array) return [version, body];
      const whole = joined(
        items.filter((item) => isPartOf(item, PART, version, writeId)),
        parts,
      );
      // Between the pages of a query, another write may have replaced this one.
      if (whole !== undefined) return [version, whole];
    }
    throw new StoreError(`${table.place}: ${pk}: expected every part of the entry`);
  };

  const entryIn = async (item: Item): Promise<OutboxEntry> => {
    const here = `${table.place}: ${item.pk} ${item.sk}`;
    const { version, parts } = parseStored(Head, here, item);
    if (parts > 0) inParts.add(item.pk);
    const [revision, body] = parts > 0 ? await wholeOf(item.pk) : [version, item['body']];
    const entry = parseEntry(here, revision, expanded(here, body));
    if (entryKey(entry.destination, entry.finding).pk === item.pk) return entry;
    throw new StoreError(`${here}: expected the entry of its key`);
  };

  const entriesOf = async (items: readonly Item[]): Promise<readonly OutboxEntry[]> => {
    const entries: OutboxEntry[] = [];
    for (const item of items) entries.push(await entryIn(item));
    return entries;
  };

  /** Of those that the index names, the first that still are what was asked for. */
  const stillSo = async (
    named: readonly IndexEntry[],
    limit: number,
    isSo: (entry: OutboxEntry) => boolean,
  ): Promise<readonly OutboxEntry[]> => {
    const keys = [...new Map(named.map(({ pk, sk }) => [pk, { pk, sk }])).values()];
    const found: OutboxEntry[] = [];
    for (let start = 0; start < keys.length && found.length < limit; start += READ_AT_ONCE) {
      const items = await table.getMany(keys.slice(start, start + READ_AT_ONCE));
      const byPk = new Map(items.map((item) => [item.pk, item]));
      const inOrder = keys.slice(start, start + READ_AT_ONCE).flatMap(({ pk }) => byPk.get(pk) ?? []);
      for (const entry of await entriesOf(inOrder)) if (isSo(entry)) found.push(entry);
    }
    return found.slice(0, limit);
  };

  const removeLitter = async (pk: string, version: number, writeId: string): Promise<void> => {
    const litter = (await table.query(pk, { prefix: `${PART}#` })).filter(
      (item) => item.version <= version && !isPartOf(item, PART, version, writeId),
    );
    await inParallel(litter, async (part) => table.delete(part));
  };

  return {
    read: async (destination, findings) => {
      const keys = new Map(findings.map((finding) => [finding, entryKey(destination, finding)]));
      const entries = await entriesOf(await table.getMany([...keys.values()]));
      const byFinding = new Map(entries.map((entry) => [entry.finding, entry]));
      return findings.map((finding) => byFinding.get(finding) ?? emptyEntry(destination, finding));
    },

    write: async ({ revision, ...entry }) => {
      const key = entryKey(entry.destination, entry.finding);
      const { pk } = key;
      const [version, writeId] = [revision + 1, randomUUID()];
      const body = compressed(entry);
      const parts = body.length > BODY_LIMIT ? partsOf(pk, PART, version, writeId, body) : [];
      await inParallel(parts, async (part) => table.put(part));
      const head: Item = {
        ...key,
        version,
        writeId,
        parts: parts.length,
        ...(parts.length > 0 ? {} : { body }),
        ...indexed({ ...entry, revision }),
        ...(isOver({ ...entry, revision }) ? { expiresAt: afterDays(now(), RETENTION_DAYS) } : {}),
      };
      // Refused although it is ours: the answer got lost, and the SDK tried again.
      const isMade =
        (await table.put(head, { ifVersion: revision })) || (await table.get(key))?.['writeId'] === writeId;
      if (!isMade) {
        await inParallel(parts, async (part) => table.delete(part));
        throw new StaleEntryError(`${pk} was written since revision ${revision} was read`);
      }
      if (parts.length === 0 && !inParts.delete(pk)) return;
      if (parts.length > 0) inParts.add(pk);
      await removeLitter(pk, version, writeId).catch((error: unknown) => {
        // The entry is stored; what stays is removed after the next one in parts.
        if (!(error instanceof StoreError)) throw error;
      });
    },

    due: async (destination, at, limit) => {
      const lists = await Promise.all(
        OUTBOX_SHARDS.map(async (shard) =>
          table.queryIndex('gsi2', duePk(destination, shard), { from: dueSk(at.getTime()) }),
        ),
      );
      const longestFirst = interleaved(lists.map((list) => list.toReversed()));
      const entries = await stillSo(
        longestFirst,
        limit,
        ({ dueAt }) => dueAt !== undefined && Date.parse(dueAt) <= at.getTime(),
      );
      return entries.toSorted(byDue);
    },

    parked: async (destination, limit) => {
      const lists = await Promise.all(
        OUTBOX_SHARDS.map(async (shard) => table.queryIndex('gsi1', parkedPk(destination, shard))),
      );
      return stillSo(lists.flat(), limit, ({ parked }) => parked.length > 0);
    },

    readThread: async (destination, thread) => {
      const item = await table.get(threadKey(destination, thread));
      if (item === undefined) return undefined;
      const here = `${table.place}: ${item.pk} ${item.sk}`;
      return parseThread(here, expanded(here, item['body']));
    },

    writeThread: async (thread) => {
      const key = threadKey(thread.destination, thread.thread);
      const item = {
        ...key,
        version: 1,
        body: compressed(thread),
        expiresAt: afterDays(now(), RETENTION_DAYS),
      };
      refuseOversize(table.place, item);
      await table.put(item);
    },
  };
};
