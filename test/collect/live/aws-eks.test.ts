import { describe, expect, test } from 'vitest';
import type { Nodegroup } from '../../../shared/model/facts-aws.ts';
import { collectOver } from '../../support/aws-endpoint/collect.ts';
import { accessDenied, throttling, type Handler } from '../../support/aws-endpoint/endpoint.ts';
import type { Tree } from '../../support/aws-endpoint/xml.ts';
import { addon, eksCluster } from '../../support/cluster.ts';

/** Answers by call; a call that a test does not expect is an error of the service. */
const answering =
  (answers: { readonly [call: string]: Tree }): Handler =>
  ({ call }) => {
    const answer = answers[call];
    if (answer === undefined) throw new Error(`unexpected ${call}`);
    return answer;
  };

const group = (name: string): Nodegroup => ({
  name,
  status: 'ACTIVE',
  amiType: 'AL2023_x86_64_STANDARD',
  instanceTypes: [],
  autoScalingGroups: [],
});

describe('the add-on’s schema', () => {
  test('is of the installed version', async () => {
    const { ending, requests } = await collectOver(
      'eks.addon-schema',
      answering({
        'eks:GET /addons/configuration-schemas': {
          addonName: 'vpc-cni',
          addonVersion: 'v1.21.1-eksbuild.1',
          configurationSchema: '{"properties":{"enableNetworkPolicy":{"type":"string"}}}',
        },
      }),
      { 'eks.vpc-cni-addon': addon() },
    );
    expect(ending).toEqual({
      value: {
        addonVersion: 'v1.21.1-eksbuild.1',
        schema: { properties: { enableNetworkPolicy: { type: 'string' } } },
      },
    });
    expect(requests.map(({ parameters }) => parameters)).toEqual([
      { addonName: 'vpc-cni', addonVersion: 'v1.21.1-eksbuild.1' },
    ]);
  });

  test('is absent where the add-on is, and not asked for', async () => {
    const { ending, requests } = await collectOver('eks.addon-schema', answering({}), {
      'eks.vpc-cni-addon': 'absent',
    });
    expect(ending).toEqual({ absent: true });
    expect(requests).toEqual([]);
  });

  test('is not known where the add-on is not', async () => {
    const { ending } = await collectOver('eks.addon-schema', answering({}));
    expect(ending).toMatchObject({ failure: { reason: 'denied' } });
  });
});

describe('the add-on’s versions', () => {
  const version = (addonVersion: string, clusterVersion: string, defaultVersion: boolean): Tree => ({
    addonVersion,
    compatibilities: [{ clusterVersion, defaultVersion }],
  });

  test('come from every page, newest first', async () => {
    const { ending, requests } = await collectOver(
      'eks.addon-versions',
      ({ parameters }): Tree =>
        parameters['nextToken'] === 'two'
          ? { addons: [{ addonName: 'vpc-cni', addonVersions: [version('v1.22.0-eksbuild.1', '1.33', false)] }] }
          : {
              addons: [{ addonName: 'vpc-cni', addonVersions: [version('v1.9.0-eksbuild.1', '1.33', true)] }],
              nextToken: 'two',
            },
      { 'eks.cluster': eksCluster() },
    );
    expect(ending).toEqual({
      value: [
        { version: 'v1.22.0-eksbuild.1', isDefault: false },
        { version: 'v1.9.0-eksbuild.1', isDefault: true },
      ],
    });
    expect(requests).toMatchObject([
      { call: 'eks:GET /addons/supported-versions', parameters: { kubernetesVersion: '1.33', addonName: 'vpc-cni' } },
      { parameters: { nextToken: 'two' } },
    ]);
  });

  test('a page token that comes twice ends the list as an error, not as a list', async () => {
    const { ending } = await collectOver('eks.addon-versions', () => ({ addons: [], nextToken: 'again' }), {
      'eks.cluster': eksCluster(),
    });
    expect(ending).toMatchObject({
      failure: { reason: 'api-error', detail: 'PagingError: the service gave the same page token twice' },
    });
  });
});

describe('updates', () => {
  const given = { 'eks.vpc-cni-addon': addon(), 'eks.nodegroups': [group('workers')] };
  const update = (id: string, type: string, status: string): Tree => ({
    update: { id, type, status, createdAt: 1_763_600_400 },
  });

  test('in progress only, of the cluster, the add-on and the node groups', async () => {
    const { ending } = await collectOver(
      'eks.updates',
      ({ call, parameters }): Tree => {
        if (call === 'eks:GET /clusters/shop-prod/updates') {
          if (parameters['addonName'] === 'vpc-cni') return { updateIds: ['a-1'] };
          if (parameters['nodegroupName'] === 'workers') return { updateIds: [] };
          return parameters['nextToken'] === 'two' ? { updateIds: ['c-2'] } : { updateIds: ['c-1'], nextToken: 'two' };
        }
        if (call.endsWith('/a-1')) return update('a-1', 'AddonUpdate', 'InProgress');
        if (call.endsWith('/c-2')) return update('c-2', 'VersionUpdate', 'InProgress');
        return update('c-1', 'LoggingUpdate', 'Successful');
      },
      given,
    );
    const createdAt = '2025-11-20T01:00:00Z';
    expect(ending).toEqual({
      value: [
        { id: 'a-1', type: 'AddonUpdate', status: 'InProgress', subject: 'addon/vpc-cni', createdAt },
        { id: 'c-2', type: 'VersionUpdate', status: 'InProgress', subject: 'cluster', createdAt },
      ],
    });
  });

  test('more than can be looked into are a partial list', async () => {
    const updateIds = Array.from({ length: 501 }, (_, index) => `u-${index}`);
    const { ending, actions } = await collectOver('eks.updates', () => ({ updateIds }), {
      'eks.vpc-cni-addon': 'absent',
      'eks.nodegroups': [],
    });
    expect(ending).toMatchObject({
      failure: { reason: 'partial', detail: '501 updates are listed, and at most 500 are looked into' },
    });
    expect(actions).toEqual(['eks:ListUpdates']);
  });

  test.each([
    { fault: accessDenied(), reason: 'denied' },
    { fault: throttling(), reason: 'throttled' },
  ])('$fault.code is $reason', async ({ fault, reason }) => {
    const refusing: Handler = () => {
      throw fault;
    };
    expect((await collectOver('eks.updates', refusing, given)).ending).toMatchObject({ failure: { reason } });
  });
});

describe('Pod Identity associations', () => {
  test('are listed and then described, because a summary has no role', async () => {
    const arn = 'arn:aws:iam::111122223333:role/cni';
    const { ending, actions } = await collectOver('eks.pod-identity-associations', ({ call, parameters }): Tree => {
      const one = /pod-identity-associations\/(.+)$/.exec(call)?.[1];
      if (one !== undefined) {
        const serviceAccount = one === 'a-1' ? 'z' : 'aws-node';
        return { association: { associationId: one, namespace: 'kube-system', serviceAccount, roleArn: arn } };
      }
      return parameters['nextToken'] === 'two'
        ? { associations: [{ associationId: 'a-2' }] }
        : { associations: [{ associationId: 'a-1' }], nextToken: 'two' };
    });
    expect(ending).toEqual({
      value: [
        { id: 'a-2', namespace: 'kube-system', serviceAccount: 'aws-node', roleArn: arn },
        { id: 'a-1', namespace: 'kube-system', serviceAccount: 'z', roleArn: arn },
      ],
    });
    expect(actions).toEqual(['eks:DescribePodIdentityAssociation', 'eks:ListPodIdentityAssociations']);
  });

  test('one that cannot be described leaves no list', async () => {
    const { ending } = await collectOver('eks.pod-identity-associations', ({ call }): Tree => {
      if (call.endsWith('/pod-identity-associations')) return { associations: [{ associationId: 'a-1' }] };
      throw accessDenied();
    });
    expect(ending).toMatchObject({ failure: { reason: 'denied' } });
  });
});
