import * as z from 'zod/mini';
import { type SqsMessage, sqsMessagesIn } from '../../shared/runtime/lambda/sqs-event.ts';

/**
 * What wakes this function. Samples of every event: test/recorded/events/.
 *
 *   EventBridge                 {"version":"0","source":"aws.eks","detail-type":"EKS Addon Update Succeeded",…}
 *                               https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 *   a queue of such events      {"Records":[{"messageId":…,"body":"{\"version\":\"0\",…}","eventSource":"aws:sqs"}]}
 *                               https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 *   CloudWatch Logs             {"awslogs":{"data":"<base64 of gzip>"}}: the audit log of a Kubernetes API
 *                               https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html
 */
const LogsEvent = z.object({ awslogs: z.object({ data: z.string() }) });

export type WakingEvent =
  | { readonly kind: 'queue'; readonly messages: readonly SqsMessage[] }
  | { readonly kind: 'logs'; readonly data: string }
  | { readonly kind: 'event'; readonly event: unknown };

export const wakingEvent = (event: unknown): WakingEvent => {
  const messages = sqsMessagesIn(event);
  if (messages !== undefined) return { kind: 'queue', messages };
  const logs = z.safeParse(LogsEvent, event);
  return logs.success ? { kind: 'logs', data: logs.data.awslogs.data } : { kind: 'event', event };
};
