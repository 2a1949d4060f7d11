import type { Announcement } from '../../shared/model/announcement.ts';
import type { Change } from '../../shared/model/finding.ts';
import { dispatchAll, enqueue, type OutboxDependencies } from '../../shared/publish/outbox/outbox.ts';
import type { BatchFailures } from '../../shared/runtime/lambda/batch.ts';
import type { Handler } from '../../shared/runtime/lambda/handler.ts';
import type { Log, Meter } from '../../shared/runtime/lambda/ports.ts';
import { type Image, type StreamRecord, wakingEvent } from './event.ts';
import type { DigestSources } from './send-digests.ts';

/** A change as the store's stream gives it. */
export interface Committed {
  readonly change: Change;
  readonly sequence: number;
  readonly at: string;
}

export interface PublishFindingsDependencies {
  /** Undefined for items that are no findings. Throws for those that cannot be understood. */
  readonly changeOf: (image: Image) => Promise<Committed | undefined>;
  readonly announce: (changes: readonly Committed[]) => Promise<readonly Announcement[]>;
  readonly outbox: () => Promise<Omit<OutboxDependencies, 'onTrouble'>>;
  readonly digests: () => Promise<DigestSources>;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** Kept for the answer. */
const RESERVED_MS = 10_000;
const DAY_MS = 86_400_000;
/** Entries of one destination that are looked at for the oldest. */
const MOST_WAITING = 200;

interface Read {
  readonly sequenceNumber: string;
  readonly committed: Committed;
}

/** Committed changes into the outbox, what is due out of it, and digests. */
export const makeHandler = (dependencies: PublishFindingsDependencies): Handler => {
  const { changeOf, announce, outbox, digests, now, log, meter } = dependencies;

  const withTrouble = async (correlationId: string): Promise<OutboxDependencies> => ({
    ...(await outbox()),
    onTrouble: (destination, delivery) => {
      const { id, outcome } = delivery;
      const fields = { correlationId, destination, id, reason: 'reason' in delivery ? delivery.reason : '' };
      if (outcome === 'refused') log.error('a destination refused a change: it is parked', fields);
      else log.warn('a destination did not take a change yet', fields);
    },
  });

  /** What nobody will ever understand is said; the item itself stays in the table. */
  const read = async ({ sequenceNumber, image }: StreamRecord, correlationId: string): Promise<readonly Read[]> => {
    if (image === undefined) return [];
    try {
      const committed = await changeOf(image);
      return committed === undefined ? [] : [{ sequenceNumber, committed }];
    } catch (error) {
      log.error('a stored finding that cannot be read', { correlationId, sequenceNumber, error });
      meter.count('PoisonMessages');
      return [];
    }
  };

  /** How long the change has waited that a destination did not take: what is held back on purpose was never tried. */
  const measureLag = async (
    { store }: OutboxDependencies,
    destination: string,
    correlationId: string,
  ): Promise<void> => {
    try {
      const waiting = await store.due(destination, new Date(now().getTime() + DAY_MS), MOST_WAITING);
      const tried = waiting.filter(({ attempts }) => attempts > 0).flatMap(({ waiting: [first] }) => first ?? []);
      const oldest = Math.min(...tried.map(({ at }) => Date.parse(at)));
      if (Number.isFinite(oldest)) meter.seconds('DeliveryLag', Math.max(0, (now().getTime() - oldest) / 1000));
    } catch (error) {
      log.error('what waits for a destination could not be read', { correlationId, destination, error });
    }
  };

  const deliver = async (open: OutboxDependencies, correlationId: string, until: number): Promise<void> => {
    const done = await dispatchAll(open, () => now().getTime() < until);
    for (const [destination, result] of done) {
      if (result instanceof Error) {
        // What it had to deliver stays in the outbox; the schedule tries again.
        log.error('a destination could not be served', { correlationId, destination, error: result });
        meter.count('DeliveryRetries');
        continue;
      }
      if (result.delivered > 0) meter.count('Delivered', result.delivered);
      if (result.retry > 0) meter.count('DeliveryRetries', result.retry);
      if (result.refused > 0) meter.count('DeliveryRefused', result.refused);
    }
    for (const { name } of open.destinations) await measureLag(open, name, correlationId);
  };

  return async (event, context): Promise<BatchFailures> => {
    const correlationId = context.awsRequestId;
    const until = now().getTime() + context.getRemainingTimeInMillis() - RESERVED_MS;
    const waking = wakingEvent(event);
    if (waking.kind === 'digest') {
      const { hours, skipQuiet } = waking;
      // Once a day: no cost to the start of every other run.
      const { sendDigests } = await import('./send-digests.ts');
      await sendDigests(await digests(), { hours, skipQuiet, correlationId, deadline: until, now, log, meter });
      return { batchItemFailures: [] };
    }
    const open = await withTrouble(correlationId);
    if (waking.kind === 'dispatch') {
      await deliver(open, correlationId, until);
      return { batchItemFailures: [] };
    }
    if (waking.unreadable > 0) {
      log.error('records that are none of a stream', { correlationId, count: waking.unreadable });
      meter.count('PoisonMessages', waking.unreadable);
    }
    const changes: Read[] = [];
    for (const record of waking.records) changes.push(...(await read(record, correlationId)));
    if (changes.length === 0) return { batchItemFailures: [] };

    const failed = await enqueue(open, await announce(changes.map(({ committed }) => committed)));
    for (const [finding, error] of failed) {
      log.error('a change was not written down and will come again', { correlationId, finding, error });
    }
    const isFailed = ({ committed }: Read): boolean => failed.has(committed.change.finding.id);
    meter.count('ChangesEnqueued', changes.filter((each) => !isFailed(each)).length);
    if (failed.size > 0) meter.count('ChangesNotEnqueued', failed.size);
    for (const { committed } of changes) {
      meter.seconds('DeliveryLag', Math.max(0, (now().getTime() - Date.parse(committed.at)) / 1000));
    }
    await deliver(open, correlationId, until);
    return {
      batchItemFailures: changes.filter(isFailed).map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
    };
  };
};
