/** Wires collection for the Lambdas: AWS and the cluster, or a recorded dump. */
import { join } from 'node:path';
import { classifyFailure } from './collect/live/classify-failure.ts';
import { accountIn, principalOf } from './compose-accounts.ts';
import { collectLive } from './compose-live.ts';
import type { ClusterRef } from './model/cluster.ts';
import type { UnobservedReason } from './model/fact.ts';
import type { PodLookUp } from './model/pod-look-up.ts';
import type { FactKey, Snapshot } from './model/snapshot.ts';
import type { AwsAccess } from './runtime/aws/access.ts';
import type { Settings } from './runtime/settings.ts';
import { CLUSTER_NAME } from './trigger/place.ts';

const USER_AGENT = 'netpol-warden-service';

/** `gap`: nobody let us look. */
export type Collection =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'gap'; readonly reason: UnobservedReason; readonly detail: string; readonly source: string };

export interface CollectOptions {
  readonly settings: Settings;
  readonly access: AwsAccess;
  readonly keys: readonly FactKey[];
  readonly deadlineSeconds: number;
  /** Which pods to list. Default: all. */
  readonly pods?: PodLookUp;
}

/**
 * What one cluster's audit sees. A role that cannot be assumed is an answer: the gap says which, so that somebody deploys
 * the member account's stack. Whatever else keeps us from looking is thrown, and may go well the next time.
 */
export const collectCluster = async (cluster: ClusterRef, options: CollectOptions): Promise<Collection> => {
  const { settings, access, keys, deadlineSeconds, pods } = options;
  const principal = principalOf(accountIn(settings, cluster.account), cluster);
  try {
    const { snapshot } = await collectLive({
      target: { clusterName: cluster.name, region: cluster.region, ...principal },
      keys,
      extent: 'lean',
      probes: { kind: 'off' },
      deadlineSeconds,
      userAgent: USER_AGENT,
      access,
      ...(pods === undefined ? {} : { pods }),
      onFact: () => undefined,
    });
    if (snapshot.cluster.account !== cluster.account) {
      throw new Error(`the credentials for account ${cluster.account} are of account ${snapshot.cluster.account}`);
    }
    return { kind: 'snapshot', snapshot: { ...snapshot, cluster } };
  } catch (error) {
    const { reason, detail } = classifyFailure(error);
    if (reason !== 'denied') throw error;
    return { kind: 'gap', reason, detail, source: `sts:AssumeRole of ${principal.roleArn ?? 'our own role'}` };
  }
};

/** The dump of a cluster, as if it had been taken now: for the local run, where there is no AWS. */
export const readRecorded = async (directory: string, cluster: ClusterRef, now: Date): Promise<Collection> => {
  if (!CLUSTER_NAME.test(cluster.name)) throw new Error('a recorded cluster has a name');
  const { importDump } = await import('./collect/dump/import-dump.ts');
  const snapshot = await importDump(join(directory, cluster.name));
  const at = now.toISOString();
  // Each fact stays what it is but for its time: an old dump would be too old to judge.
  const facts = Object.fromEntries(
    Object.entries(snapshot.facts).map(([key, fact]) => [key, { ...fact, observedAt: at }]),
  ) as unknown as Snapshot['facts'];
  return { kind: 'snapshot', snapshot: { cluster, takenAt: at, facts } };
};
