import { describe, expect, test } from 'vitest';

import { blastRadius } from '../../shared/policy/blast-radius.ts';
import { explain } from '../../shared/policy/explain.ts';
import { prepareGround } from '../../shared/policy/ground.ts';
import { indexKnowing, withPolicies } from '../../shared/policy/with-policies.ts';
import { flow, index, inNamespace, policy, port, selector } from './cluster.ts';
import { app, asked, namespaces, pods, shop } from './shop.ts';

describe('the blast radius', () => {
  test('counts what one side opens for others whom the other side admits already', () => {
    const on = shop(
      policy('web/all', {
        policyTypes: ['Egress'],
        egress: [{ peers: [{ kind: 'selectors', namespaceSelector: inNamespace('shop') }], ports: [port(9090)] }],
      }),
      policy('shop/orders', {
        podSelector: app('orders'),
        ingress: [
          {
            peers: [{ kind: 'selectors', namespaceSelector: inNamespace('web'), podSelector: app('admin') }],
            ports: [port(8080)],
          },
        ],
      }),
    );
    // The port added to web/all would let admin-333 in as well.
    const [smallest] = explain(on, asked).suggestions;
    expect(smallest?.changes).toMatchObject([
      { kind: 'create', direction: 'egress' },
      { kind: 'patch', direction: 'ingress', list: 'peers' },
    ]);
    expect(smallest?.opens.count).toBe(3);
  });

  test('says what it closes for a replica that was open in this direction', () => {
    const canaries = pods.map((one) =>
      one.name === 'orders-1' ? { ...one, labels: { ...one.labels, canary: 'yes' } } : one,
    );
    const on = index({
      namespaces,
      pods: canaries,
      networkPolicies: [
        policy('shop/a-deny', { podSelector: selector({ canary: 'yes' }) }),
        policy('shop/b-egress', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [] }] }),
      ],
    });
    const [smallest] = explain(on, asked).suggestions;
    expect(smallest?.opens.listed).toEqual([flow('web/front-22', 'shop/orders-1', 8080)]);
    expect(smallest?.closes).toEqual({
      count: 3,
      sameWorkloads: 0,
      listed: expect.arrayContaining([
        flow('shop/orders-1', 'shop/orders-22', 8080),
        flow('shop/stock-333', 'shop/orders-22', 8080),
        flow('web/admin-333', 'shop/orders-22', 8080),
      ]),
    });
  });

  test('measures the same whatever the names of the policies in force', () => {
    const [smallest] = explain(shop(policy('shop/aaa-deny', {})), asked).suggestions;
    expect(smallest?.opens).toMatchObject({ count: 3, sameWorkloads: 3 });
  });

  test('rather opens a little more than it closes anything', () => {
    const canaries = pods.map((one) =>
      one.name === 'orders-1' ? { ...one, labels: { ...one.labels, canary: 'yes' } } : one,
    );
    const on = index({
      namespaces,
      pods: canaries,
      networkPolicies: [
        policy('shop/canary', {
          podSelector: selector({ canary: 'yes' }),
          ingress: [{ peers: [{ kind: 'selectors', podSelector: app('stock') }], ports: [port(8080), port(9090)] }],
        }),
      ],
    });
    // A policy on all of orders would isolate orders-22, which is open today.
    const [smallest] = explain(on, asked).suggestions;
    expect(smallest?.changes).toMatchObject([{ kind: 'patch', list: 'peers' }]);
    expect(smallest?.closes.count).toBe(0);
    expect(smallest?.opens).toMatchObject({
      count: 3,
      sameWorkloads: 1,
      listed: [
        flow('web/front-22', 'shop/orders-1', 8080),
        flow('web/front-1', 'shop/orders-1', 9090),
        flow('web/front-22', 'shop/orders-1', 9090),
      ],
    });
  });

  test('does not open a port to a whole range for one address', () => {
    const on = shop(
      policy('web/front', {
        podSelector: app('front'),
        policyTypes: ['Egress'],
        egress: [{ peers: [{ kind: 'ip-block', cidr: '203.0.113.0/24', except: [] }], ports: [port(80)] }],
      }),
    );
    const [smallest] = explain(on, flow('web/front-1', '203.0.113.9', 443)).suggestions;
    expect(smallest?.changes).toMatchObject([{ kind: 'create' }]);
    expect(smallest?.admits).toEqual([{ direction: 'egress', cidr: '203.0.113.9/32', except: [] }]);
  });

  describe('of a policy as it is', () => {
    const measure = (after: ReturnType<typeof policy>, budget = 1_000_000) => {
      const before = indexKnowing(shop(policy('shop/deny', {})), [after]);
      const ground = prepareGround(before, asked);
      return blastRadius({ ground, after: withPolicies(before, [after]), changed: [after], limit: 100, budget });
    };
    const range = policy('shop/range', {
      podSelector: app('orders'),
      ingress: [{ peers: [{ kind: 'selectors', podSelector: app('stock') }], ports: [port(9000, 'TCP', 9100)] }],
    });

    test('both ends of a range stand for it', () => {
      expect(measure(range)?.opens).toEqual({
        count: 4,
        sameWorkloads: 0,
        listed: [
          flow('shop/stock-333', 'shop/orders-1', 9000),
          flow('shop/stock-333', 'shop/orders-22', 9000),
          flow('shop/stock-333', 'shop/orders-1', 9100),
          flow('shop/stock-333', 'shop/orders-22', 9100),
        ],
      });
    });

    test('is not measured past its budget of pairs', () => {
      // One group of orders, and one group of peers that the rule speaks of.
      expect(measure(range, 1)?.opens.count).toBe(4);
      expect(measure(range, 0)).toBeUndefined();
    });
  });
});
