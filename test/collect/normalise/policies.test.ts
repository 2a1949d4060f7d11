import { describe, expect, test } from 'vitest';
import {
  normaliseNetworkPolicies,
  normaliseNetworkPolicy,
} from '../../../shared/collect/normalise/network-policies.ts';
import { normalisePolicyEndpoint } from '../../../shared/collect/normalise/policy-endpoints.ts';
import { normaliseSecurityGroupPolicy } from '../../../shared/collect/normalise/security-group-policies.ts';
import { refusal, HOSTILE_MAP } from './malformed.ts';

const EVERYTHING = { matchLabels: {}, matchExpressions: [] };

const metadata = {
  namespace: 'payments',
  name: 'allow-web',
  uid: '6f1f0a52-0000-4000-8000-0000000000c1',
  creationTimestamp: '2026-11-10T00:00:00Z',
  generation: 2,
};

const policy = (spec: object): object => ({ kind: 'NetworkPolicy', metadata, spec });
const read = (spec: object): ReturnType<typeof normaliseNetworkPolicy> => normaliseNetworkPolicy(policy(spec));

describe('NetworkPolicy', () => {
  test('a policy with every kind of peer and port', () => {
    const spec = {
      podSelector: { matchLabels: { app: 'payments' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
      policyTypes: ['Egress', 'Ingress'],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'web' } }, namespaceSelector: {} },
            { namespaceSelector: { matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['dev'] }] } },
          ],
          ports: [{ port: 8443 }, { protocol: 'TCP', port: 'https' }],
        },
      ],
      egress: [
        { to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
        { ports: [{ protocol: 'UDP', port: 5000, endPort: 6000 }, { protocol: 'SCTP' }] },
        {},
      ],
    };
    expect(read(spec)).toEqual({
      namespace: 'payments',
      name: 'allow-web',
      uid: '6f1f0a52-0000-4000-8000-0000000000c1',
      createdAt: '2026-11-10T00:00:00Z',
      generation: 2,
      podSelector: {
        matchLabels: { app: 'payments' },
        matchExpressions: [{ key: 'tier', operator: 'Exists', values: [] }],
      },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          peers: [
            {
              kind: 'selectors',
              podSelector: { matchLabels: { app: 'web' }, matchExpressions: [] },
              namespaceSelector: EVERYTHING,
            },
            {
              kind: 'selectors',
              namespaceSelector: {
                matchLabels: {},
                matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['dev'] }],
              },
            },
          ],
          ports: [
            { protocol: 'TCP', port: 8443 },
            { protocol: 'TCP', port: 'https' },
          ],
        },
      ],
      egress: [
        { peers: [{ kind: 'ip-block', cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }], ports: [] },
        { peers: [], ports: [{ protocol: 'UDP', port: 5000, endPort: 6000 }, { protocol: 'SCTP' }] },
        { peers: [], ports: [] },
      ],
    });
  });

  test.each([
    { spec: { podSelector: {} }, types: ['Ingress'] },
    { spec: { podSelector: {}, policyTypes: [] }, types: ['Ingress'] },
    { spec: { podSelector: {}, egress: [] }, types: ['Ingress'] },
    { spec: { podSelector: {}, egress: null }, types: ['Ingress'] },
    { spec: { podSelector: {}, egress: [{}] }, types: ['Ingress', 'Egress'] },
    { spec: { podSelector: {}, policyTypes: ['Egress'], ingress: [{}] }, types: ['Egress'] },
    { spec: { podSelector: {}, policyTypes: ['Ingress'], egress: [{}] }, types: ['Ingress'] },
  ])('policyTypes of $spec are $types, as the API server defaults them', ({ spec, types }) => {
    expect(read(spec).policyTypes).toEqual(types);
  });

  test('a missing podSelector selects everything, as documented', () => {
    expect(read({}).podSelector).toEqual(EVERYTHING);
  });

  test('a peer’s missing selector stays missing and an empty one stays empty', () => {
    const [rule] = read({ ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: {} }] }] }).ingress;
    expect(rule?.peers).toEqual([
      { kind: 'selectors', podSelector: EVERYTHING },
      { kind: 'selectors', namespaceSelector: EVERYTHING },
    ]);
    expect(rule?.peers[0]).not.toHaveProperty('namespaceSelector');
  });

  test('prototype keys in a selector are labels like any other', () => {
    const { podSelector } = read({ podSelector: { matchLabels: HOSTILE_MAP } });
    expect(Object.keys(podSelector.matchLabels)).toEqual(['__proto__', 'constructor', 'toString', 'a']);
  });

  test.each([
    {
      name: 'a peer of two natures',
      spec: { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }] },
      path: 'spec.ingress[0].from[0]',
      expected: 'ipBlock alone, or podSelector and namespaceSelector',
      found: 'object',
    },
    {
      name: 'a peer of none',
      spec: { egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }, {}] }] },
      path: 'spec.egress[0].to[1]',
      expected: 'ipBlock alone, or podSelector and namespaceSelector',
      found: 'object',
    },
    {
      name: 'an operator nobody defined',
      spec: { podSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } },
      path: 'spec.podSelector.matchExpressions[0].operator',
      expected: '"In" or "NotIn" or "Exists" or "DoesNotExist"',
      found: '"Gt"',
    },
    {
      name: 'a policy type nobody defined',
      spec: { policyTypes: ['ingress'] },
      path: 'spec.policyTypes[0]',
      expected: '"Ingress" or "Egress"',
      found: '"ingress"',
    },
    {
      name: 'a port that is neither number nor name',
      spec: { ingress: [{ ports: [{ port: true }] }] },
      path: 'spec.ingress[0].ports[0].port',
      expected: 'number or name',
      found: 'boolean true',
    },
  ])('$name is refused', ({ spec, path, expected, found }) => {
    expect(refusal(() => normaliseNetworkPolicy(policy(spec)))).toEqual({ path, expected, found });
  });

  test('policies are sorted by namespace and name', () => {
    const named = (namespace: string, name: string): object => ({
      metadata: { ...metadata, namespace, name },
      spec: {},
    });
    const raw = { kind: 'NetworkPolicyList', items: [named('b', 'a'), named('a', 'b'), named('a', 'a')] };
    expect(normaliseNetworkPolicies(raw).map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'a/a',
      'a/b',
      'b/a',
    ]);
  });
});

describe('PolicyEndpoint', () => {
  const endpoint = {
    kind: 'PolicyEndpoint',
    metadata: { ...metadata, name: 'allow-web-x7k2p' },
    spec: {
      policyRef: { name: 'allow-web', namespace: 'payments' },
      podSelector: { matchLabels: { app: 'payments' } },
      podIsolation: ['Ingress', 'Egress'],
      podSelectorEndpoints: [
        { hostIP: '10.0.1.6', podIP: '10.0.1.21', name: 'payments-b', namespace: 'payments' },
        { hostIP: '10.0.1.5', podIP: '10.0.1.20', name: 'payments-a', namespace: 'payments' },
      ],
      ingress: [{ cidr: '0.0.0.0/0', action: 'x' }],
    },
  };

  test('what the agents are handed', () => {
    expect(normalisePolicyEndpoint(endpoint)).toEqual({
      namespace: 'payments',
      name: 'allow-web-x7k2p',
      createdAt: '2026-11-10T00:00:00Z',
      policy: { name: 'allow-web', namespace: 'payments' },
      podSelector: { matchLabels: { app: 'payments' }, matchExpressions: [] },
      podIsolation: ['Egress', 'Ingress'],
      pods: [
        { namespace: 'payments', name: 'payments-a', podIP: '10.0.1.20', hostIP: '10.0.1.5' },
        { namespace: 'payments', name: 'payments-b', podIP: '10.0.1.21', hostIP: '10.0.1.6' },
      ],
    });
  });

  test('one without pods and selector', () => {
    const spec = { policyRef: { name: 'deny', namespace: 'payments' } };
    expect(normalisePolicyEndpoint({ ...endpoint, spec })).toMatchObject({
      podSelector: EVERYTHING,
      podIsolation: [],
      pods: [],
    });
  });

  test('which policy it is of is promised', () => {
    expect(refusal(() => normalisePolicyEndpoint({ ...endpoint, spec: {} }))).toEqual({
      path: 'spec.policyRef',
      expected: 'object',
      found: 'nothing',
    });
  });
});

describe('SecurityGroupPolicy', () => {
  test('its selectors stay what they are: missing or empty', () => {
    const raw = {
      kind: 'SecurityGroupPolicy',
      metadata: { namespace: 'payments', name: 'db' },
      spec: { podSelector: {}, securityGroups: { groupIds: ['sg-0b', 'sg-0a'] } },
    };
    expect(normaliseSecurityGroupPolicy(raw)).toEqual({
      namespace: 'payments',
      name: 'db',
      groupIds: ['sg-0a', 'sg-0b'],
      podSelector: EVERYTHING,
    });
  });
});
