import pLimit from 'p-limit';
import { CATALOGUE } from '../../../shared/checks/catalogue.generated.ts';
import { collectFacts } from '../../../shared/collect/live/collect-facts.ts';
import type { Collectors } from '../../../shared/collect/live/collector.ts';
import { liveCollectors } from '../../../shared/collect/live/collectors.ts';
import { FACT_KEYS, type FactKey, type Snapshot } from '../../../shared/model/snapshot.ts';
import type { AwsSession } from '../../../shared/runtime/aws/session.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { clientOf } from '../../support/kubernetes-endpoint/client.ts';
import { startKubernetesEndpoint } from '../../support/kubernetes-endpoint/endpoint.ts';
import type { RecordedRequest, Reply } from '../../support/kubernetes-endpoint/replies.ts';
import type { ServedCluster } from './served-cluster.ts';

export const COLLECTORS: Collectors = liveCollectors({ keys: FACT_KEYS, probes: { kind: 'off' } });

/** What a collection alone can decide: verdict logs are no state of a cluster, an audit is handed what they told. */
export const CHECKS = CATALOGUE.filter(({ needs }) => needs['verdicts.denied-traffic'] === undefined);

export const KUBERNETES_KEYS = FACT_KEYS.filter((key) => key.startsWith('kubernetes.'));

const denied = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('User is not authorized'), { name: 'AccessDenied' }));

/** An AWS account that refuses everything. */
export const REFUSING: AwsSession = {
  account: CLUSTER.account,
  region: CLUSTER.region,
  credentials: denied,
  eks: denied,
  ec2: denied,
  autoScaling: denied,
  iam: denied,
  logs: denied,
  ssm: denied,
  sts: denied,
  limit: pLimit(16),
};

/** One request of a run, later pages of a list apart. */
export const requestName = ({ path, query }: RecordedRequest): string =>
  query['continue'] === undefined ? path : `${path} (a later page)`;

export interface Run {
  readonly snapshot: Snapshot;
  readonly requests: readonly RecordedRequest[];
}

export interface RunOptions {
  /** What is wrong with the server. */
  readonly fault?: (request: RecordedRequest) => Reply | undefined;
  /** The deadline passes as soon as every other Kubernetes fact is read. */
  readonly deadlineLeaves?: readonly FactKey[];
}

/** A whole collection over real sockets from a server of this cluster. */
export const collectFrom = async (
  { collections, objects }: ServedCluster,
  { fault, deadlineLeaves = [] }: RunOptions = {},
): Promise<Run> => {
  const endpoint = await startKubernetesEndpoint({
    collections,
    answer: (request) => {
      const object = objects.get(request.path);
      return fault?.(request) ?? (object === undefined ? undefined : { kind: 'raw', code: 200, body: object });
    },
  });
  const { client } = clientOf(endpoint);
  const deadline = new AbortController();
  const open = new Set(KUBERNETES_KEYS);
  try {
    const snapshot = await collectFacts({
      cluster: CLUSTER,
      keys: FACT_KEYS,
      collectors: COLLECTORS,
      aws: REFUSING,
      kubernetes: () => Promise.resolve(client),
      now: () => new Date('2026-11-20T08:12:40Z'),
      signal: deadline.signal,
      extent: 'whole',
      onFact: (key) => {
        open.delete(key);
        if (deadlineLeaves.length > 0 && [...open].every((left) => deadlineLeaves.includes(left))) deadline.abort();
      },
    });
    return { snapshot, requests: [...endpoint.requests] };
  } finally {
    client.close();
    await endpoint.close();
  }
};
