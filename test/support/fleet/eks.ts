import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import { awsFile, errorFile, type DumpFile } from './dump.ts';
import { managedGroupName } from './ec2.ts';
import { awsTime, hex, uuid } from './identifiers.ts';
import type { Ami } from './amis.ts';
import type { InstanceTypeName } from './machines.ts';
import { clusterSecurityGroupOf, endpointOf, nodeRoleOf, subnetOf, vpcIdOf, ZONES, type ClusterPlan } from './plan.ts';

const subnetIds = (cluster: ClusterPlan): readonly string[] => ZONES.map((zone) => subnetOf(cluster, zone).id);

/** `aws eks describe-cluster`. */
export const clusterFile = (
  cluster: ClusterPlan,
  options: { readonly authenticationMode: string; readonly logTypes: readonly string[] },
): DumpFile => {
  const allTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
  const disabled = allTypes.filter((type) => !options.logTypes.includes(type));
  const issuer = endpointOf(cluster).slice('https://'.length, 'https://'.length + 32);
  const auto = cluster.autoMode === true;
  return awsFile('describe-cluster', {
    cluster: {
      name: cluster.name,
      arn: `arn:aws:eks:${cluster.region}:${cluster.account}:cluster/${cluster.name}`,
      createdAt: awsTime(cluster.createdAt, cluster.name),
      version: cluster.kubernetes,
      endpoint: endpointOf(cluster),
      roleArn: `arn:aws:iam::${cluster.account}:role/${cluster.name}-cluster`,
      resourcesVpcConfig: {
        subnetIds: subnetIds(cluster),
        securityGroupIds: [],
        clusterSecurityGroupId: clusterSecurityGroupOf(cluster),
        vpcId: vpcIdOf(cluster),
        endpointPublicAccess: cluster.endpoint === 'public',
        endpointPrivateAccess: true,
        publicAccessCidrs: cluster.endpoint === 'public' ? ['198.51.100.0/24'] : [],
      },
      kubernetesNetworkConfig: {
        serviceIpv4Cidr: '172.20.0.0/16',
        ipFamily: 'ipv4',
        elasticLoadBalancing: { enabled: auto },
      },
      logging: {
        clusterLogging: [
          ...(options.logTypes.length > 0 ? [{ types: options.logTypes, enabled: true }] : []),
          ...(disabled.length > 0 ? [{ types: disabled, enabled: false }] : []),
        ],
      },
      identity: { oidc: { issuer: `https://oidc.eks.${cluster.region}.amazonaws.com/id/${issuer}` } },
      status: 'ACTIVE',
      certificateAuthority: { data: 'LS0tLS1CRUdJTi4uLg==' },
      platformVersion: cluster.platformVersion,
      tags: cluster.tags,
      health: { issues: [] },
      accessConfig: { authenticationMode: options.authenticationMode },
      upgradePolicy: { supportType: 'EXTENDED' },
      ...(auto
        ? {
            computeConfig: {
              enabled: true,
              nodePools: ['general-purpose', 'system'],
              nodeRoleArn: nodeRoleOf(cluster),
            },
            storageConfig: { blockStorage: { enabled: true } },
          }
        : {}),
      deletionProtection: false,
    },
  });
};

export interface VpcCniAddonPlan {
  readonly version: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
  /** The string as somebody gave it; EKS has no such field where nobody did. */
  readonly configurationValues?: string;
  readonly podIdentity?: true;
}

/** `aws eks describe-addon --addon-name vpc-cni`. */
export const addonFile = (cluster: ClusterPlan, addon: VpcCniAddonPlan): DumpFile => {
  const seed = `${cluster.name}/vpc-cni`;
  const association = `arn:aws:eks:${cluster.region}:${cluster.account}:podidentityassociation/${cluster.name}/a-${hex(seed, 17)}`;
  return awsFile('describe-addon-vpc-cni', {
    addon: {
      addonName: 'vpc-cni',
      clusterName: cluster.name,
      status: 'ACTIVE',
      addonVersion: addon.version,
      health: { issues: [] },
      addonArn: `arn:aws:eks:${cluster.region}:${cluster.account}:addon/${cluster.name}/vpc-cni/${uuid(seed)}`,
      createdAt: awsTime(addon.createdAt, seed),
      modifiedAt: awsTime(addon.modifiedAt, `${seed}/modified`),
      tags: {},
      ...(addon.configurationValues === undefined ? {} : { configurationValues: addon.configurationValues }),
      ...(addon.podIdentity === true ? { podIdentityAssociations: [association] } : {}),
    },
  });
};

/** Where the VPC CNI is not an add-on. The AWS CLI begins its errors with an empty line and exits with 254. */
export const noAddonFile = (cluster: ClusterPlan): DumpFile =>
  errorFile(
    'aws/describe-addon-vpc-cni',
    `\nAn error occurred (ResourceNotFoundException) when calling the DescribeAddon operation: No addon: vpc-cni found in cluster: ${cluster.name}`,
    254,
  );

export interface NodegroupPlan {
  readonly name: string;
  readonly ami: Ami;
  readonly instanceType: InstanceTypeName;
  readonly size: number;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

const AMI_TYPES = {
  AL2: { amd64: 'AL2_x86_64', arm64: 'AL2_ARM_64' },
  AL2023: { amd64: 'AL2023_x86_64_STANDARD', arm64: 'AL2023_ARM_64_STANDARD' },
  Bottlerocket: { amd64: 'BOTTLEROCKET_x86_64', arm64: 'BOTTLEROCKET_ARM_64' },
} as const;

const nodegroup = (cluster: ClusterPlan, plan: NodegroupPlan): JsonObject => {
  const seed = `${cluster.name}/${plan.name}`;
  return {
    nodegroupName: plan.name,
    nodegroupArn: `arn:aws:eks:${cluster.region}:${cluster.account}:nodegroup/${cluster.name}/${plan.name}/${uuid(`${seed}/group`)}`,
    clusterName: cluster.name,
    version: plan.ami.releaseVersion.split('.').slice(0, 2).join('.'),
    releaseVersion: plan.ami.releaseVersion,
    createdAt: awsTime(plan.createdAt, seed),
    modifiedAt: awsTime(plan.modifiedAt, `${seed}/modified`),
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    scalingConfig: { minSize: 1, maxSize: plan.size + 2, desiredSize: plan.size },
    instanceTypes: [plan.instanceType],
    subnets: subnetIds(cluster),
    amiType: AMI_TYPES[plan.ami.family][plan.ami.architecture],
    nodeRole: nodeRoleOf(cluster),
    labels: {},
    resources: { autoScalingGroups: [{ name: managedGroupName(cluster, plan.name) }] },
    diskSize: 20,
    health: { issues: [] },
    updateConfig: { maxUnavailable: 1 },
    tags: {},
  };
};

/** `aws eks list-nodegroups` and one `describe-nodegroup` each. */
export const nodegroupFiles = (cluster: ClusterPlan, plans: readonly NodegroupPlan[]): readonly DumpFile[] => [
  awsFile('list-nodegroups', { nodegroups: plans.map(({ name }) => name) }),
  ...plans.map((plan) => awsFile(`nodegroups/${plan.name}`, { nodegroup: nodegroup(cluster, plan) })),
];
