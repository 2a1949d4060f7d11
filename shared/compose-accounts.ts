/** Wires the ways into the accounts of the settings: whose clusters are audited, and as whom. */
import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { type AwsAccess, awsAccess, type Principal } from './runtime/aws/access.ts';
import { callLog } from './runtime/aws/calls.ts';
import type { AwsSession, CredentialProvider } from './runtime/aws/session.ts';
import type { AccountSettings, Settings } from './runtime/settings.ts';
import type { Place } from './trigger/request.ts';

/** The account is not one of the settings'. */
export class UnknownAccountError extends Error {
  override readonly name = 'UnknownAccountError';
  constructor(account: string) {
    super(`account ${account} is not in the settings`);
  }
}

export const accountIn = ({ accounts }: Settings, id: string): AccountSettings => {
  const found = accounts.find((account) => account.id === id);
  if (found === undefined) throw new UnknownAccountError(id);
  return found;
};

export const principalOf = ({ id, role }: AccountSettings, { partition }: Pick<Place, 'partition'>): Principal =>
  role === undefined ? {} : { roleArn: `arn:${partition}:iam::${id}:role/${role.name}`, externalId: role.externalId };

export interface Accounts {
  readonly access: AwsAccess;
  readonly session: (settings: Settings, place: Place) => Promise<AwsSession>;
  readonly hubClient: (settings: Settings, place: Place) => Promise<SecurityHubClient>;
}

/** A role that lets us in elsewhere than expected must not be taken for the account's own. */
const refuseOther = (expected: string, found: string): void => {
  if (expected !== found) throw new Error(`the credentials for account ${expected} are of account ${found}`);
};

export const openAccounts = (now: () => Date): Accounts => {
  const access = awsAccess(callLog(), now);
  const hubs = new Map<string, Promise<SecurityHubClient>>();
  const hubOf = async (region: string, credentials: CredentialProvider): Promise<SecurityHubClient> => {
    const { SecurityHubClient: Client } = await import('@aws-sdk/client-securityhub');
    return new Client({ region, credentials });
  };
  return {
    access,
    session: async (settings, place) => {
      const entrance = await access(principalOf(accountIn(settings, place.account), place), place.region);
      refuseOther(place.account, entrance.identity.account);
      return entrance.session(callLog());
    },
    hubClient: async (settings, place) => {
      const account = accountIn(settings, place.account);
      const { role, securityHubRole } = account;
      const hubAccount =
        role === undefined || securityHubRole === undefined
          ? account
          : { ...account, role: { ...role, name: securityHubRole } };
      const key = `${place.account} ${place.region}`;
      const known = hubs.get(key);
      if (known !== undefined) return known;
      const made = access(principalOf(hubAccount, place), place.region).then(async ({ credentials, identity }) => {
        refuseOther(place.account, identity.account);
        return hubOf(place.region, credentials);
      });
      made.catch(() => hubs.delete(key));
      hubs.set(key, made);
      return made;
    },
  };
};
