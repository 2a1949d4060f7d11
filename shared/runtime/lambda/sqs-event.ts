import * as z from 'zod/mini';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const SqsEvent = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string(),
        body: z.string(),
        eventSource: z.literal('aws:sqs'),
        attributes: z.optional(z.object({ MessageGroupId: z.optional(z.string()) })),
      }),
    )
    .check(z.minLength(1)),
});

export interface SqsMessage {
  readonly messageId: string;
  readonly body: string;
  readonly groupId?: string;
}

/** The messages of an SQS event; undefined where it is none. */
export const sqsMessagesIn = (event: unknown): readonly SqsMessage[] | undefined => {
  const read = z.safeParse(SqsEvent, event);
  return read.success
    ? read.data.Records.map(({ messageId, body, attributes }) => ({
        messageId,
        body,
        ...(attributes?.MessageGroupId === undefined ? {} : { groupId: attributes.MessageGroupId }),
      }))
    : undefined;
};
