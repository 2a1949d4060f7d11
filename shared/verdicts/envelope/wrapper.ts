/**
 * The events that bring subscription payloads to a function. The payload is always base64 of gzip of the document.
 *
 *   CloudWatch Logs   {"awslogs":{"data":…}}
 *                     https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html
 *   Kinesis           {"Records":[{"kinesis":{"sequenceNumber":…,"data":…}}]}
 *                     https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 *   Firehose          {"records":[{"recordId":…,"data":…}]}
 *                     https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */

export type WrapperForm = 'cloudwatch-logs' | 'kinesis' | 'firehose';

export interface WrappedPayload {
  readonly form: WrapperForm;
  /** What a partial failure is reported by: Kinesis' sequence number, Firehose's record id. */
  readonly id?: string;
  /** Base64. */
  readonly data: string;
}

/** A part of the event that is not as documented. */
export interface WrapperFault {
  readonly id?: string;
  /** `$.Records[3].kinesis.data` */
  readonly path: string;
  readonly expected: string;
}

export interface UnwrappedEvent {
  readonly payloads: readonly WrappedPayload[];
  readonly faults: readonly WrapperFault[];
}

const fieldOf = (value: unknown, key: string): unknown =>
  // An object that is not null may be asked for any own key.
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as { readonly [key: string]: unknown })[key]
    : undefined;

const textOf = (value: unknown, key: string): string | undefined => {
  const text = fieldOf(value, key);
  return typeof text === 'string' ? text : undefined;
};

const unwrapAll = (
  form: WrapperForm,
  records: readonly unknown[],
  locate: (record: unknown) => { readonly id: string | undefined; readonly data: string | undefined },
  path: (index: number) => string,
): UnwrappedEvent => {
  const payloads: WrappedPayload[] = [];
  const faults: WrapperFault[] = [];
  for (const [index, record] of records.entries()) {
    const { id, data } = locate(record);
    const known = id === undefined ? {} : { id };
    if (data === undefined) faults.push({ ...known, path: path(index), expected: 'base64 text' });
    else payloads.push({ ...known, form, data });
  }
  return { payloads, faults };
};

/** Finds the payloads of an event. Never throws: what is not as documented is named among the faults. */
export const unwrapEvent = (event: unknown): UnwrappedEvent => {
  const awslogs = fieldOf(event, 'awslogs');
  if (awslogs !== undefined) {
    const locate = (wrapped: unknown): { id: undefined; data: string | undefined } => ({
      id: undefined,
      data: textOf(wrapped, 'data'),
    });
    return unwrapAll('cloudwatch-logs', [awslogs], locate, () => '$.awslogs.data');
  }
  const kinesis = fieldOf(event, 'Records');
  if (Array.isArray(kinesis)) {
    return unwrapAll(
      'kinesis',
      kinesis,
      (record) => {
        const wrapped = fieldOf(record, 'kinesis');
        return { id: textOf(wrapped, 'sequenceNumber'), data: textOf(wrapped, 'data') };
      },
      (index) => `$.Records[${index}].kinesis.data`,
    );
  }
  const firehose = fieldOf(event, 'records');
  if (Array.isArray(firehose)) {
    return unwrapAll(
      'firehose',
      firehose,
      (record) => ({ id: textOf(record, 'recordId'), data: textOf(record, 'data') }),
      (index) => `$.records[${index}].data`,
    );
  }
  return { payloads: [], faults: [{ path: '$', expected: 'awslogs, Records or records' }] };
};

/** Bytes of base64 text; undefined where it is not base64. Node passes over what does not belong, so lengths must agree. */
export const decodeBase64 = (text: string): Buffer | undefined => {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  const digits = text.length - padding;
  const bytes = Buffer.from(text, 'base64');
  return digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
};
