import { createKubernetesClient } from '../../../shared/runtime/kubernetes/client.ts';
import type { KubernetesClient, KubernetesClientOptions } from '../../../shared/runtime/kubernetes/client.ts';
import type { KubernetesEndpoint } from './endpoint.ts';

/** What the clients of the tests are told the time is. */
export const NOW = new Date('2026-11-21T12:00:00Z');

export interface TestClient {
  readonly client: KubernetesClient;
  /** The waits it asked for, in milliseconds; none was waited. */
  readonly waits: readonly number[];
}

/** A client of a test endpoint: no wait takes time and chance is always a half. */
export const clientOf = (endpoint: KubernetesEndpoint, options: Partial<KubernetesClientOptions> = {}): TestClient => {
  const waits: number[] = [];
  const client = createKubernetesClient({
    endpoint: endpoint.url,
    certificateAuthority: endpoint.certificateAuthority,
    userAgent: 'netpol-warden/test',
    now: () => NOW,
    random: () => 0.5,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
    ...options,
  });
  return { client, waits };
};
