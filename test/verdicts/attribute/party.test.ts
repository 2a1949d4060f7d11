import { describe, expect, it } from 'vitest';

import type { AddressOwner } from '../../../shared/model/denied-traffic.ts';
import { inNamespace, policy, selector } from '../../policy/cluster.ts';
import { denial, N1, N2, only, ORDERS, PODS, replica, WEB } from './world.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe('a party', () => {
  const OWNERS: readonly (readonly [owner: AddressOwner, id: string, label: string])[] = [
    [{ kind: 'well-known', service: 'imds' }, 'well-known:imds', 'the instance metadata service (IMDS)'],
    [{ kind: 'api-server' }, 'api-server', 'the Kubernetes API server'],
    [{ kind: 'special', range: 'multicast' }, 'special:multicast', 'a multicast address'],
    [
      { kind: 'network-interface', id: 'eni-1', interfaceType: 'interface', description: 'RDS', service: 'Amazon RDS' },
      'network-interface:eni-1',
      'Amazon RDS (eni-1)',
    ],
    [{ kind: 'vpc', subnetId: 'subnet-1' }, 'vpc:198.51.100.0/24', '198.51.100.0/24 in the VPC'],
    [{ kind: 'aws-service', service: 'S3', region: 'eu-west-1' }, 'aws-service:S3/eu-west-1', 'S3 in eu-west-1'],
    [{ kind: 'external', network: '198.51.100.0/24' }, 'external:198.51.100.0/24', '198.51.100.0/24'],
    [{ kind: 'node', name: N1, hostNetworkPods: [] }, 'node:cluster', "the cluster's nodes"],
  ];

  it.each(OWNERS)('goes by what lasts: %j', (owner, id, label) => {
    const owners = { '198.51.100.7': { owners: [owner] } };
    expect(only({ owners }, denial(ORDERS, '198.51.100.7', 80)).destination).toMatchObject({ id, label, owner });
  });

  it('of many addresses of one AWS service is one', () => {
    const addresses = numbers(12).map((at) => `52.218.${at}.7`);
    const owner: AddressOwner = { kind: 'aws-service', service: 'S3', region: 'eu-west-1' };
    const owners = Object.fromEntries(addresses.map((address) => [address, { owners: [owner] }]));
    const { destination } = only({ owners }, ...addresses.map((address) => denial(WEB, address, 443)));
    expect(destination).toMatchObject({ id: 'aws-service:S3/eu-west-1', addressCount: 12 });
    expect(destination.addresses).toHaveLength(8);
  });

  it('that nobody knows is its /24, or /48', () => {
    const owners = {
      '198.51.100.7': { owners: [], certainty: 'unknown' as const },
      '2001:db8:1:2::3': { owners: [], certainty: 'unknown' as const },
    };
    expect(only({ owners }, denial(WEB, '198.51.100.7', 80)).destination).toEqual({
      id: 'unknown:198.51.100.0/24',
      label: '198.51.100.0/24 (nobody known)',
      certainty: 'unknown',
      addresses: ['198.51.100.7'],
      addressCount: 1,
    });
    expect(only({ owners }, denial(WEB, '2001:db8:1:2::3', 80)).destination.id).toBe('unknown:2001:db8:1::/48');
  });

  const podOwner = (name: string, workload: string): AddressOwner => ({
    kind: 'pod',
    namespace: 'shop',
    name,
    workload: { kind: 'Deployment', namespace: 'shop', name: workload },
  });

  it('is ambiguous where two workloads may have been it, and then nothing is suggested', () => {
    const owners = {
      '10.0.1.77': {
        certainty: 'ambiguous' as const,
        owners: [podOwner('web-1', 'web'), podOwner('cart-1', 'cart')],
      },
    };
    const policies = [policy('payments/deny', {})];
    const pair = only({ owners, policies }, denial('10.0.1.77', ORDERS, 5432, { nodes: [N2] }));
    expect(pair.source).toMatchObject({
      id: 'ambiguous:workload:Deployment/shop/cart|workload:Deployment/shop/web',
      label: 'one of shop/cart (Deployment), shop/web (Deployment)',
      certainty: 'ambiguous',
    });
    expect(pair).toMatchObject({ class: 'unattributed', explanation: { suggestions: [] } });
    expect(pair.explanation.isolatedBy).toEqual([{ direction: 'ingress', policies: ['payments/deny'] }]);
    expect(pair.explanation.summary[0]).toBe(
      'One of shop/cart (Deployment), shop/web (Deployment) was kept from payments/orders:5432/TCP; why cannot be said.',
    );
  });

  it('is exact where two replicas of one workload may have been it', () => {
    const owners = {
      '10.0.1.77': { certainty: 'ambiguous' as const, owners: [podOwner('web-2', 'web'), podOwner('web-1', 'web')] },
    };
    expect(only({ owners }, denial('10.0.1.77', ORDERS, 5432)).source).toMatchObject({
      id: 'workload:Deployment/shop/web',
      certainty: 'exact',
    });
  });

  it('whose pod is gone is judged by a replica, and nothing is suggested', () => {
    const owners = { '10.0.1.78': { certainty: 'former' as const, owners: [podOwner('web-0', 'web')] } };
    const policies = [policy('payments/deny', {})];
    const pair = only({ owners, policies }, denial('10.0.1.78', ORDERS, 5432, { nodes: [N2] }));
    expect(pair).toMatchObject({ class: 'policy-denied', source: { certainty: 'former' } });
    expect(pair.explanation.noSuggestion).toBe('The pod was gone by then; what comes after it needs no rule.');
  });

  it('of which one replica alone lacks the label that policies ask for is judged by that replica', () => {
    const old = replica('shop/web-0', 'web', {
      ip: '10.0.1.19',
      parts: { labels: { app: 'web', 'pod-template-hash': 'aa11', release: 'new' } },
    });
    const open = policy('payments/new-only', {
      ingress: [
        {
          peers: [
            { kind: 'selectors', podSelector: selector({ release: 'new' }), namespaceSelector: inNamespace('shop') },
          ],
          ports: [],
        },
      ],
    });
    const flows = ['10.0.1.19', WEB].map((source) => denial(source, ORDERS, 5432, { nodes: [N2] }));
    const world = { pods: [...PODS, old], policies: [open] };
    expect(only(world, ...flows).class).toBe('policy-denied');
    expect(only(world, flows[0] ?? denial(WEB, ORDERS, 5432)).class).toBe('enforcement-anomaly');
  });

  it('whose pods have finished is judged as they were', () => {
    const job = replica('shop/nightly-1', 'nightly', {
      ip: '10.0.1.80',
      parts: { phase: 'Succeeded', owner: { kind: 'Job', name: 'nightly' } },
    });
    const world = { pods: [...PODS, job], policies: [policy('payments/deny', {})] };
    const pair = only(world, denial('10.0.1.80', ORDERS, 5432, { nodes: [N2] }));
    expect(pair).toMatchObject({ class: 'policy-denied', source: { id: 'workload:Job/shop/nightly' } });
    expect(pair.explanation.suggestions[0]?.titles).toEqual([
      'create NetworkPolicy payments/allow-nightly-to-orders-5432-ingress',
    ]);
  });
});
