import { describe, expect, test } from 'vitest';

import { decide } from '../../shared/policy/decide.ts';
import { PolicyInputError } from '../../shared/policy/policy-input-error.ts';
import { flow, index, namespace, pod, policy, selector } from './cluster.ts';

const namespaces = [namespace('x', { team: 'red' }), namespace('y', { team: 'blue' }), namespace('z')];

describe('what cannot be decided', () => {
  const on = index({
    namespaces: [namespace('x')],
    pods: [
      pod('x/target', { podIPs: ['10.0.0.1'] }),
      pod('x/client'),
      pod('x/job', { phase: 'Succeeded', podIPs: ['10.0.0.5'] }),
      pod('x/crashed', { phase: 'Failed' }),
      pod('new/pod', { podIPs: ['10.0.0.6'] }),
    ],
    networkPolicies: [
      policy('x/p', {
        podSelector: selector(),
        ingress: [{ peers: [{ kind: 'selectors', namespaceSelector: selector({ team: 'red' }) }], ports: [] }],
      }),
    ],
  });

  test.each([
    ['x/gone', 'x/target', 'pod-not-found'],
    ['x/job', 'x/target', 'pod-finished'],
    ['x/client', 'x/crashed', 'pod-finished'],
    ['node:gone', 'x/target', 'node-not-found'],
  ] as const)('%s > %s: %s', (from, to, kind) => {
    expect(decide(on, flow(from, to))).toMatchObject({
      allowed: 'unknown',
      egress: { verdict: 'unknown', because: { kind: 'no-such-pod' } },
      caveats: [{ kind, on: 'flow' }],
    });
  });

  test('a finished pod does not own its address any more', () => {
    expect(decide(on, flow('10.0.0.5', 'x/target')).caveats).toEqual([]);
    expect(on.endpointsAt('10.0.0.5')).toEqual([{ kind: 'external', ip: '10.0.0.5' }]);
  });

  test('a namespace that was not listed is known by its name alone, and that is said', () => {
    expect(decide(on, flow('new/pod', 'x/target'))).toMatchObject({
      allowed: 'denied',
      caveats: [{ kind: 'namespace-not-listed', on: 'flow' }],
    });
  });

  test('a doubt about both ends is told once', () => {
    const young = index({ namespaces, pods: [pod('x/a', { podIPs: [] }), pod('x/b', { podIPs: [] })] });
    expect(decide(young, flow('x/a', 'x/b'))).toMatchObject({
      allowed: 'allowed',
      caveats: [{ kind: 'pod-without-address', on: 'flow' }],
    });
  });

  test('ICMP is unknown where a policy isolates, and allowed where none does', () => {
    expect(decide(on, flow('x/client', 'x/target', 0, 'ICMP'))).toMatchObject({
      allowed: 'unknown',
      egress: { verdict: 'allowed' },
      ingress: { verdict: 'unknown', because: { kind: 'protocol-undefined' } },
      caveats: [{ kind: 'protocol-undefined', on: 'ingress' }],
    });
    expect(decide(on, flow('x/target', 'new/pod', 0, 'ICMP')).allowed).toBe('allowed');
  });

  test('a pod and itself', () => {
    expect(decide(on, flow('x/target', 'x/target'))).toMatchObject({
      allowed: 'allowed',
      ingress: { because: { kind: 'same-pod' }, isolated: true },
      caveats: [{ kind: 'same-pod', on: 'flow' }],
    });
  });

  test.each([-1, 65_536, 1.5, Number.NaN])('port %d is refused', (number) => {
    expect(() => decide(on, flow('x/client', 'x/target', number))).toThrow(
      new PolicyInputError('flow.port', String(number), 'an integer from 0 to 65535'),
    );
    expect(() => decide(on, { ...flow('x/client', 'x/target'), sourcePort: number })).toThrow(/^flow\.sourcePort:/);
  });

  test('an external end that is no address is refused', () => {
    expect(() => decide(on, { ...flow('x/client', 'x/target'), from: { kind: 'external', ip: '10.0' } })).toThrow(
      PolicyInputError,
    );
  });
});

describe('replies', () => {
  const on = index({
    namespaces,
    pods: [pod('x/server'), pod('y/client')],
    networkPolicies: [policy('y/deny', {})],
  });

  test('a denied packet whose reverse connection is allowed may be a reply', () => {
    const packet = { ...flow('x/server', 'y/client', 40_312), sourcePort: 8080 };
    expect(decide(on, packet)).toMatchObject({ allowed: 'denied', caveats: [{ kind: 'possible-reply', on: 'flow' }] });
  });

  test('not so where the reverse connection is denied as well, or the source port is not known', () => {
    const both = index({ ...on.inputs, networkPolicies: [policy('y/deny', {}), policy('x/deny', {})] });
    expect(decide(both, { ...flow('x/server', 'y/client', 40_312), sourcePort: 8080 }).caveats).toEqual([]);
    expect(decide(on, flow('x/server', 'y/client', 40_312)).caveats).toEqual([]);
  });

  test('not so for an allowed flow', () => {
    const open = index({ ...on.inputs, networkPolicies: [] });
    expect(decide(open, { ...flow('y/client', 'x/server', 8080), sourcePort: 40_312 }).caveats).toEqual([]);
  });

  test('an allowed connection needs no rule for its replies', () => {
    expect(decide(on, flow('y/client', 'x/server', 8080)).allowed).toBe('allowed');
  });
});
