import type { BatchImportFindingsCommandOutput, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import type { Announcement } from '../../model/announcement.ts';
import type { ClusterRef } from '../../model/cluster.ts';
import { singleLine } from '../../model/single-line.ts';
import type { Delivery, RecordDestination } from '../port.ts';
import { toAsff, type AsffOptions } from './to-asff.ts';

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html */
const MOST_FINDINGS = 100;
const MOST_BYTES = 6_000_000;
const MOST_FINDING_BYTES = 240_000;
const REASON = 500;

/** The account and region in which a finding is imported: Security Hub takes it from nobody else. */
export type HubScope = Pick<ClusterRef, 'partition' | 'account' | 'region'>;

export interface SecurityHubOptions extends AsffOptions {
  /** A client with the member account's own credentials, in the cluster's region. */
  readonly clientOf: (scope: HubScope) => Promise<SecurityHubClient>;
}

interface Item {
  readonly id: string;
  readonly finding: AwsSecurityFinding;
  readonly bytes: number;
}

const scopeKey = ({ partition, account, region }: HubScope): string => `${partition}/${account}/${region}`;

/** As many as a call may hold. */
const batches = (items: readonly Item[]): readonly (readonly Item[])[] => {
  const all: Item[][] = [];
  let size = 0;
  for (const item of items) {
    const last = all.at(-1);
    if (last === undefined || last.length === MOST_FINDINGS || size + item.bytes > MOST_BYTES) {
      all.push([item]);
      size = item.bytes;
    } else {
      last.push(item);
      size += item.bytes;
    }
  }
  return all;
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'UnknownError');

const text = (error: unknown): string =>
  singleLine(error instanceof Error ? `${error.name}: ${error.message}` : String(error), REASON);

/** Waiting does not help against these; somebody has to do something. */
const FINAL = new Set(['InvalidInputException', 'ValidationException', 'UnrecognizedClientException']);

/** Not refused for what the finding is: somebody has to switch Security Hub on or let us in, and then it goes through. */
const MENDABLE: { readonly [name: string]: string } = {
  InvalidAccessException: 'Security Hub is not enabled in this account and region, or not for this account',
  InvalidAccess: 'Security Hub is not enabled in this account and region, or not for this account',
  AccessDeniedException: 'the publishing role may not call securityhub:BatchImportFindings here',
  AccessDenied: 'the publishing role cannot be assumed, or may not call securityhub:BatchImportFindings here',
};

const MENDABLE_RETRY_MS = 900_000;

/** What a failed call means for each finding in it. */
const failedCall = (id: string, scope: HubScope, error: unknown): Delivery => {
  const name = nameOf(error);
  const mendable = Object.hasOwn(MENDABLE, name) ? MENDABLE[name] : undefined;
  const where = `account ${scope.account}, ${scope.region}`;
  if (mendable !== undefined) {
    return { id, outcome: 'retry', reason: `${where}: ${mendable} (${text(error)})`, retryAfterMs: MENDABLE_RETRY_MS };
  }
  if (FINAL.has(name)) return { id, outcome: 'refused', reason: `${where}: ${text(error)}` };
  return { id, outcome: 'retry', reason: `${where}: ${text(error)}` };
};

/** A 200 can hold failures. An answer that does not even count right leaves open what arrived. */
const answers = (
  batch: readonly Item[],
  scope: HubScope,
  { FailedFindings: failed = [], SuccessCount: succeeded }: BatchImportFindingsCommandOutput,
): readonly Delivery[] => {
  const failures = new Map(failed.map((failure) => [failure.Id, failure]));
  const isConsistent = succeeded === undefined || succeeded + failures.size === batch.length;
  return batch.map(({ id, finding }) => {
    const failure = failures.get(finding.Id);
    if (failure === undefined) {
      return isConsistent
        ? { id, outcome: 'delivered' }
        : { id, outcome: 'retry', reason: 'Security Hub did not say which findings it took' };
    }
    const error = Object.assign(new Error(failure.ErrorMessage ?? ''), { name: failure.ErrorCode ?? 'UnknownError' });
    // A finding is only ever refused for its own content here; everything else may pass later.
    return error.name === 'InvalidInput'
      ? { id, outcome: 'refused', reason: text(error) }
      : failedCall(id, scope, error);
  });
};

/**
 * Security Hub CSPM: each finding is imported into the account and region of its cluster, with that account's own
 * credentials. Imports up to 100 findings a call; what one account refuses does not touch the others.
 */
export const securityHubDestination = ({ clientOf, ...options }: SecurityHubOptions): RecordDestination => {
  const importBatch = async (scope: HubScope, batch: readonly Item[]): Promise<readonly Delivery[]> => {
    try {
      const [client, { BatchImportFindingsCommand }] = await Promise.all([
        clientOf(scope),
        import('@aws-sdk/client-securityhub'),
      ]);
      const Findings = batch.map(({ finding }) => finding);
      return answers(batch, scope, await client.send(new BatchImportFindingsCommand({ Findings })));
    } catch (error) {
      return batch.map(({ id }) => failedCall(id, scope, error));
    }
  };

  const publishScope = async (
    scope: HubScope,
    announcements: readonly Announcement[],
  ): Promise<readonly Delivery[]> => {
    const items = announcements.map((announcement): Item => {
      const finding = toAsff(announcement, options);
      return { id: announcement.id, finding, bytes: Buffer.byteLength(JSON.stringify(finding)) };
    });
    const tooLarge = items.filter(({ bytes }) => bytes > MOST_FINDING_BYTES);
    const done: Delivery[] = tooLarge.map(({ id, bytes }) => ({
      id,
      outcome: 'refused',
      reason: `${bytes} bytes, of at most ${MOST_FINDING_BYTES}`,
    }));
    // One call at a time: the quota is per account and region.
    for (const batch of batches(items.filter(({ bytes }) => bytes <= MOST_FINDING_BYTES))) {
      done.push(...(await importBatch(scope, batch)));
    }
    return done;
  };

  return {
    kind: 'record',
    name: 'security-hub',
    wants: 'latest',
    publish: async (announcements) => {
      const scopes = Map.groupBy(announcements, ({ change }) => scopeKey(change.finding.cluster));
      const done = await Promise.all(
        [...scopes.values()].map(async (all) => {
          const [first] = all;
          return first === undefined ? [] : publishScope(first.change.finding.cluster, all);
        }),
      );
      return done.flat();
    },
  };
};
