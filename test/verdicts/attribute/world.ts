import type { AddressOwner, DeniedPair, ResolvedAddress } from '../../../shared/model/denied-traffic.ts';
import type { Namespace, NetworkPolicy, Pod } from '../../../shared/model/facts-kubernetes.ts';
import type { Service } from '../../../shared/model/facts-kubernetes-network.ts';
import type { FlowAggregate } from '../../../shared/model/flow.ts';
import type { Facts } from '../../../shared/model/snapshot.ts';
import { workloadKey } from '../../../shared/policy/identity-labels.ts';
import { emptySummary } from '../../../shared/verdicts/aggregate/index.ts';
import type { FlowSummary } from '../../../shared/verdicts/aggregate/index.ts';
import { attributeDenials } from '../../../shared/verdicts/attribute/index.ts';
import type { AttributionLimits, ResolveAddress } from '../../../shared/verdicts/attribute/index.ts';
import { namespace, pod, selector } from '../../policy/cluster.ts';
import { AT, agentContainer, cniContainer, daemonSet, facts, node } from '../../support/cluster.ts';

/** A shop that wants to reach payments, CoreDNS, and an account of who had which address. */

export const N1 = 'ip-10-0-1-5.ec2.internal';
export const N2 = 'ip-10-0-2-5.ec2.internal';
/** Milliseconds: an hour before the snapshot. */
export const THEN = Date.parse(AT) - 3_600_000;

interface Replica {
  readonly ip: string;
  readonly node?: string;
  readonly port?: number;
  readonly parts?: Partial<Pod>;
}

export const replica = (path: string, app: string, { ip, node: on = N1, port = 8080, parts = {} }: Replica): Pod =>
  pod(path, {
    createdAt: '2026-11-01T00:00:00Z',
    labels: { app, 'pod-template-hash': 'aa11' },
    owner: { kind: 'ReplicaSet', name: `${app}-aa11` },
    nodeName: on,
    hostIP: on === N1 ? '10.0.1.5' : '10.0.2.5',
    podIPs: [ip],
    ports: [{ name: 'main', containerPort: port, protocol: 'TCP' }],
    ...parts,
  });

export const WEB = '10.0.1.20';
export const WEB_2 = '10.0.2.20';
export const ORDERS = '10.0.2.30';
export const DNS = '10.0.2.53';
export const ORDERS_IP = '172.20.0.30';
export const DNS_IP = '172.20.0.10';

const dnsPorts = [
  { name: 'dns', containerPort: 53, protocol: 'UDP' },
  { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
];

export const PODS: readonly Pod[] = [
  replica('shop/web-1', 'web', { ip: WEB }),
  replica('shop/web-2', 'web', { ip: WEB_2, node: N2 }),
  replica('shop/cart-1', 'cart', { ip: '10.0.1.21' }),
  replica('payments/orders-1', 'orders', { ip: ORDERS, node: N2, port: 5432 }),
  replica('payments/ledger-1', 'ledger', { ip: '10.0.1.31', port: 5432 }),
  replica('kube-system/coredns-1', 'coredns', {
    ip: DNS,
    node: N2,
    parts: { labels: { 'k8s-app': 'kube-dns', 'pod-template-hash': 'aa11' }, ports: dnsPorts },
  }),
];

export const service = (path: string, ip: string, parts: Partial<Service> = {}): Service => {
  const [of = '', name = ''] = path.split('/');
  return {
    namespace: of,
    name,
    type: 'ClusterIP',
    clusterIPs: [ip],
    ports: [{ port: 5432, targetPort: 5432, protocol: 'TCP' }],
    selector: { app: name },
    internalTrafficPolicy: 'Cluster',
    ...parts,
  };
};

export const SERVICES: readonly Service[] = [
  service('payments/orders', ORDERS_IP),
  service('kube-system/kube-dns', DNS_IP, {
    selector: { 'k8s-app': 'kube-dns' },
    ports: [
      { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
    ],
  }),
];

export interface World {
  readonly pods?: readonly Pod[];
  readonly namespaces?: readonly Namespace[];
  readonly policies?: readonly NetworkPolicy[];
  readonly services?: readonly Service[];
  readonly mode?: string;
  readonly agent?: string;
  /** Facts in place of those made from the above. */
  readonly given?: Parameters<typeof facts>[0];
  /** Owners of addresses that no pod, node or Service has. */
  readonly owners?: { readonly [address: string]: Partial<ResolvedAddress> };
}

export const NAMESPACES = ['shop', 'payments', 'kube-system'].map((name) => namespace(name));

export const factsOf = ({
  pods = PODS,
  namespaces = NAMESPACES,
  policies = [],
  services = SERVICES,
  mode = 'standard',
  agent = 'v1.4.2',
  given = {},
}: World): Facts =>
  facts({
    'kubernetes.pods': pods,
    'kubernetes.namespaces': namespaces,
    'kubernetes.network-policies': policies,
    'kubernetes.cluster-network-policies': 'absent',
    'kubernetes.application-network-policies': 'absent',
    'kubernetes.services': services,
    'kubernetes.nodes': [
      node({ name: N1, internalIPs: ['10.0.1.5'] }),
      node({ name: N2, uid: 'n2', internalIPs: ['10.0.2.5'] }),
    ],
    'kubernetes.aws-node': daemonSet({
      containers: [
        cniContainer({ env: { NETWORK_POLICY_ENFORCING_MODE: mode } }),
        agentContainer({ image: `registry/amazon/aws-network-policy-agent:${agent}-eksbuild.1` }),
      ],
    }),
    ...given,
  });

const podOwner = (of: Pod): AddressOwner => {
  const [, kind = '', name = ''] = workloadKey(of).split('/');
  return {
    kind: 'pod',
    namespace: of.namespace,
    name: of.name,
    workload: { kind, namespace: of.namespace, name },
    ...(of.nodeName !== undefined && { node: of.nodeName }),
    ...(of.labels['k8s-app'] === 'kube-dns' && { role: 'cluster-dns' as const }),
  };
};

const serviceOwner = (of: Service, pods: readonly Pod[]): AddressOwner => ({
  kind: 'service',
  namespace: of.namespace,
  name: of.name,
  backends: pods
    .filter(({ namespace: its, labels }) => its === of.namespace && labels['app'] === of.selector['app'])
    .map(({ name }) => ({ namespace: of.namespace, name })),
  ...(of.name === 'kube-dns' && { role: 'cluster-dns' as const }),
});

/** Who had an address, from the world alone; time plays no part. */
export const resolver = ({ pods = PODS, services = SERVICES, owners = {} }: World): ResolveAddress => {
  const known = new Map<string, readonly AddressOwner[]>([
    ['10.0.1.5', [{ kind: 'node', name: N1, hostNetworkPods: [] }]],
    ['10.0.2.5', [{ kind: 'node', name: N2, hostNetworkPods: [] }]],
    ...services.map((one) => [one.clusterIPs[0] ?? '', [serviceOwner(one, pods)]] as const),
    ...pods.flatMap((one) => one.podIPs.map((ip) => [ip, [podOwner(one)]] as const)),
  ]);
  return (address) => {
    const found = known.get(address);
    const network = `${address.split('.').slice(0, 3).join('.')}.0/24`;
    return {
      address,
      certainty: 'exact',
      owners: found ?? [{ kind: 'external', network }],
      because: 'the test says so',
      ...owners[address],
    };
  };
};

export const denial = (
  source: string,
  destination: string,
  destinationPort: number,
  parts: Partial<FlowAggregate> = {},
): FlowAggregate => ({
  windowStart: Math.floor(THEN / 300_000) * 300_000,
  source,
  destination,
  destinationPort,
  protocol: 'TCP',
  verdict: 'DENY',
  count: 1,
  uncounted: 0,
  firstSeenAt: THEN,
  lastSeenAt: THEN,
  nodes: [],
  sampleEventIds: [],
  tiers: [],
  repaired: [],
  ...parts,
});

/** A packet from a service's port to a client's. */
export const answer = (source: string, sourcePort: number, destination: string, parts: Partial<FlowAggregate> = {}) =>
  denial(source, destination, 40_022, { reply: 'likely', sourcePort, ...parts });

export const summaryOf = (flows: readonly FlowAggregate[]): FlowSummary => ({
  ...emptySummary(),
  flows,
  total: flows.reduce((sum, { count }) => sum + count, 0),
});

export const attribute = (world: World, flows: readonly FlowAggregate[], limits: AttributionLimits = {}) =>
  attributeDenials(summaryOf(flows), { facts: factsOf(world), takenAt: AT, resolve: resolver(world), limits });

/** The pair that one flow makes. */
export const only = (world: World, ...flows: readonly FlowAggregate[]): DeniedPair => {
  const { pairs } = attribute(world, flows);
  const [pair] = pairs;
  if (pair === undefined || pairs.length > 1) throw new Error(`expected one pair, found ${pairs.length}`);
  return pair;
};

export const app = (name: string) => selector({ app: name });
