import type { Announcement } from '../../model/announcement.ts';
import type { OutboxEntry } from '../../model/outbox.ts';
import type { Delivery, Destination, RecordDestination } from '../port.ts';

/** Milliseconds: 5 s, 10 s, 20 s, … up to a quarter of an hour. */
const FIRST_BACKOFF_MS = 5000;
const LONGEST_BACKOFF_MS = 900_000;
/** What a destination may ask for; a header that says a year must not silence it for a year. */
const LONGEST_ASKED_MS = 3_600_000;
/** About a week of quarters of an hour: a destination may be down for days and lose nothing. */
export const MOST_ATTEMPTS = 700;
/** Changes of one finding that wait or are parked at one destination: more than one every four minutes for a day. */
export const MOST_WAITING = 400;
export const MOST_PARKED = 200;

/** `difference`: people are told how it is now, where that is not what they may have heard last. */
export type Wants = RecordDestination['wants'] | 'difference';

export const wantsOf = (destination: Destination): Wants =>
  destination.kind === 'notice' ? 'difference' : destination.wants;

export const backoffMs = (attempts: number): number =>
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts - 1, 20));

const later = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

/** Without what is there only while something waits. */
const unscheduled = ({ dueAt: _due, reason: _reason, ...entry }: OutboxEntry): OutboxEntry => entry;

const calm = ({ held: _held, ...entry }: OutboxEntry): OutboxEntry => entry;

/** Keeps an entry's own rule: `dueAt` exactly where something waits. */
const withWaiting = (entry: OutboxEntry, waiting: readonly Announcement[], dueAt: string): OutboxEntry =>
  waiting.length === 0 ? { ...unscheduled(entry), waiting, attempts: 0 } : { ...entry, waiting, dueAt };

/** Too many wait: the oldest and the newest tell most, so what lies between is overtaken. */
const bounded = (waiting: readonly Announcement[]): readonly Announcement[] =>
  waiting.length <= MOST_WAITING
    ? waiting
    : [...waiting.slice(0, MOST_WAITING / 2), ...waiting.slice(-MOST_WAITING / 2)];

/** The newest that says open and the newest that says ended: more, nobody can have heard last. */
const mayBeHeard = (announcements: readonly Announcement[]): readonly Announcement[] =>
  [...new Map(announcements.map((each) => [each.change.finding.status === 'open', each])).values()].toSorted(
    (a, b) => a.sequence - b.sequence,
  );

/** What stays of those that waited when a newer one comes. What was tried may have arrived, whatever the answer was. */
const stillWaiting = ({ waiting, attempts }: OutboxEntry, wants: Wants): readonly Announcement[] => {
  switch (wants) {
    case 'every-change':
      return waiting;
    case 'latest':
      return [];
    case 'difference':
      return attempts > 0 ? mayBeHeard(waiting) : [];
  }
};

/** Whether people would have been told of it. */
const isFlip = ({ change: { kind } }: Announcement): boolean =>
  kind === 'opened' || kind === 'reopened' || kind === 'resolved' || kind === 'closed';

/**
 * Those that the entry has neither waiting nor dealt with, once each, in order. Where only the latest matters, what is
 * older than the newest that waits was overtaken before it came.
 */
export const unseen = (
  { done, waiting }: OutboxEntry,
  announcements: readonly Announcement[],
  wants: Wants,
): readonly Announcement[] => {
  const known = new Set(waiting.map(({ sequence }) => sequence));
  const from = wants === 'every-change' ? done : Math.max(done, ...known);
  const fresh = announcements.filter(({ sequence }) => sequence > from && !known.has(sequence));
  const bySequence = new Map(fresh.map((each) => [each.sequence, each]));
  return [...bySequence.values()].toSorted((a, b) => a.sequence - b.sequence);
};

/** The entry with changes that it has not seen; the very entry where it has seen all of them. */
export const enqueued = (
  entry: OutboxEntry,
  announcements: readonly Announcement[],
  wants: Wants,
  now: Date,
): OutboxEntry => {
  const fresh = unseen(entry, announcements, wants);
  if (fresh.length === 0) return entry;
  const all = [...stillWaiting(entry, wants), ...(wants === 'every-change' ? fresh : fresh.slice(-1))];
  const waiting = bounded(all.toSorted((a, b) => a.sequence - b.sequence));
  // What is due later stays so: the destination is down, the wait is on purpose, or somebody delivers right now.
  const next = withWaiting(entry, waiting, entry.dueAt ?? now.toISOString());
  const flips = fresh.filter(isFlip).length;
  if (entry.held === undefined || flips === 0) return next;
  return { ...next, held: { ...entry.held, flips: entry.held.flips + flips, lastAt: now.toISOString() } };
};

/** Nothing has to arrive up to this change, which is the newest: it is known, or not wanted. */
export const settled = (entry: OutboxEntry, { sequence }: Announcement): OutboxEntry => ({
  ...calm(unscheduled(entry)),
  done: sequence,
  waiting: [],
  parked: [],
  attempts: 0,
});

/**
 * What was refused is not tried again at every audit; but what is parked says how it is now, for when it is sent again.
 * The very entry where that is what it says already.
 */
export const reparked = (entry: OutboxEntry, latest: Announcement): OutboxEntry => {
  const last = entry.parked.at(-1);
  const { unverifiedSince } = latest.change.finding;
  if (last === undefined || last.announcement.change.finding.unverifiedSince === unverifiedSince) return entry;
  return { ...entry, done: latest.sequence, parked: [...entry.parked.slice(0, -1), { ...last, announcement: latest }] };
};

/**
 * What is refused makes way for what comes after it. Where not every change matters, it has overtaken the others; but
 * those that people may have heard stay beside it.
 */
const parked = (
  entry: OutboxEntry,
  { sequence }: Announcement,
  reason: string,
  wants: Wants,
  now: Date,
): OutboxEntry => {
  const gone = entry.waiting.filter((each) => isAnsweredWith(each, sequence, wants));
  const parkedAt = now.toISOString();
  const again = new Map(entry.parked.map((each) => [each.announcement.sequence, each]));
  for (const announcement of gone) again.set(announcement.sequence, { announcement, reason, parkedAt });
  const all = [...again.values()].toSorted((a, b) => a.announcement.sequence - b.announcement.sequence);
  const kept = new Set(wants === 'difference' ? mayBeHeard(all.map(({ announcement }) => announcement)) : []);
  const most = wants === 'latest' ? 1 : MOST_PARKED;
  return withWaiting(
    {
      ...unscheduled(entry),
      done: Math.max(entry.done, sequence),
      attempts: 0,
      parked: all.filter(({ announcement }) => wants !== 'difference' || kept.has(announcement)).slice(-most),
    },
    entry.waiting.filter((each) => !gone.includes(each)),
    now.toISOString(),
  );
};

/** Whether an answer about the change of this sequence is one about this change too. */
const isAnsweredWith = (each: Announcement, sequence: number, wants: Wants): boolean =>
  wants === 'every-change' ? each.sequence === sequence : each.sequence <= sequence;

const waitMs = (attempts: number, asked: number | undefined): number =>
  Math.max(backoffMs(attempts), Math.min(LONGEST_ASKED_MS, asked ?? 0) || 0);

/**
 * The entry after a destination's answer about the change of this sequence; the very entry where somebody else dealt
 * with it. What was enqueued meanwhile stays.
 */
export const answered = (
  entry: OutboxEntry,
  sequence: number,
  delivery: Delivery,
  wants: Wants,
  now: Date,
): OutboxEntry => {
  const item = entry.waiting.find((each) => each.sequence === sequence);
  const isOvertaken = item === undefined && wants !== 'every-change' && entry.done < sequence;
  if (item === undefined && !isOvertaken) return entry;
  const arrived = (): OutboxEntry =>
    withWaiting(
      {
        ...unscheduled(entry),
        done: Math.max(entry.done, sequence),
        attempts: 0,
        parked: wants === 'every-change' ? entry.parked : [],
      },
      entry.waiting.filter((each) => !isAnsweredWith(each, sequence, wants)),
      now.toISOString(),
    );
  switch (delivery.outcome) {
    case 'delivered':
      return { ...calm(arrived()), deliveredAt: now.toISOString() };
    case 'skipped':
      return calm(arrived());
    case 'retry': {
      const attempts = Math.max(1, entry.attempts);
      if (attempts >= MOST_ATTEMPTS && item !== undefined) return parked(entry, item, delivery.reason, wants, now);
      const dueAt = later(now, waitMs(attempts, delivery.retryAfterMs));
      return { ...entry, attempts, dueAt, reason: delivery.reason };
    }
    case 'refused':
      // Nobody needs the overtaken one any more; the one that waits instead has its own chance.
      return item === undefined ? arrived() : parked(entry, item, delivery.reason, wants, now);
  }
};

/**
 * Everything parked waits again, in order, before what waits already. A destination of every change gets it after newer
 * ones it has; its `sequence` says so. Others get it only where nothing newer waits.
 */
export const redriven = (entry: OutboxEntry, wants: Wants, now: Date): OutboxEntry => {
  if (entry.parked.length === 0) return entry;
  const all = [...entry.parked.map(({ announcement }) => announcement), ...entry.waiting];
  const dueAt = entry.dueAt ?? now.toISOString();
  const freed = { ...entry, parked: [] };
  if (wants === 'every-change') {
    return withWaiting(
      freed,
      all.toSorted((a, b) => a.sequence - b.sequence),
      dueAt,
    );
  }
  const newest = all.slice(-1);
  const tried = wants === 'difference' ? mayBeHeard(all.slice(0, -1)) : [];
  const done = Math.min(entry.done, ...newest.map(({ sequence }) => sequence - 1));
  return withWaiting({ ...freed, done, attempts: Math.max(1, entry.attempts) }, [...tried, ...newest], dueAt);
};
