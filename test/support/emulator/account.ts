import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { accessDenied, AwsFault, throttling, type AwsRequest, type Handler } from '../aws-endpoint/endpoint.ts';
import type { Tree } from '../aws-endpoint/xml.ts';
import { COMMITTED } from '../fleet/read.ts';

/** EKS is a REST service: the action is in method and path. https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html */
const EKS_PATHS: readonly (readonly [RegExp, string])[] = [
  [/^GET \/clusters\/[^/]+$/, 'DescribeCluster'],
  [/^GET \/clusters\/[^/]+\/addons\/[^/]+$/, 'DescribeAddon'],
  [/^GET \/clusters\/[^/]+\/node-groups$/, 'ListNodegroups'],
  [/^GET \/clusters\/[^/]+\/node-groups\/[^/]+$/, 'DescribeNodegroup'],
  [/^GET \/clusters\/[^/]+\/updates$/, 'ListUpdates'],
  [/^GET \/clusters\/[^/]+\/updates\/[^/]+$/, 'DescribeUpdate'],
  [/^GET \/clusters\/[^/]+\/pod-identity-associations$/, 'ListPodIdentityAssociations'],
  [/^GET \/clusters\/[^/]+\/pod-identity-associations\/[^/]+$/, 'DescribePodIdentityAssociation'],
  [/^GET \/addons\/configuration-schemas$/, 'DescribeAddonConfiguration'],
  [/^GET \/addons\/supported-versions$/, 'DescribeAddonVersions'],
];

/** `eks:DescribeCluster`, as IAM names what a request asks for. */
export const actionOf = ({ call }: AwsRequest): string => {
  const [, path] = /^eks:(.+)$/.exec(call) ?? [];
  if (path === undefined) return call;
  const action = EKS_PATHS.find(([pattern]) => pattern.test(path))?.[1];
  if (action === undefined) throw new Error(`no EKS action is known for ${path}`);
  return `eks:${action}`;
};

/** Each service refuses, and asks to slow down, in a word of its own. */
const WORDS: { readonly [service: string]: { readonly denied: string; readonly throttled: string } } = {
  ec2: { denied: 'UnauthorizedOperation', throttled: 'RequestLimitExceeded' },
  autoscaling: { denied: 'AccessDenied', throttled: 'Throttling' },
  iam: { denied: 'AccessDenied', throttled: 'Throttling' },
};
const JSON_WORDS = { denied: 'AccessDeniedException', throttled: 'ThrottlingException' } as const;

const wordsOf = (action: string) => WORDS[action.slice(0, action.indexOf(':'))] ?? JSON_WORDS;
export const denial = (action: string): AwsFault => accessDenied(wordsOf(action).denied);
export const throttle = (action: string): AwsFault => throttling(wordsOf(action).throttled);

/** The account with one action that fails. */
export const failing =
  (account: Handler, action: string, fault: AwsFault): Handler =>
  (request) => {
    if (actionOf(request) === action) throw fault;
    return account(request);
  };

// What a committed dump holds is JSON, and Tree is JSON without null.
const tree = z.custom<Tree>((value) => typeof value === 'object' && value !== null);

/** The command line prints times as text; the service sends seconds. */
const seconds = (key: string, value: unknown): unknown =>
  key.endsWith('At') && typeof value === 'string' ? Date.parse(value) / 1000 : value;

const instances = z.object({
  Reservations: z.array(
    z.object({
      Instances: z.array(
        z.object({
          InstanceId: z.string(),
          InstanceType: z.string(),
          ImageId: z.string(),
          LaunchTime: z.string(),
          Placement: z.object({ AvailabilityZone: z.string() }),
          Tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
          NetworkInterfaces: z.array(
            z.object({ SubnetId: z.string(), Groups: z.array(z.object({ GroupId: z.string() })) }),
          ),
        }),
      ),
    }),
  ),
});
const images = z.object({ Images: z.array(z.object({ ImageId: z.string(), Name: z.string(), OwnerId: z.string() })) });

const described = z.object({
  cluster: z.object({
    name: z.string(),
    resourcesVpcConfig: z.object({ vpcId: z.string(), subnetIds: z.array(z.string()) }),
  }),
});

type Instance = z.infer<typeof instances>['Reservations'][number]['Instances'][number];

const instanceXml = (one: Instance): Tree => ({
  instanceId: one.InstanceId,
  instanceType: one.InstanceType,
  imageId: one.ImageId,
  launchTime: one.LaunchTime,
  placement: { availabilityZone: one.Placement.AvailabilityZone },
  tagSet: one.Tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
  networkInterfaceSet: one.NetworkInterfaces.map(({ SubnetId, Groups }) => ({
    subnetId: SubnetId,
    groupSet: Groups.map(({ GroupId }) => ({ groupId: GroupId })),
  })),
});

/** The values of a query call's `Prefix.1`, `Prefix.2`, … */
const valuesOf = ({ parameters }: AwsRequest, prefix: string): readonly string[] =>
  Object.entries(parameters).flatMap(([name, value]) =>
    name.startsWith(prefix) && typeof value === 'string' ? [value] : [],
  );

const policy = (action: string): string =>
  encodeURIComponent(JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }));

const TRUST = encodeURIComponent(
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'eks.amazonaws.com' } }],
  }),
);

export interface AccountOptions {
  /** A cluster of the committed fleet. */
  readonly cluster: string;
  readonly kubernetes: { readonly url: string; readonly certificateAuthority: string };
}

/**
 * An account that has this cluster: EKS, instances and images as the committed dump recorded them, with the endpoint that
 * runs here, and small true-to-form answers to the calls that no dump holds.
 */
export const accountOf = async ({ cluster, kubernetes }: AccountOptions): Promise<Handler> => {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(COMMITTED, cluster, 'aws', `${file}.json`), 'utf8'), seconds);
  const raw = z.looseObject({ cluster: z.looseObject({}) }).parse(await read('describe-cluster'));
  const { resourcesVpcConfig } = described.parse(raw).cluster;
  const describeCluster = tree.parse({
    cluster: {
      ...raw.cluster,
      endpoint: kubernetes.url,
      certificateAuthority: { data: Buffer.from(kubernetes.certificateAuthority).toString('base64') },
    },
  });
  const addon = tree.parse(await read('describe-addon-vpc-cni'));
  const groups = tree.parse(await read('list-nodegroups'));
  const names = z.object({ nodegroups: z.array(z.string()) }).parse(groups).nodegroups;
  const nodegroups = new Map(
    await Promise.all(names.map(async (name) => [name, tree.parse(await read(`nodegroups/${name}`))] as const)),
  );
  const { Reservations } = instances.parse(await read('describe-instances'));
  const { Images } = images.parse(await read('describe-images'));

  const network: { readonly [action: string]: (request: AwsRequest) => Tree } = {
    'ec2:DescribeInstances': () => ({
      reservationSet: Reservations.map(({ Instances }) => ({ instancesSet: Instances.map(instanceXml) })),
    }),
    'ec2:DescribeImages': () => ({
      imagesSet: Images.map(({ ImageId, Name, OwnerId }) => ({ imageId: ImageId, name: Name, imageOwnerId: OwnerId })),
    }),
    'ec2:DescribeLaunchTemplateVersions': ({ parameters }) => ({
      launchTemplateVersionSet: [
        {
          launchTemplateId: String(parameters['LaunchTemplateId']),
          launchTemplateName: 'eks',
          versionNumber: 1,
          defaultVersion: true,
          launchTemplateData: { userData: Buffer.from('#!/bin/bash\n').toString('base64') },
        },
      ],
    }),
    'ec2:DescribeSubnets': (request) => ({
      subnetSet: valuesOf(request, 'Filter.1.Value.').map((subnetId, index) => ({
        subnetId,
        vpcId: resourcesVpcConfig.vpcId,
        availabilityZone: 'us-west-2a',
        cidrBlock: `10.0.${index}.0/24`,
        availableIpAddressCount: 200,
      })),
    }),
    'ec2:GetSubnetCidrReservations': () => ({
      subnetIpv4CidrReservationSet: [{ cidr: '10.0.0.32/28', reservationType: 'prefix' }],
    }),
    'ec2:DescribeNetworkInterfaces': (request) => ({
      networkInterfaceSet: valuesOf(request, 'Filter.1.Value.').map((subnetId, index) => ({
        networkInterfaceId: `eni-${index}`,
        interfaceType: 'interface',
        status: 'in-use',
        subnetId,
        vpcId: resourcesVpcConfig.vpcId,
        availabilityZone: 'us-west-2a',
        privateIpAddress: `10.0.${index}.20`,
      })),
    }),
    'ec2:DescribeSecurityGroups': (request) => ({
      securityGroupInfo: valuesOf(request, 'Filter.1.Value.').map((groupId) => ({
        groupId,
        groupName: groupId,
        vpcId: resourcesVpcConfig.vpcId,
        ipPermissions: [],
        ipPermissionsEgress: [{ ipProtocol: '-1', ipRanges: [{ cidrIp: '0.0.0.0/0' }] }],
      })),
    }),
    'ec2:DescribeInstanceTypes': () => ({ instanceTypeSet: [] }),
    'autoscaling:DescribeAutoScalingGroups': () => ({
      AutoScalingGroups: names.map((name) => ({
        AutoScalingGroupName: `eks-${name}`,
        AutoScalingGroupARN: `arn:${name}`,
        MinSize: 1,
        MaxSize: 4,
        DesiredCapacity: 2,
        VPCZoneIdentifier: resourcesVpcConfig.subnetIds.join(','),
        Instances: [],
        Tags: [{ Key: 'eks:nodegroup-name', Value: name }],
      })),
    }),
  };

  const accounts: { readonly [action: string]: (request: AwsRequest) => Tree } = {
    'eks:DescribeCluster': () => describeCluster,
    'eks:DescribeAddon': () => addon,
    'eks:ListNodegroups': () => groups,
    'eks:DescribeNodegroup': ({ call }) => {
      const group = nodegroups.get(call.slice(call.lastIndexOf('/') + 1));
      if (group === undefined) throw new AwsFault('ResourceNotFoundException', 404);
      return group;
    },
    'eks:ListUpdates': ({ parameters }) => ({ updateIds: Object.hasOwn(parameters, 'addonName') ? ['a-1'] : [] }),
    'eks:DescribeUpdate': () => ({
      update: { id: 'a-1', type: 'AddonUpdate', status: 'InProgress', createdAt: 1_763_600_400 },
    }),
    'eks:ListPodIdentityAssociations': () => ({ associations: [{ associationId: 'a-1' }] }),
    'eks:DescribePodIdentityAssociation': () => ({
      association: {
        associationId: 'a-1',
        namespace: 'kube-system',
        serviceAccount: 'aws-node',
        roleArn: 'arn:aws:iam::111122223333:role/cni',
      },
    }),
    'eks:DescribeAddonConfiguration': ({ parameters }) => ({
      addonName: 'vpc-cni',
      addonVersion: String(parameters['addonVersion']),
      configurationSchema: '{"properties":{"enableNetworkPolicy":{"type":"string"}}}',
    }),
    'eks:DescribeAddonVersions': ({ parameters }) => ({
      addons: [
        {
          addonName: 'vpc-cni',
          addonVersions: [
            {
              addonVersion: 'v1.21.1-eksbuild.1',
              compatibilities: [{ clusterVersion: String(parameters['kubernetesVersion']), defaultVersion: true }],
            },
          ],
        },
      ],
    }),
    'iam:GetRole': ({ parameters }) => {
      const name = String(parameters['RoleName']);
      return {
        Role: { Arn: `arn:aws:iam::111122223333:role/${name}`, RoleName: name, AssumeRolePolicyDocument: TRUST },
      };
    },
    'iam:ListAttachedRolePolicies': () => ({
      AttachedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy' }],
      IsTruncated: false,
    }),
    'iam:GetPolicy': () => ({ Policy: { DefaultVersionId: 'v5' } }),
    'iam:GetPolicyVersion': () => ({ PolicyVersion: { Document: policy('ec2:AssignPrivateIpAddresses') } }),
    'iam:ListRolePolicies': () => ({ PolicyNames: ['extra'], IsTruncated: false }),
    'iam:GetRolePolicy': () => ({ PolicyDocument: policy('ec2:CreateTags') }),
    'logs:DescribeLogGroups': ({ parameters }) => ({
      logGroups: [{ logGroupName: String(parameters['logGroupNamePrefix']), retentionInDays: 30 }],
    }),
    'logs:DescribeSubscriptionFilters': () => ({ subscriptionFilters: [] }),
    'ssm:GetParameters': () => ({ Parameters: [] }),
  };

  return (request) => {
    const action = actionOf(request);
    const answer = network[action] ?? accounts[action];
    if (answer === undefined) throw new Error(`unexpected ${action}`);
    return answer(request);
  };
};
