import type { SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { once } from './cached.ts';

export interface OutgoingMessage {
  readonly body: string;
  /** Seconds, at most 900; not in a FIFO queue. */
  readonly delaySeconds?: number;
  readonly fifo?: { readonly groupId: string; readonly deduplicationId: string };
}

/** Some messages were not taken. Sending all of them again does no harm. */
export class SendError extends Error {
  override readonly name = 'SendError';
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const BATCH = 10;

const entryOf = ({ body, delaySeconds, fifo }: OutgoingMessage, index: number): SendMessageBatchRequestEntry => ({
  Id: String(index),
  MessageBody: body,
  ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
  ...(fifo === undefined ? {} : { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
});

export type SendAll = (messages: readonly OutgoingMessage[]) => Promise<void>;

/** Sends to one queue, ten at a time. @throws SendError, and what the SDK throws */
export const queueSender = (queueUrl: string, region: string): SendAll => {
  const client = once(async (): Promise<SQSClient> => new (await import('@aws-sdk/client-sqs')).SQSClient({ region }));
  return async (messages) => {
    const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs');
    const sqs = await client();
    for (let start = 0; start < messages.length; start += BATCH) {
      const Entries = messages.slice(start, start + BATCH).map(entryOf);
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      if (Failed.length > 0) {
        const codes = [...new Set(Failed.map(({ Code }) => Code ?? 'unknown'))].join(', ');
        throw new SendError(`${Failed.length} of ${Entries.length} messages were not taken: ${codes}`);
      }
    }
  };
};
