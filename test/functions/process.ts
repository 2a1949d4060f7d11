import type { Context } from 'aws-lambda';
import type { Fields, Log, Meter } from '../../shared/runtime/lambda/ports.ts';
import type { AuditRequest, NodeVerification } from '../../shared/trigger/request.ts';

export const NOW = new Date('2026-11-20T09:00:00Z');
export const HOME = '999988887777';
export const CLUSTER = { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' } as const;

export interface Recorded {
  readonly log: Log;
  readonly meter: Meter;
  /** `level message`, in order. */
  readonly lines: string[];
  readonly fields: Fields[];
  readonly counts: { [name: string]: number };
}

/** A logger and meter that remember. */
export const recorder = (): Recorded => {
  const lines: string[] = [];
  const fields: Fields[] = [];
  const counts: { [name: string]: number } = {};
  const say =
    (level: string) =>
    (message: string, extra: Fields = {}): void => {
      lines.push(`${level} ${message}`);
      fields.push(extra);
    };
  return {
    log: { info: say('info'), warn: say('warn'), error: say('error') },
    meter: {
      count: (name, value = 1) => {
        counts[name] = (counts[name] ?? 0) + value;
      },
      seconds: (name, value) => {
        counts[name] = value;
      },
    },
    lines,
    fields,
    counts,
  };
};

/** The parts of Lambda's context that a function reads. */
export const context = (remainingMs = 300_000): Context =>
  // Nothing else of it is read here.
  ({
    awsRequestId: 'request-1',
    invokedFunctionArn: `arn:aws:lambda:us-west-2:${HOME}:function:netpol-warden`,
    getRemainingTimeInMillis: () => remainingMs,
  }) as unknown as Context;

export const sqsEvent = (bodies: readonly unknown[], group?: (index: number) => string): unknown => ({
  Records: bodies.map((body, index) => ({
    messageId: `m-${index}`,
    receiptHandle: 'r',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: group === undefined ? {} : { MessageGroupId: group(index) },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-west-2:999988887777:q',
    awsRegion: 'us-west-2',
  })),
});

export const auditRequest = (change: Partial<AuditRequest> = {}): AuditRequest => ({
  cluster: CLUSTER,
  kind: 'audit',
  reason: 'addon-changed',
  source: 'test',
  at: NOW.toISOString(),
  attempt: 1,
  ...change,
});

export const verification = (change: Partial<NodeVerification> = {}): NodeVerification => ({
  cluster: CLUSTER,
  instanceId: 'i-0a3c844322fab4955',
  launchedAt: NOW.toISOString(),
  attempt: 1,
  ...change,
});

/** A call that fails as the SDK's do. */
export const failure = (name: string, message = name): Error => Object.assign(new Error(message), { name });

/** What a function gave back of a batch, in order of name. */
export const failedIds = (answer: unknown): readonly string[] =>
  // Every function of a queue or stream answers so.
  (answer as { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }).batchItemFailures
    .map(({ itemIdentifier }) => itemIdentifier)
    .toSorted();
