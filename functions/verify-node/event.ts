import { type SqsMessage, sqsMessagesIn } from '../../shared/runtime/lambda/sqs-event.ts';
import { BadMessageError } from '../../shared/trigger/message.ts';

/**
 * What wakes this function: messages of the queue `verify-node`.
 *
 *   {"Records":[{"messageId":…,"eventSource":"aws:sqs","body":"{\"cluster\":{…},\"instanceId\":\"i-0a3c844322fab4955\",
 *   \"launchedAt\":\"2026-11-20T09:00:00Z\",\"attempt\":1}"}]}
 *   https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 *
 * @throws BadMessageError
 */
export const wakingEvent = (event: unknown): readonly SqsMessage[] => {
  const messages = sqsMessagesIn(event);
  if (messages === undefined) throw new BadMessageError('event: expected messages of a queue');
  return messages;
};
