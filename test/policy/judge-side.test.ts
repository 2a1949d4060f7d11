import { describe, expect, test } from 'vitest';

import type { ClusterPolicyRule } from '../../shared/model/cluster-policy.ts';
import { decide } from '../../shared/policy/decide.ts';
import { matchesDomainName } from '../../shared/policy/match.ts';
import { applicationPolicy, clusterPolicy, flow, index, namespace, pod, policy, selector } from './cluster.ts';

const namespaces = [namespace('x'), namespace('y')];
const pods = [pod('x/target'), pod('y/client')];
const everybody = { kind: 'namespaces', namespaceSelector: selector() } as const;
const rule = (
  action: ClusterPolicyRule['action'],
  peer: ClusterPolicyRule['peers'][number],
  name = '',
): ClusterPolicyRule => ({ name, action, peers: [peer], ports: [] });
const names = (...list: readonly string[]) => ({ kind: 'domain-names', names: list }) as const;
const named = (name: string) =>
  ({
    from: { kind: 'pod', namespace: 'x', name: 'target' },
    to: { kind: 'external', ip: '203.0.113.9', name },
    port: 443,
    protocol: 'TCP',
  }) as const;

describe('strict mode', () => {
  test('denies a pod without any policy both ways', () => {
    const on = index({ namespaces, pods, mode: 'strict' });
    expect(decide(on, flow('y/client', 'x/target'))).toMatchObject({
      allowed: 'denied',
      egress: { verdict: 'denied', tier: 'Default', because: { kind: 'strict-default' }, isolated: false },
      ingress: { verdict: 'denied', tier: 'Default', because: { kind: 'strict-default' } },
    });
    expect(decide(on, flow('x/target', '203.0.113.9')).allowed).toBe('denied');
  });

  test('a policy for one direction opens the other, and that is said', () => {
    const on = index({
      namespaces,
      pods,
      mode: 'strict',
      networkPolicies: [
        policy('x/egress-only', { policyTypes: ['Egress'] }),
        policy('y/open', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [] }] }),
      ],
    });
    expect(decide(on, flow('y/client', 'x/target'))).toMatchObject({
      allowed: 'allowed',
      ingress: { tier: 'NetworkPolicy', because: { kind: 'not-isolated' } },
      caveats: [{ kind: 'strict-opens-direction', on: 'ingress' }],
    });
  });

  test('cluster policies are asked before the default', () => {
    const on = index({
      namespaces,
      pods,
      mode: 'strict',
      clusterPolicies: [
        clusterPolicy('base', {
          tier: 'Baseline',
          ingress: [rule('Accept', everybody)],
          egress: [rule('Accept', everybody)],
        }),
      ],
    });
    expect(decide(on, flow('y/client', 'x/target')).allowed).toBe('allowed');
    expect(decide(on, flow('x/target', '203.0.113.9')).allowed).toBe('denied');
  });
});

describe('cluster policies', () => {
  test('the rule that decided is named', () => {
    const on = index({
      namespaces,
      pods,
      clusterPolicies: [
        clusterPolicy('guard', {
          priority: 5,
          ingress: [rule('Pass', everybody), rule('Deny', everybody, 'no-entry')],
        }),
      ],
    });
    expect(decide(on, flow('y/client', 'x/target')).ingress).toMatchObject({
      tier: 'Admin',
      because: {
        kind: 'cluster-rule',
        rule: {
          policy: 'guard',
          tier: 'Admin',
          priority: 5,
          direction: 'ingress',
          index: 1,
          rule: 'no-entry',
          action: 'Deny',
        },
      },
    });
  });

  test('a Baseline Deny that a policy of the other direction keeps away is pointed out', () => {
    const on = index({
      namespaces,
      pods,
      networkPolicies: [policy('x/egress', { policyTypes: ['Egress'] })],
      clusterPolicies: [clusterPolicy('base', { tier: 'Baseline', ingress: [rule('Deny', everybody)] })],
    });
    expect(decide(on, flow('y/client', 'x/target')).caveats).toEqual([{ kind: 'baseline-skipped', on: 'ingress' }]);
  });

  test('a rule without peers matches nobody', () => {
    const on = index({
      namespaces,
      pods,
      clusterPolicies: [clusterPolicy('none', { ingress: [{ name: '', action: 'Deny', peers: [], ports: [] }] })],
    });
    expect(decide(on, flow('y/client', 'x/target')).allowed).toBe('allowed');
  });

  test('they make an undefined protocol unknown too', () => {
    const on = index({
      namespaces,
      pods,
      clusterPolicies: [clusterPolicy('p', { egress: [rule('Accept', everybody)] })],
    });
    expect(decide(on, flow('y/client', 'x/target', 0, 'ICMP')).egress.because).toEqual({ kind: 'protocol-undefined' });
  });
});

describe('domain names', () => {
  const admin = (...rules: readonly ClusterPolicyRule[]) =>
    index({
      namespaces,
      pods,
      clusterPolicies: rules.map((egress, priority) => clusterPolicy(`p${priority}`, { priority, egress: [egress] })),
    });
  const outside = { kind: 'networks', cidrs: ['0.0.0.0/0'] } as const;

  test('an address alone leaves it unknown whether a rule on names matches', () => {
    const on = admin(rule('Accept', names('example.com')), rule('Deny', outside));
    expect(decide(on, flow('x/target', '203.0.113.9', 443))).toMatchObject({
      allowed: 'unknown',
      egress: { verdict: 'unknown', tier: 'Admin', because: { kind: 'domain-name' } },
      caveats: [
        { kind: 'domain-name', on: 'egress' },
        { kind: 'domain-name-auto-mode', on: 'egress' },
      ],
    });
  });

  test('where it makes no difference, it is decided', () => {
    expect(decide(admin(rule('Accept', names('example.com'))), flow('x/target', '203.0.113.9', 443)).allowed).toBe(
      'allowed',
    );
    const behind = admin(rule('Deny', outside), rule('Accept', names('example.com')));
    expect(decide(behind, flow('x/target', '203.0.113.9', 443)).allowed).toBe('denied');
  });

  test('with the name it is decided', () => {
    const on = admin(rule('Accept', names('*.example.com')), rule('Deny', outside));
    expect(decide(on, named('www.example.com')).allowed).toBe('allowed');
    expect(decide(on, named('example.org')).allowed).toBe('denied');
  });

  test('names never stand for pods or nodes', () => {
    const on = admin(rule('Deny', names('example.com')));
    expect(decide(on, flow('x/target', 'y/client', 443)).allowed).toBe('allowed');
  });

  test.each([
    ['example.com', 'example.com', true],
    ['example.com', 'EXAMPLE.com.', true],
    ['example.com', 'www.example.com', false],
    ['*.example.com', 'www.example.com', true],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'badexample.com', false],
    ['*.example.com', '.example.com', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matchesDomainName(pattern, name)).toBe(expected);
  });
});

describe('ApplicationNetworkPolicy', () => {
  const withNames = applicationPolicy('x/names', {
    egress: [{ peers: [names('example.com')], ports: [{ protocol: 'TCP', port: 443 }] }],
  });

  test('isolates, admits by name, and leaves an address unknown', () => {
    const on = index({ namespaces, pods, applicationPolicies: [withNames] });
    expect(decide(on, named('example.com')).allowed).toBe('allowed');
    expect(decide(on, named('example.org'))).toMatchObject({
      allowed: 'denied',
      egress: { isolatedBy: [{ kind: 'ApplicationNetworkPolicy', namespace: 'x', name: 'names' }] },
    });
    expect(decide(on, flow('x/target', '203.0.113.9', 443))).toMatchObject({
      allowed: 'unknown',
      egress: { tier: 'NetworkPolicy', because: { kind: 'domain-name' } },
    });
    expect(decide(on, flow('x/target', '203.0.113.9', 80)).allowed).toBe('denied');
    expect(decide(on, flow('x/target', 'y/client', 443)).allowed).toBe('denied');
  });

  test('is united with NetworkPolicies', () => {
    const on = index({
      namespaces,
      pods,
      applicationPolicies: [withNames],
      networkPolicies: [
        policy('x/https', {
          policyTypes: ['Egress'],
          egress: [{ peers: [], ports: [{ protocol: 'TCP', port: 443 }] }],
        }),
      ],
    });
    expect(decide(on, flow('x/target', '203.0.113.9', 443)).allowed).toBe('allowed');
  });

  test('without policyTypes isolates the directions it has rules for', () => {
    const on = index({ namespaces, pods, applicationPolicies: [{ ...withNames, policyTypes: [] }] });
    expect(decide(on, named('example.org')).allowed).toBe('denied');
    expect(decide(on, flow('y/client', 'x/target')).ingress.because).toEqual({ kind: 'not-isolated' });
  });
});
