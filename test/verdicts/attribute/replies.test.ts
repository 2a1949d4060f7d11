import { describe, expect, it } from 'vitest';

import { inNamespace, policy, port } from '../../policy/cluster.ts';
import { answer, app, denial, only, ORDERS, ORDERS_IP, PODS, replica, WEB } from './world.ts';

const toOrders = policy('shop/to-orders', {
  policyTypes: ['Egress'],
  egress: [
    {
      peers: [{ kind: 'selectors', podSelector: app('orders'), namespaceSelector: inNamespace('payments') }],
      ports: [port(5432)],
    },
  ],
});

describe('a reply', () => {
  it('is a packet from a low port to a client port, and no rule is suggested for it', () => {
    const pair = only({ policies: [policy('shop/deny', {})] }, answer(ORDERS, 5432, WEB));
    expect(pair).toMatchObject({ class: 'reply', portCount: 1, explanation: { suggestions: [] } });
    expect(pair).not.toHaveProperty('destinationPort');
    expect(pair.explanation.summary).toEqual([
      'An answer of payments/orders (Deployment) to shop/web (TCP) was dropped.',
      'The connection that it answers, shop/web to payments/orders:5432/TCP, is allowed by the policies.',
    ]);
    expect(pair.explanation.noSuggestion).toBe(
      'A reply needs no rule of its own: the connection that it belongs to is what must be allowed.',
    );
  });

  it('is everything that comes from a ClusterIP, whose port tells which connection it answers', () => {
    const pair = only({ policies: [toOrders] }, answer(ORDERS_IP, 5432, WEB));
    expect(pair).toMatchObject({ class: 'reply', source: { id: 'service:payments/orders' } });
    expect(pair.explanation.summary[1]).toBe(
      'The connection that it answers, shop/web to payments/orders:5432/TCP, is allowed by the policies.',
    );
    expect(only({}, denial(ORDERS_IP, WEB, 30_000))).toMatchObject({ class: 'reply' });
  });

  it('is none where the destination declares the high port and the source declares nothing: gRPC from a low port', () => {
    const grpc = replica('payments/grpc-1', 'grpc', { ip: '10.0.2.44', port: 50_051 });
    const world = { pods: [...PODS, grpc], policies: [policy('payments/deny', {})] };
    const flow = { ...answer(WEB, 20_000, '10.0.2.44'), destinationPort: 50_051 };
    expect(only(world, flow)).toMatchObject({ class: 'policy-denied', destinationPort: 50_051 });
    // The source's own declared port settles it the other way.
    expect(only(world, { ...flow, sourcePort: 8080 })).toMatchObject({ class: 'reply' });
  });

  it('stays a reply where policies were not read, and says nothing of its connection then', () => {
    const pair = only({ given: { 'kubernetes.network-policies': 'denied' } }, answer(ORDERS, 5432, WEB));
    expect(pair.class).toBe('reply');
    expect(pair.explanation.summary).toHaveLength(2);
    expect(pair.explanation.summary[1]).toBe(
      'Not read, so nothing can be said of policies: kubernetes.network-policies.',
    );
  });

  it('of different services are different pairs', () => {
    expect(only({}, answer(ORDERS, 5432, WEB)).key).not.toBe(only({}, answer(ORDERS, 9090, WEB)).key);
  });
});
