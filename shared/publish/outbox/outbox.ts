import type { Announcement } from '../../model/announcement.ts';
import type { ClusterRef } from '../../model/cluster.ts';
import type { OutboxEntry, OutboxStore } from '../../model/outbox.ts';
import type { Delivery, Destination } from '../port.ts';
import { deliverNotices } from './deliver-notices.ts';
import { deliverRecords, isWanted } from './deliver-records.ts';
import { enqueued, redriven, updateEntry } from './entry.ts';
import { type NoiseRules, noticeKindOf } from './noise.ts';

const BATCH = 500;

export interface OutboxDependencies {
  readonly store: OutboxStore;
  readonly destinations: readonly Destination[];
  readonly rules: NoiseRules;
  readonly now: () => Date;
  readonly openNow: (cluster: ClusterRef, check: string) => Promise<number>;
  /** Told of everything that a destination did not take, for logs and metrics. */
  readonly onTrouble?: (destination: string, delivery: Delivery) => void;
}

/** What one run did, by destination. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly retry: number;
  readonly refused: number;
  readonly skipped: number;
}

const isNews = (entry: OutboxEntry, announcement: Announcement, destination: Destination, now: Date): boolean => {
  if (announcement.sequence <= entry.done) return false;
  if (destination.kind === 'record') return isWanted(announcement, entry, destination, now);
  // What waits may be overtaken by it, so then it counts whatever it is.
  return entry.waiting.length > 0 || noticeKindOf(announcement, entry.told) !== undefined;
};

const enqueueOne = async (
  { store, now }: OutboxDependencies,
  destination: Destination,
  finding: string,
  announcements: readonly Announcement[],
): Promise<void> => {
  await updateEntry(store, destination.name, finding, (entry) => {
    const at = now();
    return enqueued(
      entry,
      announcements.filter((each) => isNews(entry, each, destination, at)),
      destination,
      at,
    );
  });
};

/**
 * Writes down what each destination has to be told of. Once this has returned nothing is lost, whatever becomes of the
 * process; calling it again with the same changes does nothing.
 * @returns the findings of which it could not be written down, with the reason: they must be given again
 */
export const enqueue = async (
  dependencies: OutboxDependencies,
  announcements: readonly Announcement[],
): Promise<ReadonlyMap<string, unknown>> => {
  const failed = new Map<string, unknown>();
  const byFinding = Map.groupBy(announcements, ({ change }) => change.finding.id);
  await Promise.all(
    [...byFinding].flatMap(([finding, group]) =>
      dependencies.destinations.map(async (destination) =>
        enqueueOne(dependencies, destination, finding, group).catch((error: unknown) => {
          failed.set(finding, error);
        }),
      ),
    ),
  );
  return failed;
};

const publishDue = async (
  destination: Destination,
  entries: readonly OutboxEntry[],
  dependencies: OutboxDependencies,
): Promise<readonly { readonly entry: OutboxEntry; readonly delivery: Delivery }[]> =>
  destination.kind === 'record'
    ? deliverRecords(dependencies.store, destination, entries, dependencies.now)
    : deliverNotices(destination, entries, dependencies);

/** How often one destination is asked for more in one run: what is due again at once is news that came meanwhile. */
const MOST_ROUNDS = 40;

/**
 * Delivers what is due at one destination, the longest waiting first, each finding's changes in order. A destination that
 * does not answer delays only itself.
 */
export const dispatch = async (
  dependencies: OutboxDependencies,
  destination: Destination,
  mayGoOn: () => boolean = () => true,
): Promise<DeliveryCounts> => {
  const counts = { delivered: 0, retry: 0, refused: 0, skipped: 0 };
  for (let round = 0; round < MOST_ROUNDS && mayGoOn(); round += 1) {
    const entries = await dependencies.store.due(destination.name, dependencies.now(), BATCH);
    if (entries.length === 0) break;
    for (const { delivery } of await publishDue(destination, entries, dependencies)) {
      counts[delivery.outcome] += 1;
      if (delivery.outcome === 'retry' || delivery.outcome === 'refused') {
        dependencies.onTrouble?.(destination.name, delivery);
      }
    }
  }
  return counts;
};

/** Every destination, side by side. */
export const dispatchAll = async (
  dependencies: OutboxDependencies,
  mayGoOn?: () => boolean,
): Promise<ReadonlyMap<string, DeliveryCounts | Error>> => {
  const done = await Promise.all(
    dependencies.destinations.map(async (destination) => {
      const result = await dispatch(dependencies, destination, mayGoOn).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      return [destination.name, result] as const;
    }),
  );
  return new Map(done);
};

/** Has everything that is parked at a destination tried again. Gives the number of findings. */
export const redrive = async (dependencies: OutboxDependencies, destination: Destination): Promise<number> => {
  let count = 0;
  for (;;) {
    const entries = await dependencies.store.parked(destination.name, BATCH);
    if (entries.length === 0) return count;
    for (const { finding } of entries) {
      await updateEntry(dependencies.store, destination.name, finding, (entry) =>
        redriven(entry, destination, dependencies.now()),
      );
    }
    count += entries.length;
  }
};
