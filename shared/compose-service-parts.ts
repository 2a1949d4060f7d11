/** What several Lambdas are wired with: settings, accounts, queues and stores, each opened when it is first used. */
import type { Collection } from './compose-collect.ts';
import type { Stores } from './compose-table.ts';
import { type ClusterRef, clusterArn } from './model/cluster.ts';
import type { Finding } from './model/finding.ts';
import type { PodLookUp } from './model/pod-look-up.ts';
import type { FactKey } from './model/snapshot.ts';
import type { Config } from './runtime/config.ts';
import type { Log } from './runtime/lambda/ports.ts';
import { cachedFor, once } from './runtime/service/cached.ts';
import { queueSender } from './runtime/service/queue.ts';
import type { Settings } from './runtime/settings.ts';
import type { FindingsStore } from './store/port.ts';
import type { VerdictStates } from './store/verdict-states.ts';
import { queuePlaceOf } from './trigger/coalesce.ts';
import type { AuditRequest, NodeVerification } from './trigger/request.ts';
import type { AwsRange } from './verdicts/resolve/index.ts';

export const SETTINGS_MS = 300_000;

export const settingsOf = (config: Config<'AWS_REGION' | 'BUCKET_NAME' | 'SETTINGS_KEY'>, now: () => Date) =>
  cachedFor(SETTINGS_MS, now, async (): Promise<Settings> => {
    const [{ jsonBucket }, { parseSettings }] = await Promise.all([
      import('./runtime/service/bucket.ts'),
      import('./runtime/settings.ts'),
    ]);
    const { AWS_REGION: region, BUCKET_NAME: bucket, SETTINGS_KEY: key } = config;
    return parseSettings(`s3://${bucket}/${key}`, await jsonBucket(region).get(bucket, key));
  });

const RANGES_MS = 24 * 3_600_000;
/** So long nobody asks again where there was no answer: in a VPC without a way out there never is one. */
const NO_ANSWER_MS = 3_600_000;

const askAmazon = async (): Promise<unknown> => (await import('./runtime/aws-ip-ranges.ts')).downloadAwsRanges();

/** Amazon's addresses; undefined where they are not wanted, or not to be had, which is told. */
export const awsRangesOf = (
  config: Pick<Config<'AWS_REGION'>, 'RECORDED_CLUSTERS'>,
  settings: () => Promise<Pick<Settings, 'awsIpRanges'>>,
  now: () => Date,
  log: Log,
  ask: () => Promise<unknown> = askAmazon,
) => {
  const load = cachedFor(RANGES_MS, now, async () => {
    const [{ parseAwsRanges }, answer] = await Promise.all([import('./verdicts/resolve/index.ts'), ask()]);
    return parseAwsRanges(answer).ranges;
  });
  let askAgainAt = Number.NEGATIVE_INFINITY;
  return async (): Promise<readonly AwsRange[] | undefined> => {
    if (config.RECORDED_CLUSTERS !== undefined || now().getTime() < askAgainAt) return undefined;
    if (!(await settings()).awsIpRanges) return undefined;
    try {
      return await load();
    } catch (error) {
      askAgainAt = now().getTime() + NO_ANSWER_MS;
      log.warn('the addresses of AWS services could not be read; they are called external', { error });
      return undefined;
    }
  };
};

export const accountsOf = (now: () => Date) =>
  once(async () => (await import('./compose-accounts.ts')).openAccounts(now));

export const isEnrolledIn =
  (settings: () => Promise<Settings>) =>
  async (account: string): Promise<boolean> =>
    (await settings()).accounts.some(({ id }) => id === account);

export const auditRequester = (config: Config<'AWS_REGION' | 'AUDIT_QUEUE_URL'>) => {
  const send = queueSender(config.AUDIT_QUEUE_URL, config.AWS_REGION);
  return async (requests: readonly AuditRequest[]): Promise<void> => {
    // A batch must not name a deduplication id twice for nothing.
    const places = new Map(requests.map((request) => [queuePlaceOf(request).deduplicationId, request]));
    await send([...places.values()].map((request) => ({ body: JSON.stringify(request), fifo: queuePlaceOf(request) })));
  };
};

export const verificationSender = (config: Config<'AWS_REGION' | 'VERIFY_QUEUE_URL'>) => {
  const send = queueSender(config.VERIFY_QUEUE_URL, config.AWS_REGION);
  return async (verifications: readonly NodeVerification[], delaySeconds: number): Promise<void> =>
    send(verifications.map((verification) => ({ body: JSON.stringify(verification), delaySeconds })));
};

const matches = (owner: Settings['owners'][number], { cluster, check, resource }: Finding): boolean =>
  (owner.account === undefined || owner.account === cluster.account) &&
  (owner.cluster === undefined || owner.cluster === cluster.name || owner.cluster === clusterArn(cluster)) &&
  (owner.check === undefined || check.startsWith(owner.check)) &&
  (owner.resource === undefined || resource.name.startsWith(owner.resource));

export const ownerOf =
  ({ owners }: Settings) =>
  (finding: Finding): string | undefined =>
    owners.find((owner) => matches(owner, finding))?.owner;

/** With settings, changes carry their owner; without, nobody asks for it. */
export const storesOf = (
  config: Config<'AWS_REGION' | 'TABLE_NAME'>,
  now: () => Date,
  settings?: () => Promise<Settings>,
): (() => Promise<Stores>) =>
  once(async () => {
    const { openStores } = await import('./compose-table.ts');
    const owner = settings === undefined ? undefined : ownerOf(await settings());
    const { TABLE_NAME: tableName, AWS_REGION: region } = config;
    return openStores({ tableName, region, now, ...(owner === undefined ? {} : { ownerOf: owner }) });
  });

export const lazyFindings = (stores: () => Promise<Stores>): FindingsStore => ({
  read: async (cluster) => (await stores()).findings.read(cluster),
  commit: async (record, changes) => (await stores()).findings.commit(record, changes),
  list: async () => (await stores()).findings.list(),
});

export const lazyStates = (config: Config<'AWS_REGION' | 'TABLE_NAME'>): VerdictStates => {
  const open = once(async () =>
    (await import('./compose-verdict-states.ts')).openVerdictStates(config.TABLE_NAME, config.AWS_REGION),
  );
  return {
    get: async (cluster, shard) => (await open()).get(cluster, shard),
    put: async (cluster, shard, state, revision) => (await open()).put(cluster, shard, state, revision),
  };
};

export const collectorOf = (config: Config<'AWS_REGION'>, settings: () => Promise<Settings>, now: () => Date) => {
  const accounts = accountsOf(now);
  return async (
    cluster: ClusterRef,
    keys: readonly FactKey[],
    deadlineSeconds: number,
    pods?: PodLookUp,
  ): Promise<Collection> => {
    const { collectCluster, readRecorded } = await import('./compose-collect.ts');
    if (config.RECORDED_CLUSTERS !== undefined) return readRecorded(config.RECORDED_CLUSTERS, cluster, now());
    const { access } = await accounts();
    const which = pods === undefined ? {} : { pods };
    return collectCluster(cluster, { settings: await settings(), access, keys, deadlineSeconds, ...which });
  };
};
