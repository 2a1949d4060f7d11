import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terminal, type Ran } from '../support/terminal.ts';

/** Manifests of a small shop, written by hand: what each test expects can be read off them. */
const pod = (path: string, ip: string, app: string, owner: string, ports = ''): string => {
  const [namespace = '', name = ''] = path.split('/');
  const [kind = '', of = ''] = owner.split('/');
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${app}}, ownerReferences: [{kind: ${kind}, name: ${of}, controller: true}]}
spec: {nodeName: node-1, containers: [{name: main, ports: [${ports}]}]}
status: {phase: Running, podIP: ${ip}, hostIP: 192.168.0.1}
`;
};

const HTTP = '{name: http, containerPort: 8080}';

export const CLUSTER = [
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n',
  'apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\nstatus: {addresses: [{type: InternalIP, address: 192.168.0.1}]}\n',
  pod('shop/orders-1', '10.0.0.1', 'orders', 'ReplicaSet/orders-7c9d8f6b5c', HTTP),
  pod('shop/orders-2', '10.0.0.2', 'orders', 'ReplicaSet/orders-7c9d8f6b5c', '{name: http, containerPort: 8081}'),
  pod('shop/stock-0', '10.0.0.3', 'stock', 'StatefulSet/stock', '{name: dns, containerPort: 53, protocol: UDP}'),
  pod('web/front-1', '10.0.0.4', 'front', 'ReplicaSet/front-5d9f8b7c6d'),
  'apiVersion: v1\nkind: Service\nmetadata: {name: orders, namespace: shop}\nspec: {clusterIP: 172.20.0.1, selector: {app: orders}, ports: [{name: api, port: 80, targetPort: http}]}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: nobody, namespace: shop}\nspec: {clusterIP: 172.20.0.2, selector: {app: nobody}, ports: [{port: 80}]}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: shop}\nspec: {type: ExternalName, externalName: db.example.com, ports: [{port: 80}]}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: sliced, namespace: shop}\nspec: {clusterIP: 172.20.0.4, ports: [{port: 80}]}\n',
  'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: sliced-1, namespace: shop, labels: {kubernetes.io/service-name: sliced}}\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.3], targetRef: {kind: Pod, name: stock-0}}, {addresses: [198.51.100.7]}]\nports: [{port: 5432}]\n',
].join('---\n');

/** orders is isolated; front reaches it on http, which one replica serves elsewhere. */
export const POLICIES = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop}
spec:
  podSelector: {matchLabels: {app: orders}}
  ingress:
    - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}}]
      ports: [{port: 8080}]
`;

export interface Shop {
  readonly folder: string;
  readonly run: (...argv: readonly string[]) => Promise<Ran>;
  /** `simulate` on the whole shop. */
  readonly ask: (...argv: readonly string[]) => Promise<Ran>;
  readonly write: (path: string, text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const openShop = async (): Promise<Shop> => {
  const folder = await mkdtemp(join(tmpdir(), 'netpol-warden-'));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await write('shop/cluster.yaml', CLUSTER);
  await write('shop/policies.yaml', POLICIES);
  const run = (...argv: readonly string[]): Promise<Ran> => terminal(argv, folder);
  return {
    folder,
    run,
    ask: (...argv) => run('simulate', '--manifests', 'shop', ...argv),
    write,
    close: () => rm(folder, { recursive: true, force: true }),
  };
};
