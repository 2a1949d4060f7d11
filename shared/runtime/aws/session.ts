import pLimit, { type LimitFunction } from 'p-limit';
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { CallLog } from './calls.ts';

/** What every SDK client takes as `credentials`. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
export type CredentialProvider = () => Promise<Credentials>;

/** The clients of one account in one region, each made once and only when it is asked for. */
export interface AwsSession {
  readonly account: string;
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly eks: () => Promise<EKSClient>;
  readonly ec2: () => Promise<EC2Client>;
  readonly autoScaling: () => Promise<AutoScalingClient>;
  readonly iam: () => Promise<IAMClient>;
  readonly logs: () => Promise<CloudWatchLogsClient>;
  readonly ssm: () => Promise<SSMClient>;
  readonly sts: () => Promise<STSClient>;
  /** At most so many requests at once for this account and region: EC2's buckets are per account, region and action. */
  readonly limit: LimitFunction;
}

export interface SessionOptions {
  readonly account: string;
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly calls: CallLog;
  /** Requests at once; 16 keeps within EC2's published example bucket. */
  readonly concurrency?: number;
  /** The SDK's standard retry: throttling waits a second and more between tries. Sweeps need more than its 3. */
  readonly maxAttempts?: number;
  /** Every service at this one URL, for an emulator or a test; else the SDK's own endpoints, or AWS_ENDPOINT_URL. */
  readonly endpoint?: string;
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

/** The part of an SDK client that recording needs; every client's middleware stack has it. */
interface Recordable {
  readonly middlewareStack: {
    add: (
      middleware: (
        next: (args: never) => Promise<never>,
        context: { readonly commandName?: string },
      ) => (args: never) => Promise<never>,
      options: { readonly step: 'finalizeRequest'; readonly name: string; readonly priority: 'low' },
    ) => void;
  };
}

/**
 * A session whose every request, retries included, is recorded on the wire side of the SDK.
 * Clients are loaded when first used: a Lambda that audits without IAM never loads the IAM client.
 */
export const awsSession = (options: SessionOptions): AwsSession => {
  const { account, region, credentials, calls } = options;
  const config = {
    region,
    credentials,
    maxAttempts: options.maxAttempts ?? 8,
    retryMode: 'standard',
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  };
  const recorded = <T>(service: string, client: T): T => {
    // Every @aws-sdk client has a middlewareStack with this add(); its own generics cannot be named for all of them at once.
    const stacked = client as unknown as Recordable;
    stacked.middlewareStack.add(
      (next, context) => (args) => {
        const operation = (context.commandName ?? 'Unknown').replace(/Command$/, '');
        calls.record({ action: `${service}:${operation}`, account, region });
        return next(args);
      },
      { step: 'finalizeRequest', name: 'netpolWardenCallLog', priority: 'low' },
    );
    return client;
  };
  return {
    account,
    region,
    credentials,
    eks: once(async () => {
      const { EKSClient } = await import('@aws-sdk/client-eks');
      return recorded('eks', new EKSClient(config));
    }),
    ec2: once(async () => {
      const { EC2Client } = await import('@aws-sdk/client-ec2');
      return recorded('ec2', new EC2Client(config));
    }),
    autoScaling: once(async () => {
      const { AutoScalingClient } = await import('@aws-sdk/client-auto-scaling');
      return recorded('autoscaling', new AutoScalingClient(config));
    }),
    iam: once(async () => {
      const { IAMClient } = await import('@aws-sdk/client-iam');
      return recorded('iam', new IAMClient(config));
    }),
    logs: once(async () => {
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      return recorded('logs', new CloudWatchLogsClient(config));
    }),
    ssm: once(async () => {
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      return recorded('ssm', new SSMClient(config));
    }),
    sts: once(async () => {
      const { STSClient } = await import('@aws-sdk/client-sts');
      return recorded('sts', new STSClient(config));
    }),
    limit: pLimit(options.concurrency ?? 16),
  };
};

/** Sessions by account and region, so that a sweep opens each connection pool once. */
export const sessionCache = (make: (account: string, region: string) => Promise<AwsSession>) => {
  const sessions = new Map<string, Promise<AwsSession>>();
  return (account: string, region: string): Promise<AwsSession> => {
    const key = `${account}/${region}`;
    const known = sessions.get(key);
    if (known !== undefined) return known;
    const made = make(account, region);
    sessions.set(key, made);
    // A failed start is tried again next time.
    made.catch(() => sessions.delete(key));
    return made;
  };
};
