import type { ApplicationNetworkPolicy, ClusterNetworkPolicy } from '../../shared/model/cluster-policy.ts';
import type {
  Labels,
  LabelSelector,
  Namespace,
  NetworkPolicy,
  Pod,
  PolicyPort,
} from '../../shared/model/facts-kubernetes.ts';
import { buildPolicyIndex } from '../../shared/policy/build-policy-index.ts';
import type { Endpoint, Flow } from '../../shared/policy/flow.ts';
import type { IndexedNode, PolicyIndex, PolicyInputs } from '../../shared/policy/policy-index.ts';

/** Short forms for the objects of a test cluster. Nothing here knows what a policy means. */

type Expressions = LabelSelector['matchExpressions'];

export const selector = (matchLabels: Labels = {}, matchExpressions: Expressions = []): LabelSelector => ({
  matchLabels,
  matchExpressions,
});

export const expression = (
  key: string,
  operator: Expressions[number]['operator'],
  ...values: readonly string[]
): LabelSelector => selector({}, [{ key, operator, values }]);

export const inNamespace = (name: string): LabelSelector => selector({ 'kubernetes.io/metadata.name': name });

export const namespace = (name: string, labels: Labels = {}): Namespace => ({
  name,
  labels: { 'kubernetes.io/metadata.name': name, ...labels },
  phase: 'Active',
});

const split = (path: string): { readonly namespace: string; readonly name: string } => {
  const [first = '', second = ''] = path.split('/');
  return { namespace: first, name: second };
};

export const pod = (path: string, parts: Partial<Pod> = {}): Pod => ({
  ...split(path),
  uid: `uid-${path}`,
  createdAt: '2026-01-01T00:00:00Z',
  phase: 'Running',
  hostNetwork: false,
  podIPs: ['100.64.0.1'],
  labels: {},
  owner: { kind: 'ReplicaSet', name: split(path).name },
  ports: [],
  branchEni: 'none',
  ...parts,
});

export const node = (name: string, ip: string, operatingSystem = 'linux'): IndexedNode => ({
  name,
  internalIPs: [ip],
  operatingSystem,
});

export const policy = (path: string, parts: Partial<NetworkPolicy>): NetworkPolicy => ({
  ...split(path),
  uid: `uid-${path}`,
  createdAt: '2026-01-01T00:00:00Z',
  generation: 1,
  podSelector: selector(),
  policyTypes: ['Ingress'],
  ingress: [],
  egress: [],
  ...parts,
});

export const clusterPolicy = (name: string, parts: Partial<ClusterNetworkPolicy>): ClusterNetworkPolicy => ({
  name,
  uid: `uid-${name}`,
  createdAt: '2026-01-01T00:00:00Z',
  generation: 1,
  tier: 'Admin',
  priority: 10,
  subject: { kind: 'namespaces', namespaceSelector: selector() },
  ingress: [],
  egress: [],
  ...parts,
});

export const applicationPolicy = (
  path: string,
  parts: Partial<ApplicationNetworkPolicy>,
): ApplicationNetworkPolicy => ({
  ...policy(path, {}),
  policyTypes: ['Egress'],
  egress: [],
  ...parts,
});

export const port = (number: number | string, protocol = 'TCP', endPort?: number): PolicyPort =>
  endPort === undefined ? { protocol, port: number } : { protocol, port: number, endPort };

/** `x/a` is a pod, `node:n` a node, anything else an address. */
export const endpoint = (text: string): Endpoint => {
  if (text.startsWith('node:')) return { kind: 'node', name: text.slice('node:'.length) };
  return text.includes('/') ? { kind: 'pod', ...split(text) } : { kind: 'external', ip: text };
};

export const flow = (from: string, to: string, number = 80, protocol = 'TCP'): Flow => ({
  from: endpoint(from),
  to: endpoint(to),
  port: number,
  protocol,
});

export const cluster = (parts: Partial<PolicyInputs>): PolicyInputs => ({
  namespaces: [],
  pods: [],
  networkPolicies: [],
  mode: 'standard',
  ...parts,
});

export const index = (parts: Partial<PolicyInputs>): PolicyIndex => buildPolicyIndex(cluster(parts));
