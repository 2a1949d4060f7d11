import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importDump } from '../../../shared/collect/dump/import-dump.ts';
import { FACT_KEYS, type FactKey, type Snapshot } from '../../../shared/model/snapshot.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { AT, DESCRIBE_CLUSTER, list, writeDump } from './dump.ts';

const imported = async (files: { readonly [path: string]: unknown }): Promise<Snapshot> =>
  importDump(await writeDump(files));

const factOf = async (key: FactKey, files: { readonly [path: string]: unknown }): Promise<Snapshot['facts'][FactKey]> =>
  (await imported(files)).facts[key];

const namespace = (name: string): object => ({ kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });

describe('a fact that a file gives', () => {
  test('is observed, with its call and the time of gathering', async () => {
    expect(
      await factOf('kubernetes.namespaces', { 'kubernetes/namespaces.json': list(namespace('b'), namespace('a')) }),
    ).toEqual({
      state: 'observed',
      value: [
        { name: 'a', labels: {}, phase: 'Active' },
        { name: 'b', labels: {}, phase: 'Active' },
      ],
      source: 'GET /api/v1/namespaces',
      observedAt: AT,
    });
    expect(await factOf('eks.cluster', { 'aws/describe-cluster.json': DESCRIBE_CLUSTER })).toMatchObject({
      state: 'observed',
      value: { version: '1.33' },
      source: 'eks:DescribeCluster',
      observedAt: AT,
    });
  });

  test('an empty list was looked at', async () => {
    expect(await factOf('kubernetes.pods', { 'kubernetes/pods.json': list() })).toMatchObject({
      state: 'observed',
      value: [],
    });
  });

  test('a byte order mark is no fault', async () => {
    const text = `\uFEFF${JSON.stringify(list(namespace('a')))}`;
    expect(await factOf('kubernetes.namespaces', { 'kubernetes/namespaces.json': text })).toMatchObject({
      state: 'observed',
    });
  });
});

describe('a fact that no file gives', () => {
  test('of an empty dump nothing was collected, for every fact there is', async () => {
    const { facts } = await imported({});
    expect(Object.keys(facts).toSorted()).toEqual([...FACT_KEYS].toSorted());
    for (const key of FACT_KEYS) {
      expect(facts[key]).toMatchObject({ state: 'unobserved', reason: 'not-collected', observedAt: AT });
      expect(facts[key].source).not.toBe('');
    }
    expect(facts['kubernetes.nodes']).toMatchObject({ detail: 'kubernetes/nodes.json is not in the dump' });
  });

  test.each([
    {
      key: 'eks.vpc-cni-addon',
      name: 'aws/describe-addon-vpc-cni',
      text: 'An error occurred (ResourceNotFoundException) when calling the DescribeAddon operation: No addon: vpc-cni found\nexit: 254\n',
    },
    {
      key: 'kubernetes.aws-node',
      name: 'kubernetes/aws-node',
      text: 'Error from server (NotFound): daemonsets.apps "aws-node" not found\nexit: 1\n',
    },
    {
      key: 'kubernetes.amazon-vpc-cni',
      name: 'kubernetes/configmap-amazon-vpc-cni',
      text: 'Error from server (NotFound): configmaps "amazon-vpc-cni" not found\nexit: 1\n',
    },
    {
      key: 'kubernetes.policy-endpoints',
      name: 'kubernetes/policyendpoints',
      text: 'error: the server doesn\'t have a resource type "policyendpoints"\nexit: 1\n',
    },
    {
      key: 'kubernetes.nodeclasses',
      name: 'kubernetes/nodeclasses',
      text: 'error: the server doesn\'t have a resource type "nodeclasses"\nexit: 1\n',
    },
  ] as const)('$key that is not there is absent', async ({ key, name, text }) => {
    expect(await factOf(key, { [`${name}.error`]: text })).toMatchObject({ state: 'absent', observedAt: AT });
  });

  test.each([
    {
      key: 'eks.cluster',
      name: 'aws/describe-cluster',
      text: 'An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: x\nexit: 254\n',
    },
    {
      key: 'kubernetes.nodes',
      name: 'kubernetes/nodes',
      text: 'error: the server doesn\'t have a resource type "nodes"\nexit: 1\n',
    },
    {
      key: 'kubernetes.pods',
      name: 'kubernetes/pods',
      text: 'Error from server (NotFound): the server could not find the requested resource\nexit: 1\n',
    },
  ] as const)('$key cannot be absent: “not found” is an error there', async ({ key, name, text }) => {
    expect(await factOf(key, { [`${name}.error`]: text })).toMatchObject({ state: 'unobserved', reason: 'api-error' });
  });

  test.each([
    {
      text: 'Error from server (Forbidden): nodes is forbidden\nexit: 1\n',
      reason: 'denied',
      detail: 'kubernetes/nodes.error: Error from server (Forbidden): nodes is forbidden',
    },
    {
      text: 'Unable to connect to the server: no such host\nexit: 1\n',
      reason: 'unreachable',
      detail: 'kubernetes/nodes.error: Unable to connect to the server: no such host',
    },
    {
      text: 'Error from server (TooManyRequests): slow down\nexit: 1\n',
      reason: 'throttled',
      detail: 'kubernetes/nodes.error: Error from server (TooManyRequests): slow down',
    },
    {
      text: 'Error from server (InternalError): boom\nexit: 1\n',
      reason: 'api-error',
      detail: 'kubernetes/nodes.error: Error from server (InternalError): boom',
    },
  ])('a call that was $reason', async ({ text, reason, detail }) => {
    expect(await factOf('kubernetes.nodes', { 'kubernetes/nodes.error': text })).toEqual({
      state: 'unobserved',
      reason,
      detail,
      source: 'GET /api/v1/nodes',
      observedAt: AT,
    });
  });
});

describe('a file that is no answer makes its own fact malformed and no other', () => {
  test.each([
    { name: 'empty', content: '', detail: 'expected JSON, found an empty file' },
    {
      name: 'cut off',
      content: '{"kind":"List","items":[{"kind":"Na',
      detail: 'expected JSON, found an error at position 35',
    },
    {
      name: 'cut off between two values',
      content: '{"kind":"List"',
      detail: 'expected JSON, found an error at position 14',
    },
    { name: 'garbled', content: '<html>502 hunter2</html>', detail: 'expected JSON, found other text' },
    {
      name: 'of another kind',
      content: list({ kind: 'Pod', metadata: { name: 'a' }, status: { phase: 'Running' } }),
      detail: 'items[0].kind: expected "Namespace", found "Pod"',
    },
    { name: 'no list', content: namespace('a'), detail: 'items: expected array, found nothing' },
    {
      name: 'broken in one field',
      content: list(namespace('a'), { kind: 'Namespace', metadata: { name: 7 }, status: { phase: 'Active' } }),
      detail: 'items[1].metadata.name: expected string, found number 7',
    },
  ])('$name', async ({ content, detail }) => {
    const { facts } = await imported({
      'kubernetes/namespaces.json': content,
      'kubernetes/pods.json': list(),
    });
    expect(facts['kubernetes.namespaces']).toEqual({
      state: 'unobserved',
      reason: 'malformed',
      detail: `kubernetes/namespaces.json: ${detail}`,
      source: 'GET /api/v1/namespaces',
      observedAt: AT,
    });
    expect(facts['kubernetes.pods']).toMatchObject({ state: 'observed' });
  });

  test('bytes that are no text', async () => {
    const dir = await writeDump({});
    await mkdir(join(dir, 'kubernetes'));
    await writeFile(join(dir, 'kubernetes/namespaces.json'), Buffer.from([0x7b, 0xff, 0xfe]));
    expect((await importDump(dir)).facts['kubernetes.namespaces']).toMatchObject({
      reason: 'malformed',
      detail: 'kubernetes/namespaces.json: expected UTF-8 text, found other bytes',
    });
  });

  test('a file beyond 512 MB is not even read', async () => {
    const dir = await writeDump({ 'kubernetes/pods.json': '[' });
    await truncate(join(dir, 'kubernetes/pods.json'), 512_000_001);
    expect((await importDump(dir)).facts['kubernetes.pods']).toMatchObject({
      reason: 'malformed',
      detail: 'kubernetes/pods.json: expected at most 512000000 bytes, found 512000001',
    });
  });

  test('a directory where a file should be', async () => {
    const dir = await writeDump({});
    await mkdir(join(dir, 'kubernetes/pods.json'), { recursive: true });
    expect((await importDump(dir)).facts['kubernetes.pods']).toMatchObject({ reason: 'malformed' });
  });

  test('an answer and an error of the same call contradict each other', async () => {
    const files = {
      'kubernetes/pods.json': list(),
      'kubernetes/pods.error': 'Error from server (Forbidden): x\nexit: 1\n',
    };
    expect(await factOf('kubernetes.pods', files)).toMatchObject({
      reason: 'malformed',
      detail: 'kubernetes/pods.json: expected this or kubernetes/pods.error, found both',
    });
  });

  test('the rest of a list that goes on elsewhere is missing', async () => {
    const partial = { state: 'unobserved', reason: 'partial' };
    const page = { kind: 'PodList', metadata: { continue: 'abc' }, items: [] };
    expect(await factOf('kubernetes.pods', { 'kubernetes/pods.json': page })).toMatchObject(partial);
    expect(await factOf('ec2.images', { 'aws/describe-images.json': { Images: [], NextToken: 'x' } })).toMatchObject(
      partial,
    );
    expect(
      await factOf('eks.nodegroups', { 'aws/list-nodegroups.json': { nodegroups: [], nextToken: 'x' } }),
    ).toMatchObject(partial);
  });

  test('an empty token says that a list is whole', async () => {
    const whole = { kind: 'PodList', metadata: { continue: '', resourceVersion: '' }, items: [] };
    expect(await factOf('kubernetes.pods', { 'kubernetes/pods.json': whole })).toMatchObject({ state: 'observed' });
  });

  test('an add-on of another cluster is no evidence of this one', async () => {
    const addon = { addonName: 'vpc-cni', clusterName: 'shop-test', addonVersion: 'v1', status: 'ACTIVE' };
    expect(await factOf('eks.vpc-cni-addon', { 'aws/describe-addon-vpc-cni.json': { addon } })).toMatchObject({
      reason: 'malformed',
      detail: 'aws/describe-addon-vpc-cni.json: addon.clusterName: expected "shop-prod", found "shop-test"',
    });
  });
});

describe('symbolic links', () => {
  test('one that stays inside the dump is followed', async () => {
    const dir = await writeDump({ 'kubernetes/elsewhere.json': list(namespace('a')) });
    await symlink('elsewhere.json', join(dir, 'kubernetes/namespaces.json'));
    expect((await importDump(dir)).facts['kubernetes.namespaces']).toMatchObject({ state: 'observed' });
  });

  test('one that leads out is refused, be it a file or a folder', async () => {
    const outside = await temporaryDirectory();
    await writeFile(join(outside, 'namespaces.json'), JSON.stringify(list(namespace('secret'))));
    const refused = {
      state: 'unobserved',
      reason: 'malformed',
      detail: expect.stringContaining('leads out of it'),
    };

    const file = await writeDump({ 'kubernetes/pods.json': list() });
    await symlink(join(outside, 'namespaces.json'), join(file, 'kubernetes/namespaces.json'));
    expect((await importDump(file)).facts['kubernetes.namespaces']).toMatchObject(refused);

    const folder = await writeDump({});
    await symlink(outside, join(folder, 'kubernetes'));
    expect((await importDump(folder)).facts['kubernetes.namespaces']).toMatchObject(refused);

    const templates = await writeDump({ 'aws/describe-cluster.json': DESCRIBE_CLUSTER });
    await symlink(outside, join(templates, 'aws/launch-templates'));
    expect((await importDump(templates)).facts['ec2.launch-templates']).toMatchObject(refused);

    const probes = await writeDump({ 'probes/notes.md': 'x' });
    await symlink(await temporaryDirectory(), join(probes, 'probes/readyz'));
    expect((await importDump(probes)).facts['nodes.probes']).toMatchObject(refused);
  });

  test('one that leads nowhere is a file that is missing', async () => {
    const dir = await writeDump({ 'kubernetes/pods.json': list() });
    await symlink('gone.json', join(dir, 'kubernetes/namespaces.json'));
    expect((await importDump(dir)).facts['kubernetes.namespaces']).toMatchObject({ reason: 'not-collected' });
  });
});
