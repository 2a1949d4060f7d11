import type { PolicyIndex } from '../../shared/policy/policy-index.ts';
import { flow, index, namespace, pod, selector } from './cluster.ts';
import type { policy } from './cluster.ts';

/** Two namespaces with two replicas of what matters: web/front wants to reach shop/orders on 8080, its port `http`. */
export const namespaces = [namespace('shop', { team: 'red' }), namespace('web', { team: 'blue' })];
const replica = (path: string, app: string, hash: string, extra: { readonly [key: string]: string } = {}) => {
  const name = path.split('/')[1] ?? '';
  return pod(path, {
    labels: { 'app.kubernetes.io/name': app, 'pod-template-hash': hash, ...extra },
    owner: { kind: 'ReplicaSet', name: `${app}-${hash}` },
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    podIPs: [`10.0.0.${name.length}`],
  });
};
export const pods = [
  replica('shop/orders-1', 'orders', 'aaaa1111'),
  replica('shop/orders-22', 'orders', 'aaaa1111'),
  replica('shop/stock-333', 'stock', 'bbbb2222'),
  replica('web/front-1', 'front', 'cccc3333'),
  replica('web/front-22', 'front', 'cccc3333'),
  replica('web/admin-333', 'admin', 'dddd4444'),
];
export const app = (name: string) => selector({ 'app.kubernetes.io/name': name });
export const shop = (...policies: readonly ReturnType<typeof policy>[]): PolicyIndex =>
  index({ namespaces, pods, networkPolicies: policies });
export const asked = flow('web/front-1', 'shop/orders-1', 8080);
