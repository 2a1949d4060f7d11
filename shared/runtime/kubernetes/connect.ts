import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterRef } from '../../model/cluster.ts';
import type { EksCluster } from '../../model/facts-aws.ts';
import { createEksTokenProvider } from '../eks-token.ts';
import type { CredentialProvider } from '../aws/session.ts';
import { createKubernetesClient, type KubernetesClient, type KubernetesClientOptions } from './client.ts';
import { KubernetesError } from './error.ts';

/** The parts of a client that are the process's, not the cluster's. */
export const processClock = (
  userAgent: string,
): Pick<KubernetesClientOptions, 'userAgent' | 'now' | 'sleep' | 'random'> => ({
  userAgent,
  now: () => new Date(),
  // The client reads an early end as "do not wait any longer".
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
  random: () => randomInt(2 ** 32) / 2 ** 32,
});

/**
 * A client for an EKS cluster: endpoint and certificate authority from DescribeCluster and from nowhere else, the token
 * signed with the given credentials.
 * @throws KubernetesError `malformed` where DescribeCluster gave no endpoint or authority, as while a cluster is made
 */
export const connectEks = (
  cluster: ClusterRef,
  eks: EksCluster,
  credentials: CredentialProvider,
  base: Pick<KubernetesClientOptions, 'userAgent' | 'now' | 'sleep' | 'random'>,
): KubernetesClient => {
  const { endpoint, certificateAuthorityData } = eks;
  if (endpoint === undefined || certificateAuthorityData === undefined) {
    throw new KubernetesError(
      'malformed',
      `eks:DescribeCluster gives no endpoint and certificate authority: status ${eks.status}`,
    );
  }
  const { partition, region, name } = cluster;
  return createKubernetesClient({
    ...base,
    endpoint,
    certificateAuthority: Buffer.from(certificateAuthorityData, 'base64').toString('utf8'),
    token: createEksTokenProvider({ clusterName: name, partition, region, credentials, now: base.now }),
  });
};
