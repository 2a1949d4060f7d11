import { unwrapEvent, type WrapperForm } from '../../shared/verdicts/envelope/wrapper.ts';

/**
 * What wakes this function. The bytes are decoded in shared/verdicts, which trusts nothing of them.
 *
 *   CloudWatch Logs   {"awslogs":{"data":"<base64 of gzip>"}}
 *                     https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html
 *   Kinesis           {"Records":[{"eventSourceARN":…,"kinesis":{"sequenceNumber":…,"data":"<base64 of gzip>"}}]}
 *                     https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export interface Payload {
  /** Base64 of gzip. */
  readonly data: string;
  /** Of the Kinesis record: what a failure is reported by. */
  readonly id?: string;
}

export interface WakingEvent {
  readonly form: WrapperForm | 'unknown';
  readonly payloads: readonly Payload[];
  /** Paths that are not as documented. */
  readonly faults: readonly string[];
  /** Of the stream, where there is one: a log group's Region is that of its destination. */
  readonly region?: string;
}

const STREAM_ARN = /^arn:[a-z-]+:kinesis:([a-z0-9-]+):\d{12}:stream\//;

const regionOf = (event: unknown): string | undefined => {
  // Whatever is not an object with records of the documented kind has no such field.
  const [first] = (event as { readonly Records?: readonly { readonly eventSourceARN?: unknown }[] }).Records ?? [];
  return typeof first?.eventSourceARN === 'string' ? STREAM_ARN.exec(first.eventSourceARN)?.[1] : undefined;
};

export const wakingEvent = (event: unknown): WakingEvent => {
  const { payloads, faults } = unwrapEvent(event);
  const form = payloads[0]?.form ?? 'unknown';
  const region = form === 'kinesis' ? regionOf(event) : undefined;
  return {
    form,
    payloads: payloads.map(({ data, id }) => ({ data, ...(id === undefined ? {} : { id }) })),
    faults: faults.map(({ path, expected }) => `${path}: expected ${expected}`),
    ...(region === undefined ? {} : { region }),
  };
};
