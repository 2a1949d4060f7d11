import { describe, expect, test } from 'vitest';
import { importDump } from '../../../shared/collect/dump/import-dump.ts';
import type { FactKey, Snapshot } from '../../../shared/model/snapshot.ts';
import { list, writeDump } from './dump.ts';

const imported = async (files: { readonly [path: string]: unknown }): Promise<Snapshot> =>
  importDump(await writeDump(files));

const metadata = {
  namespace: 'kube-system',
  name: 'a',
  uid: 'u',
  creationTimestamp: '2026-11-10T00:00:00Z',
  generation: 1,
};

const ANSWERS: readonly { readonly key: FactKey; readonly name: string; readonly answer: unknown }[] = [
  {
    key: 'kubernetes.services',
    name: 'services',
    answer: list({ kind: 'Service', metadata, spec: { clusterIP: 'None' } }),
  },
  {
    key: 'kubernetes.endpoint-slices',
    name: 'endpointslices',
    answer: list({ kind: 'EndpointSlice', metadata, addressType: 'IPv4', endpoints: [], ports: [] }),
  },
  {
    key: 'kubernetes.kube-proxy-config',
    name: 'configmap-kube-proxy-config',
    answer: { kind: 'ConfigMap', metadata, data: { config: 'kind: KubeProxyConfiguration\nmode: ipvs\n' } },
  },
  {
    key: 'kubernetes.cluster-network-policies',
    name: 'clusternetworkpolicies',
    answer: list({
      kind: 'ClusterNetworkPolicy',
      metadata,
      spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} } },
    }),
  },
  {
    key: 'kubernetes.application-network-policies',
    name: 'applicationnetworkpolicies',
    answer: list({ kind: 'ApplicationNetworkPolicy', metadata, spec: { podSelector: {} } }),
  },
  {
    key: 'kubernetes.cluster-policy-endpoints',
    name: 'clusterpolicyendpoints',
    answer: list({
      kind: 'ClusterPolicyEndpoint',
      metadata,
      spec: { policyRef: { name: 'b' }, tier: 'Admin', priority: 1, subject: { namespaces: {} } },
    }),
  },
  {
    key: 'kubernetes.aws-node-cluster-role',
    name: 'clusterrole-aws-node',
    answer: { kind: 'ClusterRole', metadata, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  },
  { key: 'kubernetes.events', name: 'events', answer: list() },
];

describe.each(ANSWERS)('$key', ({ key, name, answer }) => {
  test('is read from its file', async () => {
    const { facts } = await imported({ [`kubernetes/${name}.json`]: answer });
    expect(facts[key]).toMatchObject({ state: 'observed', value: expect.anything() });
  });

  test('is malformed where its file holds something else', async () => {
    const { facts } = await imported({ [`kubernetes/${name}.json`]: { kind: 'Secret', items: [{}] } });
    expect(facts[key]).toMatchObject({ state: 'unobserved', reason: 'malformed' });
  });

  test('was refused where its call was', async () => {
    const text = 'Error from server (Forbidden): forbidden: User "x" cannot do this\nexit: 1\n';
    expect((await imported({ [`kubernetes/${name}.error`]: text })).facts[key]).toMatchObject({
      state: 'unobserved',
      reason: 'denied',
    });
  });
});

describe('a call that found nothing', () => {
  const NO_TYPE = 'error: the server doesn\'t have a resource type "x"\nexit: 1\n';
  const NO_OBJECT = 'Error from server (NotFound): "x" not found\nexit: 1\n';

  test.each([
    ['kubernetes.cluster-network-policies', 'clusternetworkpolicies', NO_TYPE],
    ['kubernetes.application-network-policies', 'applicationnetworkpolicies', NO_TYPE],
    ['kubernetes.cluster-policy-endpoints', 'clusterpolicyendpoints', NO_TYPE],
    ['kubernetes.kube-proxy-config', 'configmap-kube-proxy-config', NO_OBJECT],
    ['kubernetes.aws-node-cluster-role', 'clusterrole-aws-node', NO_OBJECT],
  ] as const)('makes %s absent', async (key, name, text) => {
    expect((await imported({ [`kubernetes/${name}.error`]: text })).facts[key].state).toBe('absent');
  });

  test.each([
    ['kubernetes.services', 'services'],
    ['kubernetes.endpoint-slices', 'endpointslices'],
    ['kubernetes.events', 'events'],
  ] as const)('says nothing of %s, which every server has', async (key, name) => {
    expect((await imported({ [`kubernetes/${name}.error`]: NO_TYPE })).facts[key]).toMatchObject({
      state: 'unobserved',
      reason: 'api-error',
    });
  });
});

test('the single objects are told of by their own names', async () => {
  const VERSION = { serverVersion: { gitVersion: 'v1.33.4-eks-99d6cc0' } };
  const calls = ANSWERS.filter(({ name }) => /^(?:configmap|clusterrole)-/.test(name));
  const files = Object.fromEntries(calls.map(({ name, answer }) => [`kubernetes/${name}.json`, answer]));
  const { facts } = await imported({ ...files, 'kubernetes/version.json': VERSION });
  expect(facts['kubernetes.access']).toMatchObject({
    value: { answered: ['clusterroles/aws-node', 'configmaps/kube-proxy-config'], refused: [] },
  });
});
