import { describe, expect, it } from 'vitest';
import { createEksTokenProvider, EksTokenError, signEksToken, stsHost } from '../../shared/runtime/eks-token.ts';
import type { AwsCredentials, EksTokenRequest } from '../../shared/runtime/eks-token.ts';

/** Made with @smithy/signature-v4 5.7.5 and equal from botocore; the keys are AWS's documentation examples. */
const GOLDEN: EksTokenRequest = {
  clusterName: 'demo',
  partition: 'aws',
  region: 'us-west-2',
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'FwoGZXIvYXdzEXAMPLETOKEN==',
  },
  now: new Date('2026-08-22T00:00:00Z'),
};
const GOLDEN_SIGNATURE = '9290ae9f00643fdf26be9acf602d0941473037a8ea5e906b2edf3663ba71fc93';

const urlOf = (token: string): URL => new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());

const problemOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof EksTokenError) return error.problem;
    throw error;
  }
  return 'none';
};

describe('signEksToken', () => {
  it("has the golden vector's signature", () => {
    const { token } = signEksToken(GOLDEN);
    expect(urlOf(token).searchParams.get('X-Amz-Signature')).toBe(GOLDEN_SIGNATURE);
  });

  it('is k8s-aws-v1. and base64url without padding of a presigned GetCallerIdentity', () => {
    const { token } = signEksToken(GOLDEN);
    expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
    const url = urlOf(token);
    expect(url.origin + url.pathname).toBe('https://sts.us-west-2.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20260822/us-west-2/sts/aws4_request',
      'X-Amz-Date': '20260822T000000Z',
      'X-Amz-Expires': '60',
      'X-Amz-Security-Token': 'FwoGZXIvYXdzEXAMPLETOKEN==',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Signature': GOLDEN_SIGNATURE,
    });
  });

  it('leaves the session token out for long-term keys', () => {
    const { accessKeyId, secretAccessKey } = GOLDEN.credentials;
    const { token } = signEksToken({ ...GOLDEN, credentials: { accessKeyId, secretAccessKey } });
    expect(urlOf(token).searchParams.has('X-Amz-Security-Token')).toBe(false);
  });

  it('escapes what encodeURIComponent leaves and Signature Version 4 does not', () => {
    const credentials = { ...GOLDEN.credentials, sessionToken: "!'()*~" };
    const url = Buffer.from(signEksToken({ ...GOLDEN, credentials }).token.slice(11), 'base64url').toString();
    expect(url).toContain('X-Amz-Security-Token=%21%27%28%29%2A~&');
  });

  it('signs the cluster name: another cluster gets another signature', () => {
    const { token } = signEksToken({ ...GOLDEN, clusterName: 'demo2' });
    expect(urlOf(token).searchParams.get('X-Amz-Signature')).not.toBe(GOLDEN_SIGNATURE);
  });

  it('lasts 14 minutes, or as long as the credentials where that is less', () => {
    expect(signEksToken(GOLDEN).expiresAt).toEqual(new Date('2026-08-22T00:14:00Z'));
    const expiration = new Date('2026-08-22T00:05:00Z');
    expect(signEksToken({ ...GOLDEN, credentials: { ...GOLDEN.credentials, expiration } }).expiresAt).toEqual(
      expiration,
    );
  });

  it('accepts a session token of 2,400 characters and refuses one of 2,800, whose token EKS would refuse', () => {
    const withToken = (length: number): EksTokenRequest => ({
      ...GOLDEN,
      credentials: { ...GOLDEN.credentials, sessionToken: 'A'.repeat(length) },
    });
    expect(signEksToken(withToken(2400)).token.length).toBeLessThanOrEqual(4096);
    expect(() => signEksToken(withToken(2800))).toThrow(
      /^the token would be 4\d{3} bytes and EKS refuses more than 4096: the session token of 2800 characters is too long/,
    );
    expect(problemOf(() => signEksToken(withToken(2800)))).toBe('token-too-long');
  });

  it('refuses credentials that have expired', () => {
    const credentials = { ...GOLDEN.credentials, expiration: GOLDEN.now };
    expect(problemOf(() => signEksToken({ ...GOLDEN, credentials }))).toBe('credentials-expired');
  });

  it('refuses a cluster name that would not stay inside its header', () => {
    expect(problemOf(() => signEksToken({ ...GOLDEN, clusterName: 'demo\nhost:evil' }))).toBe('bad-cluster-name');
    expect(problemOf(() => signEksToken({ ...GOLDEN, clusterName: '' }))).toBe('bad-cluster-name');
  });

  it('never puts a secret into an error', () => {
    const credentials = { ...GOLDEN.credentials, sessionToken: 'S3CRET'.repeat(600) };
    expect(() => signEksToken({ ...GOLDEN, credentials })).toThrow(/^(?!.*(?:S3CRET|wJalrXUtn))the token would be/s);
  });
});

describe('stsHost', () => {
  it.each([
    ['aws', 'eu-central-1', 'sts.eu-central-1.amazonaws.com'],
    ['aws-us-gov', 'us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['aws-eusc', 'eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
    ['aws-iso', 'us-iso-east-1', 'sts.us-iso-east-1.c2s.ic.gov'],
  ])('of partition %s is regional', (partition, region, host) => {
    expect(stsHost(partition, region)).toBe(host);
  });

  it('refuses what would make another host', () => {
    expect(problemOf(() => stsHost('aws', 'evil.example/'))).toBe('bad-region');
    expect(problemOf(() => stsHost('constructor', 'us-west-2'))).toBe('unknown-partition');
  });
});

describe('createEksTokenProvider', () => {
  const start = (credentials: () => Promise<AwsCredentials> = () => Promise.resolve(GOLDEN.credentials)) => {
    const state = { now: new Date('2026-08-22T00:00:00Z'), asked: 0 };
    const token = createEksTokenProvider({
      clusterName: 'demo',
      partition: 'aws',
      region: 'us-west-2',
      now: () => state.now,
      credentials: () => {
        state.asked += 1;
        return credentials();
      },
    });
    return { state, token };
  };

  it('hands one token out until a minute before its end', async () => {
    const { state, token } = start();
    const first = await token();
    state.now = new Date('2026-08-22T00:12:59Z');
    expect(await token()).toBe(first);
    state.now = new Date('2026-08-22T00:13:00Z');
    expect(await token()).not.toBe(first);
    expect(state.asked).toBe(2);
  });

  it('signs anew, with credentials asked for again, when its token was refused', async () => {
    const { state, token } = start();
    const first = await token();
    state.now = new Date('2026-08-22T00:01:00Z');
    const second = await token(first);
    expect(second).not.toBe(first);
    // A second caller that was refused with the old token gets the new one and causes no third signing.
    expect(await token(first)).toBe(second);
    expect(state.asked).toBe(2);
  });

  it('signs once for callers at the same moment', async () => {
    const { state, token } = start();
    const tokens = await Promise.all([token(), token(), token()]);
    expect(new Set(tokens).size).toBe(1);
    expect(state.asked).toBe(1);
  });

  it('asks for credentials again after they could not be had', async () => {
    let fails = true;
    const { token } = start(() => (fails ? Promise.reject(new Error('no role')) : Promise.resolve(GOLDEN.credentials)));
    await expect(token()).rejects.toThrow('no role');
    fails = false;
    await expect(token()).resolves.toMatch(/^k8s-aws-v1\./);
  });
});
