import { describe } from 'vitest';

import type { PolicyPeer } from '../../../shared/model/facts-kubernetes.ts';
import { expression, inNamespace, policy, port, selector } from '../cluster.ts';
import { conforms, DOCS, E2E, OPEN, TO_XA_CLOSED } from './xyz.ts';

const podA = selector({ pod: 'a' });

/** A policy in x on pod a that admits these peers on every port. */
const toXA = (...peers: readonly PolicyPeer[]) =>
  policy('x/to-a', { podSelector: podA, ingress: [{ peers, ports: [] }] });

const FROM_Y_ONLY = `
  #.. ... ...   X#. ... ...   X.# ... ...
  ... #.. ...   ... .#. ...   ... ..# ...
  X.. ... #..   X.. ... .#.   X.. ... ..#`;

const FROM_XB_ONLY = `
  #.. ... ...   .#. ... ...   X.# ... ...
  X.. #.. ...   X.. .#. ...   X.. ..# ...
  X.. ... #..   X.. ... .#.   X.. ... ..#`;

const TO_X_CLOSED = `
  #XX ... ...   X#X ... ...   XX# ... ...
  XXX #.. ...   XXX .#. ...   XXX ..# ...
  XXX ... #..   XXX ... .#.   XXX ... ..#`;

describe('ingress, as in the Kubernetes e2e suite', () => {
  conforms([
    {
      name: "should support a 'default-deny-ingress' policy",
      source: E2E,
      policies: [policy('x/deny-ingress', {})],
      expected: { '80/TCP': TO_X_CLOSED, '81/UDP': TO_X_CLOSED },
    },
    {
      name: "should support a 'default-deny-all' policy",
      source: E2E,
      policies: [policy('x/deny-all', { policyTypes: ['Ingress', 'Egress'] })],
      expected: {
        '80/TCP': `
          #XX XXX XXX   X#X XXX XXX   XX# XXX XXX
          XXX #.. ...   XXX .#. ...   XXX ..# ...
          XXX ... #..   XXX ... .#.   XXX ... ..#`,
      },
    },
    {
      name: 'should enforce policy to allow traffic from pods within server namespace based on PodSelector',
      source: E2E,
      policies: [toXA({ kind: 'selectors', podSelector: selector({ pod: 'b' }) })],
      expected: { '80/TCP': FROM_XB_ONLY },
    },
    {
      name: 'should enforce policy to allow ingress traffic for a target',
      source: E2E,
      policies: [
        policy('x/deny-all', {}),
        toXA({ kind: 'selectors', podSelector: selector(), namespaceSelector: selector() }),
      ],
      expected: {
        '80/TCP': `
          #XX ... ...   .#X ... ...   .X# ... ...
          .XX #.. ...   .XX .#. ...   .XX ..# ...
          .XX ... #..   .XX ... .#.   .XX ... ..#`,
      },
    },
    {
      name: 'should enforce policy to allow ingress traffic from pods in all namespaces',
      source: E2E,
      policies: [toXA({ kind: 'selectors', namespaceSelector: selector() })],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'should enforce policy to allow traffic only from a different namespace, based on NamespaceSelector',
      source: E2E,
      policies: [toXA({ kind: 'selectors', namespaceSelector: selector({ ns: 'y' }) })],
      expected: { '80/TCP': FROM_Y_ONLY },
    },
    {
      name: 'should enforce policy based on PodSelector with MatchExpressions',
      source: E2E,
      policies: [toXA({ kind: 'selectors', podSelector: expression('pod', 'In', 'b') })],
      expected: { '80/TCP': FROM_XB_ONLY },
    },
    {
      name: 'should enforce policy based on NamespaceSelector with MatchExpressions',
      source: E2E,
      policies: [toXA({ kind: 'selectors', namespaceSelector: expression('ns', 'In', 'y') })],
      expected: { '80/TCP': FROM_Y_ONLY },
    },
    {
      name: 'should enforce policy based on PodSelector or NamespaceSelector',
      source: E2E,
      policies: [
        toXA(
          { kind: 'selectors', namespaceSelector: expression('ns', 'NotIn', 'x') },
          { kind: 'selectors', podSelector: selector({ pod: 'b' }) },
        ),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   .#. ... ...   X.# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
    {
      name: 'should enforce policy based on PodSelector and NamespaceSelector',
      source: E2E,
      policies: [
        toXA({
          kind: 'selectors',
          namespaceSelector: expression('ns', 'NotIn', 'x'),
          podSelector: selector({ pod: 'b' }),
        }),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   X#. ... ...   X.# ... ...
          X.. #.. ...   ... .#. ...   X.. ..# ...
          X.. ... #..   ... ... .#.   X.. ... ..#`,
      },
    },
    {
      name: 'should enforce policy based on Multiple PodSelectors and NamespaceSelectors',
      source: E2E,
      policies: [
        toXA({
          kind: 'selectors',
          namespaceSelector: expression('ns', 'NotIn', 'x'),
          podSelector: expression('pod', 'In', 'b', 'c'),
        }),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   X#. ... ...   X.# ... ...
          X.. #.. ...   ... .#. ...   ... ..# ...
          X.. ... #..   ... ... .#.   ... ... ..#`,
      },
    },
    {
      name: 'should enforce policy based on any PodSelectors',
      source: E2E,
      policies: [
        toXA(
          { kind: 'selectors', podSelector: selector({ pod: 'b' }) },
          { kind: 'selectors', podSelector: selector({ pod: 'c' }) },
        ),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   .#. ... ...   ..# ... ...
          X.. #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
      },
    },
    {
      name: 'should enforce policy to allow traffic only from a pod in a different namespace based on PodSelector and NamespaceSelector',
      source: E2E,
      policies: [toXA({ kind: 'selectors', namespaceSelector: selector({ ns: 'y' }), podSelector: podA })],
      expected: {
        '80/TCP': `
          #.. ... ...   X#. ... ...   X.# ... ...
          ... #.. ...   X.. .#. ...   X.. ..# ...
          X.. ... #..   X.. ... .#.   X.. ... ..#`,
      },
    },
    {
      name: 'should deny ingress from pods on other namespaces',
      source: E2E,
      policies: [
        policy('x/own', { ingress: [{ peers: [{ kind: 'selectors', podSelector: selector() }], ports: [] }] }),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   .#. ... ...   ..# ... ...
          XXX #.. ...   XXX .#. ...   XXX ..# ...
          XXX ... #..   XXX ... .#.   XXX ... ..#`,
      },
    },
    {
      name: 'should support allow-all policy',
      source: E2E,
      policies: [policy('x/all', { ingress: [{ peers: [], ports: [] }] })],
      expected: { '80/TCP': OPEN, '81/TCP': OPEN },
    },
    {
      name: 'should enforce multiple ingress policies with ingress allow-all policy taking precedence',
      source: E2E,
      policies: [
        policy('x/only-80', { ingress: [{ peers: [], ports: [port(80)] }] }),
        policy('x/all', { ingress: [{ peers: [], ports: [] }] }),
      ],
      expected: { '81/TCP': OPEN },
    },
    {
      name: 'the same without the allow-all policy',
      source: E2E,
      policies: [policy('x/only-80', { ingress: [{ peers: [], ports: [port(80)] }] })],
      expected: { '80/TCP': OPEN, '81/TCP': TO_X_CLOSED },
    },
    {
      name: 'should stop enforcing policies after they are deleted',
      source: E2E,
      policies: [],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'should enforce policy to allow traffic based on NamespaceSelector with MatchLabels using default ns label',
      source: E2E,
      policies: [toXA({ kind: 'selectors', namespaceSelector: inNamespace('y') })],
      expected: { '80/TCP': FROM_Y_ONLY },
    },
    {
      name: 'a namespace by its default label and NotIn, for ingress (the suite asks it for egress)',
      source: DOCS,
      policies: [
        toXA({ kind: 'selectors', namespaceSelector: expression('kubernetes.io/metadata.name', 'NotIn', 'x') }),
      ],
      expected: {
        '80/TCP': `
          #.. ... ...   X#. ... ...   X.# ... ...
          ... #.. ...   ... .#. ...   ... ..# ...
          ... ... #..   ... ... .#.   ... ... ..#`,
      },
    },
    {
      name: 'should allow ingress access from updated namespace (label not yet there)',
      source: E2E,
      policies: [toXA({ kind: 'selectors', namespaceSelector: selector({ ns2: 'updated' }) })],
      expected: { '80/TCP': TO_XA_CLOSED },
    },
    {
      name: 'should allow ingress access from updated namespace (label set on y)',
      source: E2E,
      policies: [toXA({ kind: 'selectors', namespaceSelector: selector({ ns2: 'updated' }) })],
      namespaceLabels: { y: { ns2: 'updated' } },
      expected: { '80/TCP': FROM_Y_ONLY },
    },
    {
      name: 'should allow ingress access from updated pod (label not yet there)',
      source: E2E,
      policies: [toXA({ kind: 'selectors', podSelector: selector({ pod: 'b', pod2: 'updated' }) })],
      expected: { '80/TCP': TO_XA_CLOSED },
    },
    {
      name: 'should allow ingress access from updated pod (label set on x/b)',
      source: E2E,
      policies: [toXA({ kind: 'selectors', podSelector: selector({ pod: 'b', pod2: 'updated' }) })],
      podLabels: { 'x/b': { pod2: 'updated' } },
      expected: { '80/TCP': FROM_XB_ONLY },
    },
    {
      name: 'should deny ingress access to updated pod (label not yet there)',
      source: E2E,
      policies: [policy('x/target', { podSelector: selector({ target: 'isolated' }) })],
      expected: { '80/TCP': OPEN },
    },
    {
      name: 'should deny ingress access to updated pod (label set on x/a)',
      source: E2E,
      policies: [policy('x/target', { podSelector: selector({ target: 'isolated' }) })],
      podLabels: { 'x/a': { target: 'isolated' } },
      expected: { '80/TCP': TO_XA_CLOSED },
    },
  ]);
});
