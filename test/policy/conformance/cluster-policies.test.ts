import { describe } from 'vitest';

import type { ClusterPolicyRule } from '../../../shared/model/cluster-policy.ts';
import { clusterPolicy, policy, port, selector } from '../cluster.ts';
import { conforms, OPEN, TO_XA_CLOSED } from './xyz.ts';

/**
 * The situations of the network-policy-api conformance suite (admin tier, baseline tier, priority, pass, ports, delegation to
 * NetworkPolicy), stated on the x, y, z model and with the EKS kind. Where EKS is known to decide otherwise, the name says so.
 */
const UPSTREAM = 'https://github.com/kubernetes-sigs/network-policy-api/tree/main/conformance/tests';
const EKS_PRECEDENCE = 'https://github.com/aws/aws-network-policy-agent/blob/main/pkg/utils/utils.go';

const subjectX = { kind: 'namespaces', namespaceSelector: selector({ ns: 'x' }) } as const;
const fromNamespace = (name: string) => ({ kind: 'namespaces', namespaceSelector: selector({ ns: name }) }) as const;

const rule = (
  action: ClusterPolicyRule['action'],
  peer: ClusterPolicyRule['peers'][number],
  ...ports: ClusterPolicyRule['ports']
): ClusterPolicyRule => ({ name: '', action, peers: [peer], ports });

const number = (port: number, protocol = 'TCP') => ({ kind: 'number', protocol, port }) as const;

const Y_TO_X_CLOSED = `
  #.. ... ...   .#. ... ...   ..# ... ...
  XXX #.. ...   XXX .#. ...   XXX ..# ...
  ... ... #..   ... ... .#.   ... ... ..#`;

const ONLY_Y_TO_X = `
  #XX ... ...   X#X ... ...   XX# ... ...
  ... #.. ...   ... .#. ...   ... ..# ...
  XXX ... #..   XXX ... .#.   XXX ... ..#`;

const X_TO_Y_CLOSED = `
  #.. XXX ...   .#. XXX ...   ..# XXX ...
  ... #.. ...   ... .#. ...   ... ..# ...
  ... ... #..   ... ... .#.   ... ... ..#`;

const denyX = policy('x/deny-ingress', {});
const allowX = policy('x/allow-ingress', { ingress: [{ peers: [], ports: [] }] });

describe('cluster policies', () => {
  conforms([
    {
      name: 'an Admin Deny on ingress holds',
      source: UPSTREAM,
      clusterPolicies: [clusterPolicy('deny-y', { subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] })],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'an Admin Deny cannot be undone by a NetworkPolicy',
      source: UPSTREAM,
      policies: [allowX],
      clusterPolicies: [clusterPolicy('deny-y', { subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] })],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'an Admin Accept cannot be undone by a NetworkPolicy',
      source: UPSTREAM,
      policies: [denyX],
      clusterPolicies: [
        clusterPolicy('accept-y', { subject: subjectX, ingress: [rule('Accept', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': ONLY_Y_TO_X },
    },
    {
      name: 'an Admin Pass leaves the decision to the NetworkPolicies, past a later Deny of its own tier',
      source: UPSTREAM,
      policies: [allowX],
      clusterPolicies: [
        clusterPolicy('pass-y', { priority: 1, subject: subjectX, ingress: [rule('Pass', fromNamespace('y'))] }),
        clusterPolicy('deny-y', { priority: 2, subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'an Admin Pass with no NetworkPolicy leaves the decision to Baseline',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('pass-y', { subject: subjectX, ingress: [rule('Pass', fromNamespace('y'))] }),
        clusterPolicy('base', { tier: 'Baseline', subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'the lower priority number wins, Deny before Accept',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('accept-y', { priority: 50, subject: subjectX, ingress: [rule('Accept', fromNamespace('y'))] }),
        clusterPolicy('deny-y', { priority: 40, subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'the lower priority number wins, Accept before Deny',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('accept-y', { priority: 40, subject: subjectX, ingress: [rule('Accept', fromNamespace('y'))] }),
        clusterPolicy('deny-y', { priority: 50, subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'priority 1000 still belongs to the Admin tier',
      source: EKS_PRECEDENCE,
      policies: [allowX],
      clusterPolicies: [
        clusterPolicy('deny-y', { priority: 1000, subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'EKS: Deny wins over an Accept that stands before it in the same policy (upstream: the order of rules)',
      source: EKS_PRECEDENCE,
      clusterPolicies: [
        clusterPolicy('both', {
          subject: subjectX,
          ingress: [rule('Accept', fromNamespace('y')), rule('Deny', fromNamespace('y'))],
        }),
      ],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'EKS: Deny wins over Accept on equal priority of two policies (upstream: undefined)',
      source: EKS_PRECEDENCE,
      clusterPolicies: [
        clusterPolicy('a-accept', { priority: 7, subject: subjectX, ingress: [rule('Accept', fromNamespace('y'))] }),
        clusterPolicy('b-deny', { priority: 7, subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'EKS: Accept wins over a Pass that stands before it in the same policy',
      source: EKS_PRECEDENCE,
      policies: [denyX],
      clusterPolicies: [
        clusterPolicy('both', {
          subject: subjectX,
          ingress: [rule('Pass', fromNamespace('y')), rule('Accept', fromNamespace('y'))],
        }),
      ],
      expected: { '80/TCP': ONLY_Y_TO_X },
    },
    {
      name: 'a Baseline Deny holds where no NetworkPolicy selects the pod',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('base', { tier: 'Baseline', subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': Y_TO_X_CLOSED },
    },
    {
      name: 'a NetworkPolicy overrides a Baseline Deny',
      source: UPSTREAM,
      policies: [allowX],
      clusterPolicies: [
        clusterPolicy('base', { tier: 'Baseline', subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'EKS: a NetworkPolicy for egress alone keeps Baseline from ingress too (upstream: by direction)',
      source: 'https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/c/tc.v4ingress.bpf.c',
      policies: [policy('x/egress', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [] }] })],
      clusterPolicies: [
        clusterPolicy('base', { tier: 'Baseline', subject: subjectX, ingress: [rule('Deny', fromNamespace('y'))] }),
      ],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'an earlier Baseline Accept wins over a later Baseline Deny',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('first', {
          tier: 'Baseline',
          priority: 1,
          subject: subjectX,
          ingress: [rule('Accept', fromNamespace('y'))],
        }),
        clusterPolicy('second', {
          tier: 'Baseline',
          priority: 2,
          subject: subjectX,
          ingress: [rule('Deny', { kind: 'namespaces', namespaceSelector: selector() })],
        }),
      ],
      expected: { '80/TCP': ONLY_Y_TO_X },
    },
    {
      name: 'a rule with a port number is about that port and protocol alone',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('deny-y-81', { subject: subjectX, ingress: [rule('Deny', fromNamespace('y'), number(81))] }),
      ],
      expected: { '81/TCP': Y_TO_X_CLOSED, '80/TCP': OPEN, '81/UDP': OPEN },
    },
    {
      name: 'a rule with a port range holds at both ends of it',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('deny-range', {
          subject: subjectX,
          ingress: [rule('Deny', fromNamespace('y'), { kind: 'range', protocol: 'UDP', start: 80, end: 81 })],
        }),
      ],
      expected: { '80/UDP': Y_TO_X_CLOSED, '81/UDP': Y_TO_X_CLOSED, '80/TCP': OPEN },
    },
    {
      name: "a rule with a named port takes the container port's number and protocol",
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('deny-named', {
          subject: subjectX,
          ingress: [rule('Deny', fromNamespace('y'), { kind: 'name', name: 'serve-80-sctp' })],
        }),
      ],
      expected: { '80/SCTP': Y_TO_X_CLOSED, '80/TCP': OPEN, '81/SCTP': OPEN },
    },
    {
      name: 'an egress Deny by namespace holds',
      source: UPSTREAM,
      clusterPolicies: [clusterPolicy('mute', { subject: subjectX, egress: [rule('Deny', fromNamespace('y'))] })],
      expected: { '80/TCP': X_TO_Y_CLOSED },
    },
    {
      name: 'an egress Deny by network holds for pods in it',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('mute', {
          subject: subjectX,
          egress: [rule('Deny', { kind: 'networks', cidrs: ['192.168.1.0/24'] })],
        }),
      ],
      expected: { '80/TCP': X_TO_Y_CLOSED },
    },
    {
      name: 'an Accept at the source does not open the destination',
      source: UPSTREAM,
      policies: [policy('x/deny-a', { podSelector: selector({ pod: 'a' }) })],
      clusterPolicies: [
        clusterPolicy('accept', {
          subject: { kind: 'namespaces', namespaceSelector: selector() },
          egress: [rule('Accept', { kind: 'namespaces', namespaceSelector: selector() })],
        }),
      ],
      expected: { '80/TCP': TO_XA_CLOSED },
    },
    {
      name: 'a subject of pods is those pods of those namespaces',
      source: UPSTREAM,
      clusterPolicies: [
        clusterPolicy('deny-a', {
          subject: {
            kind: 'pods',
            namespaceSelector: selector({ ns: 'x' }),
            podSelector: selector({ pod: 'a' }),
          },
          ingress: [rule('Deny', { kind: 'namespaces', namespaceSelector: selector() })],
        }),
      ],
      expected: { '80/TCP': TO_XA_CLOSED },
    },
    {
      name: 'a peer of pods is those pods of those namespaces',
      source: UPSTREAM,
      policies: [policy('x/only-80', { ingress: [{ peers: [], ports: [port(80)] }] })],
      clusterPolicies: [
        clusterPolicy('accept-yb', {
          subject: subjectX,
          ingress: [
            rule('Accept', {
              kind: 'pods',
              namespaceSelector: selector({ ns: 'y' }),
              podSelector: selector({ pod: 'b' }),
            }),
          ],
        }),
      ],
      expected: {
        '81/TCP': `
          #XX ... ...   X#X ... ...   XX# ... ...
          XXX #.. ...   ... .#. ...   XXX ..# ...
          XXX ... #..   XXX ... .#.   XXX ... ..#`,
      },
    },
  ]);
});
