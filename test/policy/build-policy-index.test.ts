import { describe, expect, test } from 'vitest';

import { decide } from '../../shared/policy/decide.ts';
import { PolicyInputError } from '../../shared/policy/policy-input-error.ts';
import { clusterPolicy, flow, index, namespace, node, pod, policy, port, selector } from './cluster.ts';

const groups = (on: ReturnType<typeof index>): number => new Set(on.pods.map(({ group }) => group)).size;

describe('groups', () => {
  const replicas = Array.from({ length: 100 }, (_, order) =>
    pod(`x/web-${order}`, { labels: { app: 'web', 'pod-template-hash': `${order}` }, podIPs: [`10.0.0.${order}`] }),
  );

  test('replicas are one, whatever labels no policy asks for', () => {
    expect(
      groups(index({ pods: replicas, networkPolicies: [policy('x/p', { podSelector: selector({ app: 'web' }) })] })),
    ).toBe(1);
  });

  test('a label that a policy asks for splits them', () => {
    const bySuffix = policy('x/p', { podSelector: selector({ 'pod-template-hash': '7' }) });
    expect(groups(index({ pods: replicas, networkPolicies: [bySuffix] }))).toBe(100);
  });

  test('an address range splits them at its ends only', () => {
    const peers = [{ kind: 'ip-block', cidr: '10.0.0.32/27', except: [] } as const];
    const on = index({ pods: replicas, networkPolicies: [policy('x/p', { ingress: [{ peers, ports: [] }] })] });
    expect(groups(on)).toBe(3);
  });

  test('a named port splits them only where a policy uses the name', () => {
    const ports = (containerPort: number) => [{ name: 'http', containerPort, protocol: 'TCP' }];
    const pods = [pod('x/a', { ports: ports(80) }), pod('x/b', { ports: ports(8080) })];
    expect(groups(index({ pods, networkPolicies: [policy('x/p', {})] }))).toBe(1);
    expect(
      groups(index({ pods, networkPolicies: [policy('x/p', { ingress: [{ peers: [], ports: [port('http')] }] })] })),
    ).toBe(2);
  });

  test('decisions of one group are one object', () => {
    const on = index({
      pods: [...replicas, pod('x/db')],
      networkPolicies: [policy('x/p', { podSelector: selector({ app: 'web' }) })],
    });
    expect(decide(on, flow('x/db', 'x/web-1'))).toBe(decide(on, flow('x/db', 'x/web-2')));
  });
});

test('the decisions kept do not grow without end', () => {
  const on = index({ pods: [pod('x/a'), pod('x/b')] });
  const decision = decide(on, flow('x/a', 'x/b'));
  for (let count = on.decided.size; count < 200_000; count += 1) on.decided.set(`filler ${count}`, decision);
  decide(on, flow('x/a', 'x/b', 443));
  expect(on.decided.size).toBe(1);
});

describe('endpointsAt', () => {
  const on = index({
    nodes: [node('n1', '172.16.0.1')],
    pods: [
      pod('x/a', { podIPs: ['10.0.0.1', '2001:db8::1'] }),
      pod('x/twin', { podIPs: ['10.0.0.1'] }),
      pod('x/agent', { hostNetwork: true, podIPs: ['172.16.0.1'], nodeName: 'n1' }),
      pod('x/other', { podIPs: ['10.0.0.2'], nodeName: 'n2', hostIP: '172.16.0.2' }),
    ],
  });

  test.each([
    ['10.0.0.2', [{ kind: 'pod', namespace: 'x', name: 'other' }]],
    ['2001:0db8:0::1', [{ kind: 'pod', namespace: 'x', name: 'a' }]],
    ['::ffff:10.0.0.2', [{ kind: 'pod', namespace: 'x', name: 'other' }]],
    ['172.16.0.1', [{ kind: 'node', name: 'n1' }]],
    ['172.16.0.2', [{ kind: 'node', name: 'n2' }]],
    ['203.0.113.9', [{ kind: 'external', ip: '203.0.113.9' }]],
  ] as const)('%s', (ip, expected) => {
    expect(on.endpointsAt(ip)).toEqual(expected);
  });

  test('an address that two live pods claim has both as owners', () => {
    expect(on.endpointsAt('10.0.0.1')).toEqual([
      { kind: 'pod', namespace: 'x', name: 'a' },
      { kind: 'pod', namespace: 'x', name: 'twin' },
    ]);
  });
});

describe('bad input', () => {
  const peers = (cidr: string, except: readonly string[] = []) => [{ kind: 'ip-block', cidr, except } as const];

  test.each<readonly [string, Parameters<typeof index>[0]]>([
    [
      'networkPolicies[x/p].ingress[1].peers[0].cidr',
      {
        networkPolicies: [
          policy('x/p', {
            ingress: [
              { peers: [], ports: [] },
              { peers: peers('10.0.0.0'), ports: [] },
            ],
          }),
        ],
      },
    ],
    [
      'networkPolicies[x/p].egress[0].peers[0].except[1]',
      {
        networkPolicies: [
          policy('x/p', { egress: [{ peers: peers('10.0.0.0/8', ['10.1.0.0/16', 'ten']), ports: [] }] }),
        ],
      },
    ],
    [
      'clusterPolicies[c].egress[0].peers[0].cidrs[0]',
      {
        clusterPolicies: [
          clusterPolicy('c', {
            egress: [{ name: '', action: 'Deny', peers: [{ kind: 'networks', cidrs: ['10/8'] }], ports: [] }],
          }),
        ],
      },
    ],
    ['pods[x/a].podIPs[0]', { pods: [pod('x/a', { podIPs: ['10.0.0'] })] }],
  ])('names %s', (path, parts) => {
    expect(() => index(parts)).toThrow(PolicyInputError);
    expect(() => index(parts)).toThrow(`${path}: expected`);
  });

  test('label keys and values that look like something else do no harm', () => {
    const hostile = { '__proto__ ': 'x', constructor: 'y', toString: 'z' };
    const on = index({
      namespaces: [namespace('x')],
      pods: [pod('x/a', { labels: hostile }), pod('x/b')],
      networkPolicies: [policy('x/p', { podSelector: selector({ constructor: 'y' }) })],
    });
    expect(decide(on, flow('x/b', 'x/a')).allowed).toBe('denied');
    expect(decide(on, flow('x/a', 'x/b')).allowed).toBe('allowed');
  });
});
