import { describe } from 'vitest';

import { expression, policy, port, selector } from '../cluster.ts';
import { conforms, DOCS, OPEN, TO_XA_CLOSED } from './xyz.ts';

const RECIPES = 'https://github.com/ahmetb/kubernetes-network-policy-recipes/blob/master';
const podA = selector({ pod: 'a' });

const X_FROM_ITSELF = `
  #.. ... ...   .#. ... ...   ..# ... ...
  XXX #.. ...   XXX .#. ...   XXX ..# ...
  XXX ... #..   XXX ... .#.   XXX ... ..#`;

const X_MUTE = `
  #XX XXX XXX   X#X XXX XXX   XX# XXX XXX
  ... #.. ...   ... .#. ...   ... ..# ...
  ... ... #..   ... ... .#.   ... ... ..#`;

describe('default policies of the Kubernetes documentation', () => {
  conforms([
    {
      name: 'allow all ingress traffic, beside a default deny',
      source: DOCS,
      policies: [policy('x/deny', {}), policy('x/allow', { ingress: [{ peers: [], ports: [] }] })],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'default deny all egress traffic',
      source: DOCS,
      policies: [policy('x/deny', { policyTypes: ['Egress'] })],
      expected: { '80/TCP': X_MUTE, '81/SCTP': X_MUTE },
    },
    {
      name: 'allow all egress traffic, beside a default deny',
      source: DOCS,
      policies: [
        policy('x/deny', { policyTypes: ['Egress'] }),
        policy('x/allow', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [] }] }),
      ],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'namespaces by several labels: In (y, z)',
      source: DOCS,
      policies: [
        policy('x/from-a', {
          podSelector: podA,
          policyTypes: ['Egress'],
          egress: [{ peers: [{ kind: 'selectors', namespaceSelector: expression('ns', 'In', 'y', 'z') }], ports: [] }],
        }),
      ],
      expected: {
        '80/TCP': `
          #XX ... ...   .#. ... ...   ..# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
  ]);
});

describe('network policy recipes', () => {
  conforms([
    {
      name: '01 deny all traffic to an application',
      source: `${RECIPES}/01-deny-all-traffic-to-an-application.md`,
      policies: [policy('x/web-deny-all', { podSelector: podA })],
      expected: { '80/TCP': TO_XA_CLOSED },
    },
    {
      name: '02 limit traffic to an application',
      source: `${RECIPES}/02-limit-traffic-to-an-application.md`,
      policies: [
        policy('x/api-allow', {
          podSelector: podA,
          ingress: [{ peers: [{ kind: 'selectors', podSelector: selector({ pod: 'c' }) }], ports: [] }],
        }),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   X#. ... ...   ..# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
      },
    },
    {
      name: '02a allow all traffic to an application, beside the deny-all of recipe 01, which it makes void',
      source: `${RECIPES}/02a-allow-all-traffic-to-an-application.md`,
      policies: [
        policy('x/web-deny-all', { podSelector: podA }),
        policy('x/web-allow-all', { podSelector: podA, ingress: [{ peers: [], ports: [] }] }),
      ],
      expected: { '80/TCP': OPEN },
    },
    {
      name: '04 deny traffic from other namespaces',
      source: `${RECIPES}/04-deny-traffic-from-other-namespaces.md`,
      policies: [
        policy('x/deny-from-other', {
          ingress: [{ peers: [{ kind: 'selectors', podSelector: selector() }], ports: [] }],
        }),
      ],
      expected: { '80/TCP': X_FROM_ITSELF },
    },
    {
      name: '07 allow traffic from some pods in another namespace',
      source: `${RECIPES}/07-allow-traffic-from-some-pods-in-another-namespace.md`,
      policies: [
        policy('x/web-allow-monitoring', {
          podSelector: podA,
          ingress: [
            {
              peers: [
                {
                  kind: 'selectors',
                  namespaceSelector: selector({ team: 'operations' }),
                  podSelector: selector({ type: 'monitoring' }),
                },
              ],
              ports: [],
            },
          ],
        }),
      ],
      namespaceLabels: { z: { team: 'operations' } },
      podLabels: { 'z/b': { type: 'monitoring' }, 'y/b': { type: 'monitoring' } },
      expected: {
        '80/TCP': `
          #.. ... ...   X#. ... ...   X.# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   ... ... .#.   X.. ... ..#`,
      },
    },
    {
      name: '09 allow traffic only to a port',
      source: `${RECIPES}/09-allow-traffic-only-to-a-port.md`,
      policies: [
        policy('x/api-allow-81', {
          podSelector: podA,
          ingress: [
            { peers: [{ kind: 'selectors', podSelector: selector({ role: 'monitoring' }) }], ports: [port(81)] },
          ],
        }),
      ],
      podLabels: { 'x/c': { role: 'monitoring' } },
      expected: {
        '81/TCP': `
          #.. ... ...   X#. ... ...   ..# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
        '80/TCP': TO_XA_CLOSED,
      },
    },
    {
      name: '10 allow traffic from apps using multiple selectors',
      source: `${RECIPES}/10-allowing-traffic-with-multiple-selectors.md`,
      policies: [
        policy('x/redis-allow-services', {
          podSelector: podA,
          ingress: [
            {
              peers: [
                { kind: 'selectors', podSelector: selector({ app: 'bookstore', role: 'search' }) },
                { kind: 'selectors', podSelector: selector({ app: 'bookstore', role: 'api' }) },
                { kind: 'selectors', podSelector: selector({ app: 'inventory', role: 'web' }) },
              ],
              ports: [],
            },
          ],
        }),
      ],
      podLabels: { 'x/b': { app: 'bookstore', role: 'search' }, 'x/c': { app: 'bookstore', role: 'web' } },
      expected: {
        '80/TCP': `
          #.. ... ...   .#. ... ...   X.# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
      },
    },
    {
      name: '11 deny egress traffic from an application, but DNS',
      source: `${RECIPES}/11-deny-egress-traffic-from-an-application.md`,
      policies: [
        policy('x/foo-deny-egress', {
          podSelector: podA,
          policyTypes: ['Egress'],
          egress: [{ peers: [], ports: [port(53, 'UDP'), port(53)] }],
        }),
      ],
      expected: {
        '80/TCP': `
          #XX XXX XXX   .#. ... ...   ..# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
        '53/UDP': OPEN,
        '53/TCP': OPEN,
      },
    },
    {
      name: '12 deny all non-whitelisted traffic from the namespace',
      source: `${RECIPES}/12-deny-all-non-whitelisted-traffic-from-the-namespace.md`,
      policies: [policy('x/default-deny-all-egress', { policyTypes: ['Egress'] })],
      expected: { '80/TCP': X_MUTE },
    },
  ]);
});
