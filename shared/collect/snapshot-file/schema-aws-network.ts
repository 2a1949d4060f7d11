import * as z from 'zod';
import type { AwsNetworkFactValues } from '../../model/facts-aws-network.ts';
import type { Difference, Nothing } from './type-difference.ts';
import { count, jsonObject, labels, list, time } from './values.ts';

/** Mirrors `model/facts-aws-network.ts` field by field; the type at the end proves that it does. */

const addonSchema = z
  .object({ addonVersion: z.string(), schema: jsonObject })
  .meta({ id: 'AddonSchema', description: 'eks:DescribeAddonConfiguration; absent: the VPC CNI is self-managed' });

const addonVersion = z
  .object({ version: z.string(), isDefault: z.boolean() })
  .meta({ id: 'AddonVersion', description: 'eks:DescribeAddonVersions, newest first' });

const clusterUpdate = z
  .object({ id: z.string(), type: z.string(), status: z.string(), subject: z.string(), createdAt: time })
  .meta({ id: 'ClusterUpdate', description: 'eks:DescribeUpdate, of those in progress' });

const podIdentityAssociation = z
  .object({ id: z.string(), namespace: z.string(), serviceAccount: z.string(), roleArn: z.string() })
  .meta({ id: 'PodIdentityAssociation', description: 'eks:DescribePodIdentityAssociation' });

const launchTemplate = z.object({
  id: z.string().exactOptional(),
  name: z.string().exactOptional(),
  version: z.string().exactOptional(),
});

const autoScalingGroup = z
  .object({
    name: z.string(),
    arn: z.string(),
    origin: z.enum(['managed-node-group', 'self-managed', 'karpenter', 'auto-mode']),
    nodegroup: z.string().exactOptional(),
    launchTemplates: list(launchTemplate),
    instanceTypes: list(z.string()),
    instanceIds: list(z.string()),
    subnetIds: list(z.string()),
    minSize: count,
    maxSize: count,
    desiredCapacity: count,
    tags: labels,
  })
  .meta({ id: 'AutoScalingGroup', description: 'autoscaling:DescribeAutoScalingGroups, those of the cluster' });

const subnet = z
  .object({
    id: z.string(),
    vpcId: z.string(),
    availabilityZone: z.string(),
    cidr: z.string(),
    ipv6Cidrs: list(z.string()),
    availableIps: count,
    reservations: list(z.object({ cidr: z.string(), type: z.enum(['prefix', 'explicit', 'unknown']) })),
    tags: labels,
  })
  .meta({ id: 'Subnet', description: 'ec2:DescribeSubnets and GetSubnetCidrReservations' });

const networkInterface = z
  .object({
    id: z.string(),
    type: z.string(),
    status: z.string(),
    description: z.string(),
    subnetId: z.string(),
    vpcId: z.string(),
    availabilityZone: z.string(),
    instanceId: z.string().exactOptional(),
    requesterId: z.string().exactOptional(),
    privateIps: list(z.string()),
    ipv6s: list(z.string()),
    ipv4Prefixes: list(z.string()),
    ipv6Prefixes: list(z.string()),
    securityGroupIds: list(z.string()),
    tags: labels,
  })
  .meta({ id: 'NetworkInterface', description: 'ec2:DescribeNetworkInterfaces' });

const securityGroupRule = z.object({
  protocol: z.string(),
  fromPort: z.int().exactOptional(),
  toPort: z.int().exactOptional(),
  cidrs: list(z.string()),
  ipv6Cidrs: list(z.string()),
  groupIds: list(z.string()),
  prefixListIds: list(z.string()),
});

const securityGroup = z
  .object({
    id: z.string(),
    name: z.string(),
    vpcId: z.string(),
    ingress: list(securityGroupRule),
    egress: list(securityGroupRule),
  })
  .meta({ id: 'SecurityGroup', description: 'ec2:DescribeSecurityGroups' });

const instanceType = z
  .object({
    name: z.string(),
    hypervisor: z.enum(['nitro', 'xen', 'metal', 'unknown']),
    trunking: z.enum(['yes', 'no', 'unknown']),
    branchInterfaces: count.exactOptional(),
    defaultCardInterfaces: count.exactOptional(),
    ipv4PerInterface: count.exactOptional(),
    vcpus: count.exactOptional(),
    source: z.string(),
  })
  .meta({ id: 'InstanceType', description: 'ec2:DescribeInstanceTypes and the table of the VPC resource controller' });

const policyStatement = z
  .object({
    effect: z.enum(['Allow', 'Deny']),
    actions: list(z.string()),
    notActions: list(z.string()),
    resources: list(z.string()),
    notResources: list(z.string()),
    principals: list(z.string()),
    notPrincipals: list(z.string()),
    conditions: jsonObject,
  })
  .meta({ id: 'PolicyStatement', description: 'A statement of an IAM policy' });

const role = z
  .object({
    purpose: z.enum(['cluster', 'aws-node', 'aws-load-balancer-controller', 'external-dns']),
    arn: z.string(),
    name: z.string(),
    through: z.enum(['irsa', 'pod-identity', 'cluster']),
    reading: z.enum(['read', 'other-account', 'missing']),
    attachedPolicyArns: list(z.string()),
    trust: list(policyStatement),
    statements: list(policyStatement),
  })
  .meta({ id: 'Role', description: 'iam:GetRole with every attached and inline policy' });

const logGroup = z
  .object({
    name: z.string(),
    retentionDays: count.exactOptional(),
    subscriptionFilters: list(z.object({ name: z.string(), pattern: z.string(), destinationArn: z.string() })),
  })
  .meta({ id: 'LogGroup', description: 'logs:DescribeLogGroups and DescribeSubscriptionFilters' });

const amiRecommendation = z
  .object({ parameter: z.string(), imageId: z.string(), release: z.string() })
  .meta({ id: 'AmiRecommendation', description: 'ssm:GetParameters of the public AMI parameters' });

const serviceAccount = z
  .object({ namespace: z.string(), name: z.string(), roleArn: z.string().exactOptional() })
  .meta({ id: 'ServiceAccount', description: 'v1 ServiceAccount, of the few whose IAM role decides something' });

/** The value of each fact; `schema.ts` wraps them in the three states. */
export const awsNetworkValues = {
  'eks.addon-schema': addonSchema,
  'eks.addon-versions': list(addonVersion),
  'eks.updates': list(clusterUpdate),
  'eks.pod-identity-associations': list(podIdentityAssociation),
  'autoscaling.groups': list(autoScalingGroup),
  'ec2.subnets': list(subnet),
  'ec2.network-interfaces': list(networkInterface),
  'ec2.security-groups': list(securityGroup),
  'ec2.instance-types': list(instanceType),
  'iam.roles': list(role),
  'logs.log-groups': list(logGroup),
  'ssm.ami-recommendations': list(amiRecommendation),
  'kubernetes.service-accounts': list(serviceAccount),
} as const satisfies { readonly [K in keyof AwsNetworkFactValues]: z.ZodType<AwsNetworkFactValues[K]> };

type Differences = {
  [K in keyof AwsNetworkFactValues]: Difference<z.output<(typeof awsNetworkValues)[K]>, AwsNetworkFactValues[K]>;
}[keyof AwsNetworkFactValues];

/** What the file holds is what the model says: otherwise this names the fields that differ and does not compile. */
export type ValuesAreTheModels = Nothing<Differences>;
