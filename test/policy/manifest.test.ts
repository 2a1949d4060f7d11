import { load, loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';

import { networkPolicyManifest, toYaml } from '../../shared/policy/manifest.ts';
import { policyFrom } from './apply-changes.ts';
import { expression, inNamespace, policy, port, selector } from './cluster.ts';

const full = policy('shop/full', {
  podSelector: selector({ app: 'web' }, expression('tier', 'NotIn', 'db').matchExpressions),
  policyTypes: ['Ingress', 'Egress'],
  ingress: [
    { peers: [], ports: [] },
    {
      peers: [
        { kind: 'ip-block', cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
        { kind: 'selectors', namespaceSelector: inNamespace('web'), podSelector: expression('app', 'Exists') },
        { kind: 'selectors', podSelector: selector() },
      ],
      ports: [port('http'), port(8000, 'UDP', 8100), { protocol: 'SCTP' }],
    },
  ],
  egress: [{ peers: [{ kind: 'selectors', namespaceSelector: selector() }], ports: [port(53, 'UDP')] }],
});

describe('networkPolicyManifest', () => {
  test('writes what the policy says, and nothing that it does not', () => {
    expect(networkPolicyManifest(full)).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'full', namespace: 'shop' },
      spec: {
        podSelector: {
          matchLabels: { app: 'web' },
          matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db'] }],
        },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {},
          {
            from: [
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } },
                podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
              },
              { podSelector: {} },
            ],
            ports: [
              { protocol: 'TCP', port: 'http' },
              { protocol: 'UDP', port: 8000, endPort: 8100 },
              { protocol: 'SCTP' },
            ],
          },
        ],
        egress: [{ to: [{ namespaceSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }] }],
      },
    });
  });

  test('reads back as the same policy', () => {
    expect(policyFrom(networkPolicyManifest(full))).toEqual(full);
  });
});

describe('toYaml', () => {
  test.each([
    'yes',
    'null',
    '~',
    '1.0',
    '0x1f',
    '1e3',
    '010',
    '2026-11-21',
    '',
    'a: b',
    '- a',
    '#',
    "it's",
    'two\nlines',
    '*all',
    '&x',
  ])('keeps the label value %j a string', (value) => {
    const manifest = networkPolicyManifest(policy('shop/p', { podSelector: selector({ app: value }) }));
    expect(load(toYaml([manifest]))).toEqual(manifest);
  });

  test('separates several policies as documents', () => {
    const manifests = [policy('shop/a', {}), policy('shop/b', {})].map(networkPolicyManifest);
    expect(loadAll(toYaml(manifests))).toEqual(manifests);
  });

  test('is empty for none', () => {
    expect(toYaml([])).toBe('');
  });
});
