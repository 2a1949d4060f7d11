import { expect, test } from 'vitest';

import { connectivityMatrix } from '../../shared/policy/connectivity-matrix.ts';
import { endpointText } from '../../shared/policy/flow.ts';
import { PolicyInputError } from '../../shared/policy/policy-input-error.ts';
import { index, namespace, pod, policy, port, selector } from './cluster.ts';

const on = index({
  namespaces: [namespace('x'), namespace('y')],
  pods: [pod('x/web', { labels: { app: 'web' } }), pod('y/client'), pod('y/job', { phase: 'Succeeded' })],
  networkPolicies: [
    policy('x/web', {
      ingress: [{ peers: [{ kind: 'selectors', namespaceSelector: selector() }], ports: [port(80)] }],
    }),
    policy('y/mute', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [port(80), port(443)] }] }),
  ],
});
const rows = (options: Parameters<typeof connectivityMatrix>[1]) =>
  connectivityMatrix(on, options).map(
    ({ from, to, port: number, protocol, allowed, because }) =>
      `${endpointText(from)} > ${endpointText(to)} ${protocol}/${number} ${allowed}: ${because.direction} ${because.kind}`,
  );

test('asks every pair of live pods and of pods with addresses outside, and says what decided', () => {
  expect(rows({ ports: [{ port: 80, protocol: 'TCP' }], external: ['203.0.113.9'] })).toEqual([
    'x/web > y/client TCP/80 allowed: egress not-isolated',
    'x/web > 203.0.113.9 TCP/80 allowed: egress not-isolated',
    'y/client > x/web TCP/80 allowed: egress rule',
    'y/client > 203.0.113.9 TCP/80 allowed: egress rule',
    '203.0.113.9 > x/web TCP/80 denied: ingress no-rule',
    '203.0.113.9 > y/client TCP/80 allowed: ingress not-isolated',
  ]);
});

test('one row per port', () => {
  const ports = [
    { port: 443, protocol: 'TCP' },
    { port: 80, protocol: 'UDP' },
  ];
  expect(
    rows({
      ports,
      external: [],
      pods: [
        { namespace: 'y', name: 'client' },
        { namespace: 'x', name: 'web' },
      ],
    }),
  ).toEqual([
    'y/client > x/web TCP/443 denied: ingress no-rule',
    'y/client > x/web UDP/80 denied: egress no-rule',
    'x/web > y/client TCP/443 allowed: egress not-isolated',
    'x/web > y/client UDP/80 allowed: egress not-isolated',
  ]);
});

test('a named pod that has finished is unknown, not denied', () => {
  const pods = [
    { namespace: 'y', name: 'job' },
    { namespace: 'x', name: 'web' },
  ];
  expect(rows({ ports: [{ port: 80, protocol: 'TCP' }], external: [], pods })[0]).toBe(
    'y/job > x/web TCP/80 unknown: egress no-such-pod',
  );
});

test('refuses an address that is none', () => {
  expect(() => rows({ ports: [{ port: 80, protocol: 'TCP' }], external: ['10.0'] })).toThrow(PolicyInputError);
});
