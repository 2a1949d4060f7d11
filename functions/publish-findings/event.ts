import * as z from 'zod/mini';

/**
 * What wakes this function.
 *
 *   the table's stream   {"Records":[{"eventName":"MODIFY","dynamodb":{"SequenceNumber":"111","NewImage":{"pk":{"S":…},…}}}]}
 *                        https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 *   a schedule           {"dispatch":true}: deliver what is due again
 *   a schedule           {"digest":true,"hours":24,"skipQuiet":false}: tell people how each cluster is; the rest may be absent
 */
const Value = z.object({ S: z.optional(z.string()), N: z.optional(z.string()), B: z.optional(z.string()) });

const Record = z.object({
  eventName: z.optional(z.string()),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    NewImage: z.optional(z.record(z.string(), Value)),
  }),
});

const StreamEvent = z.object({ Records: z.array(z.unknown()) });
const DispatchEvent = z.object({ dispatch: z.literal(true) });
const DEFAULT_HOURS = 24;
const MOST_HOURS = 744;
const DigestEvent = z.object({
  digest: z.literal(true),
  hours: z.optional(z.int().check(z.gte(1), z.lte(MOST_HOURS))),
  skipQuiet: z.optional(z.boolean()),
});

export type Image = { readonly [attribute: string]: z.infer<typeof Value> };

export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly image?: Image;
}

export type WakingEvent =
  | { readonly kind: 'stream'; readonly records: readonly StreamRecord[]; readonly unreadable: number }
  | { readonly kind: 'dispatch' }
  /** About so many hours. `skipQuiet`: nothing of clusters of which nobody needs to read. */
  | { readonly kind: 'digest'; readonly hours: number; readonly skipQuiet: boolean };

/** An event that this function does not know: it was wired to the wrong source. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}

/** @throws UnknownEventError */
export const wakingEvent = (event: unknown): WakingEvent => {
  if (z.safeParse(DispatchEvent, event).success) return { kind: 'dispatch' };
  const digest = z.safeParse(DigestEvent, event);
  if (digest.success) {
    const { hours = DEFAULT_HOURS, skipQuiet = false } = digest.data;
    return { kind: 'digest', hours, skipQuiet };
  }
  const stream = z.safeParse(StreamEvent, event);
  if (!stream.success) {
    throw new UnknownEventError(
      `event: expected records of the table, {"dispatch": true}, or {"digest": true} with hours from 1 to ${MOST_HOURS}`,
    );
  }
  const read = stream.data.Records.map((record) => z.safeParse(Record, record));
  return {
    kind: 'stream',
    records: read.flatMap(({ success, data }) => {
      if (!success) return [];
      const { SequenceNumber: sequenceNumber, NewImage: image } = data.dynamodb;
      return [{ sequenceNumber, ...(image === undefined ? {} : { image }) }];
    }),
    unreadable: read.filter(({ success }) => !success).length,
  };
};
