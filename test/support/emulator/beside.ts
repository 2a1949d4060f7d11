import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servedCluster } from '../../collect/live/served-cluster.ts';
import { startKubernetesEndpoint } from '../kubernetes-endpoint/endpoint.ts';

/** The API server that an emulator's cluster lacks, and the kubeconfig that leads there. */
export interface KubernetesBeside {
  readonly kubeconfig: { readonly path: string };
  readonly close: () => Promise<void>;
}

/** @param cluster of the committed fleet */
export const kubernetesBeside = async (cluster: string): Promise<KubernetesBeside> => {
  const { collections, objects } = await servedCluster(cluster);
  const endpoint = await startKubernetesEndpoint({
    collections,
    answer: ({ path }) => {
      const body = objects.get(path);
      return body === undefined ? undefined : { kind: 'raw', code: 200, body };
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
  const certificate = Buffer.from(endpoint.certificateAuthority).toString('base64');
  const path = join(directory, 'config');
  await writeFile(
    path,
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: endpoint.url, 'certificate-authority-data': certificate } }],
      users: [{ name: 'u', user: { token: 'static' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  return {
    kubeconfig: { path },
    close: async () => {
      await endpoint.close();
      await rm(directory, { recursive: true });
    },
  };
};
