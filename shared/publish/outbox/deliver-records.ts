import type { Announcement } from '../../model/announcement.ts';
import type { OutboxEntry, OutboxStore } from '../../model/outbox.ts';
import type { Delivery, RecordDestination } from '../port.ts';
import { answered, updateEntry } from './entry.ts';

/** A finding that nothing happens to is sent again before Security Hub forgets it after 90 days. */
const RESEND_MS = 7 * 86_400_000;

/** Whether a destination of records wants to hear of this at all. */
export const isWanted = (
  { change: { kind } }: Announcement,
  { deliveredAt }: OutboxEntry,
  destination: RecordDestination,
  now: Date,
): boolean => {
  if (kind !== 'refreshed' && kind !== 'backdated') return true;
  if (destination.wants === 'every-change') return false;
  return kind === 'backdated' || deliveredAt === undefined || now.getTime() - Date.parse(deliveredAt) > RESEND_MS;
};

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

/** One call for the first waiting change of each entry, and what became of it written down. */
export const deliverRecords = async (
  store: OutboxStore,
  destination: RecordDestination,
  entries: readonly OutboxEntry[],
  now: () => Date,
): Promise<readonly { readonly entry: OutboxEntry; readonly delivery: Delivery }[]> => {
  const items = entries.flatMap(({ waiting: [first] }) => (first === undefined ? [] : [first]));
  if (items.length === 0) return [];
  const answers = await publishAll(destination, items);
  return Promise.all(
    items.map(async (item) => {
      const delivery = answers.get(item.id) ?? { id: item.id, outcome: 'retry', reason: 'no answer' };
      const entry = await updateEntry(store, destination.name, item.change.finding.id, (fresh) =>
        fresh.done >= item.sequence ? fresh : answered(fresh, item.sequence, delivery, now()),
      );
      return { entry, delivery };
    }),
  );
};
