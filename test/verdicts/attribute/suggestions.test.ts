import { describe, expect, it } from 'vitest';

import { buildPolicyIndex } from '../../../shared/policy/build-policy-index.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { applyChanges } from '../../policy/apply-changes.ts';
import { flow, inNamespace, policy, port } from '../../policy/cluster.ts';
import { verdictAfter } from './put-in-force.ts';
import { changesFrom } from './read-changes.ts';
import { app, denial, DNS, DNS_IP, N2, NAMESPACES, only, ORDERS, PODS, WEB } from './world.ts';

const egressDeny = policy('shop/default-deny', { policyTypes: ['Egress'] });
const ingressDeny = policy('payments/default-deny', {});
const toDatabase = denial(WEB, ORDERS, 5432, { nodes: [N2] });
const web = flow('shop/web-1', 'payments/orders-1', 5432);

describe('suggestions', () => {
  it('are complete manifests that allow the flow, the smallest first', () => {
    const { summary, suggestions, noSuggestion } = only({ policies: [ingressDeny] }, toDatabase).explanation;
    expect(noSuggestion).toBeUndefined();
    expect(suggestions.map(({ scope }) => scope)).toEqual(['smallest', 'wider']);
    expect(suggestions[0]).toEqual({
      scope: 'smallest',
      titles: ['create NetworkPolicy payments/allow-web-to-orders-5432-ingress'],
      manifest: [
        'apiVersion: networking.k8s.io/v1',
        'kind: NetworkPolicy',
        'metadata:',
        '  name: allow-web-to-orders-5432-ingress',
        '  namespace: payments',
        'spec:',
        '  podSelector:',
        '    matchLabels:',
        '      app: orders',
        '  policyTypes:',
        '    - Ingress',
        '  ingress:',
        '    - from:',
        '        - namespaceSelector:',
        '            matchLabels:',
        '              kubernetes.io/metadata.name: shop',
        '          podSelector:',
        '            matchLabels:',
        '              app: web',
        '      ports:',
        '        - protocol: TCP',
        '          port: 5432',
        '',
      ].join('\n'),
      alsoOpens: 0,
      alsoOpensExamples: [],
    });
    expect(summary).toEqual([
      'shop/web (Deployment) may not reach payments/orders:5432/TCP.',
      'payments/orders is isolated on ingress by payments/default-deny; no rule of it admits this.',
      'Adding policy payments/allow-web-to-orders-5432-ingress would allow it and open nothing else.',
    ]);
    expect(suggestions[1]).toMatchObject({
      alsoOpens: 1,
      alsoOpensExamples: ['shop/cart-1 → payments/orders-1:5432/TCP'],
    });
  });

  it('may be a patch: a command for a shell, with the rule that came nearest named', () => {
    const narrow = policy('payments/web-only', {
      podSelector: app('orders'),
      ingress: [
        {
          peers: [{ kind: 'selectors', podSelector: app('web'), namespaceSelector: inNamespace('shop') }],
          ports: [port(9090)],
        },
      ],
    });
    const world = { policies: [narrow] };
    const { suggestions, summary } = only(world, toDatabase).explanation;
    expect(suggestions[0]).toMatchObject({
      titles: ['add a port to ingress[0] of NetworkPolicy payments/web-only'],
      manifest:
        `kubectl patch networkpolicy web-only --namespace payments --type=json --patch='[{"op":"test",` +
        `"path":"/metadata/uid","value":"uid-payments/web-only"},{"op":"test","path":"/metadata/generation","value":1},` +
        `{"op":"add","path":"/spec/ingress/0/ports/-","value":{"protocol":"TCP","port":5432}}]'\n`,
    });
    expect(summary[2]).toBe('Nearest rule: payments/web-only ingress[0]; it admits TCP/9090 and not TCP/5432.');
    expect(summary[3]).toBe(
      'Adding a port to ingress[0] of NetworkPolicy payments/web-only would allow it and open nothing else.',
    );
    const [first] = suggestions;
    expect(first && verdictAfter(world, first, web).allowed).toBe('allowed');
  });

  it('mend both sides at once, a patch beside a manifest as a comment', () => {
    const narrow = policy('payments/web-only', {
      podSelector: app('orders'),
      ingress: [
        {
          peers: [{ kind: 'selectors', podSelector: app('web'), namespaceSelector: inNamespace('shop') }],
          ports: [port(9090)],
        },
      ],
    });
    const world = { policies: [narrow, egressDeny] };
    const { suggestions, isolatedBy } = only(world, { ...toDatabase, nodes: [] }).explanation;
    expect(isolatedBy).toEqual([
      { direction: 'egress', policies: ['shop/default-deny'] },
      { direction: 'ingress', policies: ['payments/web-only'] },
    ]);
    const [first] = suggestions;
    expect(first?.titles).toEqual([
      'create NetworkPolicy shop/allow-web-to-orders-5432-egress',
      'add a port to ingress[0] of NetworkPolicy payments/web-only',
    ]);
    expect(first?.manifest).toMatch(/^# also run: kubectl patch networkpolicy web-only .*\napiVersion: /);
    expect(first && verdictAfter(world, first, web).allowed).toBe('allowed');
  });
});

describe('a pod without policies in strict mode', () => {
  it.each([
    ['the mode is known to be strict', { mode: 'strict' }, toDatabase],
    ['the log alone says so', {}, { ...toDatabase, tiers: ['DEFAULT'] }],
  ])('gets one, as does the other end, where %s', (_, world, denied) => {
    const [first] = only(world, denied).explanation.suggestions;
    expect(first?.titles).toEqual([
      'create NetworkPolicy shop/allow-web-to-orders-5432-egress',
      'create NetworkPolicy payments/allow-web-to-orders-5432-ingress',
    ]);
    const inputs = { namespaces: NAMESPACES, pods: PODS, networkPolicies: [], mode: 'strict' as const };
    const after = applyChanges(inputs, first === undefined ? [] : changesFrom(first));
    expect(decide(buildPolicyIndex(after), web).allowed).toBe('allowed');
  });
});

describe('a rule for DNS', () => {
  it.each([
    ['the ClusterIP', DNS_IP],
    ['a pod of CoreDNS', DNS],
  ])('allows UDP and TCP at once, asked at %s', (_, address) => {
    const world = { policies: [egressDeny] };
    const pair = only(world, denial(WEB, address, 53, { protocol: 'UDP' }));
    const [first, ...others] = pair.explanation.suggestions;
    expect(others).toEqual([]);
    expect(first?.titles).toEqual(['create NetworkPolicy shop/allow-web-to-dns']);
    for (const protocol of ['UDP', 'TCP']) {
      const asked = flow('shop/web-1', 'kube-system/coredns-1', 53, protocol);
      expect(first && verdictAfter(world, first, asked).allowed).toBe('allowed');
    }
    expect(first).toMatchObject({
      alsoOpens: 2,
      alsoOpensExamples: ['shop/web-1 → kube-system/coredns-1:53/TCP', 'shop/web-2 → kube-system/coredns-1:53/TCP'],
    });
  });

  it('names the address of NodeLocal DNSCache', () => {
    const owners = { '169.254.20.10': { owners: [{ kind: 'well-known', service: 'node-local-dns' } as const] } };
    const world = { policies: [egressDeny], owners };
    const [first] = only(world, denial(WEB, '169.254.20.10', 53, { protocol: 'UDP' })).explanation.suggestions;
    expect(first?.manifest).toContain('cidr: 169.254.20.10/32');
    expect(first && verdictAfter(world, first, flow('shop/web-1', '169.254.20.10', 53, 'TCP')).allowed).toBe('allowed');
  });

  it('opens what keeps CoreDNS closed as well', () => {
    const world = { policies: [egressDeny, policy('kube-system/deny', {})] };
    const [first] = only(world, denial(WEB, DNS_IP, 53, { protocol: 'UDP' })).explanation.suggestions;
    expect(first?.titles).toEqual([
      'create NetworkPolicy shop/allow-web-to-dns',
      'create NetworkPolicy kube-system/allow-web-to-coredns-53-ingress',
    ]);
    const asked = flow('shop/web-1', 'kube-system/coredns-1', 53, 'UDP');
    expect(first && verdictAfter(world, first, asked).allowed).toBe('allowed');
  });

  it('is a first policy that closes the other direction where the mode is strict', () => {
    const [first] = only({ mode: 'strict' }, denial(WEB, DNS_IP, 53, { protocol: 'UDP' })).explanation.suggestions;
    const inputs = { namespaces: NAMESPACES, pods: PODS, networkPolicies: [], mode: 'strict' as const };
    const after = buildPolicyIndex(applyChanges(inputs, first === undefined ? [] : changesFrom(first)));
    expect(decide(after, flow('shop/web-1', 'kube-system/coredns-1', 53, 'UDP')).allowed).toBe('allowed');
    expect(decide(after, flow('shop/web-1', 'kube-system/coredns-1', 53, 'TCP')).egress.verdict).toBe('allowed');
    expect(decide(after, flow('203.0.113.9', 'shop/web-1', 8080)).allowed).toBe('denied');
  });

  it('does not take the name of a policy that is there', () => {
    const world = { policies: [egressDeny, policy('shop/allow-web-to-dns', { policyTypes: ['Egress'] })] };
    const [first] = only(world, denial(WEB, DNS_IP, 53, { protocol: 'UDP' })).explanation.suggestions;
    expect(first?.titles).toEqual(['create NetworkPolicy shop/allow-web-to-dns-2']);
  });
});
