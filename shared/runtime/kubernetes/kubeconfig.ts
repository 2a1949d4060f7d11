/**
 * Connections through a kubeconfig, for the command line only: @kubernetes/client-node knows exec plugins, OIDC and
 * in-cluster service accounts, and costs a Lambda 60-100 ms of cold start, so nothing else may import this file.
 */
import { KubeConfig } from '@kubernetes/client-node';
import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { createKubernetesClient, type KubernetesClient, type KubernetesClientOptions } from './client.ts';
import { KubernetesError } from './error.ts';

export interface KubeconfigChoice {
  /** Path of the file; KUBECONFIG, ~/.kube/config or the service account of the pod where absent. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

const load = ({ kubeconfig, context }: KubeconfigChoice): KubeConfig => {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) {
    const known = config.getContexts().map(({ name }) => name);
    if (!known.includes(context)) {
      throw new KubernetesError(
        'not-found',
        `the kubeconfig has no context ${JSON.stringify(context)}; it has ${known.join(', ')}`,
      );
    }
    config.setCurrentContext(context);
  }
  return config;
};

const text = (value: RequestOptions['ca']): string | undefined => {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
};

const bearerOf = (options: RequestOptions): string | undefined => {
  const { headers } = options;
  const entries = headers === undefined ? [] : Object.entries(headers);
  const value = entries.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  const given = typeof value === 'string' ? /^Bearer (.+)$/.exec(value)?.[1] : undefined;
  return given;
};

/** The name of the EKS cluster behind a context, where `aws eks update-kubeconfig` wrote it: its clusters are named by ARN. */
export const clusterOfContext = (
  choice: KubeconfigChoice,
): { readonly name: string; readonly region: string } | undefined => {
  const found = load(choice).getCurrentCluster();
  const [, region, name] = /^arn:[^:]+:eks:([^:]+):\d{12}:cluster\/(.+)$/.exec(found?.name ?? '') ?? [];
  return region === undefined || name === undefined ? undefined : { region, name };
};

/** @throws KubernetesError where the kubeconfig names no cluster, or one without TLS that can be checked */
export const connectKubeconfig = async (
  choice: KubeconfigChoice,
  base: Pick<KubernetesClientOptions, 'userAgent' | 'now' | 'sleep' | 'random'>,
): Promise<KubernetesClient> => {
  const config = load(choice);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new KubernetesError('not-found', 'the kubeconfig has no current context with a cluster');
  if (cluster.skipTLSVerify) {
    throw new KubernetesError(
      'denied',
      `cluster ${cluster.name} has insecure-skip-tls-verify: what answers there proves nothing`,
    );
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const certificateAuthority =
    text(options.ca) ?? (cluster.caFile === undefined ? undefined : readFileSync(cluster.caFile, 'utf8'));
  if (certificateAuthority === undefined) {
    throw new KubernetesError('malformed', `cluster ${cluster.name} has no certificate-authority in the kubeconfig`);
  }
  const certificate = text(options.cert);
  // Node types a key more widely than PEM text; a kubeconfig only ever gives text or a buffer.
  const key = text(typeof options.key === 'string' || Buffer.isBuffer(options.key) ? options.key : undefined);
  const hasToken = bearerOf(options) !== undefined;
  return createKubernetesClient({
    ...base,
    endpoint: cluster.server,
    certificateAuthority,
    ...(cluster.tlsServerName === undefined ? {} : { serverName: cluster.tlsServerName }),
    ...(certificate === undefined || key === undefined ? {} : { clientCertificate: { certificate, key } }),
    ...(hasToken
      ? {
          token: async () => {
            // Runs the exec plugin or the OIDC refresh again where the token it holds has ended.
            const fresh: RequestOptions = {};
            await config.applyToHTTPSOptions(fresh);
            const token = bearerOf(fresh);
            if (token === undefined) throw new KubernetesError('denied', 'the kubeconfig gives no token any more');
            return token;
          },
        }
      : {}),
  });
};
