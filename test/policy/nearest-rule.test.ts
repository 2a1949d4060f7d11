import { describe, expect, test } from 'vitest';

import { explain } from '../../shared/policy/explain.ts';
import type { PolicyIndex } from '../../shared/policy/policy-index.ts';
import { flow, inNamespace, policy, port, selector } from './cluster.ts';
import { app, asked, shop } from './shop.ts';

const nearest = (on: PolicyIndex, question = asked) => explain(on, question).denied.map((side) => side.nearest);

describe('the nearest rule', () => {
  const onOrders = (rule: Parameters<typeof policy>[1]['ingress']) =>
    shop(policy('shop/orders', { podSelector: app('orders'), ingress: rule ?? [] }));

  test('none where the isolating policies have no rules', () => {
    const explanation = explain(shop(policy('shop/deny', {})), asked);
    expect(explanation.denied).toEqual([
      {
        direction: 'ingress',
        subject: { kind: 'pod', namespace: 'shop', name: 'orders-1' },
        side: explanation.decision.ingress,
      },
    ]);
  });

  test('pod labels', () => {
    const on = onOrders([
      { peers: [{ kind: 'selectors', namespaceSelector: inNamespace('web'), podSelector: app('admin') }], ports: [] },
    ]);
    expect(nearest(on)).toEqual([
      {
        rule: { policy: { kind: 'NetworkPolicy', namespace: 'shop', name: 'orders' }, direction: 'ingress', index: 0 },
        peer: {
          index: 0,
          mismatches: [
            {
              part: 'pod-labels',
              requirement: { key: 'app.kubernetes.io/name', operator: 'In', values: ['admin'] },
              actual: 'front',
            },
          ],
        },
      },
    ]);
  });

  test('namespace labels, present and missing', () => {
    const on = onOrders([
      {
        peers: [{ kind: 'selectors', namespaceSelector: selector({ team: 'red', stage: 'prod' }) }],
        ports: [],
      },
    ]);
    expect(nearest(on)[0]?.peer?.mismatches).toEqual([
      { part: 'namespace-labels', requirement: { key: 'team', operator: 'In', values: ['red'] }, actual: 'blue' },
      { part: 'namespace-labels', requirement: { key: 'stage', operator: 'In', values: ['prod'] } },
    ]);
  });

  test('a pod selector without namespace selector', () => {
    const on = onOrders([{ peers: [{ kind: 'selectors', podSelector: app('front') }], ports: [] }]);
    expect(nearest(on)[0]?.peer?.mismatches).toEqual([
      { part: 'own-namespace-only', policyNamespace: 'shop', actual: 'web' },
    ]);
  });

  test('port, protocol and named port', () => {
    const on = onOrders([{ peers: [], ports: [port(9090), port(8080, 'UDP'), port('https'), port('http', 'UDP')] }]);
    expect(nearest(on)[0]).toEqual({
      rule: { policy: { kind: 'NetworkPolicy', namespace: 'shop', name: 'orders' }, direction: 'ingress', index: 0 },
      ports: [
        { part: 'port', port: port(9090) },
        { part: 'protocol', port: port(8080, 'UDP') },
        { part: 'named-port', port: port('https'), declared: [] },
        { part: 'named-port', port: port('http', 'UDP'), declared: [{ port: 8080, protocol: 'TCP' }] },
      ],
    });
  });

  test('address range and except', () => {
    const on = onOrders([
      { peers: [{ kind: 'ip-block', cidr: '203.0.0.0/8', except: ['203.0.113.0/24'] }], ports: [] },
    ]);
    expect(nearest(on, flow('203.0.113.9', 'shop/orders-1', 8080))[0]?.peer?.mismatches).toEqual([
      { part: 'except', cidr: '203.0.0.0/8', except: '203.0.113.0/24' },
    ]);
    expect(nearest(on, flow('198.51.100.9', 'shop/orders-1', 8080))[0]?.peer?.mismatches).toEqual([
      { part: 'cidr', cidr: '203.0.0.0/8' },
    ]);
  });

  test('a selector for an end outside is the farthest', () => {
    const on = onOrders([
      { peers: [{ kind: 'selectors', podSelector: selector() }], ports: [] },
      { peers: [{ kind: 'ip-block', cidr: '203.0.113.0/24', except: [] }], ports: [port(9090), port(9091)] },
    ]);
    expect(nearest(on, flow('203.0.113.9', 'shop/orders-1', 8080))[0]?.rule.index).toBe(1);
    const only = onOrders([
      { peers: [{ kind: 'selectors', podSelector: selector() }, { kind: 'selectors' }], ports: [] },
    ]);
    expect(nearest(only, flow('203.0.113.9', 'shop/orders-1', 8080))[0]?.peer).toEqual({
      index: 0,
      mismatches: [{ part: 'selector-for-address' }],
    });
  });

  test('of several, the one with the fewest parts missing', () => {
    const on = onOrders([
      { peers: [{ kind: 'selectors', namespaceSelector: inNamespace('shop'), podSelector: app('admin') }], ports: [] },
      { peers: [{ kind: 'selectors', namespaceSelector: inNamespace('web') }], ports: [port(9090)] },
    ]);
    expect(nearest(on)[0]?.rule.index).toBe(1);
  });

  test('a port that does not match counts as a part', () => {
    const on = onOrders([
      { peers: [{ kind: 'selectors', namespaceSelector: inNamespace('shop') }], ports: [port(9090)] },
      { peers: [{ kind: 'selectors', namespaceSelector: inNamespace('shop') }], ports: [port(8080)] },
    ]);
    expect(nearest(on)[0]?.rule.index).toBe(1);
  });
});
