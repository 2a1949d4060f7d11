import type { EventBridgeClient, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Announcement } from '../../model/announcement.ts';
import { clusterArn } from '../../model/cluster.ts';
import { singleLine } from '../../model/single-line.ts';
import { fitMessage, toMessage, type KeepFull } from '../message/finding-message.ts';
import type { Delivery, RecordDestination } from '../port.ts';
import { failedWith } from '../send-each.ts';

/** Entries, and bytes of all of them together: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MOST_ENTRIES = 10;
const LIMIT_BYTES = 256_000;
/** Source, detail type, time and resource of one entry count, too. */
const ENTRY_ROOM = 2048;

export const EVENT_SOURCE = 'netpol-warden';
export const EVENT_DETAIL_TYPE = 'Netpol Warden Finding Change';

export interface EventBridgeOptions {
  readonly client: () => Promise<EventBridgeClient>;
  /** Name or ARN of the bus. */
  readonly bus: string;
  readonly keepFull?: KeepFull;
}

interface Entry {
  readonly id: string;
  readonly bytes: number;
  readonly entry: PutEventsRequestEntry;
}

const entryOf = async (item: Announcement, { bus, keepFull }: EventBridgeOptions): Promise<Entry | undefined> => {
  const fitted = await fitMessage(toMessage(item), LIMIT_BYTES - ENTRY_ROOM, keepFull);
  if (fitted === undefined) return undefined;
  return {
    id: item.id,
    bytes: Buffer.byteLength(fitted.body) + ENTRY_ROOM,
    entry: {
      EventBusName: bus,
      Source: EVENT_SOURCE,
      DetailType: EVENT_DETAIL_TYPE,
      Time: new Date(item.at),
      Resources: [clusterArn(item.change.finding.cluster)],
      Detail: fitted.body,
    },
  };
};

const batches = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const all: Entry[][] = [];
  let size = 0;
  for (const entry of entries) {
    const last = all.at(-1);
    if (last === undefined || last.length === MOST_ENTRIES || size + entry.bytes > LIMIT_BYTES) {
      all.push([entry]);
      size = entry.bytes;
    } else {
      last.push(entry);
      size += entry.bytes;
    }
  }
  return all;
};

/** One event a change; its detail is `docs/finding-message.schema.json`. */
export const eventBridgeDestination = (options: EventBridgeOptions): RecordDestination => {
  const put = async (batch: readonly Entry[]): Promise<readonly Delivery[]> => {
    try {
      const [client, { PutEventsCommand }] = await Promise.all([
        options.client(),
        import('@aws-sdk/client-eventbridge'),
      ]);
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }));
      // Answers stand in the order of the entries; an entry without an answer may not have arrived.
      return batch.map(({ id }, index): Delivery => {
        const answer = Entries[index];
        if (answer?.EventId !== undefined) return { id, outcome: 'delivered', reference: answer.EventId };
        const reason = singleLine(`${answer?.ErrorCode ?? 'no answer'}: ${answer?.ErrorMessage ?? ''}`, 400);
        return { id, outcome: 'retry', reason };
      });
    } catch (error) {
      return batch.map(({ id }) => failedWith(id, error));
    }
  };

  return {
    kind: 'record',
    name: 'eventbridge',
    wants: 'every-change',
    publish: async (items) => {
      const done: Delivery[] = [];
      const entries: Entry[] = [];
      for (const item of items) {
        const entry = await entryOf(item, options).catch((error: unknown) => {
          done.push(failedWith(item.id, error));
          return 'failed' as const;
        });
        if (entry === undefined)
          done.push({ id: item.id, outcome: 'refused', reason: `more than ${LIMIT_BYTES} bytes` });
        else if (entry !== 'failed') entries.push(entry);
      }
      for (const batch of batches(entries)) done.push(...(await put(batch)));
      return done;
    },
  };
};
