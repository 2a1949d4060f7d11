import { describe, expect, test } from 'vitest';
import {
  normaliseApplicationNetworkPolicies,
  normaliseApplicationNetworkPolicy,
} from '../../../shared/collect/normalise/application-network-policies.ts';
import {
  normaliseClusterNetworkPolicies,
  normaliseClusterNetworkPolicy,
} from '../../../shared/collect/normalise/cluster-network-policies.ts';
import { normaliseClusterPolicyEndpoint } from '../../../shared/collect/normalise/cluster-policy-endpoints.ts';
import { refusal } from './malformed.ts';

const EVERYTHING = { matchLabels: {}, matchExpressions: [] };
const selector = (app: string): object => ({ matchLabels: { app }, matchExpressions: [] });

const metadata = {
  name: 'guard',
  uid: '6f1f0a52-0000-4000-8000-0000000000d1',
  creationTimestamp: '2026-11-10T00:00:00Z',
  generation: 3,
};
const identity = { name: 'guard', uid: metadata.uid, createdAt: '2026-11-10T00:00:00Z', generation: 3 };

describe('ClusterNetworkPolicy', () => {
  const policy = (spec: object): object => ({
    kind: 'ClusterNetworkPolicy',
    metadata,
    spec: { tier: 'Admin', priority: 10, subject: { namespaces: {} }, ...spec },
  });

  test('with every kind of subject, peer and port', () => {
    const spec = {
      tier: 'Baseline',
      priority: 1000,
      subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } },
      ingress: [
        {
          name: 'from-monitoring',
          action: 'Accept',
          from: [
            { namespaces: { matchLabels: { app: 'monitoring' } } },
            { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'probe' } } } },
          ],
          ports: [
            { portNumber: { protocol: 'UDP', port: 53 } },
            { portNumber: { port: 443 } },
            { portRange: { start: 8000, end: 8100 } },
            { namedPort: 'metrics' },
          ],
        },
      ],
      egress: [
        { action: 'Deny', to: [{ networks: ['169.254.169.254/32'] }] },
        { action: 'Pass', to: [{ domainNames: ['*.example.com'] }, { namespaces: {} }], ports: null },
      ],
    };
    expect(normaliseClusterNetworkPolicy(policy(spec))).toEqual({
      ...identity,
      tier: 'Baseline',
      priority: 1000,
      subject: { kind: 'pods', namespaceSelector: EVERYTHING, podSelector: selector('web') },
      ingress: [
        {
          name: 'from-monitoring',
          action: 'Accept',
          peers: [
            { kind: 'namespaces', namespaceSelector: selector('monitoring') },
            { kind: 'pods', namespaceSelector: EVERYTHING, podSelector: selector('probe') },
          ],
          ports: [
            { kind: 'number', protocol: 'UDP', port: 53 },
            { kind: 'number', protocol: 'TCP', port: 443 },
            { kind: 'range', protocol: 'TCP', start: 8000, end: 8100 },
            { kind: 'name', name: 'metrics' },
          ],
        },
      ],
      egress: [
        { name: '', action: 'Deny', peers: [{ kind: 'networks', cidrs: ['169.254.169.254/32'] }], ports: [] },
        {
          name: '',
          action: 'Pass',
          peers: [
            { kind: 'domain-names', names: ['*.example.com'] },
            { kind: 'namespaces', namespaceSelector: EVERYTHING },
          ],
          ports: [],
        },
      ],
    });
  });

  const rule = { action: 'Deny' };
  const subjects = 'namespaces or pods';
  const peers = 'one of namespaces, pods, networks and domainNames';
  const ports = 'one of portNumber, portRange and namedPort';

  test.each([
    [{ tier: 'Default' }, 'spec.tier', '"Admin" or "Baseline"'],
    [{ priority: 1001 }, 'spec.priority', 'at most 1000'],
    [{ subject: {} }, 'spec.subject', subjects],
    [{ subject: { namespaces: {}, pods: { namespaceSelector: {}, podSelector: {} } } }, 'spec.subject', subjects],
    [{ ingress: [{ ...rule, from: [] }] }, 'spec.ingress[0].from', 'at least 1'],
    [{ ingress: [{ ...rule, from: [{ networks: ['10.0.0.0/8'] }] }] }, 'spec.ingress[0].from[0]', subjects],
    [
      { ingress: [{ action: 'Allow', from: [{ namespaces: {} }] }] },
      'spec.ingress[0].action',
      '"Accept" or "Deny" or "Pass"',
    ],
    [{ egress: [{ ...rule, to: [{}] }] }, 'spec.egress[0].to[0]', peers],
    [{ egress: [{ ...rule, to: [{ namespaces: {}, networks: ['10.0.0.0/8'] }] }] }, 'spec.egress[0].to[0]', peers],
    [{ egress: [{ ...rule, to: [{ namespaces: {} }], ports: [{}] }] }, 'spec.egress[0].ports[0]', ports],
    [
      { egress: [{ ...rule, to: [{ namespaces: {} }], ports: [{ namedPort: 'a', portNumber: { port: 1 } }] }] },
      'spec.egress[0].ports[0]',
      ports,
    ],
  ])('%j is refused', (spec, path, expected) => {
    expect(refusal(() => normaliseClusterNetworkPolicy(policy(spec)))).toMatchObject({ path, expected });
  });

  test('a list is sorted by name', () => {
    const named = (name: string): object => ({ ...policy({}), metadata: { ...metadata, name } });
    const list = { kind: 'ClusterNetworkPolicyList', items: [named('b'), named('a')] };
    expect(normaliseClusterNetworkPolicies(list).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('ApplicationNetworkPolicy', () => {
  const policy = (spec: object): object => ({
    kind: 'ApplicationNetworkPolicy',
    metadata: { ...metadata, namespace: 'shop' },
    spec,
  });

  test('is a NetworkPolicy that also knows domain names, and whose policy types nobody defaults', () => {
    const spec = {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [
        {
          to: [{ domainNames: ['api.example.com'] }, { ipBlock: { cidr: '10.0.0.0/8' } }, { namespaceSelector: {} }],
          ports: [{ port: 443 }],
        },
        {},
      ],
    };
    expect(normaliseApplicationNetworkPolicy(policy(spec))).toEqual({
      ...identity,
      namespace: 'shop',
      podSelector: selector('web'),
      policyTypes: [],
      ingress: [{ peers: [{ kind: 'selectors', podSelector: EVERYTHING }], ports: [] }],
      egress: [
        {
          peers: [
            { kind: 'domain-names', names: ['api.example.com'] },
            { kind: 'ip-block', cidr: '10.0.0.0/8', except: [] },
            { kind: 'selectors', namespaceSelector: EVERYTHING },
          ],
          ports: [{ protocol: 'TCP', port: 443 }],
        },
        { peers: [], ports: [] },
      ],
    });
  });

  test('policy types that are written are kept', () => {
    expect(normaliseApplicationNetworkPolicy(policy({ policyTypes: ['Egress', 'Ingress'] })).policyTypes).toEqual([
      'Ingress',
      'Egress',
    ]);
  });

  test.each([
    [{ domainNames: ['a.example.com'], podSelector: {} }],
    [{ domainNames: [] }],
    [{ domainNames: ['a.example.com'], ipBlock: { cidr: '10.0.0.0/8' } }],
    [{}],
  ])('the peer %j is refused', (peer) => {
    expect(refusal(() => normaliseApplicationNetworkPolicies([policy({ egress: [{ to: [peer] }] })]))).toMatchObject({
      path: 'items[0].spec.egress[0].to[0]',
      expected: 'domainNames alone, ipBlock alone, or selectors',
    });
  });
});

describe('ClusterPolicyEndpoint', () => {
  test('names its policy and the pods it is about', () => {
    const pod = (name: string): object => ({ namespace: 'shop', name, podIP: '10.0.1.20', hostIP: '10.0.1.5' });
    const spec = {
      policyRef: { name: 'guard' },
      tier: 'Admin',
      priority: 10,
      subject: { namespaces: {} },
      podSelectorEndpoints: [pod('web-2'), pod('web-1')],
      egress: [{ cidr: '169.254.169.254/32', action: 'Deny' }],
    };
    expect(
      normaliseClusterPolicyEndpoint({
        kind: 'ClusterPolicyEndpoint',
        metadata: { name: 'guard-x7k2p', creationTimestamp: '2026-11-10T00:00:01Z' },
        spec,
      }),
    ).toEqual({
      name: 'guard-x7k2p',
      createdAt: '2026-11-10T00:00:01Z',
      policy: 'guard',
      tier: 'Admin',
      priority: 10,
      subject: { kind: 'namespaces', namespaceSelector: EVERYTHING },
      pods: [pod('web-1'), pod('web-2')],
    });
  });

  test('without a policy it is refused', () => {
    expect(refusal(() => normaliseClusterPolicyEndpoint({ metadata, spec: {} }))).toEqual({
      path: 'spec.policyRef',
      expected: 'object',
      found: 'nothing',
    });
  });
});
