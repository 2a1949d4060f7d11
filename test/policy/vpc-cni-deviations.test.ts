import { describe, expect, test } from 'vitest';

import type { Pod } from '../../shared/model/facts-kubernetes.ts';
import { CAVEATS } from '../../shared/policy/caveats.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { ServiceHop } from '../../shared/policy/flow.ts';
import type { PolicyIndex } from '../../shared/policy/policy-index.ts';
import { clusterPolicy, flow, index, inNamespace, namespace, node, pod, policy, port, selector } from './cluster.ts';

const namespaces = [namespace('x'), namespace('y')];
const caveats = (on: PolicyIndex, asked: Parameters<typeof decide>[1]): readonly string[] =>
  decide(on, asked).caveats.map(({ kind, on: side }) => `${side} ${kind}`);

describe('pods that the VPC CNI does not police', () => {
  const denied = (parts: Partial<Pod>) =>
    index({
      namespaces,
      nodes: [node('win', '172.16.0.7', 'windows'), node('lin', '172.16.0.8')],
      pods: [pod('x/target', parts), pod('y/client')],
      networkPolicies: [policy('x/deny', {})],
    });
  const withoutOwner = (): Pod => {
    const { owner: _, ...bare } = pod('x/target');
    return bare;
  };

  test.each<readonly [string, Partial<Pod>, readonly string[]]>([
    ['with an owner on Linux', { nodeName: 'lin' }, []],
    ['Fargate by label', { labels: { 'eks.amazonaws.com/fargate-profile': 'web' } }, ['ingress fargate-pod']],
    ['Fargate by node', { nodeName: 'fargate-ip-10-0-0-1.ec2.internal' }, ['ingress fargate-pod']],
    ['Windows', { nodeName: 'win' }, ['ingress windows-pod']],
    ['branch network interface', { branchEni: 'attached' }, ['ingress branch-eni']],
    ['several addresses', { podIPs: ['10.0.0.1', '10.0.0.2'] }, ['ingress second-address']],
  ])('%s', (_, parts, expected) => {
    expect(caveats(denied(parts), flow('y/client', 'x/target'))).toEqual(expected);
  });

  test('without an owner', () => {
    const on = index({
      namespaces,
      pods: [withoutOwner(), pod('y/client')],
      networkPolicies: [policy('x/deny', {})],
    });
    expect(caveats(on, flow('y/client', 'x/target'))).toEqual(['ingress bare-pod']);
  });

  test('nothing is said of them where no policy decides', () => {
    const on = index({ namespaces, pods: [withoutOwner(), pod('y/client')] });
    expect(caveats(on, flow('y/client', 'x/target'))).toEqual([]);
  });

  test('strict mode and cluster policies decide too', () => {
    const strict = index({ namespaces, pods: [withoutOwner()], mode: 'strict' });
    expect(caveats(strict, flow('203.0.113.9', 'x/target'))).toEqual(['ingress bare-pod']);
    const admin = index({
      namespaces,
      pods: [withoutOwner(), pod('y/client')],
      clusterPolicies: [
        clusterPolicy('deny', {
          ingress: [
            { name: '', action: 'Deny', peers: [{ kind: 'namespaces', namespaceSelector: selector() }], ports: [] },
          ],
        }),
      ],
    });
    expect(caveats(admin, flow('y/client', 'x/target'))).toEqual(['ingress bare-pod']);
  });
});

describe('Services', () => {
  const service = (parts: Partial<ServiceHop> = {}): ServiceHop => ({
    namespace: 'y',
    name: 'api',
    selector: { app: 'api' },
    port: 80,
    headless: false,
    ...parts,
  });
  const egressTo = (labels: { readonly [key: string]: string }) =>
    index({
      namespaces,
      pods: [pod('x/client'), pod('y/api', { labels: { app: 'api', version: 'v2' } })],
      networkPolicies: [
        policy('x/out', {
          policyTypes: ['Egress'],
          egress: [
            { peers: [{ kind: 'selectors', namespaceSelector: selector(), podSelector: selector(labels) }], ports: [] },
          ],
        }),
      ],
    });

  test('port equal to the container port and a selector the rule matches: no caveat', () => {
    expect(caveats(egressTo({ app: 'api' }), { ...flow('x/client', 'y/api', 80), service: service() })).toEqual([]);
  });

  test('a Service port that differs from the container port', () => {
    expect(caveats(egressTo({ app: 'api' }), { ...flow('x/client', 'y/api', 8080), service: service() })).toEqual([
      'egress service-port-differs',
    ]);
  });

  test("a rule on labels that the Service's selector does not have", () => {
    expect(
      caveats(egressTo({ app: 'api', version: 'v2' }), { ...flow('x/client', 'y/api', 80), service: service() }),
    ).toEqual(['egress service-selector-differs']);
  });

  test('a Service of a namespace that the rule does not name', () => {
    const on = egressTo({ app: 'api' });
    const own = index({
      ...on.inputs,
      networkPolicies: on.inputs.networkPolicies.map((one) => ({
        ...one,
        egress: [
          {
            peers: [{ kind: 'selectors', namespaceSelector: inNamespace('y'), podSelector: selector({ app: 'api' }) }],
            ports: [],
          },
        ],
      })),
    });
    expect(caveats(own, { ...flow('x/client', 'y/api', 80), service: service() })).toEqual([]);
    expect(caveats(own, { ...flow('x/client', 'y/api', 80), service: service({ namespace: 'x' }) })).toEqual([
      'egress service-selector-differs',
    ]);
  });

  test('a headless Service has no address of its own to admit', () => {
    const hop = service({ headless: true, port: 81 });
    expect(caveats(egressTo({ version: 'v2' }), { ...flow('x/client', 'y/api', 80), service: hop })).toEqual([]);
  });

  test('a rule without peers admits any address, so the ClusterIP too', () => {
    const on = index({
      ...egressTo({ app: 'api' }).inputs,
      networkPolicies: [policy('x/out', { policyTypes: ['Egress'], egress: [{ peers: [], ports: [] }] })],
    });
    const hop = service({ selector: { other: 'label' } });
    expect(caveats(on, { ...flow('x/client', 'y/api', 80), service: hop })).toEqual([]);
  });

  test('a rule on addresses may hold the ClusterIP, so nothing is said of it', () => {
    const on = index({
      ...egressTo({ app: 'api' }).inputs,
      networkPolicies: [
        policy('x/out', {
          policyTypes: ['Egress'],
          egress: [{ peers: [{ kind: 'ip-block', cidr: '100.64.0.0/10', except: [] }], ports: [] }],
        }),
      ],
    });
    expect(caveats(on, { ...flow('x/client', 'y/api', 80), service: service() })).toEqual([]);
  });

  test('nothing is said where egress is open', () => {
    const on = index({ namespaces, pods: [pod('x/client'), pod('y/api')] });
    expect(caveats(on, { ...flow('x/client', 'y/api', 8080), service: service() })).toEqual([]);
  });
});

describe('port combinations', () => {
  const combined = (count: number) =>
    index({
      namespaces,
      pods: [pod('x/target'), pod('y/client')],
      networkPolicies: [
        policy('x/in', {
          ingress: [{ peers: [], ports: Array.from({ length: count }, (_, offset) => port(80 + offset)) }],
        }),
        policy('x/in-again', { ingress: [{ peers: [], ports: [port(80)] }] }),
        policy('x/others', {
          ingress: [{ peers: [{ kind: 'selectors', podSelector: selector() }], ports: [port(1), port(2)] }],
        }),
      ],
    });

  test('24 different ones for one peer are fine, 25 are not', () => {
    expect(caveats(combined(24), flow('y/client', 'x/target'))).toEqual([]);
    expect(caveats(combined(25), flow('y/client', 'x/target'))).toEqual(['ingress too-many-port-combinations']);
  });
});

describe('except', () => {
  const block = (cidr: string, ...except: readonly string[]) => ({ kind: 'ip-block', cidr, except }) as const;
  const egress = (...rules: readonly (readonly ReturnType<typeof block>[])[]) =>
    index({
      namespaces,
      pods: [pod('x/client'), pod('y/server', { podIPs: ['10.0.1.1'] })],
      networkPolicies: rules.map((peers, order) =>
        policy(`x/out-${order}`, { policyTypes: ['Egress'], egress: [{ peers, ports: [] }] }),
      ),
    });

  test('beats a shorter range of another policy on the VPC CNI', () => {
    const on = egress([block('0.0.0.0/0', '10.0.0.0/8')], [block('10.0.0.0/7')]);
    expect(decide(on, flow('x/client', '10.0.0.1'))).toMatchObject({
      allowed: 'allowed',
      caveats: [{ kind: 'except-overrides', on: 'egress' }],
    });
  });

  test('does not beat an equal or a longer range, nor a selector', () => {
    expect(
      caveats(egress([block('0.0.0.0/0', '10.0.0.0/8')], [block('10.0.0.0/8')]), flow('x/client', '10.0.0.1')),
    ).toEqual([]);
    expect(
      caveats(egress([block('0.0.0.0/0', '10.0.0.0/8')], [block('10.0.0.1/32')]), flow('x/client', '10.0.0.1')),
    ).toEqual([]);
    const bySelector = index({
      ...egress([block('0.0.0.0/0', '10.0.1.1/32')]).inputs,
      networkPolicies: [
        policy('x/out', {
          policyTypes: ['Egress'],
          egress: [
            { peers: [block('0.0.0.0/0', '10.0.1.1/32')], ports: [] },
            { peers: [{ kind: 'selectors', namespaceSelector: selector() }], ports: [] },
          ],
        }),
      ],
    });
    expect(caveats(bySelector, flow('x/client', 'y/server'))).toEqual([]);
  });

  test('beats a rule without peers', () => {
    expect(caveats(egress([block('0.0.0.0/0', '10.0.0.0/8')], []), flow('x/client', '10.0.0.1'))).toEqual([
      'egress except-overrides',
    ]);
  });
});

describe('named ports', () => {
  const http = (containerPort: number) => [{ name: 'http', containerPort, protocol: 'TCP' }];

  test('on ingress the numbers of all selected pods are opened on each of them', () => {
    const on = index({
      namespaces,
      pods: [pod('x/new', { ports: http(8080) }), pod('x/old', { ports: http(80) }), pod('y/client')],
      networkPolicies: [policy('x/in', { ingress: [{ peers: [], ports: [port('http')] }] })],
    });
    expect(decide(on, flow('y/client', 'x/new', 80))).toMatchObject({
      allowed: 'denied',
      caveats: [{ kind: 'named-port-union', on: 'ingress' }],
    });
    expect(caveats(on, flow('y/client', 'x/new', 8080))).toEqual([]);
    expect(caveats(on, flow('y/client', 'x/new', 9090))).toEqual([]);
  });

  test('that is nothing to a denied egress of these pods', () => {
    const on = index({
      namespaces,
      pods: [pod('x/new', { ports: http(8080) }), pod('x/old', { ports: http(80) }), pod('y/client')],
      networkPolicies: [
        policy('x/both', { policyTypes: ['Ingress', 'Egress'], ingress: [{ peers: [], ports: [port('http')] }] }),
      ],
    });
    expect(decide(on, flow('x/new', 'y/client', 80))).toMatchObject({ allowed: 'denied', caveats: [] });
  });

  test('on egress they are lost without a pod selector to resolve them on', () => {
    const out = (peers: Parameters<typeof policy>[1]['egress']) =>
      index({
        namespaces,
        pods: [pod('x/client'), pod('y/api', { ports: http(8080), podIPs: ['10.0.1.1'] })],
        networkPolicies: [policy('x/out', { policyTypes: ['Egress'], egress: peers ?? [] })],
      });
    const ports = [port('http')];
    const asked = flow('x/client', 'y/api', 8080);
    expect(caveats(out([{ peers: [], ports }]), asked)).toEqual(['egress named-port-dropped']);
    expect(caveats(out([{ peers: [{ kind: 'ip-block', cidr: '10.0.0.0/8', except: [] }], ports }]), asked)).toEqual([
      'egress named-port-dropped',
    ]);
    expect(caveats(out([{ peers: [{ kind: 'selectors', namespaceSelector: selector() }], ports }]), asked)).toEqual([]);
    expect(caveats(out([{ peers: [], ports: [...ports, port(8080)] }]), asked)).toEqual([]);
  });
});

describe('rules of a direction that policyTypes does not list', () => {
  const leftover = (...extra: readonly ReturnType<typeof policy>[]) =>
    index({
      namespaces,
      pods: [pod('x/target'), pod('y/client')],
      networkPolicies: [
        policy('x/egress', {
          policyTypes: ['Egress'],
          egress: [{ peers: [], ports: [] }],
          ingress: [{ peers: [], ports: [port(80)] }],
        }),
        ...extra,
      ],
    });

  test('isolate on the VPC CNI', () => {
    expect(caveats(leftover(), flow('y/client', 'x/target', 443))).toEqual(['ingress unlisted-rules-isolate']);
  });

  test('and admit what they say', () => {
    expect(caveats(leftover(), flow('y/client', 'x/target', 80))).toEqual([]);
    const denied = leftover(policy('x/deny', {}));
    expect(decide(denied, flow('y/client', 'x/target', 80)).allowed).toBe('denied');
    expect(caveats(denied, flow('y/client', 'x/target', 80))).toEqual(['ingress unlisted-rules-allow']);
    expect(caveats(denied, flow('y/client', 'x/target', 443))).toEqual([]);
  });
});

test('every caveat has words and an official page', () => {
  for (const { text, url } of Object.values(CAVEATS)) {
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(url).toMatch(/^https:\/\/(kubernetes\.io|docs\.aws\.amazon\.com|github\.com\/aws)\//);
  }
});
