import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { PartialItemFailureResponse } from '@aws-lambda-powertools/batch/types';
import type { SQSRecord } from 'aws-lambda';
import type { Log } from './ports.ts';
import type { SqsMessage } from './sqs-event.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
export type BatchFailures = PartialItemFailureResponse;

/**
 * Handles each message by itself and reports those that failed: they come again, and after too many times go where an
 * operator sees them. In a FIFO queue what follows a failure in its group waits; the other groups go on.
 */
export const eachMessage = async (
  messages: readonly SqsMessage[],
  order: 'fifo' | 'any',
  log: Log,
  handle: (message: SqsMessage) => Promise<void>,
): Promise<BatchFailures> => {
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  const Records = messages.map(({ messageId, groupId }) => ({
    messageId,
    ...(groupId === undefined ? {} : { attributes: { MessageGroupId: groupId } }),
  }));
  const handleRecord = async ({ messageId }: SQSRecord): Promise<void> => {
    const message = byId.get(messageId);
    if (message === undefined) throw new Error('a message without its body');
    await handle(message).catch((error: unknown) => {
      log.error('a message failed and will come again', { correlationId: messageId, error });
      throw error;
    });
  };
  return order === 'fifo'
    ? processPartialResponse({ Records }, handleRecord, new SqsFifoPartialProcessorAsync(), {
        throwOnFullBatchFailure: false,
        skipGroupOnError: true,
      })
    : processPartialResponse({ Records }, handleRecord, new BatchProcessor(EventType.SQS), {
        throwOnFullBatchFailure: false,
      });
};
