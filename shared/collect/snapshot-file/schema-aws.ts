import * as z from 'zod';
import { count, jsonObject, labels, list, time } from './values.ts';

/** Mirrors `model/facts-aws.ts` field by field; `schema.ts` proves that it does. */

const launchTemplateRef = z.object({
  id: z.string().exactOptional(),
  name: z.string().exactOptional(),
  version: z.string().exactOptional(),
});

export const eksCluster = z
  .object({
    arn: z.string(),
    version: z.string(),
    platformVersion: z.string(),
    status: z.string(),
    ipFamily: z.enum(['ipv4', 'ipv6']),
    serviceCidr: z.string().exactOptional(),
    authenticationMode: z.string().exactOptional(),
    endpoint: z.string().exactOptional(),
    certificateAuthorityData: z.string().exactOptional(),
    endpointPublicAccess: z.boolean(),
    endpointPrivateAccess: z.boolean(),
    autoMode: z.enum(['enabled', 'disabled']),
    vpcId: z.string().exactOptional(),
    subnetIds: list(z.string()),
    securityGroupIds: list(z.string()),
    clusterSecurityGroupId: z.string().exactOptional(),
    roleArn: z.string().exactOptional(),
    createdAt: time.exactOptional(),
    enabledLogTypes: list(z.string()),
  })
  .meta({ id: 'EksCluster', description: 'eks:DescribeCluster' });

const addonConfiguration = z.discriminatedUnion('form', [
  z.object({ form: z.literal('none') }),
  z.object({ form: z.literal('values'), values: jsonObject }),
  z.object({ form: z.literal('unreadable'), detail: z.string() }),
]);

export const vpcCniAddon = z
  .object({
    version: z.string(),
    status: z.string(),
    healthIssues: list(z.object({ code: z.string(), message: z.string() })),
    configuration: addonConfiguration,
    serviceAccountRoleArn: z.string().exactOptional(),
    podIdentityAssociationArns: list(z.string()),
    modifiedAt: time.exactOptional(),
  })
  .meta({ id: 'VpcCniAddon', description: 'eks:DescribeAddon of vpc-cni; absent: self-managed or none' });

export const nodegroup = z
  .object({
    name: z.string(),
    status: z.string(),
    amiType: z.string(),
    releaseVersion: z.string().exactOptional(),
    version: z.string().exactOptional(),
    instanceTypes: list(z.string()),
    launchTemplate: launchTemplateRef.exactOptional(),
    autoScalingGroups: list(z.string()),
  })
  .meta({ id: 'Nodegroup', description: 'eks:DescribeNodegroup' });

export const instance = z
  .object({
    instanceId: z.string(),
    instanceType: z.string(),
    imageId: z.string(),
    launchTime: time,
    availabilityZone: z.string().exactOptional(),
    launchTemplate: launchTemplateRef.exactOptional(),
    autoScalingGroup: z.string().exactOptional(),
    tags: labels,
  })
  .meta({ id: 'Instance', description: 'ec2:DescribeInstances' });

export const image = z
  .object({
    imageId: z.string(),
    name: z.string(),
    ownerId: z.string().exactOptional(),
    creationDate: time.exactOptional(),
  })
  .meta({ id: 'Image', description: 'ec2:DescribeImages' });

const userData = z
  .object({
    form: z.enum(['none', 'shell', 'mime', 'nodeadm', 'bottlerocket', 'unrecognised']),
    bpffs: z.enum(['mounted', 'disabled', 'not-mentioned']),
    bpffsLine: z.string().exactOptional(),
    maxPods: count.exactOptional(),
  })
  .meta({ id: 'UserDataReading', description: 'What user data says; never the user data itself' });

export const launchTemplateVersion = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.string(),
    isDefault: z.boolean(),
    isLatest: z.boolean(),
    imageId: z.string().exactOptional(),
    instanceType: z.string().exactOptional(),
    userData,
  })
  .meta({ id: 'LaunchTemplateVersion', description: 'ec2:DescribeLaunchTemplateVersions' });

export const nodeProbe = z
  .object({
    nodeName: z.string(),
    method: z.enum(['readyz', 'ssm']),
    bpffs: z.enum(['mounted', 'not-mounted', 'not-reported']),
    bpfMaps: z.enum(['pinned', 'not-pinned', 'not-reported']),
    kernelRelease: z.string().exactOptional(),
    detail: z.string(),
  })
  .meta({ id: 'NodeProbe', description: 'What was seen on one node itself' });
