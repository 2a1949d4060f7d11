import { unwrapEvent } from '../envelope/wrapper.ts';
import type { WrapperFault, WrapperForm } from '../envelope/wrapper.ts';
import type { DecodedBatch } from './batch.ts';
import type { PayloadDecoder } from './payload.ts';

export interface DecodedRecord {
  readonly form: WrapperForm;
  /** Kinesis' sequence number, Firehose's record id; CloudWatch Logs' own event has one payload and no id. */
  readonly id?: string;
  readonly batch: DecodedBatch;
}

/** What an event gave: every record on its own, so that a bad one spoils no other. */
export interface DecodedEvent {
  readonly records: readonly DecodedRecord[];
  /** Parts of the event that are not as documented, and hold no payload. */
  readonly faults: readonly WrapperFault[];
  /**
   * Ids of the records of which nothing could be read. They are the same bytes each time, so a retry never helps: report
   * them in `batchItemFailures` only where retries are few and a destination takes what has failed, or the shard stalls
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html). To Firehose they are
   * `ProcessingFailed` (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html).
   */
  readonly lostIds: readonly string[];
}

/** Whether not even an envelope was found. */
const isLost = ({ head, problems }: DecodedBatch): boolean => head === undefined && problems.length > 0;

/** Decodes what a function is woken with. Never rejects. */
export const decodeEvent = async (event: unknown, decoder: PayloadDecoder): Promise<DecodedEvent> => {
  const { payloads, faults } = unwrapEvent(event);
  const records: DecodedRecord[] = [];
  // One after the other: they share what the decoder has learnt, and memory stays that of one.
  for (const { form, id, data } of payloads) {
    records.push({ form, ...(id !== undefined && { id }), batch: await decoder.decode(data) });
  }
  const lost = [...records.filter(({ batch }) => isLost(batch)), ...faults];
  return { records, faults, lostIds: lost.map(({ id }) => id).filter((id) => id !== undefined) };
};
