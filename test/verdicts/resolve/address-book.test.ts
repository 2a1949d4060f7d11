import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedAddress } from '../../../shared/model/denied-traffic.ts';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import type { EndpointSlice, Service } from '../../../shared/model/facts-kubernetes-network.ts';
import { addressBook } from '../../../shared/verdicts/resolve/index.ts';
import type { ResolveHint } from '../../../shared/verdicts/resolve/index.ts';
import { AT, facts, node, pod } from '../../support/cluster.ts';

const NOW = Date.parse(AT);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const web = (change: Partial<Pod> = {}): Pod =>
  pod({
    namespace: 'shop',
    name: 'web-7d9f8c6b5-x2x4z',
    uid: 'uid-web',
    nodeName: 'node-a',
    podIPs: ['10.0.1.20', '2001:db8::20'],
    labels: { 'pod-template-hash': '7d9f8c6b5' },
    owner: { kind: 'ReplicaSet', name: 'web-7d9f8c6b5' },
    ...change,
  });

const service = (change: Partial<Service> = {}): Service => ({
  namespace: 'shop',
  name: 'db',
  type: 'ClusterIP',
  clusterIPs: ['172.20.5.5'],
  ports: [],
  selector: {},
  internalTrafficPolicy: 'Cluster',
  ...change,
});

const slice = (change: Partial<EndpointSlice> = {}): EndpointSlice => ({
  namespace: 'shop',
  name: 'db-abc',
  service: 'db',
  addressType: 'IPv4',
  endpoints: [],
  ports: [],
  ...change,
});

type Given = Parameters<typeof facts>[0];

const resolve = (given: Given, address: string, at = NOW, hint?: ResolveHint): ResolvedAddress =>
  addressBook({ facts: facts(given) }).resolve(address, at, hint);

const WEB = {
  kind: 'pod',
  namespace: 'shop',
  name: 'web-7d9f8c6b5-x2x4z',
  node: 'node-a',
  workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
};

describe('the address of a pod', () => {
  it.each(['10.0.1.20', '::ffff:10.0.1.20', '2001:db8::20', '2001:DB8:0::20'])('is the pod by %s', (address) => {
    expect(resolve({ 'kubernetes.pods': [web()] }, address)).toMatchObject({ certainty: 'exact', owners: [WEB] });
  });

  it('is the pod hours before the snapshot, for it is that old', () => {
    const resolved = resolve({ 'kubernetes.pods': [web()] }, '10.0.1.20', NOW - 5 * 60 * MINUTE);
    expect(resolved).toMatchObject({ certainty: 'exact', owners: [WEB] });
    expect(resolved.because).toBe(
      'pod shop/web-7d9f8c6b5-x2x4z was first seen with it at 2026-11-20T09:00:00.000Z, and may have had it from 2026-11-10T00:00:00.000Z',
    );
  });

  it('is not the pod before it was created, save for the difference of clocks', () => {
    const young = web({ createdAt: '2026-11-20T08:59:00Z' });
    const created = NOW - MINUTE;
    const owners = (at: number): number => resolve({ 'kubernetes.pods': [young] }, '10.0.1.20', at).owners.length;
    expect(owners(created - SECOND)).toBe(1);
    expect(resolve({ 'kubernetes.pods': [young] }, '10.0.1.20', created - 2 * SECOND)).toMatchObject({
      certainty: 'unknown',
      owners: [{ kind: 'external', network: '10.0.1.0/24' }],
    });
  });

  it('is not certain long after anybody looked', () => {
    expect(resolve({ 'kubernetes.pods': [web()] }, '10.0.1.20', NOW + 10 * MINUTE).certainty).toBe('exact');
    const late = resolve({ 'kubernetes.pods': [web()] }, '10.0.1.20', NOW + 10 * MINUTE + 1);
    expect(late).toMatchObject({ certainty: 'former', owners: [WEB] });
    expect(late.because).toContain('nobody looked since');
  });

  it('is the pod of a Job that had finished, near its start', () => {
    const job = web({ phase: 'Failed', createdAt: '2026-11-20T08:00:00Z' });
    expect(resolve({ 'kubernetes.pods': [job] }, '10.0.1.20', NOW - 59 * MINUTE).certainty).toBe('exact');
    expect(resolve({ 'kubernetes.pods': [job] }, '10.0.1.20', NOW - 40 * MINUTE).certainty).toBe('former');
  });

  it('is the running pod, not the finished one that still has it in its status', () => {
    const done = web({ name: 'job-1', uid: 'job', phase: 'Succeeded', createdAt: '2026-11-09T00:00:00Z' });
    const resolved = resolve({ 'kubernetes.pods': [done, web()] }, '10.0.1.20');
    expect(resolved).toMatchObject({ certainty: 'exact', owners: [WEB] });
  });

  it('is named by a PolicyEndpoint alone, without its workload', () => {
    const policyEndpoint = {
      namespace: 'shop',
      name: 'deny-x',
      createdAt: AT,
      policy: { namespace: 'shop', name: 'deny' },
      podSelector: { matchLabels: {}, matchExpressions: [] },
      podIsolation: [],
      pods: [{ namespace: 'shop', name: 'web-1', podIP: '10.0.1.20', hostIP: '10.0.1.5' }],
    };
    expect(resolve({ 'kubernetes.policy-endpoints': [policyEndpoint] }, '10.0.1.20')).toMatchObject({
      certainty: 'exact',
      owners: [{ kind: 'pod', name: 'web-1', workload: { kind: 'Pod', namespace: 'shop', name: 'web-1' } }],
    });
    const both = resolve(
      {
        'kubernetes.policy-endpoints': [
          { ...policyEndpoint, pods: [{ namespace: 'shop', name: WEB.name, podIP: '10.0.1.20', hostIP: '10.0.1.5' }] },
        ],
        'kubernetes.pods': [web()],
      },
      '10.0.1.20',
    );
    expect(both.owners).toEqual([WEB]);
  });

  it('has the role of cluster DNS by label or by the slices of kube-dns', () => {
    const byLabel = web({ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } });
    const role = { owners: [{ role: 'cluster-dns' }] };
    expect(resolve({ 'kubernetes.pods': [byLabel] }, '10.0.1.20')).toMatchObject(role);
    const bySlice = slice({
      namespace: 'kube-system',
      service: 'kube-dns',
      endpoints: [{ addresses: ['10.0.1.20'], ready: true, pod: { namespace: 'shop', name: WEB.name } }],
    });
    const given = { 'kubernetes.pods': [web()], 'kubernetes.endpoint-slices': [bySlice] };
    expect(resolve(given, '10.0.1.20')).toMatchObject(role);
    expect(resolve({ 'kubernetes.pods': [web()] }, '10.0.1.20').owners[0]).not.toHaveProperty('role');
  });
});

describe('other owners', () => {
  it('is the node with the pods that share its network', () => {
    const proxy = web({
      name: 'kube-proxy-1',
      uid: 'p',
      hostNetwork: true,
      nodeName: node().name,
      podIPs: ['10.0.1.5'],
    });
    expect(resolve({ 'kubernetes.nodes': [node()], 'kubernetes.pods': [proxy] }, '10.0.1.5')).toMatchObject({
      certainty: 'exact',
      owners: [{ kind: 'node', name: node().name, hostNetworkPods: [{ namespace: 'shop', name: 'kube-proxy-1' }] }],
    });
  });

  it('is the node by the host address of its pods where nodes could not be read', () => {
    expect(resolve({ 'kubernetes.pods': [web({ hostIP: '10.0.1.5' })] }, '10.0.1.5')).toMatchObject({
      certainty: 'exact',
      owners: [{ kind: 'node', name: 'node-a', hostNetworkPods: [] }],
    });
  });

  it('is the Service with the ready pods behind it', () => {
    const endpoints = [
      { addresses: ['10.0.1.9'], ready: true, pod: { namespace: 'shop', name: 'db-1' } },
      { addresses: ['10.0.1.8'], ready: true, pod: { namespace: 'shop', name: 'db-0' } },
      { addresses: ['10.0.1.7'], ready: false, pod: { namespace: 'shop', name: 'db-2' } },
    ];
    const given = { 'kubernetes.services': [service()], 'kubernetes.endpoint-slices': [slice({ endpoints })] };
    const backends = [
      { namespace: 'shop', name: 'db-0' },
      { namespace: 'shop', name: 'db-1' },
    ];
    expect(resolve(given, '172.20.5.5').owners).toEqual([{ kind: 'service', namespace: 'shop', name: 'db', backends }]);
  });

  it.each([
    ['kube-system', 'kube-dns', 'cluster-dns'],
    ['default', 'kubernetes', 'api-server'],
  ])('knows the role of Service %s/%s', (namespace, name, role) => {
    const given = { 'kubernetes.services': [service({ namespace, name })] };
    expect(resolve(given, '172.20.5.5')).toMatchObject({ owners: [{ kind: 'service', role }] });
  });

  it('is the API server by the endpoints of default/kubernetes', () => {
    const endpoints = [{ addresses: ['10.0.9.9'], ready: true }];
    const given = { 'kubernetes.endpoint-slices': [slice({ namespace: 'default', service: 'kubernetes', endpoints })] };
    expect(resolve(given, '10.0.9.9')).toMatchObject({ certainty: 'exact', owners: [{ kind: 'api-server' }] });
  });

  it('says of an endpoint that is no pod whose endpoint it is', () => {
    const endpoints = [{ addresses: ['203.0.113.7'], ready: true }];
    const resolved = resolve({ 'kubernetes.endpoint-slices': [slice({ endpoints })] }, '203.0.113.7');
    expect(resolved.owners).toEqual([{ kind: 'external', network: '203.0.113.0/24' }]);
    expect(resolved.because).toBe('a public address; endpoint of Service shop/db');
  });
});

describe('what the resolver makes of anything else', () => {
  it.each(['', 'web', '10.0.0.999', '10.*.*.*', '\u001b[31m', 'x'.repeat(500)])(
    'is nobody for what is no address: %j',
    (address) => {
      const resolved = resolve({}, address);
      expect(resolved).toMatchObject({ certainty: 'unknown', owners: [] });
      expect(resolved.address).not.toContain('\u001b');
      expect(resolved.address.length).toBeLessThanOrEqual(65);
    },
  );

  it('never throws, whatever the text, the time and the node', () => {
    const book = addressBook({ facts: facts({ 'kubernetes.pods': [web()], 'kubernetes.nodes': [node()] }) });
    const anything = fc.record({
      text: fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.1.20', '10.0.1.5')),
      at: fc.oneof(fc.double(), fc.integer()),
      name: fc.string(),
    });
    fc.assert(
      fc.property(anything, ({ text, at, name }) => {
        const { certainty, owners } = book.resolve(text, at, { node: name });
        expect(owners.length >= 2).toBe(certainty === 'ambiguous');
      }),
    );
  });
});
