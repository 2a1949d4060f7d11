import type { Announcement } from '../../model/announcement.ts';
import type { ClusterRef } from '../../model/cluster.ts';
import type { OutboxEntry, OutboxStore } from '../../model/outbox.ts';
import type { Delivery, Destination } from '../port.ts';
import { deliverNotices, enqueuedNotices } from './deliver-notices.ts';
import { deliverRecords, enqueuedRecords } from './deliver-records.ts';
import { redriven, wantsOf } from './entry.ts';
import type { NoiseRules } from './noise.ts';
import { attemptEach, throwFirst, updateEntry } from './write-entry.ts';

/** In one call of `publish`, which has to end before the lease does. */
const RECORDS_AT_ONCE = 100;
const ENTRIES_AT_ONCE = 500;

export interface OutboxDependencies {
  readonly store: OutboxStore;
  readonly destinations: readonly Destination[];
  readonly rules: NoiseRules;
  readonly now: () => Date;
  readonly openNow: (cluster: ClusterRef, check: string) => Promise<number>;
  /** Told of everything that a destination did not take, for logs and metrics. */
  readonly onTrouble?: (destination: string, delivery: Delivery) => void;
}

interface Round {
  readonly found: number;
  readonly deliveries: readonly Delivery[];
}

/** What one run did, by destination: findings, not messages. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly retry: number;
  readonly refused: number;
  readonly skipped: number;
}

const enqueueAt = async (
  { store, rules, now }: OutboxDependencies,
  destination: Destination,
  byFinding: ReadonlyMap<string, readonly Announcement[]>,
): Promise<ReadonlyMap<string, unknown>> => {
  const failed = new Map<string, unknown>();
  const entries = await store.read(destination.name, [...byFinding.keys()]);
  await attemptEach(entries, async (read) => {
    const group = byFinding.get(read.finding) ?? [];
    const change = (entry: OutboxEntry): OutboxEntry =>
      destination.kind === 'record'
        ? enqueuedRecords(entry, group, destination, now())
        : enqueuedNotices(entry, group, rules, now());
    await updateEntry(store, destination.name, read.finding, change, read).catch((error: unknown) => {
      failed.set(read.finding, error);
    });
  });
  return failed;
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
  const byFinding = Map.groupBy(announcements, ({ change }) => change.finding.id);
  if (byFinding.size === 0) return new Map();
  const failed = await Promise.all(
    dependencies.destinations.map(async (destination) =>
      enqueueAt(dependencies, destination, byFinding).catch(
        (error: unknown): ReadonlyMap<string, unknown> => new Map([...byFinding.keys()].map((id) => [id, error])),
      ),
    ),
  );
  return new Map(failed.flatMap((each) => [...each]));
};

/** How often one destination is asked for more in one run. */
const MOST_ROUNDS = 100;

const round = async (dependencies: OutboxDependencies, destination: Destination): Promise<Round> => {
  const { store, now } = dependencies;
  const most = destination.kind === 'record' ? RECORDS_AT_ONCE : ENTRIES_AT_ONCE;
  const entries = await store.due(destination.name, now(), most);
  const deliveries =
    destination.kind === 'record'
      ? await deliverRecords(store, destination, entries, now)
      : await deliverNotices(destination, entries, dependencies);
  return { found: entries.length, deliveries };
};

/**
 * Delivers what is due at one destination, the longest waiting first, each finding's changes in order. A destination that
 * does not answer delays only itself. May run several times at once.
 * @throws what the store threw
 */
export const dispatch = async (
  dependencies: OutboxDependencies,
  destination: Destination,
  mayGoOn: () => boolean = () => true,
): Promise<DeliveryCounts> => {
  const counts = { delivered: 0, retry: 0, refused: 0, skipped: 0 };
  for (let index = 0; index < MOST_ROUNDS && mayGoOn(); index += 1) {
    const { found, deliveries } = await round(dependencies, destination);
    if (found === 0) break;
    for (const delivery of deliveries) {
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

/**
 * Has everything that is parked at a destination tried again; at people, only what has not been overtaken since.
 * @returns the number of findings
 * @throws what the store threw: the rest is still parked
 */
export const redrive = async ({ store, now }: OutboxDependencies, destination: Destination): Promise<number> => {
  const again = new Set<string>();
  for (;;) {
    const entries = await store.parked(destination.name, ENTRIES_AT_ONCE);
    // What is refused again at once, by a dispatch that runs meanwhile, stays parked.
    const fresh = entries.filter(({ finding }) => !again.has(finding));
    if (fresh.length === 0) return again.size;
    const { failures } = await attemptEach(fresh, async ({ finding }) => {
      await updateEntry(store, destination.name, finding, (entry) => redriven(entry, wantsOf(destination), now()));
      again.add(finding);
    });
    throwFirst(failures);
  }
};
