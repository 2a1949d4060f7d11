import { describe, expect, test } from 'vitest';

import { decide } from '../../shared/policy/decide.ts';
import { explain } from '../../shared/policy/explain.ts';
import { clusterPolicy, flow, index, inNamespace, policy, port } from './cluster.ts';
import { app, asked, namespaces, pods, shop } from './shop.ts';

describe('both sides', () => {
  test('are explained and mended at once', () => {
    const on = shop(policy('web/deny', { policyTypes: ['Egress'] }), policy('shop/deny', {}));
    const { denied, suggestions } = explain(on, asked);
    expect(denied.map(({ direction, subject }) => ({ direction, subject }))).toEqual([
      { direction: 'egress', subject: { kind: 'pod', namespace: 'web', name: 'front-1' } },
      { direction: 'ingress', subject: { kind: 'pod', namespace: 'shop', name: 'orders-1' } },
    ]);
    expect(suggestions[0]?.changes.map(({ kind, direction }) => ({ kind, direction }))).toEqual([
      { kind: 'create', direction: 'egress' },
      { kind: 'create', direction: 'ingress' },
    ]);
  });
});

describe('where no NetworkPolicy helps', () => {
  const guard = clusterPolicy('guard', {
    ingress: [
      {
        name: 'no-web',
        action: 'Deny',
        peers: [{ kind: 'namespaces', namespaceSelector: inNamespace('web') }],
        ports: [],
      },
    ],
  });

  test('an Admin Deny is named and nothing is suggested', () => {
    const on = index({
      namespaces,
      pods,
      clusterPolicies: [guard],
      networkPolicies: [policy('web/deny', { policyTypes: ['Egress'] })],
    });
    const { forbiddenBy, suggestions, summary } = explain(on, asked);
    expect(forbiddenBy).toEqual([
      { policy: 'guard', tier: 'Admin', priority: 10, direction: 'ingress', index: 0, rule: 'no-web', action: 'Deny' },
    ]);
    expect(suggestions).toEqual([]);
    expect(summary).toContain(
      'No NetworkPolicy can allow this: ClusterNetworkPolicy guard ingress[0] "no-web" (Admin, priority 10) denies it before any of them.',
    );
  });

  test('an allowed flow and an unknown one are left alone', () => {
    expect(explain(shop(), asked)).toMatchObject({ denied: [], suggestions: [], forbiddenBy: [] });
    expect(explain(shop(), flow('web/gone', 'shop/orders-1'))).toMatchObject({ denied: [], suggestions: [] });
  });
});

describe('the summary', () => {
  test('says who is isolated by what, the nearest rule, and the change', () => {
    const on = shop(
      policy('shop/deny', {}),
      policy('shop/orders', {
        podSelector: app('orders'),
        ingress: [{ peers: [{ kind: 'selectors', podSelector: app('front') }], ports: [port(9090), port('grpc')] }],
      }),
    );
    expect(explain(on, asked).summary).toEqual([
      'web/front-1 to shop/orders-1 on TCP/8080 is denied.',
      'Ingress of shop/orders-1: isolated by shop/deny, shop/orders; no rule of theirs admits web/front-1 to shop/orders-1 on TCP/8080.',
      'Nearest rule: shop/orders ingress[0]; its peer has no namespaceSelector and so means pods of shop, not of web; it admits TCP/9090, TCP/grpc (which the pod does not declare) and not TCP/8080.',
      'Smallest change: create NetworkPolicy shop/allow-front-to-orders-8080-ingress; 3 other connections open, 3 of them between replicas of the same workloads.',
    ]);
  });

  test('never lists more policies than a reader takes in', () => {
    const on = shop(...Array.from({ length: 9 }, (_, order) => policy(`shop/p${order}`, {})));
    expect(explain(on, asked).summary[1]).toContain(
      'isolated by shop/p0, shop/p1, shop/p2, shop/p3, shop/p4 and 4 more;',
    );
  });
});

test('an explanation does not change what the index decides', () => {
  const on = shop(policy('shop/deny', {}));
  explain(on, asked);
  expect(decide(on, asked).allowed).toBe('denied');
});
