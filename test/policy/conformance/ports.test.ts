import { describe } from 'vitest';

import type { PolicyPort } from '../../../shared/model/facts-kubernetes.ts';
import { policy, port, selector } from '../cluster.ts';
import { conforms, E2E, OPEN, TO_XA_CLOSED } from './xyz.ts';

const podA = selector({ pod: 'a' });
const fromY = { kind: 'selectors', namespaceSelector: selector({ ns: 'y' }) } as const;

const toXA = (ports: readonly PolicyPort[], name = 'to-a') =>
  policy(`x/${name}`, { podSelector: podA, ingress: [{ peers: [], ports }] });
const yToXA = (ports: readonly PolicyPort[], name = 'y-to-a') =>
  policy(`x/${name}`, { podSelector: podA, ingress: [{ peers: [fromY], ports }] });

const FROM_Y_ONLY = `
  #.. ... ...   X#. ... ...   X.# ... ...
  ... #.. ...   ... .#. ...   ... ..# ...
  X.. ... #..   X.. ... .#.   X.. ... ..#`;

const FROM_YA_ONLY = `
  #.. ... ...   X#. ... ...   X.# ... ...
  ... #.. ...   X.. .#. ...   X.. ..# ...
  X.. ... #..   X.. ... .#.   X.. ... ..#`;

const TO_X_CLOSED = `
  #XX ... ...   X#X ... ...   XX# ... ...
  XXX #.. ...   XXX .#. ...   XXX ..# ...
  XXX ... #..   XXX ... .#.   XXX ... ..#`;

const TO_X_BUT_A_CLOSED = `
  #XX ... ...   .#X ... ...   .X# ... ...
  .XX #.. ...   .XX .#. ...   .XX ..# ...
  .XX ... #..   .XX ... .#.   .XX ... ..#`;

describe('ports and protocols, as in the Kubernetes e2e suite', () => {
  conforms([
    {
      name: 'should enforce policy based on Ports',
      source: E2E,
      policies: [yToXA([port(81)])],
      expected: { '81/TCP': FROM_Y_ONLY, '80/TCP': TO_XA_CLOSED },
    },
    {
      name: 'should enforce multiple, stacked policies with overlapping podSelectors',
      source: E2E,
      policies: [yToXA([port(81)]), yToXA([port(80)], 'y-to-a-80')],
      expected: { '81/TCP': FROM_Y_ONLY, '80/TCP': FROM_Y_ONLY },
    },
    {
      name: 'should enforce updated policy (before: allow all)',
      source: E2E,
      policies: [policy('x/mutates', { ingress: [{ peers: [], ports: [] }] })],
      expected: { '81/TCP': OPEN },
    },
    {
      name: 'should enforce updated policy (after: deny all)',
      source: E2E,
      policies: [policy('x/mutates', {})],
      expected: { '81/TCP': TO_X_CLOSED },
    },
    {
      name: 'should allow ingress access on one named port',
      source: E2E,
      policies: [policy('x/allow-all', { ingress: [{ peers: [], ports: [port('serve-81-tcp')] }] })],
      expected: { '81/TCP': OPEN, '80/TCP': TO_X_CLOSED, '81/UDP': TO_X_CLOSED },
    },
    {
      name: 'should allow ingress access from namespace on one named port',
      source: E2E,
      policies: [yToXA([port('serve-80-tcp')])],
      expected: { '80/TCP': FROM_Y_ONLY, '81/TCP': TO_XA_CLOSED },
    },
    {
      name: 'should enforce ingress policy allowing any port traffic to a server on a specific protocol',
      source: E2E,
      policies: [toXA([{ protocol: 'TCP' }])],
      expected: { '80/TCP': OPEN, '81/TCP': OPEN, '80/UDP': TO_XA_CLOSED },
    },
    {
      name: 'should not allow access by TCP when a policy specifies only UDP',
      source: E2E,
      policies: [toXA([port(81, 'UDP')])],
      expected: { '81/TCP': TO_XA_CLOSED, '81/UDP': OPEN },
    },
    {
      name: "should not mistakenly treat 'protocol: SCTP' as 'protocol: TCP', even if the plugin doesn't support SCTP",
      source: E2E,
      policies: [policy('x/deny-ingress', {}), toXA([port(81, 'SCTP')])],
      expected: { '81/TCP': TO_X_CLOSED, '81/SCTP': TO_X_BUT_A_CLOSED },
    },
    {
      name: "should properly isolate pods that are selected by a policy allowing SCTP, even if the plugin doesn't support SCTP",
      source: E2E,
      policies: [toXA([port(80, 'SCTP')])],
      expected: { '81/TCP': TO_XA_CLOSED, '80/UDP': TO_XA_CLOSED, '80/SCTP': OPEN },
    },
    {
      name: "UDP: should support a 'default-deny-ingress' policy",
      source: E2E,
      policies: [policy('x/deny-ingress', {})],
      expected: { '80/UDP': TO_X_CLOSED },
    },
    {
      name: 'UDP: should enforce policy based on Ports',
      source: E2E,
      policies: [yToXA([port(81, 'UDP')])],
      expected: { '81/UDP': FROM_Y_ONLY, '80/UDP': TO_XA_CLOSED },
    },
    {
      name: 'UDP: should enforce policy to allow traffic only from a pod in a different namespace based on PodSelector and NamespaceSelector',
      source: E2E,
      policies: [
        policy('x/ya-to-a', {
          podSelector: podA,
          ingress: [{ peers: [{ ...fromY, podSelector: podA }], ports: [port(80, 'UDP')] }],
        }),
      ],
      expected: { '80/UDP': FROM_YA_ONLY, '80/TCP': TO_XA_CLOSED },
    },
    {
      name: "SCTP: should support a 'default-deny-ingress' policy",
      source: E2E,
      policies: [policy('x/deny-ingress', {})],
      expected: { '80/SCTP': TO_X_CLOSED },
    },
    {
      name: 'SCTP: should enforce policy based on Ports',
      source: E2E,
      policies: [yToXA([port(81, 'SCTP')])],
      expected: { '81/SCTP': FROM_Y_ONLY, '80/SCTP': TO_XA_CLOSED },
    },
    {
      name: 'SCTP: should enforce policy to allow traffic only from a pod in a different namespace based on PodSelector and NamespaceSelector',
      source: E2E,
      policies: [
        policy('x/ya-to-a', {
          podSelector: podA,
          ingress: [{ peers: [{ ...fromY, podSelector: podA }], ports: [port(80, 'SCTP')] }],
        }),
      ],
      expected: { '80/SCTP': FROM_YA_ONLY },
    },
  ]);
});
