import pLimit from 'p-limit';
import { type OutboxEntry, type OutboxStore, StaleEntryError } from '../../model/outbox.ts';

const CAS_ATTEMPTS = 8;
const CONCURRENCY = 16;

/**
 * While somebody hands an entry to its destination, nobody else does: that keeps a finding's changes in order, and one
 * message one message, although the stream's shards run side by side. Longer than any one call of `publish` may last;
 * after a crash it passes, and the entry is due again.
 */
export const LEASE_MS = 300_000;

export interface Ended<R> {
  readonly results: readonly R[];
  readonly failures: readonly unknown[];
}

/** Acts on all, some at a time; one that fails stops no other. */
export const attemptEach = async <T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<Ended<R>> => {
  const limit = pLimit(CONCURRENCY);
  const ended = await Promise.allSettled(items.map(async (item) => limit(async () => act(item))));
  return {
    results: ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    failures: ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : [])),
  };
};

/** For the end of what went on in spite of failures. */
export const throwFirst = (failures: readonly unknown[]): void => {
  if (failures.length > 0) throw failures[0];
};

/** The entry as written; undefined where somebody else wrote it since it was read. */
export const writeUnchanged = async (store: OutboxStore, entry: OutboxEntry): Promise<OutboxEntry | undefined> => {
  try {
    await store.write(entry);
    return { ...entry, revision: entry.revision + 1 };
  } catch (error) {
    if (error instanceof StaleEntryError) return undefined;
    throw error;
  }
};

/** Those of the entries that are the caller's to deliver now. */
export const leased = async (
  store: OutboxStore,
  entries: readonly OutboxEntry[],
  now: Date,
): Promise<Ended<OutboxEntry>> => {
  const dueAt = new Date(now.getTime() + LEASE_MS).toISOString();
  const { results, failures } = await attemptEach(entries, async (entry) =>
    writeUnchanged(store, { ...entry, attempts: entry.attempts + 1, dueAt, reason: 'being delivered' }),
  );
  return { results: results.filter((entry) => entry !== undefined), failures };
};

/**
 * Reads, changes and writes an entry until nobody came in between. `change` must be a function of the entry alone, and
 * give the very entry where there is nothing to write. `read` is what a caller has read already.
 * @throws StaleEntryError where somebody always came in between
 */
export const updateEntry = async (
  store: OutboxStore,
  destination: string,
  finding: string,
  change: (entry: OutboxEntry) => OutboxEntry,
  read?: OutboxEntry,
): Promise<OutboxEntry> => {
  let entry = read;
  for (let attempt = 1; attempt <= CAS_ATTEMPTS; attempt += 1) {
    [entry] = entry === undefined ? await store.read(destination, [finding]) : [entry];
    if (entry === undefined) throw new TypeError(`the outbox answered nothing about ${finding}`);
    const next = change(entry);
    if (next === entry) return entry;
    const written = await writeUnchanged(store, next);
    if (written !== undefined) return written;
    entry = undefined;
  }
  throw new StaleEntryError(`somebody else always wrote ${finding} at ${destination}`);
};
