import { describe } from 'vitest';

import type { PolicyPeer } from '../../../shared/model/facts-kubernetes.ts';
import { expression, policy, port, selector } from '../cluster.ts';
import { conforms, DOCS, E2E, OPEN, TO_XA_CLOSED } from './xyz.ts';

const podA = selector({ pod: 'a' });

/** A policy in x on pod a that lets it reach these peers on every port. */
const fromXA = (...peers: readonly PolicyPeer[]) =>
  policy('x/from-a', { podSelector: podA, policyTypes: ['Egress'], egress: [{ peers, ports: [] }] });

const block = (cidr: string, ...except: readonly string[]): PolicyPeer => ({ kind: 'ip-block', cidr, except });

const X_MUTE = `
  #XX XXX XXX   X#X XXX XXX   XX# XXX XXX
  ... #.. ...   ... .#. ...   ... ..# ...
  ... ... #..   ... ... .#.   ... ... ..#`;

const XA_MUTE = `
  #XX XXX XXX   .#. ... ...   ..# ... ...
  ... #.. ...   ... .#. ...   ... ..# ...
  ... ... #..   ... ... .#.   ... ... ..#`;

const XA_TO_YB_ONLY = `
  #XX X.X XXX   .#. ... ...   ..# ... ...
  ... #.. ...   ... .#. ...   ... ..# ...
  ... ... #..   ... ... .#.   ... ... ..#`;

describe('egress, as in the Kubernetes e2e suite', () => {
  conforms([
    {
      name: 'should deny egress from pods based on PodSelector',
      source: E2E,
      policies: [policy('x/mute-a', { podSelector: podA, policyTypes: ['Egress'] })],
      expected: { '80/TCP': XA_MUTE },
    },
    {
      name: 'should deny egress from all pods in a namespace',
      source: E2E,
      policies: [policy('x/mute', { policyTypes: ['Egress'] })],
      expected: { '80/TCP': X_MUTE },
    },
    {
      name: 'should work with Ingress, Egress specified together',
      source: E2E,
      policies: [
        policy('x/a-both', {
          podSelector: podA,
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ peers: [{ kind: 'selectors', podSelector: selector({ pod: 'b' }) }], ports: [] }],
          egress: [{ peers: [], ports: [port(80)] }],
        }),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   .#. ... ...   X.# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
        '81/TCP': `
          #XX XXX XXX   .#. ... ...   X.# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
      },
    },
    {
      name: 'should support denying of egress traffic on the client side (even if the server explicitly allows this traffic)',
      source: E2E,
      policies: [
        fromXA({ kind: 'selectors', namespaceSelector: selector({ ns: 'y' }), podSelector: podA }),
        policy('y/a-takes-x-a', {
          podSelector: podA,
          ingress: [
            { peers: [{ kind: 'selectors', namespaceSelector: selector({ ns: 'x' }), podSelector: podA }], ports: [] },
          ],
        }),
        policy('y/b-takes-x-a', {
          podSelector: selector({ pod: 'b' }),
          ingress: [
            { peers: [{ kind: 'selectors', namespaceSelector: selector({ ns: 'x' }), podSelector: podA }], ports: [] },
          ],
        }),
      ],
      expected: {
        '80/TCP': `
          #XX .XX XXX   .#. XX. ...   ..# XX. ...
          ... #X. ...   ... X#. ...   ... XX# ...
          ... XX. #..   ... XX. .#.   ... XX. ..#`,
      },
    },
    {
      name: 'should enforce egress policy allowing traffic to a server in a different namespace based on PodSelector and NamespaceSelector',
      source: E2E,
      policies: [fromXA({ kind: 'selectors', namespaceSelector: selector({ ns: 'y' }), podSelector: podA })],
      expected: {
        '80/TCP': `
          #XX .XX XXX   .#. ... ...   ..# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
    {
      name: 'should enforce multiple egress policies with egress allow-all policy taking precedence',
      source: E2E,
      policies: [
        policy('x/only-80', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [port(80)] }] }),
        policy('x/all', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [] }] }),
      ],
      expected: { '81/TCP': OPEN },
    },
    {
      name: 'the same without the allow-all policy',
      source: E2E,
      policies: [policy('x/only-80', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [port(80)] }] })],
      expected: { '80/TCP': OPEN, '81/TCP': X_MUTE },
    },
    {
      name: 'should allow egress access to server in CIDR block',
      source: E2E,
      policies: [fromXA(block('192.168.1.2/32'))],
      expected: { '80/TCP': XA_TO_YB_ONLY },
    },
    {
      name: 'should enforce except clause while egress access to server in CIDR block',
      source: E2E,
      policies: [fromXA(block('192.168.0.0/16', '192.168.0.2/32'))],
      expected: {
        '80/TCP': `
          #X. ... ...   .#. ... ...   ..# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
    {
      name: 'should ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed (the policy then updated to that address alone)',
      source: E2E,
      policies: [fromXA(block('192.168.0.2/32'))],
      expected: {
        '80/TCP': `
          #.X XXX XXX   .#. ... ...   ..# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
    {
      name: 'an address that one policy excepts and another admits is allowed: policies add up',
      source: DOCS,
      policies: [
        fromXA(block('192.168.1.0/24', '192.168.1.2/32')),
        policy('x/from-a-again', {
          podSelector: podA,
          policyTypes: ['Egress'],
          egress: [{ peers: [block('192.168.1.2/32')], ports: [] }],
        }),
      ],
      expected: {
        '80/TCP': `
          #XX ... XXX   .#. ... ...   ..# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
    {
      name: 'ingress and egress are controlled independently: egress denied, ingress open',
      source: DOCS,
      policies: [
        policy('x/a-in', { podSelector: podA, ingress: [{ peers: [], ports: [] }] }),
        policy('x/a-out', { podSelector: podA, policyTypes: ['Egress'] }),
      ],
      expected: { '80/TCP': XA_MUTE },
    },
    {
      name: 'ingress and egress are controlled independently: ingress denied, egress to y/b',
      source: DOCS,
      policies: [
        policy('x/a-in', { podSelector: podA }),
        fromXA({ kind: 'selectors', namespaceSelector: selector({ ns: 'y' }), podSelector: selector({ pod: 'b' }) }),
      ],
      expected: {
        '80/TCP': `
          #XX X.X XXX   X#. ... ...   X.# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
      },
    },
    {
      name: 'should allow egress access on one named port',
      source: E2E,
      policies: [
        policy('x/allow-egress', {
          policyTypes: ['Egress'],
          egress: [{ peers: [], ports: [port('serve-80-tcp')] }],
        }),
      ],
      expected: { '80/TCP': OPEN, '81/TCP': X_MUTE, '80/UDP': X_MUTE },
    },
    {
      name: 'should enforce policies to check ingress and egress policies can be controlled independently based on PodSelector (egress open)',
      source: E2E,
      policies: [fromXA()],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'should enforce policies to check ingress and egress policies can be controlled independently based on PodSelector (ingress denied besides)',
      source: E2E,
      policies: [fromXA(), policy('x/deny-ingress', { podSelector: podA })],
      expected: { '80/TCP': TO_XA_CLOSED },
    },
    {
      name: 'should enforce policy based on NamespaceSelector with MatchExpressions using default ns label',
      source: E2E,
      policies: [
        fromXA({ kind: 'selectors', namespaceSelector: expression('kubernetes.io/metadata.name', 'NotIn', 'y') }),
      ],
      expected: {
        '80/TCP': `
          #.. XXX ...   .#. ... ...   ..# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
  ]);
});
