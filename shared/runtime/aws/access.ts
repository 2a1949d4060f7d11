import pLimit, { type LimitFunction } from 'p-limit';
import type { CallLog } from './calls.ts';
import { assumedRole, cachedCredentials, callerIdentity, localCredentials, type Identity } from './credentials.ts';
import { awsClients, REQUESTS_AT_ONCE, type AwsSession, type CredentialProvider } from './session.ts';

/** As whom to ask: the command line's own credentials, or a role that they may assume. */
export interface Principal {
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly sessionTags?: { readonly [key: string]: string };
}

/** What is known once AWS has said who we are, and the way in. */
export interface Entrance {
  readonly identity: Identity;
  readonly credentials: CredentialProvider;
  readonly session: (calls: CallLog) => AwsSession;
}

/**
 * The ways into accounts and regions that the audits of one run share: each principal's credentials, its identity and its
 * clients in a region are made once, so that a sweep opens each connection pool, and asks STS, once.
 */
export type AwsAccess = (principal: Principal, region: string) => Promise<Entrance>;

/** By text. A start that failed is tried again by whoever comes next. */
const oncePerKey = <T>(): ((key: string, make: () => Promise<T>) => Promise<T>) => {
  const made = new Map<string, Promise<T>>();
  return (key, make) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const making = make();
    made.set(key, making);
    making.catch(() => made.delete(key));
    return making;
  };
};

const keyOf = ({ profile, roleArn, externalId, sessionTags = {} }: Principal): string =>
  JSON.stringify([profile, roleArn, externalId, Object.entries(sessionTags).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

/** @param calls counts what is asked of STS on behalf of all audits */
export const awsAccess = (calls: CallLog, now: () => Date): AwsAccess => {
  const own = oncePerKey<CredentialProvider>();
  const credentialsOf = oncePerKey<CredentialProvider>();
  const entrances = oncePerKey<Entrance>();
  const limits = new Map<string, LimitFunction>();

  /** AWS counts by account and region, whoever asks there. */
  const limitOf = (account: string, region: string): LimitFunction => {
    const key = `${account}/${region}`;
    const limit = limits.get(key) ?? pLimit(REQUESTS_AT_ONCE);
    limits.set(key, limit);
    return limit;
  };

  const ownCredentials = (profile: string | undefined): Promise<CredentialProvider> =>
    own(profile ?? '', async () => cachedCredentials(await localCredentials(profile), now));

  const principalCredentials = async (principal: Principal, region: string): Promise<CredentialProvider> => {
    const { profile, roleArn, externalId, sessionTags } = principal;
    const credentials = await ownCredentials(profile);
    if (roleArn === undefined) return credentials;
    const request = {
      roleArn,
      region,
      credentials,
      calls,
      ...(externalId === undefined ? {} : { externalId }),
      ...(sessionTags === undefined ? {} : { tags: sessionTags }),
    };
    return credentialsOf(keyOf(principal), () => Promise.resolve(assumedRole(request, now)));
  };

  return (principal, region) =>
    entrances(`${region} ${keyOf(principal)}`, async () => {
      const credentials = await principalCredentials(principal, region);
      const identity = await callerIdentity(region, credentials, calls);
      const { account } = identity;
      const limit = limitOf(account, region);
      return { identity, credentials, session: awsClients({ account, region, credentials, limit }) };
    });
};
