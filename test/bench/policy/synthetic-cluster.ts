import type {
  LabelSelector,
  Namespace,
  NetworkPolicy,
  Pod,
  PolicyRule,
} from '../../../shared/model/facts-kubernetes.ts';
import type { Flow } from '../../../shared/policy/flow.ts';
import type { PolicyInputs } from '../../../shared/policy/policy-index.ts';

/** The same cluster on every run: a linear congruential generator with fixed constants instead of Math.random. */
const sequence = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
};

const NAMESPACES = 500;
const WORKLOADS = 10;
const REPLICAS = 10;
const PORTS = [80, 443, 8080, 9090, 5432] as const;
const CREATED_AT = '2026-01-01T00:00:00Z';

const byApp = (app: string): LabelSelector => ({
  matchLabels: { 'app.kubernetes.io/name': app },
  matchExpressions: [],
});
const byTeam = (team: string): LabelSelector => ({
  matchLabels: {},
  matchExpressions: [{ key: 'team', operator: 'In', values: [team] }],
});

const namespaceName = (index: number): string => `ns-${index}`;
const appName = (index: number): string => `app-${index}`;

const pod = (order: number): Pod => {
  const namespace = namespaceName(Math.floor(order / (WORKLOADS * REPLICAS)));
  const app = appName(Math.floor(order / REPLICAS) % WORKLOADS);
  const node = order % 1000;
  return {
    namespace,
    name: `${app}-7d9c5b8f6d-${order}`,
    uid: `pod-${order}`,
    createdAt: CREATED_AT,
    nodeName: `node-${node}`,
    phase: 'Running',
    hostNetwork: false,
    podIPs: [`10.${order >> 16}.${(order >> 8) & 255}.${order & 255}`],
    hostIP: `172.16.${node >> 8}.${node & 255}`,
    labels: {
      'app.kubernetes.io/name': app,
      'app.kubernetes.io/instance': `${namespace}-${app}`,
      'app.kubernetes.io/part-of': namespace,
      'pod-template-hash': '7d9c5b8f6d',
    },
    owner: { kind: 'ReplicaSet', name: `${app}-7d9c5b8f6d` },
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    branchEni: 'none',
  };
};

const tcp = (port: number | string) => ({ protocol: 'TCP', port });

const policy = (
  namespace: string,
  name: string,
  parts: Pick<NetworkPolicy, 'podSelector' | 'policyTypes'> & { ingress?: PolicyRule[]; egress?: PolicyRule[] },
): NetworkPolicy => ({
  namespace,
  name,
  uid: `${namespace}-${name}`,
  createdAt: CREATED_AT,
  generation: 1,
  podSelector: parts.podSelector,
  policyTypes: parts.policyTypes,
  ingress: parts.ingress ?? [],
  egress: parts.egress ?? [],
});

/** Ten per namespace: a default deny, a DNS rule, and one for most workloads, with peers by app, by team and by range. */
const policiesOf = (index: number, next: (below: number) => number): readonly NetworkPolicy[] => {
  const namespace = namespaceName(index);
  // As in most clusters, egress is closed in a minority of namespaces.
  const policyTypes: NetworkPolicy['policyTypes'] = index % 4 === 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  const everyPod: LabelSelector = { matchLabels: {}, matchExpressions: [] };
  const dns = policy(namespace, 'allow-dns', {
    podSelector: everyPod,
    policyTypes: index % 4 === 0 ? ['Egress'] : [],
    egress: [
      {
        peers: [{ kind: 'selectors', namespaceSelector: byTeam('t0') }],
        ports: [{ protocol: 'UDP', port: 53 }, tcp(53)],
      },
    ],
  });
  const perWorkload = Array.from({ length: WORKLOADS - 2 }, (_, app) =>
    policy(namespace, `allow-${app}`, {
      podSelector: byApp(appName(app)),
      policyTypes,
      ingress: [
        { peers: [{ kind: 'selectors', podSelector: byApp(appName(next(WORKLOADS))) }], ports: [tcp('http')] },
        {
          peers: [
            {
              kind: 'selectors',
              podSelector: byApp(appName(next(WORKLOADS))),
              namespaceSelector: byTeam(`t${next(20)}`),
            },
          ],
          ports: [tcp(PORTS[next(PORTS.length)] ?? 80), tcp(9090)],
        },
        {
          peers: [{ kind: 'selectors', podSelector: everyPod }],
          ports: [tcp(5432)],
        },
      ],
      egress: [
        {
          peers: [
            { kind: 'ip-block', cidr: `198.${next(250)}.0.0/16`, except: [`198.${next(250)}.7.0/24`] },
            { kind: 'selectors', namespaceSelector: byTeam(`t${next(20)}`) },
          ],
          ports: [tcp(443), { protocol: 'TCP', port: 8000, endPort: 8100 }],
        },
      ],
    }),
  );
  return [policy(namespace, 'default-deny', { podSelector: everyPod, policyTypes }), dns, ...perWorkload];
};

/** 500 namespaces, 50,000 pods, 5,000 policies. */
export const syntheticCluster = (): PolicyInputs => {
  const next = sequence(7);
  const namespaces = Array.from({ length: NAMESPACES }, (_, index): Namespace => {
    const name = namespaceName(index);
    return { name, labels: { 'kubernetes.io/metadata.name': name, team: `t${index % 20}` }, phase: 'Active' };
  });
  return {
    namespaces,
    pods: Array.from({ length: NAMESPACES * WORKLOADS * REPLICAS }, (_, order) => pod(order)),
    networkPolicies: namespaces.flatMap((_, index) => policiesOf(index, next)),
    mode: 'standard',
  };
};

/** Flows between random pods, every second one within a namespace, one in ten to an address outside. */
export const syntheticFlows = ({ pods }: PolicyInputs, count: number): readonly Flow[] => {
  const next = sequence(11);
  return Array.from({ length: count }, (): Flow => {
    const order = next(pods.length);
    const from = pods[order];
    const near = order - (order % (WORKLOADS * REPLICAS)) + next(WORKLOADS * REPLICAS);
    const to = pods[next(2) === 0 ? near : next(pods.length)];
    if (from === undefined || to === undefined) throw new Error('the cluster has no pods');
    const source = { kind: 'pod', namespace: from.namespace, name: from.name } as const;
    const port = PORTS[next(PORTS.length)] ?? 80;
    if (next(10) === 0) {
      return { from: source, to: { kind: 'external', ip: `198.${next(250)}.${next(250)}.9` }, port, protocol: 'TCP' };
    }
    return { from: source, to: { kind: 'pod', namespace: to.namespace, name: to.name }, port, protocol: 'TCP' };
  });
};
