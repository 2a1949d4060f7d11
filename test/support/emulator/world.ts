import { startAwsEndpoint, type AwsEndpoint, type Handler } from '../aws-endpoint/endpoint.ts';
import { startKubernetesEndpoint, type KubernetesEndpoint } from '../kubernetes-endpoint/endpoint.ts';
import type { RecordedRequest, Reply } from '../kubernetes-endpoint/replies.ts';
import { servedCluster } from '../../collect/live/served-cluster.ts';
import { accountOf } from './account.ts';
import { awsEnvironment, replaceEnvironment } from './environment.ts';
import { startSts, type StsEndpoint } from './sts.ts';

export interface World {
  readonly aws: AwsEndpoint;
  readonly sts: StsEndpoint;
  readonly kubernetes: KubernetesEndpoint;
  /** From now on the account answers as this handler does with the healthy one. */
  readonly change: (change: (healthy: Handler) => Handler) => void;
  readonly close: () => Promise<void>;
}

export interface WorldOptions {
  /** A cluster of the committed fleet. */
  readonly cluster: string;
  /** Answers a Kubernetes request before the cluster does. */
  readonly answer?: (request: RecordedRequest) => Reply | undefined;
}

/**
 * AWS, STS and the cluster's API server on 127.0.0.1, and an environment in which the SDK finds them and nothing of the
 * developer's own. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const startWorld = async ({ cluster, answer }: WorldOptions): Promise<World> => {
  const { collections, objects } = await servedCluster(cluster);
  const kubernetes = await startKubernetesEndpoint({
    collections,
    answer: (request) => {
      const object = objects.get(request.path);
      return answer?.(request) ?? (object === undefined ? undefined : { kind: 'raw', code: 200, body: object });
    },
  });
  const healthy = await accountOf({ cluster, kubernetes });
  let current = healthy;
  const aws = await startAwsEndpoint((request) => current(request));
  const sts = await startSts('111122223333');
  const restore = replaceEnvironment({ ...awsEnvironment(aws.url), AWS_ENDPOINT_URL_STS: sts.url });
  return {
    aws,
    sts,
    kubernetes,
    change: (change) => {
      current = change(healthy);
    },
    close: async () => {
      restore();
      await Promise.all([aws.close(), sts.close(), kubernetes.close()]);
    },
  };
};
