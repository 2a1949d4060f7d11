import { onTestFinished } from 'vitest';
import { startKubernetesEndpoint } from './endpoint.ts';
import type { EndpointOptions, KubernetesEndpoint } from './endpoint.ts';

export const PODS = '/api/v1/pods';

/** An endpoint for the running test, with one pod unless told otherwise. */
export const endpointForTest = async (options: EndpointOptions = {}): Promise<KubernetesEndpoint> => {
  const endpoint = await startKubernetesEndpoint({
    collections: { [PODS]: { kind: 'PodList', items: [{ metadata: { name: 'a' } }] } },
    ...options,
  });
  onTestFinished(() => endpoint.close());
  return endpoint;
};
