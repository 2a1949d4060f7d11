import { describe, expect, test } from 'vitest';

import { decide } from '../../../shared/policy/decide.ts';
import type { PolicyIndex } from '../../../shared/policy/policy-index.ts';
import { flow, index, namespace, pod, policy, port, selector } from '../cluster.ts';

/** The worked examples of https://kubernetes.io/docs/concepts/services-networking/network-policies/ */

const verdict = (on: PolicyIndex, from: string, to: string, number: number, protocol?: string): string =>
  decide(on, flow(from, to, number, protocol)).allowed;

describe('the NetworkPolicy resource example', () => {
  const example = index({
    namespaces: [namespace('default'), namespace('other', { project: 'myproject' }), namespace('stranger')],
    pods: [
      pod('default/db', { labels: { role: 'db' }, podIPs: ['10.9.0.1'] }),
      pod('default/frontend', { labels: { role: 'frontend' }, podIPs: ['10.9.0.2'] }),
      pod('default/other', { labels: { role: 'batch' }, podIPs: ['10.9.0.3'] }),
      pod('other/any', { podIPs: ['10.9.0.4'] }),
      pod('stranger/frontend', { labels: { role: 'frontend' }, podIPs: ['10.9.0.5'] }),
    ],
    networkPolicies: [
      policy('default/test-network-policy', {
        podSelector: selector({ role: 'db' }),
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            peers: [
              { kind: 'ip-block', cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] },
              { kind: 'selectors', namespaceSelector: selector({ project: 'myproject' }) },
              { kind: 'selectors', podSelector: selector({ role: 'frontend' }) },
            ],
            ports: [port(6379)],
          },
        ],
        egress: [{ peers: [{ kind: 'ip-block', cidr: '10.0.0.0/24', except: [] }], ports: [port(5978)] }],
      }),
    ],
  });

  test('admits pods labelled role=frontend of its own namespace, on the port only', () => {
    expect(verdict(example, 'default/frontend', 'default/db', 6379)).toBe('allowed');
    expect(verdict(example, 'default/frontend', 'default/db', 6380)).toBe('denied');
    expect(verdict(example, 'default/frontend', 'default/db', 6379, 'UDP')).toBe('denied');
    expect(verdict(example, 'default/other', 'default/db', 6379)).toBe('denied');
    expect(verdict(example, 'stranger/frontend', 'default/db', 6379)).toBe('denied');
  });

  test('admits every pod of namespaces labelled project=myproject', () => {
    expect(verdict(example, 'other/any', 'default/db', 6379)).toBe('allowed');
  });

  test('admits 172.17.0.0 to 172.17.0.255 and 172.17.2.0 to 172.17.255.255', () => {
    expect(verdict(example, '172.17.0.0', 'default/db', 6379)).toBe('allowed');
    expect(verdict(example, '172.17.0.255', 'default/db', 6379)).toBe('allowed');
    expect(verdict(example, '172.17.1.0', 'default/db', 6379)).toBe('denied');
    expect(verdict(example, '172.17.1.255', 'default/db', 6379)).toBe('denied');
    expect(verdict(example, '172.17.2.0', 'default/db', 6379)).toBe('allowed');
    expect(verdict(example, '172.17.255.255', 'default/db', 6379)).toBe('allowed');
    expect(verdict(example, '172.18.0.0', 'default/db', 6379)).toBe('denied');
  });

  test('lets the database reach 10.0.0.0/24 on 5978 and nothing else', () => {
    expect(verdict(example, 'default/db', '10.0.0.7', 5978)).toBe('allowed');
    expect(verdict(example, 'default/db', '10.0.1.7', 5978)).toBe('denied');
    expect(verdict(example, 'default/db', '10.0.0.7', 5979)).toBe('denied');
    expect(verdict(example, 'default/db', 'default/frontend', 6379)).toBe('denied');
  });

  test('leaves the pods it does not select alone', () => {
    expect(verdict(example, 'stranger/frontend', 'default/frontend', 6379)).toBe('allowed');
    expect(verdict(example, 'default/other', '203.0.113.5', 443)).toBe('allowed');
  });
});

describe('one list entry with two selectors, or two list entries', () => {
  const namespaceSelector = selector({ user: 'alice' });
  const podSelector = selector({ role: 'client' });
  const build = (peers: Parameters<typeof policy>[1]['ingress']) =>
    index({
      namespaces: [namespace('default'), namespace('alices', { user: 'alice' }), namespace('bobs', { user: 'bob' })],
      pods: [
        pod('default/target'),
        pod('default/client', { labels: { role: 'client' } }),
        pod('alices/client', { labels: { role: 'client' } }),
        pod('alices/worker', { labels: { role: 'worker' } }),
        pod('bobs/client', { labels: { role: 'client' } }),
      ],
      networkPolicies: [policy('default/example', { ingress: peers ?? [] })],
    });
  const reaches = (on: PolicyIndex) =>
    ['default/client', 'alices/client', 'alices/worker', 'bobs/client'].filter(
      (from) => verdict(on, from, 'default/target', 80) === 'allowed',
    );

  test('one entry means both at once', () => {
    const both = build([{ peers: [{ kind: 'selectors', namespaceSelector, podSelector }], ports: [] }]);
    expect(reaches(both)).toEqual(['alices/client']);
  });

  test('two entries mean either, and the pod selector alone means the own namespace', () => {
    const either = build([
      {
        peers: [
          { kind: 'selectors', namespaceSelector },
          { kind: 'selectors', podSelector },
        ],
        ports: [],
      },
    ]);
    expect(reaches(either)).toEqual(['default/client', 'alices/client', 'alices/worker']);
  });
});

describe('targeting a range of ports', () => {
  const example = index({
    namespaces: [namespace('default')],
    pods: [pod('default/db', { labels: { role: 'db' } })],
    networkPolicies: [
      policy('default/multi-port-egress', {
        podSelector: selector({ role: 'db' }),
        policyTypes: ['Egress'],
        egress: [
          { peers: [{ kind: 'ip-block', cidr: '10.0.0.0/24', except: [] }], ports: [port(32_000, 'TCP', 32_768)] },
        ],
      }),
    ],
  });

  test('both ends of the range belong to it', () => {
    expect(verdict(example, 'default/db', '10.0.0.9', 31_999)).toBe('denied');
    expect(verdict(example, 'default/db', '10.0.0.9', 32_000)).toBe('allowed');
    expect(verdict(example, 'default/db', '10.0.0.9', 32_768)).toBe('allowed');
    expect(verdict(example, 'default/db', '10.0.0.9', 32_769)).toBe('denied');
    expect(verdict(example, 'default/db', '10.0.0.9', 32_500, 'UDP')).toBe('denied');
  });
});
