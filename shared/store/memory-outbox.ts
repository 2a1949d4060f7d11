import { emptyEntry, type OutboxEntry, type OutboxStore, type OutboxThread, StaleEntryError } from '../model/outbox.ts';

const keyOf = (destination: string, name: string): string => JSON.stringify([destination, name]);

const byFinding = (a: OutboxEntry, b: OutboxEntry): number => (a.finding < b.finding ? -1 : 1);

const byDue = (a: OutboxEntry, b: OutboxEntry): number => {
  const [left, right] = [a.dueAt ?? '', b.dueAt ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return byFinding(a, b);
};

/** What destinations have, for one process. */
export const memoryOutbox = (): OutboxStore => {
  const entries = new Map<string, OutboxEntry>();
  const threads = new Map<string, OutboxThread>();
  const of = (destination: string): readonly OutboxEntry[] =>
    [...entries.values()].filter((entry) => entry.destination === destination);
  return {
    read: (destination, findings) =>
      Promise.resolve(
        findings.map((finding) => entries.get(keyOf(destination, finding)) ?? emptyEntry(destination, finding)),
      ),
    write: (entry) => {
      const key = keyOf(entry.destination, entry.finding);
      if ((entries.get(key)?.revision ?? 0) !== entry.revision) {
        return Promise.reject(new StaleEntryError(`${key} was written since it was read`));
      }
      entries.set(key, { ...entry, revision: entry.revision + 1 });
      return Promise.resolve();
    },
    due: (destination, now, limit) =>
      Promise.resolve(
        of(destination)
          .filter(({ dueAt }) => dueAt !== undefined && Date.parse(dueAt) <= now.getTime())
          .toSorted(byDue)
          .slice(0, limit),
      ),
    parked: (destination, limit) =>
      Promise.resolve(
        of(destination)
          .filter(({ parked }) => parked.length > 0)
          .toSorted(byFinding)
          .slice(0, limit),
      ),
    readThread: (destination, thread) => Promise.resolve(threads.get(keyOf(destination, thread))),
    writeThread: (thread) => {
      threads.set(keyOf(thread.destination, thread.thread), thread);
      return Promise.resolve();
    },
  };
};
