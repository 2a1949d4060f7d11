/** The values of the facts about the network, the roles and the logs around a cluster that AWS APIs give. */
import type { JsonObject } from './facts-aws.ts';

/** eks:DescribeAddonConfiguration for the installed version: the keys that `configurationValues` may have. */
export interface AddonSchema {
  readonly addonVersion: string;
  /** JSON Schema, as the API gives it. */
  readonly schema: JsonObject;
}

/** eks:DescribeAddonVersions for this cluster's Kubernetes version, newest first. */
export interface AddonVersion {
  readonly version: string;
  /** The one that EKS installs when none is named. */
  readonly isDefault: boolean;
}

/** eks:ListUpdates + DescribeUpdate of the cluster, its vpc-cni add-on and its node groups, those not finished only. */
export interface ClusterUpdate {
  readonly id: string;
  /** Open: `VersionUpdate`, `AddonUpdate`, `ConfigUpdate`, … */
  readonly type: string;
  readonly status: string;
  /** `cluster`, `addon/<name>` or `nodegroup/<name>`. */
  readonly subject: string;
  readonly createdAt: string;
}

/** Who makes a group's nodes, by its tags (eks:nodegroup-name, kubernetes.io/cluster/<name>, karpenter.sh/nodepool, eks:eks-cluster-name). */
export type NodeOrigin = 'managed-node-group' | 'self-managed' | 'karpenter' | 'auto-mode';

/** autoscaling:DescribeAutoScalingGroups, those of the cluster. Without a tag of EKS or Karpenter it is self-managed. */
export interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly origin: NodeOrigin;
  readonly nodegroup?: string;
  readonly launchTemplates: readonly { readonly id?: string; readonly name?: string; readonly version?: string }[];
  readonly instanceTypes: readonly string[];
  readonly instanceIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly tags: { readonly [key: string]: string };
}

/** ec2:DescribeNetworkInterfaces of the cluster's subnets. */
export interface NetworkInterface {
  readonly id: string;
  /** `interface`, `trunk`, `branch`, `lambda`, `nat_gateway`, `vpc_endpoint`, …; open. */
  readonly type: string;
  readonly status: string;
  readonly description: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly instanceId?: string;
  readonly requesterId?: string;
  readonly privateIps: readonly string[];
  readonly ipv6s: readonly string[];
  readonly ipv4Prefixes: readonly string[];
  readonly ipv6Prefixes: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly tags: { readonly [key: string]: string };
}

/** ec2:DescribeSubnets and GetSubnetCidrReservations. */
export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly cidr: string;
  readonly ipv6Cidrs: readonly string[];
  readonly availableIps: number;
  readonly reservations: readonly { readonly cidr: string; readonly type: 'prefix' | 'explicit' | 'unknown' }[];
  readonly tags: { readonly [key: string]: string };
}

export interface SecurityGroupRule {
  /** `-1` for all. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrs: readonly string[];
  readonly ipv6Cidrs: readonly string[];
  readonly groupIds: readonly string[];
  readonly prefixListIds: readonly string[];
}

/** ec2:DescribeSecurityGroups. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  /** What `NotResource` leaves out; empty where it is not used, as with `notActions` and `notPrincipals`. */
  readonly notResources: readonly string[];
  /** ARNs, service names, identity providers or `*`. */
  readonly principals: readonly string[];
  readonly notPrincipals: readonly string[];
  readonly conditions: JsonObject;
}

/** What a role is used for in this cluster. */
export type RolePurpose = 'cluster' | 'aws-node' | 'aws-load-balancer-controller' | 'external-dns';

/** iam:GetRole, ListAttachedRolePolicies, GetPolicyVersion, ListRolePolicies, GetRolePolicy. */
export interface RoleReading {
  readonly purpose: RolePurpose;
  readonly arn: string;
  readonly name: string;
  /** How the pods get it: `irsa` by annotation, `pod-identity` by association; `cluster` for the control plane's own. */
  readonly through: 'irsa' | 'pod-identity' | 'cluster';
  /**
   * `other-account`: the ARN names another account, whose roles this one's credentials do not read; `missing`: IAM has
   * no such role. The lists below are empty then and prove nothing.
   */
  readonly reading: 'read' | 'other-account' | 'missing';
  readonly attachedPolicyArns: readonly string[];
  readonly trust: readonly PolicyStatement[];
  /** Of every attached and inline policy. */
  readonly statements: readonly PolicyStatement[];
}

/** eks:ListPodIdentityAssociations + DescribePodIdentityAssociation. */
export interface PodIdentityAssociation {
  readonly id: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
}

/** logs:DescribeLogGroups and DescribeSubscriptionFilters for /aws/eks/<cluster>/cluster. */
export interface LogGroup {
  readonly name: string;
  /** Never expires where absent. */
  readonly retentionDays?: number;
  readonly subscriptionFilters: readonly {
    readonly name: string;
    readonly pattern: string;
    readonly destinationArn: string;
  }[];
}

/** ssm:GetParameter of EKS's and Bottlerocket's public AMI parameters: the newest release for the cluster's version. */
export interface AmiRecommendation {
  readonly parameter: string;
  readonly imageId: string;
  readonly release: string;
}

/** ec2:DescribeInstanceTypes, or the embedded table of the VPC resource controller where EC2 was not asked. */
export interface InstanceType {
  readonly name: string;
  readonly hypervisor: 'nitro' | 'xen' | 'metal' | 'unknown';
  /** Trunk and branch interfaces: only the VPC resource controller's table knows. */
  readonly trunking: 'yes' | 'no' | 'unknown';
  readonly branchInterfaces?: number;
  readonly defaultCardInterfaces?: number;
  readonly ipv4PerInterface?: number;
  readonly vcpus?: number;
  /** `ec2` or the table with its date. */
  readonly source: string;
}

/** v1 ServiceAccount, of the few whose IAM role decides something: aws-node, aws-load-balancer-controller, external-dns. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
  /** Annotation `eks.amazonaws.com/role-arn`: IAM roles for service accounts. */
  readonly roleArn?: string;
}

/** The facts of this file by key. */
export interface AwsNetworkFactValues {
  'eks.addon-schema': AddonSchema;
  'eks.addon-versions': readonly AddonVersion[];
  'eks.updates': readonly ClusterUpdate[];
  'eks.pod-identity-associations': readonly PodIdentityAssociation[];
  'autoscaling.groups': readonly AutoScalingGroup[];
  'ec2.subnets': readonly Subnet[];
  'ec2.network-interfaces': readonly NetworkInterface[];
  'ec2.security-groups': readonly SecurityGroup[];
  'ec2.instance-types': readonly InstanceType[];
  'iam.roles': readonly RoleReading[];
  'logs.log-groups': readonly LogGroup[];
  'ssm.ami-recommendations': readonly AmiRecommendation[];
  'kubernetes.service-accounts': readonly ServiceAccount[];
}
