import { describe, expect, test } from 'vitest';

import type { LabelSelector, Labels, PolicyPeer, PolicyRule } from '../../shared/model/facts-kubernetes.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { PolicyInputs } from '../../shared/policy/policy-index.ts';
import { expression, flow, index, namespace, pod, policy, port, selector } from './cluster.ts';

const namespaces = [namespace('x', { team: 'red' }), namespace('y', { team: 'blue' }), namespace('z')];

/** x/target admits what `ingress` says; the client stands in x with these labels. */
const admits = (peer: PolicyPeer, labels: Labels, from = 'x/client'): boolean => {
  const on = index({
    namespaces,
    pods: [
      pod('x/target', { labels: { app: 'target' }, podIPs: ['10.0.0.1'] }),
      pod(from, { labels, podIPs: ['10.0.0.2'] }),
    ],
    networkPolicies: [
      policy('x/p', { podSelector: selector({ app: 'target' }), ingress: [{ peers: [peer], ports: [] }] }),
    ],
  });
  return decide(on, flow(from, 'x/target')).allowed === 'allowed';
};

describe('selectors', () => {
  const cases: readonly (readonly [string, LabelSelector, Labels, boolean])[] = [
    ['matchLabels, equal', selector({ app: 'web' }), { app: 'web' }, true],
    ['matchLabels, other value', selector({ app: 'web' }), { app: 'api' }, false],
    ['matchLabels, missing key', selector({ app: 'web' }), {}, false],
    ['matchLabels, empty value and missing key', selector({ app: '' }), {}, false],
    ['matchLabels, empty value and empty value', selector({ app: '' }), { app: '' }, true],
    ['matchLabels, all of them', selector({ app: 'web', tier: 'front' }), { app: 'web' }, false],
    ['In, listed', expression('app', 'In', 'web', 'api'), { app: 'api' }, true],
    ['In, not listed', expression('app', 'In', 'web', 'api'), { app: 'db' }, false],
    ['In, missing key', expression('app', 'In', 'web'), {}, false],
    ['NotIn, listed', expression('app', 'NotIn', 'web'), { app: 'web' }, false],
    ['NotIn, not listed', expression('app', 'NotIn', 'web'), { app: 'db' }, true],
    ['NotIn, missing key', expression('app', 'NotIn', 'web'), {}, true],
    ['Exists, present', expression('app', 'Exists'), { app: '' }, true],
    ['Exists, missing', expression('app', 'Exists'), { tier: 'app' }, false],
    ['DoesNotExist, present', expression('app', 'DoesNotExist'), { app: '' }, false],
    ['DoesNotExist, missing', expression('app', 'DoesNotExist'), { tier: 'app' }, true],
    [
      'labels and expressions together',
      selector({ tier: 'front' }, expression('app', 'Exists').matchExpressions),
      { tier: 'front' },
      false,
    ],
    ['a key that every object inherits', expression('constructor', 'Exists'), {}, false],
    ['empty selector', selector(), { app: 'web' }, true],
  ];

  test.each(cases)('as pod selector of a peer: %s', (_, podSelector, labels, expected) => {
    expect(admits({ kind: 'selectors', podSelector }, labels)).toBe(expected);
  });

  test.each(cases)('as pod selector of a policy: %s', (_, podSelector, labels, expected) => {
    const on = index({
      namespaces,
      pods: [pod('x/client'), pod('x/target', { labels })],
      networkPolicies: [policy('x/p', { podSelector })],
    });
    expect(decide(on, flow('x/client', 'x/target')).ingress.isolated).toBe(expected);
  });

  test.each<readonly [string, LabelSelector, boolean, boolean]>([
    ['by label', selector({ team: 'red' }), true, false],
    ['NotIn also takes a namespace without the label', expression('team', 'NotIn', 'red'), false, true],
    ['Exists', expression('team', 'Exists'), true, false],
    ['DoesNotExist', expression('team', 'DoesNotExist'), false, true],
    ['empty: every namespace', selector(), true, true],
  ])('as namespace selector: %s', (_, namespaceSelector, fromX, fromZ) => {
    expect(admits({ kind: 'selectors', namespaceSelector }, {}, 'x/client')).toBe(fromX);
    expect(admits({ kind: 'selectors', namespaceSelector }, {}, 'z/client')).toBe(fromZ);
  });
});

describe('empty and absent', () => {
  const isolated = (rules: readonly PolicyRule[]) =>
    index({
      namespaces,
      pods: [pod('x/target', { podIPs: ['10.0.0.1'] }), pod('y/client', { podIPs: ['10.0.0.2'] })],
      networkPolicies: [policy('x/p', { ingress: rules })],
    });

  test('no rules: nothing is admitted', () => {
    expect(decide(isolated([]), flow('y/client', 'x/target'))).toMatchObject({
      allowed: 'denied',
      egress: { verdict: 'allowed', tier: 'Default', because: { kind: 'no-policy' }, isolated: false, isolatedBy: [] },
      ingress: {
        verdict: 'denied',
        tier: 'NetworkPolicy',
        because: { kind: 'no-rule' },
        isolated: true,
        isolatedBy: [{ kind: 'NetworkPolicy', namespace: 'x', name: 'p' }],
      },
    });
  });

  test('a rule without peers and ports: everything, outside included', () => {
    const on = isolated([{ peers: [], ports: [] }]);
    expect(decide(on, flow('y/client', 'x/target', 9, 'SCTP')).allowed).toBe('allowed');
    expect(decide(on, flow('203.0.113.9', 'x/target')).allowed).toBe('allowed');
  });

  test('an empty namespace selector: every pod, but no address outside', () => {
    const on = isolated([{ peers: [{ kind: 'selectors', namespaceSelector: selector() }], ports: [] }]);
    expect(decide(on, flow('y/client', 'x/target')).allowed).toBe('allowed');
    expect(decide(on, flow('203.0.113.9', 'x/target')).allowed).toBe('denied');
  });

  test('an empty pod selector: pods of the own namespace only', () => {
    const on = isolated([{ peers: [{ kind: 'selectors', podSelector: selector() }], ports: [] }]);
    expect(decide(on, flow('y/client', 'x/target')).allowed).toBe('denied');
  });

  test('a peer with neither selector: nobody', () => {
    const on = isolated([{ peers: [{ kind: 'selectors' }], ports: [] }]);
    expect(decide(on, flow('y/client', 'x/target')).allowed).toBe('denied');
  });

  test('rules of a direction that policyTypes does not list are not in force', () => {
    const on = index({
      namespaces,
      pods: [pod('x/target'), pod('y/client')],
      networkPolicies: [policy('x/p', { policyTypes: ['Egress'], ingress: [{ peers: [], ports: [port(443)] }] })],
    });
    expect(decide(on, flow('y/client', 'x/target'))).toMatchObject({
      allowed: 'allowed',
      ingress: { because: { kind: 'not-isolated' }, isolated: false },
      caveats: [{ kind: 'unlisted-rules-isolate', on: 'ingress' }],
    });
  });
});

describe('several policies', () => {
  const pods = [
    pod('x/target', { labels: { app: 'target' } }),
    pod('x/a', { labels: { app: 'a' } }),
    pod('y/a', { labels: { app: 'a' } }),
  ];
  const fromA = { kind: 'selectors', podSelector: selector({ app: 'a' }) } as const;

  test('their rules are united, and the first that admits is named', () => {
    const on = index({
      namespaces,
      pods,
      networkPolicies: [
        policy('x/b', { ingress: [{ peers: [fromA], ports: [port(80)] }] }),
        policy('x/a', {
          ingress: [
            { peers: [], ports: [port(81)] },
            { peers: [fromA], ports: [] },
          ],
        }),
        policy('x/deny', {}),
      ],
    });
    expect(decide(on, flow('x/a', 'x/target')).ingress).toEqual({
      verdict: 'allowed',
      tier: 'NetworkPolicy',
      because: {
        kind: 'rule',
        rule: { policy: { kind: 'NetworkPolicy', namespace: 'x', name: 'a' }, direction: 'ingress', index: 1 },
      },
      isolated: true,
      isolatedBy: [
        { kind: 'NetworkPolicy', namespace: 'x', name: 'a' },
        { kind: 'NetworkPolicy', namespace: 'x', name: 'b' },
        { kind: 'NetworkPolicy', namespace: 'x', name: 'deny' },
      ],
    });
  });

  test('peers and ports of different rules never mix', () => {
    const on = index({
      namespaces,
      pods,
      networkPolicies: [
        policy('x/p', {
          podSelector: selector({ app: 'target' }),
          ingress: [
            { peers: [fromA], ports: [port(80)] },
            { peers: [{ kind: 'selectors', namespaceSelector: selector({ team: 'blue' }) }], ports: [port(81)] },
          ],
        }),
      ],
    });
    expect(decide(on, flow('x/a', 'x/target', 80)).allowed).toBe('allowed');
    expect(decide(on, flow('x/a', 'x/target', 81)).allowed).toBe('denied');
    expect(decide(on, flow('y/a', 'x/target', 80)).allowed).toBe('denied');
    expect(decide(on, flow('y/a', 'x/target', 81)).allowed).toBe('allowed');
  });

  test('a policy isolates pods of its own namespace only', () => {
    const on = index({ namespaces, pods, networkPolicies: [policy('x/p', { podSelector: selector({ app: 'a' }) })] });
    expect(decide(on, flow('x/target', 'y/a')).allowed).toBe('allowed');
    expect(decide(on, flow('x/target', 'x/a')).allowed).toBe('denied');
  });

  test('both sides must allow, and both are told', () => {
    const on = index({
      namespaces,
      pods,
      networkPolicies: [policy('x/deny', { policyTypes: ['Ingress', 'Egress'] }), policy('y/deny', {})],
    });
    expect(decide(on, flow('x/a', 'y/a'))).toMatchObject({
      allowed: 'denied',
      egress: { verdict: 'denied', isolatedBy: [{ namespace: 'x', name: 'deny' }] },
      ingress: { verdict: 'denied', isolatedBy: [{ namespace: 'y', name: 'deny' }] },
    });
  });
});

describe('ports', () => {
  const ports = (declared: PolicyInputs['pods'][number]['ports'], rules: PolicyRule['ports']) =>
    index({
      namespaces,
      pods: [pod('x/target', { ports: declared }), pod('x/client')],
      networkPolicies: [policy('x/p', { ingress: [{ peers: [], ports: rules }] })],
    });
  const open = (on: ReturnType<typeof ports>, number: number, protocol?: string) =>
    decide(on, flow('x/client', 'x/target', number, protocol)).allowed === 'allowed';

  test('a named port is the number that the destination pod gives it', () => {
    const on = ports([{ name: 'http', containerPort: 8080, protocol: 'TCP' }], [port('http')]);
    expect(open(on, 8080)).toBe(true);
    expect(open(on, 80)).toBe(false);
  });

  test('a named port does not match across protocols', () => {
    const on = ports([{ name: 'dns', containerPort: 53, protocol: 'UDP' }], [port('dns', 'TCP')]);
    expect(open(on, 53, 'UDP')).toBe(false);
    expect(open(on, 53, 'TCP')).toBe(false);
  });

  test('a name that the pod does not declare matches nothing', () => {
    expect(open(ports([{ name: 'metrics', containerPort: 80, protocol: 'TCP' }], [port('http')]), 80)).toBe(false);
  });

  test('a numeric port needs no declaration', () => {
    expect(open(ports([], [port(80)]), 80)).toBe(true);
  });

  test('the same name on two pods may mean two numbers, on egress by destination', () => {
    const on = index({
      namespaces,
      pods: [
        pod('x/client'),
        pod('y/a', { ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }] }),
        pod('y/b', { ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] }),
      ],
      networkPolicies: [
        policy('x/p', {
          policyTypes: ['Egress'],
          egress: [{ peers: [{ kind: 'selectors', namespaceSelector: selector() }], ports: [port('http')] }],
        }),
      ],
    });
    expect(decide(on, flow('x/client', 'y/a', 80)).allowed).toBe('allowed');
    expect(decide(on, flow('x/client', 'y/a', 8080)).allowed).toBe('denied');
    expect(decide(on, flow('x/client', 'y/b', 8080)).allowed).toBe('allowed');
  });

  test('a named port means nothing for an address outside', () => {
    const on = index({
      namespaces,
      pods: [pod('x/client')],
      networkPolicies: [policy('x/p', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [port('http')] }] })],
    });
    expect(decide(on, flow('x/client', '203.0.113.9', 80)).allowed).toBe('denied');
  });

  test('SCTP is neither TCP nor UDP', () => {
    const on = ports([], [port(80, 'SCTP')]);
    expect(open(on, 80, 'SCTP')).toBe(true);
    expect(open(on, 80, 'TCP')).toBe(false);
    expect(open(on, 80, 'UDP')).toBe(false);
  });
});
