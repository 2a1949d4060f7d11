import { describe, expect, test } from 'vitest';
import { normaliseAddonSchema } from '../../../shared/collect/normalise/addon-schema.ts';
import { normaliseAddonVersions } from '../../../shared/collect/normalise/addon-versions.ts';
import { normaliseAmiRecommendations } from '../../../shared/collect/normalise/ami-recommendations.ts';
import { normaliseAutoScalingGroup } from '../../../shared/collect/normalise/auto-scaling-groups.ts';
import { normaliseUpdate } from '../../../shared/collect/normalise/cluster-updates.ts';
import { readRoleArn } from '../../../shared/collect/normalise/iam-roles.ts';
import { embeddedInstanceType, normaliseInstanceType } from '../../../shared/collect/normalise/instance-types.ts';
import { normaliseLogGroups } from '../../../shared/collect/normalise/log-groups.ts';
import { normaliseNetworkInterfaces } from '../../../shared/collect/normalise/network-interfaces.ts';
import { normalisePodIdentityAssociation } from '../../../shared/collect/normalise/pod-identity-associations.ts';
import { normalisePolicyDocument } from '../../../shared/collect/normalise/policy-document.ts';
import { normaliseSecurityGroups } from '../../../shared/collect/normalise/security-groups.ts';
import { normaliseServiceAccounts } from '../../../shared/collect/normalise/service-accounts.ts';
import { normaliseCidrReservations, normaliseSubnets } from '../../../shared/collect/normalise/subnets.ts';
import { HOSTILE_MAP, refusal } from './malformed.ts';

describe('an add-on’s schema', () => {
  const read = (configurationSchema: unknown): unknown =>
    refusal(() => normaliseAddonSchema({ addonVersion: 'v1', configurationSchema }));

  test.each([
    { schema: '{', expected: 'JSON', found: expect.any(String) },
    { schema: '[]', expected: 'JSON object', found: 'array of 0' },
    { schema: 7, expected: 'string', found: 'number 7' },
    {
      schema: '['.repeat(40) + ']'.repeat(40),
      expected: 'JSON of an ordinary size',
      found: 'nested deeper than 32 levels',
    },
  ])('$schema is refused', ({ schema, expected, found }) => {
    expect(read(schema)).toEqual({ path: 'configurationSchema', expected, found });
  });

  test('hostile keys are kept as keys', () => {
    const { schema } = normaliseAddonSchema({ addonVersion: 'v1', configurationSchema: JSON.stringify(HOSTILE_MAP) });
    expect(Object.keys(schema)).toEqual(['__proto__', 'constructor', 'toString', 'a']);
  });
});

test('add-on versions: 1.10 is above 1.9, builds count, other Kubernetes versions and doubles are left out', () => {
  const version = (addonVersion: string, clusterVersion = '1.33'): object => ({
    addonVersion,
    compatibilities: [{ clusterVersion, defaultVersion: false }],
  });
  const addonVersions = [
    version('v1.9.0-eksbuild.1'),
    version('odd'),
    version('v1.10.0-eksbuild.2'),
    version('v1.10.0-eksbuild.10'),
    version('v1.10.0-eksbuild.10'),
    version('v2.0.0-eksbuild.1', '1.34'),
  ];
  const read = normaliseAddonVersions({ addons: [{ addonName: 'vpc-cni', addonVersions }] }, '1.33');
  expect(read.map(({ version: one }) => one)).toEqual([
    'v1.10.0-eksbuild.10',
    'v1.10.0-eksbuild.2',
    'v1.9.0-eksbuild.1',
    'odd',
  ]);
  expect(refusal(() => normaliseAddonVersions({ addons: [{ addonName: 'coredns' }] }))).toEqual({
    path: 'addons[0].addonName',
    expected: '"vpc-cni"',
    found: '"coredns"',
  });
});

test('an update without a time is malformed', () => {
  expect(refusal(() => normaliseUpdate({ update: { id: 'a', type: 'b', status: 'c' } }, 'cluster'))).toEqual({
    path: 'update.createdAt',
    expected: 'time',
    found: 'nothing',
  });
});

test('an association without a role is malformed', () => {
  const association = { associationId: 'a', namespace: 'b', serviceAccount: 'c' };
  expect(refusal(() => normalisePodIdentityAssociation({ association }))).toEqual({
    path: 'association.roleArn',
    expected: 'string',
    found: 'nothing',
  });
});

describe('who makes an Auto Scaling group’s nodes', () => {
  const group = { AutoScalingGroupName: 'a', AutoScalingGroupARN: 'arn:a', MinSize: 0, MaxSize: 0, DesiredCapacity: 0 };
  test.each([
    { tags: ['eks:nodegroup-name', 'kubernetes.io/cluster/a'], origin: 'managed-node-group' },
    { tags: ['eks:eks-cluster-name', 'kubernetes.io/cluster/a'], origin: 'auto-mode' },
    { tags: ['eks:eks-cluster-name', 'karpenter.sh/nodepool'], origin: 'auto-mode' },
    { tags: ['eks:eks-cluster-name', 'karpenter.sh/nodepool', 'karpenter.k8s.aws/ec2nodeclass'], origin: 'karpenter' },
    { tags: ['karpenter.sh/nodepool'], origin: 'karpenter' },
    { tags: ['kubernetes.io/cluster/a'], origin: 'self-managed' },
    { tags: [], origin: 'self-managed' },
  ])('$tags: $origin', ({ tags, origin }) => {
    const read = normaliseAutoScalingGroup({ ...group, Tags: tags.map((Key) => ({ Key, Value: 'x' })) });
    expect(read).toMatchObject({ origin, instanceIds: [], subnetIds: [], launchTemplates: [] });
  });

  test('templates and types of a mixed group, each once', () => {
    const template = { LaunchTemplateId: 'lt-1', Version: '1' };
    const MixedInstancesPolicy = {
      LaunchTemplate: {
        LaunchTemplateSpecification: template,
        Overrides: [
          { InstanceType: 'c6g.large', LaunchTemplateSpecification: { LaunchTemplateId: 'lt-2' } },
          { InstanceType: 'm6i.large', LaunchTemplateSpecification: template },
        ],
      },
    };
    const Instances = [{ InstanceId: 'i-1', InstanceType: 'm6i.large' }];
    expect(normaliseAutoScalingGroup({ ...group, MixedInstancesPolicy, Instances })).toMatchObject({
      launchTemplates: [{ id: 'lt-1', version: '1' }, { id: 'lt-2' }],
      instanceTypes: ['c6g.large', 'm6i.large'],
    });
  });
});

describe('EC2’s answers', () => {
  test('a reservation of a type that AWS adds is unknown', () => {
    const SubnetIpv4CidrReservations = [{ Cidr: '10.0.0.0/28', ReservationType: 'quantum' }];
    expect(normaliseCidrReservations({ SubnetIpv4CidrReservations })).toEqual([
      { cidr: '10.0.0.0/28', type: 'unknown' },
    ]);
  });

  test('a subnet’s IPv6 block counts while it is associated', () => {
    const block = (Ipv6CidrBlock: string, State: string): object => ({ Ipv6CidrBlock, Ipv6CidrBlockState: { State } });
    const subnet = {
      SubnetId: 'subnet-a',
      VpcId: 'vpc-a',
      AvailabilityZone: 'us-west-2a',
      CidrBlock: '10.0.0.0/24',
      AvailableIpAddressCount: 251,
      Ipv6CidrBlockAssociationSet: [block('2001:db8::/64', 'associated'), block('2001:db8:1::/64', 'disassociated')],
    };
    expect(normaliseSubnets({ Subnets: [subnet] })).toMatchObject([{ ipv6Cidrs: ['2001:db8::/64'], tags: {} }]);
    expect(refusal(() => normaliseSubnets({ Subnets: [{ ...subnet, CidrBlock: '10.0.0/24' }] }))).toEqual({
      path: 'Subnets[0].CidrBlock',
      expected: 'IPv4 block',
      found: '"10.0.0/24"',
    });
  });

  test('an interface’s address that is none is malformed', () => {
    const item = {
      NetworkInterfaceId: 'eni-1',
      InterfaceType: 'interface',
      Status: 'in-use',
      SubnetId: 'subnet-a',
      VpcId: 'vpc-a',
      AvailabilityZone: 'us-west-2a',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.256' }],
    };
    expect(refusal(() => normaliseNetworkInterfaces({ NetworkInterfaces: [item] }))).toEqual({
      path: 'NetworkInterfaces[0].PrivateIpAddresses[0].PrivateIpAddress',
      expected: 'IPv4 address',
      found: '"10.0.0.256"',
    });
  });

  test('ICMP has -1 for a port', () => {
    const IpPermissions = [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }];
    const group = { GroupId: 'sg-1', GroupName: 'a', VpcId: 'vpc-a', IpPermissions };
    expect(normaliseSecurityGroups({ SecurityGroups: [group] })).toMatchObject([
      { ingress: [{ protocol: 'icmp', fromPort: -1, toPort: -1, cidrs: ['10.0.0.0/8'] }], egress: [] },
    ]);
  });

  test.each([
    { name: 't3.medium', hypervisor: 'nitro', trunking: 'no' },
    { name: 'm5.large', hypervisor: 'nitro', trunking: 'yes' },
    { name: 'm4.large', hypervisor: 'xen', trunking: 'no' },
    { name: 'c5.metal', hypervisor: 'metal', trunking: 'yes' },
    { name: 'constructor', hypervisor: 'unknown', trunking: 'unknown' },
  ])('the table knows $name: $trunking', ({ name, hypervisor, trunking }) => {
    expect(embeddedInstanceType(name)).toMatchObject({ name, hypervisor, trunking });
  });

  test('a type that only EC2 knows has figures and no verdict on the trunk', () => {
    expect(
      normaliseInstanceType({
        InstanceType: 'z99.large',
        BareMetal: true,
        NetworkInfo: { MaximumNetworkInterfaces: 4 },
      }),
    ).toEqual({ name: 'z99.large', hypervisor: 'metal', trunking: 'unknown', defaultCardInterfaces: 4, source: 'ec2' });
  });
});

describe('a policy document', () => {
  const allow = { Effect: 'Allow', Action: 'a:B', Resource: '*' };

  test.each([
    { name: 'URL-encoded', raw: encodeURIComponent(JSON.stringify({ Statement: allow })) },
    { name: 'plain text', raw: JSON.stringify({ Statement: [allow] }) },
    { name: 'an object, as the command line gives it', raw: { Statement: [allow] } },
  ])('$name', ({ raw }) => {
    expect(normalisePolicyDocument(raw, 'Document')).toMatchObject([
      { effect: 'Allow', actions: ['a:B'], resources: ['*'], principals: [], conditions: {} },
    ]);
  });

  test('principals of all kinds, and what is left out of a denial', () => {
    const Statement = [
      {
        Effect: 'Allow',
        Action: ['b', 'a'],
        Principal: { AWS: ['arn:b', 'arn:a'], Service: 's' },
        Condition: HOSTILE_MAP,
      },
      { Effect: 'Deny', NotAction: 'c', NotResource: 'd', NotPrincipal: { AWS: 'e' } },
      { Effect: 'Allow', Action: 'x', Principal: '*' },
    ];
    const [first, second, third] = normalisePolicyDocument({ Statement }, 'Document');
    expect(first).toMatchObject({ actions: ['a', 'b'], principals: ['arn:a', 'arn:b', 's'] });
    expect(Object.keys(first?.conditions ?? {})).toContain('__proto__');
    expect(second).toMatchObject({ notActions: ['c'], notResources: ['d'], notPrincipals: ['e'], actions: [] });
    expect(third?.principals).toEqual(['*']);
  });

  test.each([
    { raw: '%', path: 'Document', expected: 'URL-encoded JSON', found: '"%"' },
    { raw: 'x', path: 'Document', expected: 'URL-encoded JSON', found: 'other text' },
    { raw: {}, path: 'Document.Statement', expected: 'statement or array of statements', found: 'nothing' },
    {
      raw: { Statement: [{ ...allow, Effect: 'allow' }] },
      path: 'Document.Statement[0].Effect',
      expected: '"Allow" or "Deny"',
      found: '"allow"',
    },
    {
      raw: { Statement: { ...allow, Action: 7 } },
      path: 'Document.Statement.Action',
      expected: 'string or array of strings',
      found: 'number 7',
    },
    {
      raw: { Statement: { ...allow, Condition: 'x' } },
      path: 'Document.Statement.Condition',
      expected: 'object of conditions',
      found: '"x"',
    },
  ])('$raw is refused', ({ raw, ...said }) => {
    expect(refusal(() => normalisePolicyDocument(raw, 'Document'))).toEqual(said);
  });
});

test.each([
  { arn: 'arn:aws:iam::111122223333:role/cni', name: 'cni' },
  { arn: 'arn:aws-cn:iam::111122223333:role/a/b/cni', name: 'cni' },
  { arn: 'arn:aws:iam::111122223333:user/cni', name: undefined },
  { arn: 'arn:aws:iam::1:role/cni', name: undefined },
  { arn: 'arn:aws:iam::111122223333:role/', name: undefined },
])('$arn names role $name', ({ arn, name }) => {
  expect(readRoleArn(arn)?.name).toBe(name);
});

test('service accounts of interest, with the annotation that gives the role', () => {
  const account = (namespace: string, name: string, annotations?: unknown): object => ({
    metadata: { namespace, name, annotations },
  });
  const raw = [
    account('kube-system', 'aws-node', { 'eks.amazonaws.com/role-arn': 'arn:x' }),
    account('default', 'aws-node'),
    account('dns', 'external-dns', HOSTILE_MAP),
    account('kube-system', 'coredns'),
  ];
  expect(normaliseServiceAccounts(raw)).toEqual([
    { namespace: 'dns', name: 'external-dns' },
    { namespace: 'kube-system', name: 'aws-node', roleArn: 'arn:x' },
  ]);
});

test('a log group that never expires has no retention', () => {
  expect(normaliseLogGroups({ logGroups: [{ logGroupName: 'a' }] })).toEqual([{ name: 'a' }]);
  expect(refusal(() => normaliseLogGroups({ logGroups: [{ logGroupName: 'a', retentionInDays: -1 }] }))).toMatchObject({
    path: 'logGroups[0].retentionInDays',
  });
});

test('an image without its release says nothing of the newest', () => {
  expect(normaliseAmiRecommendations({ Parameters: [{ Name: '/a/image_id', Value: 'ami-1' }] })).toEqual([]);
});
