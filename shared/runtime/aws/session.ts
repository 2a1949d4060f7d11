import pLimit, { type LimitFunction } from 'p-limit';
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { CallLog } from './calls.ts';
import { scanLongLists } from './ec2-scan.ts';
import { recorded } from './recorded.ts';

/** What every SDK client takes as `credentials`. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
export type CredentialProvider = () => Promise<Credentials>;

/** The clients of one account in one region as one audit uses them: what it asks is counted in its own log. */
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

/** In one account and region: within EC2's published example bucket. */
export const REQUESTS_AT_ONCE = 16;

export interface ClientOptions {
  readonly account: string;
  readonly region: string;
  readonly credentials: CredentialProvider;
  /** Shared with others who ask in the same account and region; by default one of `REQUESTS_AT_ONCE` for these clients. */
  readonly limit?: LimitFunction;
  /** The SDK's standard retry: throttling waits a second and more between tries. Sweeps need more than its 3. */
  readonly maxAttempts?: number;
  /** Every service at this one URL, for an emulator or a test; else the SDK's own endpoints, or AWS_ENDPOINT_URL. */
  readonly endpoint?: string;
}

export interface SessionOptions extends ClientOptions {
  readonly calls: CallLog;
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

/**
 * The clients of one account in one region, each made once and only when it is asked for: a Lambda that audits without IAM
 * never loads the IAM client. Gives a session over them for each audit; all of them share connections and the limit.
 */
export const awsClients = (options: ClientOptions): ((calls: CallLog) => AwsSession) => {
  const { account, region, credentials } = options;
  const config = {
    region,
    credentials,
    maxAttempts: options.maxAttempts ?? 8,
    retryMode: 'standard',
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  };
  const eks = once(async () => new (await import('@aws-sdk/client-eks')).EKSClient(config));
  const ec2 = once(async () => scanLongLists(new (await import('@aws-sdk/client-ec2')).EC2Client(config)));
  const autoScaling = once(async () => new (await import('@aws-sdk/client-auto-scaling')).AutoScalingClient(config));
  const iam = once(async () => new (await import('@aws-sdk/client-iam')).IAMClient(config));
  const logs = once(async () => new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogsClient(config));
  const ssm = once(async () => new (await import('@aws-sdk/client-ssm')).SSMClient(config));
  const sts = once(async () => new (await import('@aws-sdk/client-sts')).STSClient(config));
  const limit = options.limit ?? pLimit(REQUESTS_AT_ONCE);

  return (calls) => {
    const view = <T extends object>(service: string, client: () => Promise<T>): (() => Promise<T>) =>
      once(async () => recorded(service, await client(), calls, { account, region }));
    return {
      account,
      region,
      credentials,
      eks: view('eks', eks),
      ec2: view('ec2', ec2),
      autoScaling: view('autoscaling', autoScaling),
      iam: view('iam', iam),
      logs: view('logs', logs),
      ssm: view('ssm', ssm),
      sts: view('sts', sts),
      limit,
    };
  };
};

/** A session with clients of its own. */
export const awsSession = ({ calls, ...options }: SessionOptions): AwsSession => awsClients(options)(calls);
