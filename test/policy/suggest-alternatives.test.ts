import { describe, expect, test } from 'vitest';

import { explain } from '../../shared/policy/explain.ts';
import { clusterPolicy, flow, index, inNamespace, policy, selector } from './cluster.ts';
import { asked, namespaces, pods } from './shop.ts';

describe('alternatives', () => {
  const tagged = pods.map((one) => ({
    ...one,
    labels: { ...one.labels, squad: one.name.includes('front') ? 'a' : 'b' },
  }));
  const on = index({ namespaces, pods: tagged, networkPolicies: [policy('shop/deny', {})] });

  test('narrower by every lasting label, wider by the whole namespace, each with its own count', () => {
    const { suggestions } = explain(on, asked);
    expect(suggestions.map(({ scope, opens: { count, sameWorkloads } }) => ({ scope, count, sameWorkloads }))).toEqual([
      { scope: 'smallest', count: 3, sameWorkloads: 3 },
      { scope: 'narrower', count: 3, sameWorkloads: 3 },
      { scope: 'wider', count: 5, sameWorkloads: 3 },
    ]);
    expect(suggestions[1]?.changes).toMatchObject([
      { manifest: { spec: { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'orders', squad: 'b' } } } } },
    ]);
    expect(suggestions[2]?.changes).toMatchObject([
      { manifest: { spec: { ingress: [{ from: [{ podSelector: {} }] }] } } },
    ]);
  });

  test('list no more connections than asked for, and count all', () => {
    const [, , wider] = explain(on, asked, { listed: 2 }).suggestions;
    expect(wider?.opens.count).toBe(5);
    expect(wider?.opens.listed).toHaveLength(2);
  });
});

describe('Baseline and strict mode', () => {
  test('a NetworkPolicy against a Baseline Deny says what it closes', () => {
    const base = clusterPolicy('base', {
      tier: 'Baseline',
      ingress: [
        { name: '', action: 'Deny', peers: [{ kind: 'namespaces', namespaceSelector: inNamespace('web') }], ports: [] },
      ],
    });
    const on = index({ namespaces, pods, clusterPolicies: [base] });
    const [smallest] = explain(on, asked).suggestions;
    expect(smallest?.opens.count).toBe(3);
    // Orders was open to shop itself on 8080; its first policy isolates it.
    expect(smallest?.closes.listed).toContainEqual(flow('shop/stock-333', 'shop/orders-1', 8080));
    expect(smallest?.closes.count).toBe(4);
  });

  test('and what it opens in the other direction, on every port that is declared there', () => {
    const everywhere = { kind: 'namespaces', namespaceSelector: selector() } as const;
    const base = clusterPolicy('base', {
      tier: 'Baseline',
      subject: { kind: 'namespaces', namespaceSelector: inNamespace('shop') },
      ingress: [{ name: '', action: 'Deny', peers: [everywhere], ports: [] }],
      egress: [{ name: '', action: 'Deny', peers: [everywhere], ports: [] }],
    });
    const withAdmin = pods.map((one) =>
      one.name.startsWith('front') ? { ...one, ports: [{ containerPort: 9000, protocol: 'TCP' }] } : one,
    );
    const on = index({ namespaces, pods: withAdmin, clusterPolicies: [base] });
    const [smallest] = explain(on, asked).suggestions;
    // orders-1 and orders-22 now reach front-1 and front-22 on 8080 and 9000, and admin-333 on 8080.
    const freed = smallest?.opens.listed.filter(({ from }) => from.kind === 'pod' && from.namespace === 'shop');
    expect(freed?.map(({ to, port: number }) => `${to.kind === 'pod' ? to.name : ''}:${number}`).toSorted()).toEqual([
      'admin-333:8080',
      'admin-333:8080',
      'front-1:8080',
      'front-1:8080',
      'front-1:9000',
      'front-1:9000',
      'front-22:8080',
      'front-22:8080',
      'front-22:9000',
      'front-22:9000',
    ]);
  });

  test('a first policy under strict mode lists both directions, so that it opens nothing else', () => {
    const on = index({ namespaces, pods, mode: 'strict' });
    const [smallest] = explain(on, asked).suggestions;
    expect(smallest?.changes).toMatchObject([
      {
        direction: 'egress',
        manifest: { metadata: { namespace: 'web' }, spec: { policyTypes: ['Ingress', 'Egress'] } },
      },
      {
        direction: 'ingress',
        manifest: { metadata: { namespace: 'shop' }, spec: { policyTypes: ['Ingress', 'Egress'] } },
      },
    ]);
    expect(smallest?.opens).toMatchObject({ count: 3, sameWorkloads: 3 });
  });
});
