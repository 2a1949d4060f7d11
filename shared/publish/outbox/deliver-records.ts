import type { Announcement } from '../../model/announcement.ts';
import { findingOf } from '../../model/announcement.ts';
import type { OutboxEntry, OutboxStore } from '../../model/outbox.ts';
import type { Delivery, RecordDestination } from '../port.ts';
import { answered, enqueued, unseen } from './entry.ts';
import { asTold } from './noise.ts';
import { attemptEach, leased, throwFirst, updateEntry } from './write-entry.ts';

/** A finding that nothing happens to is sent again before Security Hub forgets it after 90 days. */
const RESEND_MS = 7 * 86_400_000;

/** What the destination takes the finding for by its newest `sequence`, once it has all that waits or is parked. */
const isKnownUnverified = ({ done, waiting, parked, told }: OutboxEntry): boolean => {
  const next = waiting.at(-1);
  const last = parked.at(-1)?.announcement;
  if (next !== undefined && next.sequence >= done) return findingOf(next).unverifiedSince !== undefined;
  if (last !== undefined && last.sequence === done) return findingOf(last).unverifiedSince !== undefined;
  return told?.isUnverified === true;
};

/** Whether a destination of records wants to hear of this at all. */
const isWanted = (
  announcement: Announcement,
  entry: OutboxEntry,
  destination: RecordDestination,
  now: Date,
): boolean => {
  if (announcement.change.kind !== 'refreshed') return true;
  // Somebody could look again, or nobody can since another time: the destination must not go on saying what it says.
  if (isKnownUnverified(entry) || findingOf(announcement).unverifiedSince !== undefined) return true;
  if (destination.wants === 'every-change') return false;
  const { deliveredAt, waiting, parked } = entry;
  if (waiting.length > 0) return true;
  if (parked.length > 0) return false;
  return deliveredAt === undefined || now.getTime() - Date.parse(deliveredAt) > RESEND_MS;
};

/** The entry with what the destination wants of these changes; the very entry where that is nothing new. */
export const enqueuedRecords = (
  entry: OutboxEntry,
  announcements: readonly Announcement[],
  destination: RecordDestination,
  now: Date,
): OutboxEntry =>
  unseen(entry, announcements, destination.wants).reduce(
    (sofar, each) =>
      isWanted(each, sofar, destination, now) ? enqueued(sofar, [each], destination.wants, now) : sofar,
    entry,
  );

/** Exactly one answer for each item, also where the destination forgot one or threw. */
const publishAll = async (
  destination: RecordDestination,
  items: readonly Announcement[],
): Promise<ReadonlyMap<string, Delivery>> => {
  const silent = (reason: string): ReadonlyMap<string, Delivery> =>
    new Map(items.map(({ id }) => [id, { id, outcome: 'retry', reason }]));
  try {
    const done = await destination.publish(items);
    return new Map([...silent('the destination gave no answer'), ...done.map((each) => [each.id, each] as const)]);
  } catch (error) {
    return silent(error instanceof Error ? error.message : String(error));
  }
};

/**
 * One call for the first waiting change of each entry, and what became of it written down.
 * @throws what the store threw, when everything that could be done is done
 */
export const deliverRecords = async (
  store: OutboxStore,
  destination: RecordDestination,
  entries: readonly OutboxEntry[],
  now: () => Date,
): Promise<readonly Delivery[]> => {
  const mine = await leased(store, entries, now());
  const items = mine.results.flatMap(({ waiting: [first] }) => (first === undefined ? [] : [first]));
  const answers = items.length === 0 ? new Map<string, Delivery>() : await publishAll(destination, items);
  const { results, failures } = await attemptEach(items, async (item) => {
    const delivery = answers.get(item.id) ?? { id: item.id, outcome: 'retry', reason: 'no answer' };
    await updateEntry(store, destination.name, item.change.finding.id, (fresh) => {
      const next = answered(fresh, item.sequence, delivery, destination.wants, now());
      // What was parked and is sent again may be older than what the destination has.
      const isNewest = next !== fresh && delivery.outcome === 'delivered' && next.done === item.sequence;
      return isNewest ? { ...next, told: { ...asTold(item), flips: [] } } : next;
    });
    return delivery;
  });
  throwFirst([...mine.failures, ...failures]);
  return results;
};
