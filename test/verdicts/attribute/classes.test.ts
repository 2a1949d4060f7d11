import { describe, expect, it } from 'vitest';

import type { DenialClass } from '../../../shared/model/denied-traffic.ts';
import type { FlowAggregate } from '../../../shared/model/flow.ts';
import { applicationPolicy, clusterPolicy, inNamespace, policy, port } from '../../policy/cluster.ts';
import { agentContainer, cniContainer, daemonSet } from '../../support/cluster.ts';
import { answer, app, denial, N2, only, ORDERS, ORDERS_IP, PODS, replica, service, SERVICES, WEB } from './world.ts';
import type { World } from './world.ts';

const ingressDeny = policy('payments/default-deny', {});
const egressDeny = policy('shop/default-deny', { policyTypes: ['Egress'] });
const toOrders = policy('shop/to-orders', {
  policyTypes: ['Egress'],
  podSelector: app('web'),
  egress: [
    {
      peers: [{ kind: 'selectors', podSelector: app('orders'), namespaceSelector: inNamespace('payments') }],
      ports: [port(5432)],
    },
  ],
});
const guard = clusterPolicy('guard', {
  ingress: [
    {
      name: 'no-shop',
      action: 'Deny',
      peers: [{ kind: 'namespaces', namespaceSelector: inNamespace('shop') }],
      ports: [],
    },
  ],
});
const databasePod = replica('payments/orders-1', 'orders', {
  ip: ORDERS,
  node: N2,
  parts: { labels: { app: 'orders', tier: 'db' } },
});
const toDatabase = denial(WEB, ORDERS, 5432, { nodes: [N2] });
const younger = { createdAt: '2026-11-20T08:30:00Z' };

interface Case {
  readonly is: string;
  readonly world: World;
  readonly flow: FlowAggregate;
  readonly denial: DenialClass;
  readonly says: string;
}

const CASES: readonly Case[] = [
  {
    is: 'an end isolated by a policy without a rule for the other',
    world: { policies: [ingressDeny] },
    flow: toDatabase,
    denial: 'policy-denied',
    says: 'payments/orders is isolated on ingress by payments/default-deny; no rule of it admits this.',
  },
  {
    is: 'ICMP to an isolated end, for which policies have no meaning',
    world: { policies: [ingressDeny] },
    flow: denial(WEB, ORDERS, 0, { protocol: 'ICMP', nodes: [N2] }),
    denial: 'policy-denied',
    says: 'shop/web (Deployment) may not reach payments/orders by ICMP.',
  },
  {
    is: 'an Admin rule that denies',
    world: { policies: [], given: { 'kubernetes.cluster-network-policies': [guard] } },
    flow: toDatabase,
    denial: 'cluster-policy-denied',
    says: 'ClusterNetworkPolicy guard (Admin, priority 10) denies it by ingress[0] "no-shop".',
  },
  {
    is: 'a line that says tier ADMIN, of whose policy nothing is known',
    world: {},
    flow: { ...toDatabase, tiers: ['ADMIN'] },
    denial: 'cluster-policy-denied',
    says: 'shop/web (Deployment) may not reach payments/orders:5432/TCP: a ClusterNetworkPolicy denies it.',
  },
  {
    is: 'strict mode and a pod without policies',
    world: { mode: 'strict' },
    flow: toDatabase,
    denial: 'strict-default-deny',
    says: 'shop/web (Deployment) may not reach payments/orders:5432/TCP: strict mode denies what no policy allows, and an end has no policy.',
  },
  {
    is: 'a line that says tier DEFAULT in a cluster that is said to be in standard mode',
    world: {},
    flow: { ...toDatabase, tiers: ['DEFAULT'] },
    denial: 'strict-default-deny',
    says: 'shop/web (Deployment) may not reach payments/orders:5432/TCP: strict mode denies what no policy allows, and an end has no policy.',
  },
  {
    is: 'a ClusterIP whose Service has another selector than the rule asks for',
    world: {
      policies: [toOrders],
      services: [...SERVICES.slice(1), service('payments/orders', ORDERS_IP, { selector: { tier: 'db' } })],
      pods: [...PODS.filter(({ name }) => name !== 'orders-1'), databasePod],
    },
    flow: denial(WEB, ORDERS_IP, 5432),
    denial: 'vpc-cni-deviation',
    says: 'shop/web (Deployment) was kept from payments/orders:5432/TCP although its policies allow it: the VPC CNI is known to differ here.',
  },
  {
    is: 'a packet from a service port to a client port',
    world: { policies: [egressDeny] },
    flow: answer(ORDERS, 5432, WEB),
    denial: 'reply',
    says: 'The connection that it answers, shop/web to payments/orders:5432/TCP, is not allowed by the policies.',
  },
  {
    is: 'a denial that nothing known explains',
    world: {},
    flow: toDatabase,
    denial: 'enforcement-anomaly',
    says: 'shop/web (Deployment) was kept from payments/orders:5432/TCP although the policies allow it.',
  },
  {
    is: 'a line that says egress where only ingress is isolated',
    world: { policies: [ingressDeny] },
    flow: { ...toDatabase, direction: 'egress' },
    denial: 'enforcement-anomaly',
    says: 'payments/orders is isolated on ingress by payments/default-deny; no rule of it admits this.',
  },
  {
    is: 'tier ERROR',
    world: { policies: [ingressDeny] },
    flow: { ...toDatabase, tiers: ['ERROR'] },
    denial: 'agent-defect',
    says: 'shop/web (Deployment) was kept from payments/orders:5432/TCP by the network policy agent itself, not by a policy.',
  },
  {
    is: 'a pod closed to its own node',
    world: { policies: [policy('shop/deny', {})] },
    flow: denial('10.0.1.5', WEB, 8080),
    denial: 'agent-defect',
    says: "The pod's own node was kept from shop/web:8080/TCP by the network policy agent itself, not by a policy.",
  },
  {
    is: 'a policy that came after the denials',
    world: { policies: [{ ...ingressDeny, ...younger }] },
    flow: toDatabase,
    denial: 'policies-changed',
    says: 'shop/web (Deployment) was kept from payments/orders:5432/TCP; the policies known today are not those of that time.',
  },
  {
    is: 'a rule that came after the denials and allows',
    world: { policies: [{ ...toOrders, ...younger }] },
    flow: { ...toDatabase, direction: 'egress' },
    denial: 'policies-changed',
    says: 'shop/web is isolated on egress by shop/to-orders.',
  },
  {
    is: 'tier NETWORK_POLICY at a pod that no policy selects any more',
    world: {},
    flow: { ...toDatabase, tiers: ['NETWORK_POLICY'] },
    denial: 'policies-changed',
    says: 'shop/web (Deployment) was kept from payments/orders:5432/TCP; the policies known today are not those of that time.',
  },
  {
    is: 'an address of the VPC that nobody has',
    world: {
      policies: [egressDeny],
      owners: { '10.0.9.9': { certainty: 'unknown', owners: [{ kind: 'vpc' }] } },
    },
    flow: denial(WEB, '10.0.9.9', 5432, { direction: 'egress' }),
    denial: 'unattributed',
    says: 'Whether a rule admits this cannot be said: 10.0.9.9 is in the VPC and nobody known had it.',
  },
  {
    is: 'a rule on domain names, and only an address',
    world: {
      given: {
        'kubernetes.application-network-policies': [
          applicationPolicy('shop/names', {
            egress: [{ peers: [{ kind: 'domain-names', names: ['example.com'] }], ports: [] }],
          }),
        ],
      },
    },
    flow: denial(WEB, '203.0.113.9', 443),
    denial: 'unattributed',
    says: 'A rule on domain names may match this address; an address alone does not tell.',
  },
];

describe('the class of a denial', () => {
  it.each(CASES)('$is: $denial', ({ world, flow, denial: expected, says }) => {
    const pair = only(world, flow);
    expect(pair.class).toBe(expected);
    expect(pair.explanation.summary).toContain(says);
  });

  it.each(
    CASES.filter(({ denial: kind }) => !['policy-denied', 'strict-default-deny', 'vpc-cni-deviation'].includes(kind)),
  )('gives a reason in the place of suggestions: $is', ({ world, flow }) => {
    const { suggestions, noSuggestion } = only(world, flow).explanation;
    expect(suggestions).toEqual([]);
    expect(noSuggestion).toMatch(/\w.*\.$/);
  });
});

describe('what could not be read', () => {
  it.each(['kubernetes.pods', 'kubernetes.namespaces', 'kubernetes.network-policies'] as const)(
    'leaves denials unattributed and names the fact: %s',
    (key) => {
      const { class: kind, explanation } = only({ given: { [key]: 'denied' } }, toDatabase);
      expect(kind).toBe('unattributed');
      expect(explanation.summary).toEqual([
        'shop/web (Deployment) was kept from payments/orders:5432/TCP; why cannot be said.',
        `Not read, so nothing can be said of policies: ${key}.`,
      ]);
      expect(explanation).toMatchObject({ isolatedBy: [], suggestions: [] });
      expect(explanation.noSuggestion).toBe('What would have to be changed is not known.');
    },
  );

  it('does not call a denial an anomaly where the mode is not known', () => {
    const pair = only({ given: { 'kubernetes.aws-node': 'denied' } }, toDatabase);
    expect(pair.class).toBe('unattributed');
    expect(pair.explanation.summary).toContain('Whether the nodes enforce in standard or in strict mode is not known.');
  });

  it('does not take a mode that is set from elsewhere for the default', () => {
    const container = cniContainer({ env: {}, unresolvedEnv: ['NETWORK_POLICY_ENFORCING_MODE'] });
    const given = { 'kubernetes.aws-node': daemonSet({ containers: [container, agentContainer()] }) };
    const pair = only({ given }, toDatabase);
    expect(pair.class).toBe('unattributed');
    expect(pair.explanation.summary).toContain('Whether the nodes enforce in standard or in strict mode is not known.');
  });

  it('says that cluster policies may matter where they were not read', () => {
    const given = { 'kubernetes.cluster-network-policies': 'denied' } as const;
    expect(only({ policies: [ingressDeny], given }, toDatabase).explanation.summary).toContain(
      'Not read, and may matter: kubernetes.cluster-network-policies.',
    );
  });

  it('says which Service cannot be looked behind', () => {
    const given = { 'kubernetes.services': 'denied' } as const;
    const { class: kind, explanation } = only({ policies: [egressDeny], given }, denial(WEB, ORDERS_IP, 5432));
    expect(kind).toBe('unattributed');
    expect(explanation.isolatedBy).toEqual([{ direction: 'egress', policies: ['shop/default-deny'] }]);
    expect(explanation.summary.at(-1)).toBe(
      'Whether a rule admits this cannot be said: Services could not be read, so what is behind payments/orders is not known.',
    );
  });

  it('keeps a policy that no API server accepts from being the end of everything', () => {
    const broken = policy('shop/broken', {
      egress: [{ peers: [{ kind: 'ip-block', cidr: '10.0.0.0/99', except: [] }], ports: [] }],
    });
    const { class: kind, explanation } = only({ policies: [broken] }, toDatabase);
    expect(kind).toBe('unattributed');
    expect(explanation.summary[1]).toMatch(
      /^The policies cannot be judged: networkPolicies\[shop\/broken\]\.egress\[0\]/,
    );
  });
});
