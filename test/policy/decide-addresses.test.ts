import { describe, expect, test } from 'vitest';

import type { PolicyPeer } from '../../shared/model/facts-kubernetes.ts';
import { decide } from '../../shared/policy/decide.ts';
import { flow, index, namespace, node, pod, policy, selector } from './cluster.ts';

const namespaces = [namespace('x', { team: 'red' }), namespace('y', { team: 'blue' }), namespace('z')];

describe('addresses', () => {
  const block = (cidr: string, ...except: readonly string[]): PolicyPeer => ({ kind: 'ip-block', cidr, except });
  const egress = (...peers: readonly PolicyPeer[]) =>
    index({
      namespaces,
      pods: [pod('x/client', { podIPs: ['10.0.0.2'] }), pod('y/server', { podIPs: ['10.0.1.9'] })],
      networkPolicies: [
        policy('x/p', { policyTypes: ['Egress'], egress: peers.map((peer) => ({ peers: [peer], ports: [] })) }),
      ],
    });

  test('except narrows its own entry and no other', () => {
    const on = egress(block('10.0.0.0/8', '10.0.1.0/24'), block('10.0.1.8/29'));
    expect(decide(on, flow('x/client', '10.0.2.1')).allowed).toBe('allowed');
    expect(decide(on, flow('x/client', '10.0.1.1')).allowed).toBe('denied');
    expect(decide(on, flow('x/client', '10.0.1.10')).allowed).toBe('allowed');
  });

  test('an address range holds pods in it too', () => {
    expect(decide(egress(block('10.0.1.0/24')), flow('x/client', 'y/server')).allowed).toBe('allowed');
    expect(decide(egress(block('10.0.2.0/24')), flow('x/client', 'y/server')).allowed).toBe('denied');
  });

  test('IPv6, and no mixing of families', () => {
    const on = egress(block('2001:db8::/32', '2001:db8:1::/48'));
    expect(decide(on, flow('x/client', '2001:db8::5')).allowed).toBe('allowed');
    expect(decide(on, flow('x/client', '2001:db8:1::5')).allowed).toBe('denied');
    expect(decide(on, flow('x/client', '2001:db9::5')).allowed).toBe('denied');
    expect(decide(egress(block('0.0.0.0/0')), flow('x/client', '2001:db8::5')).allowed).toBe('denied');
  });

  test('a pod without an address yet is in no range, and the decision says so', () => {
    const on = index({
      namespaces,
      pods: [pod('x/client'), pod('y/new', { phase: 'Pending', podIPs: [] })],
      networkPolicies: [
        policy('x/p', { policyTypes: ['Egress'], egress: [{ peers: [block('0.0.0.0/0')], ports: [] }] }),
      ],
    });
    expect(decide(on, flow('x/client', 'y/new'))).toMatchObject({
      allowed: 'denied',
      caveats: expect.arrayContaining([{ kind: 'pod-without-address', on: 'flow' }]),
    });
  });

  test('an address given as external that a pod has is pointed out', () => {
    expect(decide(egress(block('10.0.0.0/8')), flow('x/client', '10.0.1.9')).caveats).toContainEqual({
      kind: 'address-of-pod',
      on: 'flow',
    });
  });
});

describe('nodes and hostNetwork', () => {
  const on = index({
    namespaces,
    nodes: [node('n1', '172.16.0.1'), node('n2', '172.16.0.2')],
    pods: [
      pod('x/target', { podIPs: ['10.0.0.1'], nodeName: 'n1', hostIP: '172.16.0.1', labels: { app: 'target' } }),
      pod('x/agent-1', { hostNetwork: true, podIPs: ['172.16.0.1'], nodeName: 'n1', labels: { app: 'agent' } }),
      pod('x/agent-2', { hostNetwork: true, podIPs: ['172.16.0.2'], nodeName: 'n2', labels: { app: 'agent' } }),
    ],
    networkPolicies: [
      policy('x/p', {
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ peers: [{ kind: 'selectors', podSelector: selector({ app: 'agent' }) }], ports: [] }],
      }),
    ],
  });

  test('the own node is never cut off, in either direction', () => {
    for (const [from, to] of [
      ['node:n1', 'x/target'],
      ['x/target', 'node:n1'],
      ['x/agent-1', 'x/target'],
      ['x/target', 'x/agent-1'],
      ['172.16.0.1', 'x/target'],
    ] as const) {
      expect(decide(on, flow(from, to)).allowed).toBe('allowed');
    }
    expect(decide(on, flow('node:n1', 'x/target')).ingress).toMatchObject({
      because: { kind: 'own-node' },
      isolated: true,
    });
  });

  test('another node is an address like any other', () => {
    expect(decide(on, flow('node:n2', 'x/target')).ingress.because).toEqual({ kind: 'no-rule' });
  });

  test('selectors do not see hostNetwork pods; that the VPC CNI does is said', () => {
    const decision = decide(on, flow('x/agent-2', 'x/target'));
    expect(decision.allowed).toBe('denied');
    expect(decision.caveats).toContainEqual({ kind: 'host-network-peer', on: 'ingress' });
  });

  test('a policy does not isolate a hostNetwork pod', () => {
    expect(decide(on, flow('x/agent-2', '203.0.113.9'))).toMatchObject({
      allowed: 'allowed',
      egress: { because: { kind: 'host-network' }, isolated: false },
      ingress: { because: { kind: 'not-a-pod' } },
    });
  });

  test('an address range with the node in it admits its hostNetwork pods', () => {
    const byAddress = index({
      ...on.inputs,
      networkPolicies: [
        policy('x/p', { ingress: [{ peers: [{ kind: 'ip-block', cidr: '172.16.0.2/32', except: [] }], ports: [] }] }),
      ],
    });
    expect(decide(byAddress, flow('x/agent-2', 'x/target')).allowed).toBe('allowed');
    expect(decide(byAddress, flow('node:n2', 'x/target')).allowed).toBe('allowed');
  });

  test('a node known only through its pods has their hostIP', () => {
    const { nodes: _, ...unlisted } = on.inputs;
    const guessed = index({
      ...unlisted,
      pods: [...unlisted.pods, pod('z/other', { nodeName: 'n9', hostIP: '172.16.0.9' })],
    });
    expect(decide(guessed, flow('node:n9', 'z/other')).allowed).toBe('allowed');
    expect(decide(guessed, flow('node:n9', 'x/target')).allowed).toBe('denied');
  });
});
