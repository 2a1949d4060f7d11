import * as fc from 'fast-check';

import type {
  ApplicationNetworkPolicy,
  ClusterNetworkPolicy,
  ClusterPolicyPeer,
  ClusterPolicyPort,
} from '../../shared/model/cluster-policy.ts';
import type {
  Labels,
  LabelSelector,
  NetworkPolicy,
  Pod,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
} from '../../shared/model/facts-kubernetes.ts';
import type { Endpoint, Flow } from '../../shared/policy/flow.ts';
import type { PolicyInputs } from '../../shared/policy/policy-index.ts';
import { applicationPolicy, clusterPolicy, namespace, node, pod, policy } from './cluster.ts';

/** Random clusters small enough that rules hit often: few labels, few ports, a /28 of addresses. */

const NAMESPACES = ['x', 'y', 'z'] as const;
const KEYS = ['app', 'tier', 'pod-template-hash'] as const;
const VALUES = ['a', 'b', ''] as const;
const NAMES = ['http', 'dns'] as const;

const labels: fc.Arbitrary<Labels> = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
  maxKeys: 3,
});

const expressionArbitrary = (keys: readonly [string, ...string[]], values: readonly [string, ...string[]]) =>
  fc.oneof(
    fc.record({
      key: fc.constantFrom(...keys),
      operator: fc.constantFrom('In' as const, 'NotIn' as const),
      values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      key: fc.constantFrom(...keys),
      operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
      values: fc.constant([]),
    }),
  );

const podSelector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), { maxKeys: 1 }),
  matchExpressions: fc.array(expressionArbitrary(KEYS, VALUES), { maxLength: 1 }),
});

const NAMESPACE_KEYS = ['team', 'kubernetes.io/metadata.name'] as const;

const namespaceSelector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(fc.constant('team'), fc.constantFrom('red', 'blue'), { maxKeys: 1 }),
  matchExpressions: fc.array(expressionArbitrary(NAMESPACE_KEYS, ['x', 'y', 'red']), { maxLength: 1 }),
});

const smallAddress = fc.nat(15).map((last) => `10.0.0.${last}`);
const address = fc.oneof(
  { weight: 4, arbitrary: smallAddress },
  { weight: 1, arbitrary: fc.constantFrom('2001:db8::1', '2001:db8::2', '192.0.2.7') },
);
const cidr = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(smallAddress, fc.integer({ min: 28, max: 32 })).map(([ip, length]) => `${ip}/${length}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('0.0.0.0/0', '2001:db8::/127', '::/0', '192.0.2.0/24') },
);

const portNumber = fc.constantFrom(53, 80, 81, 443);
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');

const policyPort: fc.Arbitrary<PolicyPort> = fc.oneof(
  fc.record({ protocol }),
  fc.record({ protocol, port: portNumber }),
  fc.record({ protocol, port: fc.constantFrom(...NAMES) }),
  fc.record({ protocol, port: portNumber, endPort: fc.constantFrom(81, 443) }),
);

const peer: fc.Arbitrary<PolicyPeer> = fc.oneof(
  fc.record({ kind: fc.constant('ip-block' as const), cidr, except: fc.array(cidr, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('selectors' as const), podSelector }),
  fc.record({ kind: fc.constant('selectors' as const), namespaceSelector }),
  fc.record({ kind: fc.constant('selectors' as const), podSelector, namespaceSelector }),
);

export const policyRule: fc.Arbitrary<PolicyRule> = fc.record({
  peers: fc.array(peer, { maxLength: 2 }),
  ports: fc.array(policyPort, { maxLength: 2 }),
});

const policyTypes = fc.constantFrom<NetworkPolicy['policyTypes']>(['Ingress'], ['Egress'], ['Ingress', 'Egress']);

export const networkPolicy: fc.Arbitrary<NetworkPolicy> = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    podSelector,
    policyTypes,
    ingress: fc.array(policyRule, { maxLength: 2 }),
    egress: fc.array(policyRule, { maxLength: 2 }),
  })
  .map((parts) => policy('', parts));

const domainNames = fc.record({
  kind: fc.constant('domain-names' as const),
  names: fc.array(fc.constantFrom('example.com', '*.example.com', 'example.org'), { minLength: 1, maxLength: 2 }),
});

const applicationNetworkPolicy: fc.Arbitrary<ApplicationNetworkPolicy> = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    podSelector,
    policyTypes: fc.constantFrom<NetworkPolicy['policyTypes']>([], ['Egress'], ['Ingress']),
    ingress: fc.array(policyRule, { maxLength: 1 }),
    egress: fc.array(
      fc.record({
        peers: fc.array(fc.oneof(peer, domainNames), { maxLength: 2 }),
        ports: fc.array(policyPort, { maxLength: 1 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map((parts) => applicationPolicy('', parts));

const subject = fc.oneof(
  fc.record({ kind: fc.constant('namespaces' as const), namespaceSelector }),
  fc.record({ kind: fc.constant('pods' as const), namespaceSelector, podSelector }),
);

const clusterPort: fc.Arbitrary<ClusterPolicyPort> = fc.oneof(
  fc.record({ kind: fc.constant('number' as const), protocol, port: portNumber }),
  fc.record({ kind: fc.constant('range' as const), protocol, start: portNumber, end: fc.constantFrom(81, 443) }),
  fc.record({ kind: fc.constant('name' as const), name: fc.constantFrom(...NAMES) }),
);

const clusterRule = (peers: fc.Arbitrary<ClusterPolicyPeer>) =>
  fc.record({
    name: fc.constant(''),
    action: fc.constantFrom('Accept' as const, 'Deny' as const, 'Pass' as const),
    peers: fc.array(peers, { minLength: 1, maxLength: 2 }),
    ports: fc.array(clusterPort, { maxLength: 2 }),
  });

const networks = fc.record({
  kind: fc.constant('networks' as const),
  cidrs: fc.array(cidr, { minLength: 1, maxLength: 2 }),
});

const clusterNetworkPolicy: fc.Arbitrary<ClusterNetworkPolicy> = fc
  .record({
    tier: fc.constantFrom('Admin' as const, 'Baseline' as const),
    priority: fc.constantFrom(0, 1, 2),
    subject,
    ingress: fc.array(clusterRule(subject), { maxLength: 2 }),
    egress: fc.array(clusterRule(fc.oneof(subject, networks, domainNames)), { maxLength: 2 }),
  })
  .map((parts) => clusterPolicy('', parts));

const containerPort = fc.record({
  name: fc.constantFrom(...NAMES),
  containerPort: portNumber,
  protocol: fc.constantFrom('TCP', 'UDP'),
});

const podArbitrary: fc.Arbitrary<Pod> = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    labels,
    podIPs: fc.array(address, { maxLength: 2 }),
    host: fc.constantFrom('n1', 'n2'),
    phase: fc.constantFrom('Running', 'Running', 'Running', 'Pending', 'Succeeded'),
    ports: fc.uniqueArray(containerPort, { selector: ({ name }) => name, maxLength: 2 }),
    owner: fc.constantFrom('web', 'db'),
    hostNetworkDice: fc.nat(5),
  })
  .map(({ host, owner, hostNetworkDice, ...parts }) =>
    pod('', {
      ...parts,
      hostNetwork: hostNetworkDice === 0,
      nodeName: host,
      hostIP: NODE_IPS[host],
      podIPs: hostNetworkDice === 0 ? [NODE_IPS[host]] : parts.podIPs,
      owner: { kind: 'ReplicaSet', name: owner },
    }),
  );

const NODE_IPS = { n1: '10.0.0.3', n2: '10.0.0.12' } as const;

const named = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
  items.map((item, order) => ({ ...item, name: `p${order}`, uid: `uid-${order}` }));

const build = (withTiers: boolean): fc.Arbitrary<PolicyInputs> =>
  fc
    .record({
      pods: fc.array(podArbitrary, { minLength: 2, maxLength: 7 }),
      networkPolicies: fc.array(networkPolicy, { maxLength: 5 }),
      clusterPolicies: fc.array(clusterNetworkPolicy, { maxLength: withTiers ? 3 : 0 }),
      applicationPolicies: fc.array(applicationNetworkPolicy, { maxLength: withTiers ? 2 : 0 }),
      mode: fc.constantFrom('standard' as const, 'standard' as const, 'strict' as const),
    })
    .map(({ pods, networkPolicies, clusterPolicies, applicationPolicies, mode }) => ({
      namespaces: [namespace('x', { team: 'red' }), namespace('y', { team: 'blue' }), namespace('z')],
      nodes: [node('n1', NODE_IPS.n1), node('n2', NODE_IPS.n2)],
      pods: named(pods),
      networkPolicies: named(networkPolicies),
      clusterPolicies: named(clusterPolicies),
      applicationPolicies: named(applicationPolicies),
      mode,
    }));

/** With cluster and application policies. */
export const anyCluster = build(true);
/** NetworkPolicies alone, as every Kubernetes has them. */
export const plainCluster = build(false);

export const endpointsOf = (inputs: PolicyInputs): readonly Endpoint[] => [
  ...inputs.pods.map(({ namespace: of, name }): Endpoint => ({ kind: 'pod', namespace: of, name })),
  { kind: 'node', name: 'n1' },
  { kind: 'node', name: 'n2' },
  { kind: 'external', ip: '10.0.0.9' },
  { kind: 'external', ip: '192.0.2.7' },
  { kind: 'external', ip: '192.0.2.8', name: 'www.example.com' },
  { kind: 'external', ip: '2001:db8::1' },
];

/** Every pair of ends on every port and protocol that anything speaks of, and one port that nothing does. */
export const everyFlow = (inputs: PolicyInputs): readonly Flow[] => {
  const ends = endpointsOf(inputs);
  return ends.flatMap((from) =>
    ends.flatMap((to) =>
      [53, 80, 81, 100, 443].flatMap((number) =>
        ['TCP', 'UDP', 'SCTP'].map((name): Flow => ({ from, to, port: number, protocol: name })),
      ),
    ),
  );
};
