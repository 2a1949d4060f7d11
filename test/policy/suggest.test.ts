import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';

import { explain } from '../../shared/policy/explain.ts';
import type { NetworkPolicyManifest } from '../../shared/policy/manifest.ts';
import type { PolicyIndex } from '../../shared/policy/policy-index.ts';
import { applicationPolicy, flow, index, inNamespace, node, pod, policy, port, selector } from './cluster.ts';
import { app, asked, namespaces, pods, shop } from './shop.ts';

describe('the smallest change', () => {
  test('is a new policy between the two workloads where only a default deny isolates', () => {
    const { suggestions } = explain(shop(policy('shop/deny', {})), asked);
    const [smallest] = suggestions;
    expect(smallest?.changes).toEqual([
      {
        kind: 'create',
        direction: 'ingress',
        manifest: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'allow-front-to-orders-8080-ingress', namespace: 'shop' },
          spec: {
            podSelector: { matchLabels: { 'app.kubernetes.io/name': 'orders' } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [
                  {
                    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } },
                    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'front' } },
                  },
                ],
                ports: [{ protocol: 'TCP', port: 8080 }],
              },
            ],
          },
        },
      },
    ]);
    expect(smallest?.opens).toEqual({
      count: 3,
      sameWorkloads: 3,
      listed: [
        flow('web/front-1', 'shop/orders-22', 8080),
        flow('web/front-22', 'shop/orders-1', 8080),
        flow('web/front-22', 'shop/orders-22', 8080),
      ],
    });
    expect(smallest?.closes.count).toBe(0);
  });

  test('comes as YAML that says the same', () => {
    const [smallest] = explain(shop(policy('shop/deny', {})), asked).suggestions;
    expect.assert(smallest !== undefined);
    const [change] = smallest.changes;
    expect.assert(change.kind === 'create');
    const read: unknown = load(smallest.yaml);
    const written: NetworkPolicyManifest = change.manifest;
    expect(read).toEqual(written);
  });

  test('adds the port to the rule that has the peer already', () => {
    const on = shop(
      policy('shop/orders', {
        generation: 7,
        podSelector: app('orders'),
        ingress: [
          {
            peers: [{ kind: 'selectors', namespaceSelector: inNamespace('web'), podSelector: app('front') }],
            ports: [port(9090)],
          },
        ],
      }),
    );
    expect(explain(on, asked).suggestions[0]?.changes).toEqual([
      {
        kind: 'patch',
        direction: 'ingress',
        policy: { kind: 'NetworkPolicy', namespace: 'shop', name: 'orders' },
        ruleIndex: 0,
        list: 'ports',
        patch: [
          { op: 'test', path: '/metadata/uid', value: 'uid-shop/orders' },
          { op: 'test', path: '/metadata/generation', value: 7 },
          { op: 'add', path: '/spec/ingress/0/ports/-', value: { protocol: 'TCP', port: 8080 } },
        ],
      },
    ]);
  });

  test('adds the peer to the rule that has exactly the port already', () => {
    const on = shop(
      policy('shop/orders', {
        podSelector: app('orders'),
        ingress: [{ peers: [{ kind: 'selectors', podSelector: app('stock') }], ports: [port(8080)] }],
      }),
    );
    expect(explain(on, asked).suggestions[0]?.changes).toMatchObject([
      {
        kind: 'patch',
        list: 'peers',
        patch: [
          { op: 'test' },
          { op: 'test' },
          {
            op: 'add',
            path: '/spec/ingress/0/from/-',
            value: {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } },
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'front' } },
            },
          },
        ],
      },
    ]);
  });

  test('does not add the peer to a rule that would open other ports to it', () => {
    const on = shop(
      policy('shop/orders', {
        podSelector: app('orders'),
        ingress: [{ peers: [{ kind: 'selectors', podSelector: app('stock') }], ports: [port(8080), port(9090)] }],
      }),
    );
    expect(explain(on, asked).suggestions[0]?.changes).toMatchObject([{ kind: 'create' }]);
  });

  test('does not add the port to a rule of a wider policy, nor to one that admits addresses outside', () => {
    const wide = shop(
      policy('shop/all', {
        ingress: [{ peers: [{ kind: 'selectors', namespaceSelector: inNamespace('web') }], ports: [port(9090)] }],
      }),
    );
    expect(explain(wide, asked).suggestions[0]?.changes).toMatchObject([{ kind: 'create' }]);
    const outside = shop(
      policy('shop/orders', { podSelector: app('orders'), ingress: [{ peers: [], ports: [port(9090)] }] }),
    );
    expect(explain(outside, asked).suggestions[0]?.changes).toMatchObject([{ kind: 'create' }]);
  });

  test.each([
    ['a range', port(8080, 'TCP', 8090)],
    ['every port', { protocol: 'TCP' }],
  ])('nor to a rule on %s, measured or hidden by the other side', (_, wide) => {
    const orders = policy('shop/orders', {
      podSelector: app('orders'),
      ingress: [{ peers: [{ kind: 'selectors', podSelector: app('stock') }], ports: [wide] }],
    });
    const mute = policy('web/deny', { policyTypes: ['Egress'] });
    expect(explain(shop(orders), asked).suggestions[0]?.changes).toMatchObject([{ kind: 'create' }]);
    expect(explain(shop(orders, mute), asked).suggestions[0]?.changes).toMatchObject([
      { kind: 'create' },
      { kind: 'create' },
    ]);
  });

  test('does so even where the other side hides the surplus today', () => {
    const on = shop(
      policy('web/deny', { policyTypes: ['Egress'] }),
      policy('shop/orders', {
        podSelector: app('orders'),
        ingress: [{ peers: [{ kind: 'selectors', podSelector: app('stock') }], ports: [port(8080), port(9090)] }],
      }),
    );
    const [smallest] = explain(on, asked).suggestions;
    expect(smallest?.changes.map(({ kind }) => kind)).toEqual(['create', 'create']);
  });

  test('patches a rule on the very address', () => {
    const on = shop(
      policy('web/front', {
        podSelector: app('front'),
        policyTypes: ['Egress'],
        egress: [{ peers: [{ kind: 'ip-block', cidr: '203.0.113.9/32', except: [] }], ports: [port(80)] }],
      }),
    );
    expect(explain(on, flow('web/front-1', '203.0.113.9', 443)).suggestions[0]?.changes).toMatchObject([
      { kind: 'patch', list: 'ports' },
    ]);
  });

  test('never patches another kind of policy, nor a NetworkPolicy of the same name', () => {
    const on = index({
      namespaces,
      pods,
      applicationPolicies: [
        applicationPolicy('web/out', {
          podSelector: app('front'),
          egress: [{ peers: [{ kind: 'selectors', namespaceSelector: inNamespace('shop') }], ports: [port(9090)] }],
        }),
      ],
      networkPolicies: [
        policy('web/out', {
          podSelector: app('admin'),
          policyTypes: ['Egress'],
          egress: [{ peers: [], ports: [port(1)] }],
        }),
      ],
    });
    expect(explain(on, asked).suggestions[0]?.changes).toMatchObject([{ kind: 'create', direction: 'egress' }]);
  });

  test('is not known for a peer without any address', () => {
    const on = index({
      namespaces,
      pods: [...pods, pod('web/agent', { hostNetwork: true, podIPs: [] })],
      networkPolicies: [policy('shop/deny', {})],
    });
    const explanation = explain(on, flow('web/agent', 'shop/orders-1', 8080));
    expect(explanation.decision.allowed).toBe('denied');
    expect(explanation.suggestions).toEqual([]);
    expect(explanation.summary).toContainEqual(expect.stringMatching(/^Nothing is suggested: /));
  });

  test('is not known where no lasting label sets the pods apart from a thousand others', () => {
    const crowd = Array.from({ length: 1100 }, (_, order) =>
      pod(`shop/task-${order}`, { labels: { 'job-name': `${order}` }, owner: { kind: 'Job', name: 'task' } }),
    );
    const on = index({
      namespaces,
      pods: crowd,
      networkPolicies: [policy('shop/deny', {}), policy('shop/one', { podSelector: selector({ 'job-name': 'x' }) })],
    });
    expect(explain(on, flow('shop/task-1', 'shop/task-2', 8080)).suggestions).toEqual([]);
  });

  test('keeps a named port where every pod concerned means the same number by it', () => {
    const named = policy('shop/orders', {
      podSelector: app('orders'),
      ingress: [{ peers: [{ kind: 'selectors', podSelector: app('stock') }], ports: [port('http'), port(9090)] }],
    });
    const created = (on: PolicyIndex) => {
      const [change] = explain(on, asked).suggestions[0]?.changes ?? [];
      return change?.kind === 'create' ? change.manifest.spec.ingress?.[0]?.ports : undefined;
    };
    expect(created(shop(named))).toEqual([{ protocol: 'TCP', port: 'http' }]);
    const disagreeing = pods.map((one) =>
      one.name === 'orders-22' ? { ...one, ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }] } : one,
    );
    expect(created(index({ namespaces, pods: disagreeing, networkPolicies: [named] }))).toEqual([
      { protocol: 'TCP', port: 8080 },
    ]);
  });

  test('within one namespace needs no namespace selector', () => {
    const [smallest] = explain(
      shop(policy('shop/deny', {})),
      flow('shop/stock-333', 'shop/orders-1', 8080),
    ).suggestions;
    expect(smallest?.changes).toMatchObject([
      {
        manifest: {
          spec: { ingress: [{ from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'stock' } } }] }] },
        },
      },
    ]);
    expect(smallest?.yaml).not.toContain('namespaceSelector');
  });

  test('for an address outside is that address', () => {
    const on = shop(policy('web/deny', { policyTypes: ['Egress'] }));
    const [smallest, ...others] = explain(on, flow('web/front-1', '203.0.113.9', 443)).suggestions;
    expect(smallest?.changes).toMatchObject([
      { manifest: { spec: { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '203.0.113.9/32' } }] }] } } },
    ]);
    expect(smallest?.admits).toEqual([{ direction: 'egress', cidr: '203.0.113.9/32', except: [] }]);
    expect(others.map(({ scope, admits }) => ({ scope, admits }))).toEqual([
      { scope: 'wider', admits: [{ direction: 'egress', cidr: '203.0.113.0/24', except: [] }] },
    ]);
  });

  test('for another node is its address', () => {
    const on = index({
      namespaces,
      pods,
      nodes: [node('n9', '172.16.0.9')],
      networkPolicies: [policy('shop/deny', {})],
    });
    const [smallest] = explain(on, flow('node:n9', 'shop/orders-1', 8080)).suggestions;
    expect(smallest?.changes).toMatchObject([
      { manifest: { spec: { ingress: [{ from: [{ ipBlock: { cidr: '172.16.0.9/32' } }] }] } } },
    ]);
  });

  test('takes a name that no policy of the namespace has', () => {
    const on = shop(policy('shop/allow-front-to-orders-8080-ingress', {}));
    expect(explain(on, asked).suggestions[0]?.changes).toMatchObject([
      { manifest: { metadata: { name: 'allow-front-to-orders-8080-ingress-2' } } },
    ]);
  });
});
