import type { STSClient } from '@aws-sdk/client-sts';
import type { CallLog } from './calls.ts';
import { recorded } from './recorded.ts';
import type { CredentialProvider, Credentials } from './session.ts';

/** Credentials this close to their end are replaced: a sweep of calls must not outlive them. */
const REFRESH_BEFORE_MS = 5 * 60_000;

/** One set of credentials until shortly before it ends; callers at the same moment share one request. */
export const cachedCredentials = (load: CredentialProvider, now: () => Date): CredentialProvider => {
  let current: Credentials | undefined;
  let loading: Promise<Credentials> | undefined;
  return async () => {
    const left = (current?.expiration?.getTime() ?? Infinity) - now().getTime();
    if (current !== undefined && left > REFRESH_BEFORE_MS) return current;
    loading ??= load().finally(() => {
      loading = undefined;
    });
    current = await loading;
    return current;
  };
};

/** The chain of the AWS command line: environment, shared files, single sign-on, process, container and instance roles. */
export const localCredentials = async (profile: string | undefined): Promise<CredentialProvider> => {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain(profile === undefined ? {} : { profile });
};

export interface RoleRequest {
  readonly roleArn: string;
  /** What the member account's trust policy demands, so that nobody else's hub can be tricked into using it. */
  readonly externalId?: string;
  /** Session tags; the trust policy must then allow sts:TagSession. Few and short: they make the EKS token longer. */
  readonly tags?: { readonly [key: string]: string };
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly calls: CallLog;
}

/** Role chaining ends after an hour, whatever the role allows: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html */
const SESSION_SECONDS = 3600;

/** For one STS call with its retries. Audits share what it gives, so it does not end with the deadline of one of them. */
const STS_DEADLINE_MS = 30_000;

const stsClient = async (
  { region, credentials, calls }: Pick<RoleRequest, 'region' | 'credentials' | 'calls'>,
  account: string,
): Promise<STSClient> => {
  const { STSClient: Client } = await import('@aws-sdk/client-sts');
  return recorded('sts', new Client({ region, credentials }), calls, { account, region });
};

/** A role of a member account. */
export const assumedRole = (request: RoleRequest, now: () => Date): CredentialProvider =>
  cachedCredentials(async () => {
    const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
    const { roleArn, externalId, tags = {} } = request;
    const account = /^arn:[^:]+:iam::(\d{12}):role\//.exec(roleArn)?.[1] ?? '';
    const sts = await stsClient(request, account);
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: 'netpol-warden',
        DurationSeconds: SESSION_SECONDS,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
      { abortSignal: AbortSignal.timeout(STS_DEADLINE_MS) },
    );
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
      throw new Error(`sts:AssumeRole of ${roleArn} answered without credentials`);
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      ...(given.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
      ...(given.Expiration === undefined ? {} : { expiration: given.Expiration }),
    };
  }, now);

export interface Identity {
  readonly partition: string;
  readonly account: string;
  readonly arn: string;
}

/** Who these credentials are. sts:GetCallerIdentity needs no permission. */
export const callerIdentity = async (
  region: string,
  credentials: CredentialProvider,
  calls: CallLog,
): Promise<Identity> => {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const sts = await stsClient({ region, credentials, calls }, '');
  const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}), {
    abortSignal: AbortSignal.timeout(STS_DEADLINE_MS),
  });
  const partition = /^arn:([^:]+):/.exec(arn)?.[1];
  if (partition === undefined || !/^\d{12}$/.test(account)) {
    throw new Error('sts:GetCallerIdentity answered without an account and an ARN');
  }
  return { partition, account, arn };
};
