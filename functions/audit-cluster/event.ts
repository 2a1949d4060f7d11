import * as z from 'zod/mini';
import { type SqsMessage, sqsMessagesIn } from '../../shared/runtime/lambda/sqs-event.ts';
import { auditRequestIn, BadMessageError } from '../../shared/trigger/message.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';

/**
 * What wakes this function.
 *
 *   audit-requests.fifo   {"Records":[{"messageId":…,"body":"{\"cluster\":{…},\"kind\":\"audit\",…}","eventSource":"aws:sqs",
 *                         "attributes":{"MessageGroupId":…}}]}
 *                         https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 *   Step Functions        {"request":{"cluster":{…},"kind":"audit","reason":"schedule",…}}
 *                         https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
const StepEvent = z.object({ request: z.unknown() });

export type WakingEvent =
  | { readonly kind: 'queue'; readonly messages: readonly SqsMessage[] }
  | { readonly kind: 'step'; readonly request: AuditRequest };

/** @throws BadMessageError */
export const wakingEvent = (event: unknown): WakingEvent => {
  const messages = sqsMessagesIn(event);
  if (messages !== undefined) return { kind: 'queue', messages };
  const step = z.safeParse(StepEvent, event);
  if (!step.success) throw new BadMessageError('event: expected messages of a queue, or {"request": …}');
  return { kind: 'step', request: auditRequestIn(step.data.request) };
};
