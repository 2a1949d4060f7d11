import { createHash, createHmac } from 'node:crypto';

/**
 * Bearer tokens for the Kubernetes API of an EKS cluster: `k8s-aws-v1.` and, in base64url without padding, the URL of a
 * presigned STS GetCallerIdentity call. The cluster's authenticator makes that call and so learns who we are.
 *
 * What the authenticator accepts was read in its source
 * (https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go): GET, host of a regional STS
 * endpoint, path `/`, no query parameter beyond the ones below, header `x-k8s-aws-id` among the signed ones.
 */

/** As `AwsCredentialIdentity` of the AWS SDK for JavaScript spells them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface EksTokenRequest {
  /** The cluster's name; for a local cluster on Outposts its id. */
  readonly clusterName: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, …: decides the domain of the STS host. */
  readonly partition: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly now: Date;
}

export interface EksToken {
  readonly token: string;
  /** When a new one is needed: 14 minutes after signing, or with the credentials if these end sooner. */
  readonly expiresAt: Date;
}

export type EksTokenProblem =
  | 'token-too-long'
  | 'credentials-expired'
  | 'bad-cluster-name'
  | 'bad-region'
  | 'unknown-partition';

/** Thrown instead of a token that the cluster would refuse without saying why. Never carries a secret. */
export class EksTokenError extends Error {
  override readonly name = 'EksTokenError';
  readonly problem: EksTokenProblem;

  constructor(problem: EksTokenProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** The authenticator's `maxTokenLenBytes`. */
const MAX_TOKEN_BYTES = 4096;

/** The server counts 15 minutes from X-Amz-Date, whatever X-Amz-Expires says; one is kept for clocks that differ. */
const LIFETIME_MS = 14 * 60_000;

/** A token this close to its end is replaced: the request it is for must still be on its way while it holds. */
const REFRESH_BEFORE_MS = 60_000;

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html, names as in the SDK's endpoint rules. */
const DNS_SUFFIX: { readonly [partition: string]: string } = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/**
 * The regional STS endpoint (https://docs.aws.amazon.com/general/latest/gr/sts.html). Never the global one: the
 * authenticator of a cluster need not be able to reach another region.
 *
 * @throws EksTokenError `bad-region` or `unknown-partition`
 */
export const stsHost = (partition: string, region: string): string => {
  if (!/^[a-z]{2,}(?:-[a-z0-9]+)+$/.test(region)) {
    throw new EksTokenError('bad-region', `expected an AWS region such as us-west-2, got ${JSON.stringify(region)}`);
  }
  const suffix = Object.hasOwn(DNS_SUFFIX, partition) ? DNS_SUFFIX[partition] : undefined;
  if (suffix === undefined) {
    throw new EksTokenError(
      'unknown-partition',
      `expected one of ${Object.keys(DNS_SUFFIX).join(', ')}, got ${JSON.stringify(partition)}`,
    );
  }
  return `sts.${region}.${suffix}`;
};

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** RFC 3986 as Signature Version 4 wants it: encodeURIComponent leaves five characters that must be escaped too. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Signs one token. `X-Amz-Expires=60` is what the AWS CLI sends; the real lifetime is the server's, see `EksToken`.
 *
 * @throws EksTokenError when the cluster would refuse the token
 */
export const signEksToken = (request: EksTokenRequest): EksToken => {
  const { clusterName, credentials, now, region } = request;
  // Goes into a signed header: whatever the EKS API does not allow as a name must not get there.
  if (!/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(clusterName)) {
    throw new EksTokenError('bad-cluster-name', `not the name of an EKS cluster: ${JSON.stringify(clusterName)}`);
  }
  if (credentials.expiration !== undefined && credentials.expiration <= now) {
    throw new EksTokenError(
      'credentials-expired',
      `the AWS credentials expired at ${credentials.expiration.toISOString()}; a token signed with them would be refused`,
    );
  }
  const host = stsHost(request.partition, region);
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/sts/aws4_request`;
  const parameters: { readonly [name: string]: string } = {
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': '60',
    // STS wants the session token among the signed parameters, in this place of the alphabet.
    ...(credentials.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': credentials.sessionToken }),
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  };
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&');
  const canonical = `GET\n/\n${query}\nhost:${host}\nx-k8s-aws-id:${clusterName}\n\nhost;x-k8s-aws-id\n${sha256('')}`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
  const key = hmac(hmac(hmac(hmac(`AWS4${credentials.secretAccessKey}`, day), region), 'sts'), 'aws4_request');
  const signature = hmac(key, toSign).toString('hex');
  const url = `https://${host}/?${query}&X-Amz-Signature=${signature}`;
  const token = `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
  if (token.length > MAX_TOKEN_BYTES) {
    throw new EksTokenError(
      'token-too-long',
      `the token would be ${token.length} bytes and EKS refuses more than ${MAX_TOKEN_BYTES}: the session token of ` +
        `${credentials.sessionToken?.length ?? 0} characters is too long; assume the role with a smaller session policy and fewer session tags`,
    );
  }
  const end = now.getTime() + LIFETIME_MS;
  return { token, expiresAt: new Date(Math.min(end, credentials.expiration?.getTime() ?? end)) };
};

export interface EksTokenSource {
  readonly clusterName: string;
  readonly partition: string;
  readonly region: string;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly now: () => Date;
}

/**
 * A token provider for `createKubernetesClient`: signs once, hands the same token out until a minute before its end, and
 * signs anew when told that the present one was refused. Callers at the same moment share one signing.
 */
export const createEksTokenProvider = (source: EksTokenSource): ((refused?: string) => Promise<string>) => {
  let current: EksToken | undefined;
  let signing: Promise<EksToken> | undefined;

  const sign = async (): Promise<EksToken> => {
    const credentials = await source.credentials();
    const { clusterName, partition, region } = source;
    return signEksToken({ clusterName, partition, region, credentials, now: source.now() });
  };

  return async (refused) => {
    const young = current !== undefined && current.expiresAt.getTime() - source.now().getTime() > REFRESH_BEFORE_MS;
    if (young && current !== undefined && current.token !== refused) return current.token;
    signing ??= sign().finally(() => {
      signing = undefined;
    });
    current = await signing;
    return current.token;
  };
};
