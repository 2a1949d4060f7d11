import type { Announcement } from '../../model/announcement.ts';
import { type OutboxEntry, type OutboxStore, StaleEntryError } from '../../model/outbox.ts';
import type { Delivery, Destination } from '../port.ts';

/** Milliseconds: 5 s, 10 s, 20 s, … up to a quarter of an hour. */
const FIRST_BACKOFF_MS = 5000;
const LONGEST_BACKOFF_MS = 900_000;
/** About a week of quarters of an hour: a destination may be down for days and lose nothing. */
export const MOST_ATTEMPTS = 700;
/** Changes of one finding that wait at once, so that an entry stays below DynamoDB's 400 KB. */
const MOST_WAITING = 40;
const MOST_PARKED = 20;
const CAS_ATTEMPTS = 8;

export const backoffMs = (attempts: number): number =>
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts - 1, 20));

const later = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

/** Without what is there only while something waits. */
const settled = ({ dueAt: _due, reason: _reason, ...entry }: OutboxEntry): OutboxEntry => entry;

/** Keeps an entry's own rule: `dueAt` exactly where something waits. */
export const withWaiting = (entry: OutboxEntry, waiting: readonly Announcement[], dueAt: string): OutboxEntry =>
  waiting.length === 0 ? { ...settled(entry), waiting, attempts: 0 } : { ...entry, waiting, dueAt };

const wants = (destination: Destination): 'every-change' | 'latest' =>
  destination.kind === 'notice' ? 'latest' : destination.wants;

/** Too many wait: the oldest and the newest tell most, so what lies between is overtaken. */
const bounded = (waiting: readonly Announcement[]): readonly Announcement[] =>
  waiting.length <= MOST_WAITING
    ? waiting
    : [...waiting.slice(0, MOST_WAITING / 2), ...waiting.slice(-MOST_WAITING / 2)];

/** Whether people would have been told of it. */
const isFlip = ({ change: { kind } }: Announcement): boolean =>
  kind === 'opened' || kind === 'reopened' || kind === 'resolved' || kind === 'closed';

/** The entry with changes that it has not seen; the very entry where it has seen all of them. */
export const enqueued = (
  entry: OutboxEntry,
  announcements: readonly Announcement[],
  destination: Destination,
  now: Date,
): OutboxEntry => {
  const known = new Set(entry.waiting.map(({ sequence }) => sequence));
  const fresh = announcements.filter(({ sequence }) => sequence > entry.done && !known.has(sequence));
  if (fresh.length === 0) return entry;
  const all = [...entry.waiting, ...fresh].toSorted((a, b) => a.sequence - b.sequence);
  const waiting = wants(destination) === 'latest' ? all.slice(-1) : bounded(all);
  const flips = entry.held === undefined ? 0 : fresh.filter(isFlip).length;
  const next = withWaiting(entry, waiting, entry.dueAt ?? now.toISOString());
  return entry.held === undefined || flips === 0
    ? next
    : { ...next, held: { ...entry.held, flips: entry.held.flips + flips, lastAt: now.toISOString() } };
};

/** The entry after a destination's answer about the change of this sequence. What was enqueued meanwhile stays. */
export const answered = (entry: OutboxEntry, sequence: number, delivery: Delivery, now: Date): OutboxEntry => {
  const item = entry.waiting.find((each) => each.sequence === sequence);
  const rest = entry.waiting.filter((each) => each.sequence > sequence);
  const done = Math.max(entry.done, sequence);
  switch (delivery.outcome) {
    case 'delivered':
      return withWaiting(
        { ...settled(entry), done, attempts: 0, deliveredAt: now.toISOString() },
        rest,
        now.toISOString(),
      );
    case 'skipped':
      return withWaiting({ ...settled(entry), done, attempts: 0 }, rest, now.toISOString());
    case 'retry': {
      const attempts = entry.attempts + 1;
      if (attempts >= MOST_ATTEMPTS && item !== undefined) return parked(entry, item, delivery.reason, now);
      const wait = Math.max(backoffMs(attempts), delivery.retryAfterMs ?? 0);
      return { ...entry, attempts, dueAt: later(now, wait), reason: delivery.reason };
    }
    case 'refused':
      return item === undefined ? entry : parked(entry, item, delivery.reason, now);
  }
};

/** What is refused makes way for what comes after it. */
const parked = (entry: OutboxEntry, announcement: Announcement, reason: string, now: Date): OutboxEntry => {
  const next = { announcement, reason, parkedAt: now.toISOString() };
  return withWaiting(
    {
      ...settled(entry),
      done: Math.max(entry.done, announcement.sequence),
      attempts: 0,
      parked: [...entry.parked.filter((each) => each.announcement.sequence !== announcement.sequence), next].slice(
        -MOST_PARKED,
      ),
    },
    entry.waiting.filter(({ sequence }) => sequence > announcement.sequence),
    now.toISOString(),
  );
};

/** Everything parked waits again, in order, before what waits already. */
export const redriven = (entry: OutboxEntry, destination: Destination, now: Date): OutboxEntry => {
  const [first] = entry.parked;
  if (first === undefined) return entry;
  const done = Math.min(entry.done, ...entry.parked.map(({ announcement }) => announcement.sequence - 1));
  const all = entry.parked.map(({ announcement }) => announcement);
  return enqueued({ ...entry, done, parked: [], attempts: 0, dueAt: now.toISOString() }, all, destination, now);
};

/**
 * Reads, changes and writes an entry until nobody came in between. `change` must be a function of the entry alone.
 * @throws StaleEntryError where somebody always came in between
 */
export const updateEntry = async (
  store: OutboxStore,
  destination: string,
  finding: string,
  change: (entry: OutboxEntry) => OutboxEntry,
): Promise<OutboxEntry> => {
  for (let attempt = 1; ; attempt += 1) {
    const [entry] = await store.read(destination, [finding]);
    if (entry === undefined) throw new TypeError(`the outbox answered nothing about ${finding}`);
    const next = change(entry);
    if (next === entry) return entry;
    try {
      await store.write(next);
      return { ...next, revision: next.revision + 1 };
    } catch (error) {
      if (!(error instanceof StaleEntryError) || attempt === CAS_ATTEMPTS) throw error;
    }
  }
};
