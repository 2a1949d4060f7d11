/**
 * Wires live collection: AWS credentials, sessions and the connection to a cluster. Apart from `compose.ts`, so that a
 * run on snapshots loads no SDK.
 */
import { collectFacts } from './collect/live/collect-facts.ts';
import { required } from './collect/live/collector.ts';
import { liveCollectors, type ProbeChoice } from './collect/live/collectors.ts';
import { targetedPods } from './collect/live/targeted-pods.ts';
import type { ClusterRef } from './model/cluster.ts';
import type { Fact } from './model/fact.ts';
import type { PodLookUp } from './model/pod-look-up.ts';
import type { FactKey, Snapshot } from './model/snapshot.ts';
import { awsAccess, type AwsAccess } from './runtime/aws/access.ts';
import { callLog, type CallLog } from './runtime/aws/calls.ts';
import type { KubernetesClient } from './runtime/kubernetes/client.ts';
import { KubernetesError } from './runtime/kubernetes/error.ts';
import { connectEks, processClock } from './runtime/kubernetes/connect.ts';

/** Where a live collection goes and as whom. */
export interface LiveTarget {
  readonly clusterName: string;
  readonly region: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly sessionTags?: { readonly [key: string]: string };
  /** A kubeconfig instead of the cluster's own endpoint and a token of ours. */
  readonly kubeconfig?: { readonly path?: string; readonly context?: string };
}

export interface LiveOptions {
  readonly target: LiveTarget;
  readonly keys: readonly FactKey[];
  readonly extent: 'lean' | 'whole';
  readonly probes: ProbeChoice;
  /** For the whole collection, in seconds; then what is missing is unobserved. */
  readonly deadlineSeconds: number;
  readonly userAgent: string;
  /** Shared by the audits of a sweep, see `sharedAccess`; without it this audit makes its own clients. */
  readonly access?: AwsAccess;
  /** Which pods to list. Default: all. */
  readonly pods?: PodLookUp;
  readonly onFact: (key: FactKey, fact: Fact<unknown>) => void;
}

export interface Collected {
  readonly snapshot: Snapshot;
  /** What this audit asked; with shared access what was asked of STS is in the log of that. */
  readonly aws: CallLog;
  /** HTTP requests to the Kubernetes API. */
  readonly kubernetesCalls: number;
}

/** Where the context names its cluster by ARN, it must be the one asked for: two clusters must not mix in one snapshot. */
const refuseOtherCluster = (
  named: { readonly name: string; readonly region: string } | undefined,
  { name, region }: ClusterRef,
): void => {
  if (named === undefined || (named.name === name && named.region === region)) return;
  throw new KubernetesError(
    'denied',
    `the kubeconfig context is for cluster ${named.name} in ${named.region}, not ${name} in ${region}`,
  );
};

/** Clients, credentials and identities for all audits of one sweep. `calls` counts what is asked of STS for all of them. */
export const sharedAccess = (calls: CallLog = callLog()): AwsAccess => awsAccess(calls, () => new Date());

/** A sweep shares the question who we are, so it does not end with the deadline of one audit; the wait for it does. */
const before = <T>(deadline: AbortSignal, waiting: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new Error('the deadline of the audit passed before AWS said who we are'));
    if (deadline.aborted) late();
    deadline.addEventListener('abort', late, { once: true });
    waiting.then(resolve, reject).finally(() => deadline.removeEventListener('abort', late));
  });

/** The live edges: facts come from AWS and from the cluster. @throws where nobody can tell who we are */
export const collectLive = async ({ target, ...options }: LiveOptions): Promise<Collected> => {
  const { clusterName, region, kubeconfig: _, ...principal } = target;
  const clock = processClock(options.userAgent);
  const calls = callLog();
  const deadline = AbortSignal.timeout(options.deadlineSeconds * 1000);
  const access = options.access ?? sharedAccess(calls);
  const { credentials, identity, session } = await before(deadline, access(principal, region));
  const cluster: ClusterRef = { partition: identity.partition, account: identity.account, region, name: clusterName };
  const aws = session(calls);
  let client: KubernetesClient | undefined;
  try {
    const snapshot = await collectFacts({
      cluster,
      keys: options.keys,
      collectors: {
        ...liveCollectors({ keys: options.keys, probes: options.probes }),
        ...(options.pods === undefined ? {} : { 'kubernetes.pods': targetedPods(options.pods) }),
      },
      aws,
      kubernetes: async (context) => {
        if (target.kubeconfig === undefined) {
          client = connectEks(cluster, await required(context, 'eks.cluster'), credentials, clock);
        } else {
          const { clusterOfContext, connectKubeconfig } = await import('./runtime/kubernetes/kubeconfig.ts');
          const { path, context: name } = target.kubeconfig;
          const choice = {
            ...(path === undefined ? {} : { kubeconfig: path }),
            ...(name === undefined ? {} : { context: name }),
          };
          refuseOtherCluster(clusterOfContext(choice), cluster);
          client = await connectKubeconfig(choice, clock);
        }
        return client;
      },
      now: clock.now,
      signal: deadline,
      extent: options.extent,
      onFact: options.onFact,
    });
    return { snapshot, aws: calls, kubernetesCalls: client?.usage().calls ?? 0 };
  } finally {
    client?.close();
  }
};
