import { describe, expect, test } from 'vitest';
import { importDump } from '../../../shared/collect/dump/import-dump.ts';
import type { FactKey, Snapshot } from '../../../shared/model/snapshot.ts';
import { AT, list, writeDump } from './dump.ts';

const factOf = async (key: FactKey, files: { readonly [path: string]: unknown }): Promise<Snapshot['facts'][FactKey]> =>
  (await importDump(await writeDump(files))).facts[key];

const DENIED = 'An error occurred (AccessDeniedException) when calling the X operation: no\nexit: 254\n';
const FORBIDDEN = 'Error from server (Forbidden): x is forbidden\nexit: 1\n';

describe('node groups', () => {
  const group = (nodegroupName: string, clusterName = 'shop-prod'): object => ({
    nodegroup: {
      nodegroupName,
      clusterName,
      status: 'ACTIVE',
      amiType: 'AL2023_x86_64_STANDARD',
      instanceTypes: ['m6i.large'],
    },
  });
  const names = (...nodegroups: readonly string[]): { readonly [path: string]: unknown } => ({
    'aws/list-nodegroups.json': { nodegroups },
  });

  test('every listed group, and none that is not listed', async () => {
    const files = {
      ...names('b', 'a'),
      'aws/nodegroups/a.json': group('a'),
      'aws/nodegroups/b.json': group('b'),
      'aws/nodegroups/stale.json': group('stale'),
    };
    expect(await factOf('eks.nodegroups', files)).toMatchObject({
      state: 'observed',
      value: [{ name: 'a' }, { name: 'b' }],
      source: 'eks:DescribeNodegroup',
      observedAt: AT,
    });
  });

  test('no group is a list too', async () => {
    expect(await factOf('eks.nodegroups', names())).toMatchObject({ state: 'observed', value: [] });
  });

  test('one that is missing or failed leaves the list partial', async () => {
    const files = { ...names('a', 'b'), 'aws/nodegroups/a.json': group('a') };
    expect(await factOf('eks.nodegroups', files)).toMatchObject({
      state: 'unobserved',
      reason: 'partial',
      detail: 'node group b was not read: not-collected: aws/nodegroups/b.json is not in the dump',
    });
    expect(await factOf('eks.nodegroups', { ...files, 'aws/nodegroups/b.error': DENIED })).toMatchObject({
      reason: 'partial',
      detail: expect.stringContaining('node group b was not read: denied: aws/nodegroups/b.error: '),
    });
  });

  test.each([
    {
      name: 'a garbled group',
      files: { 'aws/nodegroups/a.json': '{' },
      detail: 'aws/nodegroups/a.json: expected JSON',
    },
    {
      name: 'a group under another’s name',
      files: { 'aws/nodegroups/a.json': group('b') },
      detail: 'aws/nodegroups/a.json: nodegroup.nodegroupName: expected "a", found "b"',
    },
    {
      name: 'a group of another cluster',
      files: { 'aws/nodegroups/a.json': group('a', 'shop-test') },
      detail: 'nodegroup.clusterName: expected "shop-prod", found "shop-test"',
    },
  ])('$name is malformed', async ({ files, detail }) => {
    expect(await factOf('eks.nodegroups', { ...names('a'), ...files })).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining(detail),
    });
  });

  test('a name that leads out of the folder is not followed', async () => {
    const files = { ...names('../describe-cluster'), 'aws/describe-cluster.json': group('../describe-cluster') };
    expect(await factOf('eks.nodegroups', files)).toMatchObject({
      reason: 'partial',
      detail: 'aws/list-nodegroups.json: "../describe-cluster" is no node group\'s name',
    });
  });

  test('the list that failed says why', async () => {
    expect(await factOf('eks.nodegroups', { 'aws/list-nodegroups.error': DENIED })).toMatchObject({
      reason: 'denied',
      source: 'eks:ListNodegroups',
    });
  });
});

describe('launch templates', () => {
  const template = (id: string): object => ({
    LaunchTemplateVersions: [
      { LaunchTemplateId: id, LaunchTemplateName: id, VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: {} },
    ],
  });

  test('every file there is', async () => {
    const files = {
      'aws/launch-templates/lt-b.json': template('lt-b'),
      'aws/launch-templates/lt-a.json': template('lt-a'),
      'aws/launch-templates/README.md': 'x',
    };
    expect(await factOf('ec2.launch-templates', files)).toMatchObject({
      state: 'observed',
      value: [{ id: 'lt-a' }, { id: 'lt-b' }],
    });
  });

  test('one that failed leaves the list partial, all that failed alike are that failure', async () => {
    const one = { 'aws/launch-templates/lt-a.json': template('lt-a'), 'aws/launch-templates/lt-b.error': DENIED };
    expect(await factOf('ec2.launch-templates', one)).toMatchObject({
      reason: 'partial',
      detail: expect.stringContaining('1 of 2 launch templates were not read: aws/launch-templates/lt-b.error'),
    });
    const all = { 'aws/launch-templates/lt-a.error': DENIED, 'aws/launch-templates/lt-b.error': DENIED };
    expect(await factOf('ec2.launch-templates', all)).toMatchObject({ reason: 'denied' });
  });

  test('a garbled one is malformed', async () => {
    const files = { 'aws/launch-templates/lt-a.json': template('lt-a'), 'aws/launch-templates/lt-b.json': '{}' };
    expect(await factOf('ec2.launch-templates', files)).toMatchObject({
      reason: 'malformed',
      detail: 'aws/launch-templates/lt-b.json: LaunchTemplateVersions: expected array, found nothing',
    });
  });
});

describe('network workloads', () => {
  const calico = {
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', namespace: 'calico-system', creationTimestamp: AT },
    spec: { template: { spec: { containers: [{ name: 'calico-node', image: 'quay.io/calico/node:v3' }] } } },
    status: { numberReady: 2 },
  };
  const all = {
    'kubernetes/daemonsets.json': list(calico),
    'kubernetes/deployments.json': list(),
    'kubernetes/configmaps.json': list({
      kind: 'ConfigMap',
      metadata: { name: 'calico-config', namespace: 'kube-system', creationTimestamp: AT },
    }),
  };

  test('three lists, filtered by name', async () => {
    expect(await factOf('kubernetes.network-workloads', all)).toMatchObject({
      state: 'observed',
      value: [
        { kind: 'ConfigMap', name: 'calico-config' },
        { kind: 'DaemonSet', name: 'calico-node', images: ['quay.io/calico/node:v3'], ready: 2 },
      ],
      source: 'GET /apis/apps/v1/daemonsets, GET /apis/apps/v1/deployments, GET /api/v1/configmaps',
    });
  });

  test('two lists are not enough', async () => {
    expect(
      await factOf('kubernetes.network-workloads', { ...all, 'kubernetes/configmaps.json': undefined }),
    ).toMatchObject({
      reason: 'not-collected',
      source: 'GET /api/v1/configmaps',
    });
    const refused = { ...all, 'kubernetes/deployments.json': undefined, 'kubernetes/deployments.error': FORBIDDEN };
    expect(await factOf('kubernetes.network-workloads', refused)).toMatchObject({ reason: 'denied' });
  });
});

describe('access to the Kubernetes API', () => {
  const version = { clientVersion: { gitVersion: 'v1.35.0' }, serverVersion: { gitVersion: 'v1.33.5-eks-113cf36' } };

  test('what was answered and what was refused', async () => {
    const files = {
      'kubernetes/version.json': version,
      'kubernetes/namespaces.json': list(),
      'kubernetes/daemonsets.json': list(),
      'kubernetes/aws-node.error': 'Error from server (NotFound): daemonsets.apps "aws-node" not found\nexit: 1\n',
      'kubernetes/pods.error': FORBIDDEN,
      'kubernetes/cninodes.error': 'Unable to connect to the server: no such host\nexit: 1\n',
      'kubernetes/nodes.json': '{',
    };
    expect(await factOf('kubernetes.access', files)).toEqual({
      state: 'observed',
      value: {
        serverVersion: 'v1.33.5-eks-113cf36',
        answered: ['daemonsets', 'daemonsets/aws-node', 'namespaces'],
        refused: [{ resource: 'pods', detail: 'Error from server (Forbidden): x is forbidden' }],
        failed: [
          { resource: 'cninodes', reason: 'unreachable', detail: 'Unable to connect to the server: no such host' },
        ],
      },
      source: 'GET /version',
      observedAt: AT,
    });
  });

  test('a server that did not give its version was not reached', async () => {
    const files = { 'kubernetes/version.error': 'Unable to connect to the server: i/o timeout\nexit: 1\n' };
    expect(await factOf('kubernetes.access', files)).toMatchObject({ state: 'unobserved', reason: 'unreachable' });
    const clientOnly = { 'kubernetes/version.json': { clientVersion: version.clientVersion } };
    expect(await factOf('kubernetes.access', clientOnly)).toMatchObject({ reason: 'malformed' });
  });
});

describe('probes', () => {
  const OK = '[+]bpf-fs ok\n[+]bpf-maps ok\nreadyz check passed\n';

  test('one for each node that was asked, whatever came of it', async () => {
    const files = {
      'probes/readyz/ip-10-0-1-6.us-west-2.compute.internal.txt': OK,
      'probes/readyz/ip-10-0-1-5.us-west-2.compute.internal.error':
        String.raw`Error from server (InternalError): an error on the server ("[-]bpf-fs failed: reason withheld\nreadyz check failed") has prevented the request from succeeding` +
        '\nexit: 1\n',
      'probes/readyz/node-c.error': FORBIDDEN,
      'probes/readyz/node-d.txt': '<html>',
      'probes/readyz/notes.md': 'x',
    };
    expect(await factOf('nodes.probes', files)).toMatchObject({
      state: 'observed',
      value: [
        { nodeName: 'ip-10-0-1-5.us-west-2.compute.internal', bpffs: 'not-mounted', bpfMaps: 'not-reported' },
        { nodeName: 'ip-10-0-1-6.us-west-2.compute.internal', bpffs: 'mounted', bpfMaps: 'pinned' },
        { nodeName: 'node-c', bpffs: 'not-reported', detail: 'denied: Error from server (Forbidden): x is forbidden' },
        { nodeName: 'node-d', bpffs: 'not-reported', detail: expect.stringContaining('verbose readyz text') },
      ],
    });
  });

  test('an answer and an error of one node contradict each other', async () => {
    const files = { 'probes/readyz/node-a.txt': OK, 'probes/readyz/node-a.error': FORBIDDEN };
    expect(await factOf('nodes.probes', files)).toMatchObject({ state: 'unobserved', reason: 'malformed' });
  });
});
