import { describe, expect, it } from 'vitest';

import { policy } from '../../policy/cluster.ts';
import { answer, attribute, denial, N2, only, ORDERS, ORDERS_IP, PODS, replica, THEN, WEB, WEB_2 } from './world.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe('a pair', () => {
  it('is of workloads: replicas and windows are counted together', () => {
    const pair = only(
      {},
      denial(WEB, ORDERS, 5432, { count: 3, nodes: [N2], tiers: ['NETWORK_POLICY'], sampleEventIds: ['11', '9'] }),
      denial(WEB_2, ORDERS, 5432, {
        windowStart: 300_000,
        count: 4,
        uncounted: 2,
        firstSeenAt: THEN - 60_000,
        lastSeenAt: THEN + 60_000,
        nodes: [N2],
        sampleEventIds: ['10'],
        direction: 'ingress',
      }),
    );
    expect(pair).toMatchObject({
      source: {
        id: 'workload:Deployment/shop/web',
        label: 'shop/web (Deployment)',
        certainty: 'exact',
        workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
        addresses: [WEB, WEB_2],
        addressCount: 2,
      },
      destination: { id: 'workload:Deployment/payments/orders', addresses: [ORDERS], addressCount: 1 },
      destinationPort: 5432,
      portCount: 1,
      protocol: 'TCP',
      direction: 'ingress',
      directionFrom: 'log',
      count: 7,
      uncounted: 2,
      firstSeenAt: '2026-11-20T07:59:00.000Z',
      lastSeenAt: '2026-11-20T08:01:00.000Z',
      nodes: [N2],
      tiers: ['NETWORK_POLICY'],
      sampleEventIds: ['9', '10', '11'],
    });
    expect(pair.key).toMatch(/^[0-9a-f]{16}$/);
  });

  it('has a key that outlives its pods and tells apart port, protocol, direction and parties', () => {
    const flow = denial(WEB, ORDERS, 5432, { direction: 'ingress' });
    const moved = PODS.map((one) => (one.name === 'web-1' ? replica('shop/web-9', 'web', { ip: '10.0.1.99' }) : one));
    const before = only({}, flow).key;
    expect(only({ pods: moved }, { ...flow, source: '10.0.1.99' }).key).toBe(before);
    const others = [
      { ...flow, destinationPort: 5433 },
      { ...flow, protocol: 'UDP' },
      { ...flow, direction: 'egress' as const },
      { ...flow, source: '10.0.1.21' },
      { ...flow, source: ORDERS, destination: WEB },
    ].map((one) => only({}, one).key);
    expect(new Set([before, ...others]).size).toBe(6);
  });

  it('is made of denials alone', () => {
    expect(attribute({}, [denial(WEB, ORDERS, 5432, { verdict: 'ACCEPT' })])).toEqual({
      pairs: [],
      omitted: { pairs: 0, lines: 0 },
    });
  });

  it('names the Service that was dialled', () => {
    expect(only({}, denial(WEB, ORDERS_IP, 5432))).toMatchObject({
      destination: { id: 'service:payments/orders', label: 'payments/orders (Service)' },
      service: { namespace: 'payments', name: 'orders', port: 5432 },
    });
    expect(only({}, denial(WEB, ORDERS, 5432))).not.toHaveProperty('service');
  });
});

describe('ports', () => {
  it('stay apart up to twenty', () => {
    const { pairs } = attribute(
      {},
      numbers(20).map((at) => denial(WEB, ORDERS, 1000 + at)),
    );
    expect(pairs.map(({ portCount }) => portCount)).toEqual(numbers(20).map(() => 1));
  });

  it('become one pair without a port past twenty, and nothing is suggested for it', () => {
    const policies = [policy('payments/deny', {})];
    const pair = only({ policies }, ...numbers(21).map((at) => denial(WEB, ORDERS, 1000 + at, { nodes: [N2] })));
    expect(pair).toMatchObject({ portCount: 21, count: 21, class: 'policy-denied' });
    expect(pair).not.toHaveProperty('destinationPort');
    expect(pair.explanation.summary[0]).toBe('shop/web (Deployment) may not reach payments/orders on 21 ports (TCP).');
    expect(pair.explanation).toMatchObject({
      suggestions: [],
      noSuggestion: 'The source tries many ports or many destinations: find out what it is before anything is allowed.',
    });
  });

  it('of clients play no part in replies', () => {
    const replies = numbers(30).map((at) => ({ ...answer(ORDERS, 5432, WEB), destinationPort: 40_000 + at }));
    const pair = only({}, ...replies);
    expect(pair).toMatchObject({ class: 'reply', portCount: 30, count: 30 });
    expect(pair).not.toHaveProperty('destinationPort');
  });
});

describe('the list', () => {
  it('has the most lines first and says what it leaves out', () => {
    const flows = [1, 5, 3].map((count, at) => denial(WEB, ORDERS, 1000 + at, { count }));
    const { pairs, omitted } = attribute({}, flows, { maxPairs: 2 });
    expect(pairs.map(({ count }) => count)).toEqual([5, 3]);
    expect(omitted).toEqual({ pairs: 1, lines: 1 });
  });

  it('works out changes for the most frequent pairs only', () => {
    const flows = [1, 5, 3].map((count, at) => denial(WEB, ORDERS, 1000 + at, { count, nodes: [N2] }));
    const { pairs } = attribute({ policies: [policy('payments/deny', {})] }, flows, { maxExplained: 1 });
    expect(pairs.map(({ explanation }) => explanation.noSuggestion)).toEqual([
      undefined,
      'Changes are worked out for the 1 most frequent pairs only.',
      'Changes are worked out for the 1 most frequent pairs only.',
    ]);
    expect(pairs.map(({ class: kind }) => kind)).toEqual(['policy-denied', 'policy-denied', 'policy-denied']);
  });
});
