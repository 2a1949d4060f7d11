import { describe, expect, test } from 'vitest';
import { compareText } from '../../../shared/collect/normalise/order.ts';
import { collectOver } from '../../support/aws-endpoint/collect.ts';
import { accessDenied, AwsFault, throttling, type Handler } from '../../support/aws-endpoint/endpoint.ts';
import type { Tree } from '../../support/aws-endpoint/xml.ts';
import { eksCluster } from '../../support/cluster.ts';

describe('Auto Scaling groups', () => {
  const group = (name: string, tags: readonly Tree[]): Tree => ({
    AutoScalingGroupName: name,
    AutoScalingGroupARN: `arn:${name}`,
    MinSize: 1,
    MaxSize: 3,
    DesiredCapacity: 2,
    VPCZoneIdentifier: 'subnet-b,subnet-a',
    LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '$Latest' },
    Instances: [{ InstanceId: 'i-1', InstanceType: 'm6i.large' }],
    Tags: tags,
  });
  const managed = group('eks-workers', [
    { Key: 'eks:nodegroup-name', Value: 'workers' },
    { Key: 'eks:cluster-name', Value: 'shop-prod' },
  ]);

  test('by both tags, of every page, each group once', async () => {
    const { ending, requests } = await collectOver('autoscaling.groups', ({ parameters }): Tree => {
      if (parameters['Filters.member.1.Name'] === 'tag:eks:cluster-name') return { AutoScalingGroups: [managed] };
      return parameters['NextToken'] === 'two'
        ? { AutoScalingGroups: [managed] }
        : { AutoScalingGroups: [group('own', [])], NextToken: 'two' };
    });
    const same = {
      launchTemplates: [{ id: 'lt-1', version: '$Latest' }],
      instanceTypes: ['m6i.large'],
      instanceIds: ['i-1'],
      subnetIds: ['subnet-a', 'subnet-b'],
      minSize: 1,
      maxSize: 3,
      desiredCapacity: 2,
    };
    expect(ending).toEqual({
      value: [
        {
          ...same,
          name: 'eks-workers',
          arn: 'arn:eks-workers',
          origin: 'managed-node-group',
          nodegroup: 'workers',
          tags: { 'eks:nodegroup-name': 'workers', 'eks:cluster-name': 'shop-prod' },
        },
        { ...same, name: 'own', arn: 'arn:own', origin: 'self-managed', tags: {} },
      ],
    });
    expect(
      requests.map(({ parameters }) => String(parameters['Filters.member.1.Values.member.1'])).toSorted(compareText),
    ).toEqual(['kubernetes.io/cluster/shop-prod', 'kubernetes.io/cluster/shop-prod', 'shop-prod']);
  });

  test.each([
    { fault: accessDenied('AccessDenied'), reason: 'denied' },
    { fault: throttling('Throttling'), reason: 'throttled' },
  ])('$fault.code is $reason', async ({ fault, reason }) => {
    const refusing: Handler = () => {
      throw fault;
    };
    expect((await collectOver('autoscaling.groups', refusing)).ending).toMatchObject({ failure: { reason } });
  });
});

describe('IAM roles', () => {
  const TRUST = encodeURIComponent(
    JSON.stringify({
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'eks.amazonaws.com' } },
    }),
  );
  const document = (action: string | readonly string[]): string =>
    encodeURIComponent(JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }));
  const arn = (name: string, account = '111122223333'): string => `arn:aws:iam::${account}:role/path/${name}`;

  const iam: Handler = ({ call, parameters }): Tree => {
    const name = String(parameters['RoleName']);
    switch (call) {
      case 'iam:GetRole':
        if (name === 'gone') throw new AwsFault('NoSuchEntity', 404);
        return { Role: { Arn: arn(name), RoleName: name, AssumeRolePolicyDocument: TRUST } };
      case 'iam:ListAttachedRolePolicies':
        return parameters['Marker'] === 'two'
          ? { AttachedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/B' }], IsTruncated: false }
          : { AttachedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/A' }], IsTruncated: true, Marker: 'two' };
      case 'iam:GetPolicy':
        return { Policy: { DefaultVersionId: 'v7' } };
      case 'iam:GetPolicyVersion':
        return {
          PolicyVersion: {
            Document: document(`${String(parameters['PolicyArn']).slice(-1)}:${String(parameters['VersionId'])}`),
          },
        };
      case 'iam:ListRolePolicies':
        return { PolicyNames: ['extra'], IsTruncated: false };
      case 'iam:GetRolePolicy':
        return { PolicyDocument: document(['ec2:B', 'ec2:A']) };
      default:
        throw new Error(`unexpected ${call}`);
    }
  };
  const given = (roleArn: string) => ({
    'eks.cluster': eksCluster({ roleArn }),
    'kubernetes.service-accounts': [{ namespace: 'dns', name: 'external-dns', roleArn: arn('dns', '444455556666') }],
    'eks.pod-identity-associations': [
      { id: 'a-1', namespace: 'kube-system', serviceAccount: 'aws-node', roleArn: arn('gone') },
      { id: 'a-2', namespace: 'default', serviceAccount: 'aws-node', roleArn: arn('nobody-cares') },
    ],
  });

  const allow = {
    effect: 'Allow',
    notActions: [],
    notResources: [],
    principals: [],
    notPrincipals: [],
    conditions: {},
  };

  test('with every policy; one of another account and one that is gone are told apart from one without rights', async () => {
    const { ending, actions, requests } = await collectOver('iam.roles', iam, given(arn('cluster')));
    const none = { attachedPolicyArns: [], trust: [], statements: [] };
    expect(ending).toEqual({
      value: [
        { purpose: 'aws-node', through: 'pod-identity', arn: arn('gone'), name: 'gone', reading: 'missing', ...none },
        {
          purpose: 'cluster',
          through: 'cluster',
          arn: arn('cluster'),
          name: 'cluster',
          reading: 'read',
          attachedPolicyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B'],
          trust: [{ ...allow, actions: ['sts:AssumeRole'], resources: [], principals: ['eks.amazonaws.com'] }],
          statements: [
            { ...allow, actions: ['A:v7'], resources: ['*'] },
            { ...allow, actions: ['B:v7'], resources: ['*'] },
            { ...allow, actions: ['ec2:A', 'ec2:B'], resources: ['*'] },
          ],
        },
        {
          purpose: 'external-dns',
          through: 'irsa',
          arn: arn('dns', '444455556666'),
          name: 'dns',
          reading: 'other-account',
          ...none,
        },
      ],
    });
    expect(actions).toEqual([
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
    ]);
    expect(
      requests
        .filter(({ call }) => call === 'iam:GetRole')
        .map(({ parameters }) => String(parameters['RoleName']))
        .toSorted(compareText),
    ).toEqual(['cluster', 'gone']);
  });

  test('a role of the same name under another path is not the one that was named', async () => {
    const { ending } = await collectOver('iam.roles', iam, {
      ...given('arn:aws:iam::111122223333:role/elsewhere/cluster'),
      'kubernetes.service-accounts': [],
      'eks.pod-identity-associations': [],
    });
    expect(ending).toMatchObject({ value: [{ purpose: 'cluster', reading: 'missing', statements: [] }] });
  });

  test.each([
    { call: 'iam:GetPolicyVersion', fault: accessDenied('AccessDenied'), reason: 'denied' },
    { call: 'iam:GetRolePolicy', fault: throttling('Throttling'), reason: 'throttled' },
  ])('$call that fails leaves no list', async ({ call, fault, reason }) => {
    const { ending } = await collectOver(
      'iam.roles',
      (request) => {
        if (request.call === call) throw fault;
        return iam(request);
      },
      given(arn('cluster')),
    );
    expect(ending).toMatchObject({ failure: { reason } });
  });

  test('an annotation that is no ARN is malformed', async () => {
    const { ending } = await collectOver('iam.roles', iam, {
      ...given(arn('cluster')),
      'kubernetes.service-accounts': [{ namespace: 'kube-system', name: 'aws-node', roleArn: 'cni' }],
    });
    expect(ending).toMatchObject({
      failure: { reason: 'malformed', detail: 'roleArn: expected ARN of an IAM role, found "cni"' },
    });
  });
});

describe('log groups', () => {
  const logs: Handler = ({ call, parameters }): Tree => {
    if (call === 'logs:DescribeLogGroups') {
      return parameters['nextToken'] === 'two'
        ? { logGroups: [{ logGroupName: '/aws/eks/shop-prod/cluster', retentionInDays: 30 }] }
        : { logGroups: [{ logGroupName: '/aws/eks/shop-prod/cluster-old' }], nextToken: 'two' };
    }
    return parameters['nextToken'] === 'two'
      ? { subscriptionFilters: [{ filterName: 'a', filterPattern: '', destinationArn: 'arn:a' }] }
      : {
          subscriptionFilters: [{ filterName: 'b', filterPattern: 'DENY', destinationArn: 'arn:b' }],
          nextToken: 'two',
        };
  };

  test('exactly the cluster’s, with its subscription filters', async () => {
    const { ending, requests } = await collectOver('logs.log-groups', logs);
    expect(ending).toEqual({
      value: [
        {
          name: '/aws/eks/shop-prod/cluster',
          retentionDays: 30,
          subscriptionFilters: [
            { name: 'a', pattern: '', destinationArn: 'arn:a' },
            { name: 'b', pattern: 'DENY', destinationArn: 'arn:b' },
          ],
        },
      ],
    });
    expect(requests.filter(({ call }) => call === 'logs:DescribeSubscriptionFilters')).toHaveLength(2);
  });

  test('that there is none was looked at', async () => {
    expect((await collectOver('logs.log-groups', () => ({ logGroups: [] }))).ending).toEqual({ value: [] });
  });

  test('filters refused: no list', async () => {
    const { ending } = await collectOver('logs.log-groups', (request) => {
      if (request.call === 'logs:DescribeSubscriptionFilters') throw accessDenied();
      return logs(request);
    });
    expect(ending).toMatchObject({ failure: { reason: 'denied' } });
  });
});

describe('AMI recommendations', () => {
  test('of the cluster’s version, at most ten names a call; what is not offered is left out', async () => {
    const base = '/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended';
    const bottlerocket = '/aws/service/bottlerocket/aws-k8s-1.33/arm64/latest';
    const known = new Map([
      [`${base}/image_id`, 'ami-1'],
      [`${base}/release_version`, '1.33.5-20251112'],
      [`${bottlerocket}/image_id`, 'ami-2'],
      [`${bottlerocket}/image_version`, '1.50.0-abcdef'],
    ]);
    const { ending, requests } = await collectOver(
      'ssm.ami-recommendations',
      ({ parameters }): Tree => {
        const names: unknown = parameters['Names'];
        const asked = Array.isArray(names) ? names.map(String) : [];
        return {
          Parameters: asked.flatMap((Name) => {
            const Value = known.get(Name);
            return Value === undefined ? [] : [{ Name, Value }];
          }),
          InvalidParameters: asked.filter((name) => !known.has(name)),
        };
      },
      { 'eks.cluster': eksCluster() },
    );
    expect(ending).toEqual({
      value: [
        { parameter: bottlerocket, imageId: 'ami-2', release: '1.50.0-abcdef' },
        { parameter: base, imageId: 'ami-1', release: '1.33.5-20251112' },
      ],
    });
    const sizes = requests.map(({ parameters }) => {
      const names: unknown = parameters['Names'];
      return Array.isArray(names) ? names.length : 0;
    });
    expect(sizes.toSorted((a, b) => b - a)).toEqual([10, 10, 2]);
  });

  test.each([
    { fault: accessDenied(), reason: 'denied' },
    { fault: throttling(), reason: 'throttled' },
  ])('$fault.code is $reason', async ({ fault, reason }) => {
    const refusing: Handler = () => {
      throw fault;
    };
    const { ending } = await collectOver('ssm.ami-recommendations', refusing, { 'eks.cluster': eksCluster() });
    expect(ending).toMatchObject({ failure: { reason } });
  });
});
