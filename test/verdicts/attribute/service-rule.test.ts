import { describe, expect, it } from 'vitest';

import { buildPolicyIndex } from '../../../shared/policy/build-policy-index.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { flow, inNamespace, policy, port } from '../../policy/cluster.ts';
import { verdictAfter } from './put-in-force.ts';
import {
  app,
  denial,
  N2,
  NAMESPACES,
  only,
  ORDERS,
  ORDERS_IP,
  PODS,
  replica,
  service,
  SERVICES,
  WEB,
} from './world.ts';

const egressDeny = policy('shop/default-deny', { policyTypes: ['Egress'] });
const web = flow('shop/web-1', 'payments/orders-1', 5432);

describe('a rule for a Service', () => {
  const pods = [
    ...PODS.filter(({ name }) => name !== 'orders-1'),
    replica('payments/orders-1', 'orders', { ip: ORDERS, node: N2, parts: { labels: { app: 'orders', tier: 'db' } } }),
  ];
  const services = [...SERVICES.slice(1), service('payments/orders', ORDERS_IP, { selector: { tier: 'db' } })];

  it("uses the Service's own selector where the pods' labels would leave the ClusterIP closed", () => {
    const world = { policies: [egressDeny], pods, services };
    const [first, ...others] = only(world, denial(WEB, ORDERS_IP, 5432)).explanation.suggestions;
    const admitsAll = others.every(({ manifest }) => manifest.includes('podSelector: {}'));
    expect(admitsAll).toBe(true);
    const all = [first, ...others].map((one) => one?.manifest ?? '');
    expect(all.some((manifest) => manifest.includes('app: orders'))).toBe(false);
    expect(first && verdictAfter(world, first, web).allowed).toBe('allowed');
  });

  it('mends a rule that admits the pods and not the ClusterIP', () => {
    const byApp = policy('shop/to-orders', {
      policyTypes: ['Egress'],
      egress: [
        {
          peers: [{ kind: 'selectors', podSelector: app('orders'), namespaceSelector: inNamespace('payments') }],
          ports: [port(5432)],
        },
      ],
    });
    const world = { policies: [byApp], pods, services };
    const pair = only(world, denial(WEB, ORDERS_IP, 5432));
    expect(pair.class).toBe('vpc-cni-deviation');
    const [first] = pair.explanation.suggestions;
    expect(first?.titles).toEqual(['create NetworkPolicy shop/allow-web-to-orders-5432-egress']);
    expect(first?.manifest).toContain('tier: db');
    const hop = { namespace: 'payments', name: 'orders', selector: { tier: 'db' }, port: 5432, headless: false };
    const asked = { ...web, service: hop };
    const inputs = { namespaces: NAMESPACES, pods, networkPolicies: [byApp], mode: 'standard' as const };
    const caveats = (decision: ReturnType<typeof decide>) => decision.caveats.map(({ kind }) => kind);
    expect(caveats(decide(buildPolicyIndex(inputs), asked))).toEqual(['service-selector-differs']);
    expect(first && caveats(verdictAfter(world, first, asked))).toEqual([]);
  });

  it('goes by the port of the pods', () => {
    const shifted = [
      service('payments/orders', ORDERS_IP, { ports: [{ port: 80, targetPort: 'main', protocol: 'TCP' }] }),
    ];
    const world = { policies: [egressDeny], services: shifted };
    const pair = only(world, denial(WEB, ORDERS_IP, 80));
    expect(pair).toMatchObject({ destinationPort: 80, service: { port: 80 } });
    const [first] = pair.explanation.suggestions;
    expect(first && verdictAfter(world, first, web).allowed).toBe('allowed');
  });

  it('is for its ClusterIP where it selects no pods', () => {
    const manual = [...SERVICES, service('shop/manual', '172.20.0.99', { selector: {} })];
    const world = { policies: [egressDeny], services: manual };
    const [first] = only(world, denial(WEB, '172.20.0.99', 5432)).explanation.suggestions;
    expect(first?.manifest).toContain('cidr: 172.20.0.99/32');
  });
});
