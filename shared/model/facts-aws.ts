/** The values of the facts that AWS APIs give. Only fields that a check, a report or an explanation reads. */

/** eks:DescribeCluster. Vendor page: https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html */
export interface EksCluster {
  readonly arn: string;
  /** Kubernetes `major.minor`, e.g. `1.35`. */
  readonly version: string;
  /** `eks.N`. */
  readonly platformVersion: string;
  readonly status: string;
  readonly ipFamily: 'ipv4' | 'ipv6';
  readonly serviceCidr?: string;
  /** `API`, `API_AND_CONFIG_MAP`, `CONFIG_MAP`; open, AWS may add more. */
  readonly authenticationMode?: string;
  readonly endpoint?: string;
  /** PEM, base64: what the API server's certificate must chain to. */
  readonly certificateAuthorityData?: string;
  readonly endpointPublicAccess: boolean;
  readonly endpointPrivateAccess: boolean;
  /** EKS Auto Mode: `computeConfig.enabled`. A cluster may still hold other nodes beside Auto Mode's. */
  readonly autoMode: 'enabled' | 'disabled';
  readonly vpcId?: string;
  /** Where EKS puts the control plane's own interfaces. */
  readonly subnetIds: readonly string[];
  /** Of those interfaces, beside the cluster's own group. */
  readonly securityGroupIds: readonly string[];
  /** The group that EKS makes for control plane and managed nodes. */
  readonly clusterSecurityGroupId?: string;
  readonly roleArn?: string;
  readonly createdAt?: string;
  /** Control-plane log types that are switched on. */
  readonly enabledLogTypes: readonly string[];
}

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * `configurationValues` of an add-on: a string that holds JSON **or** YAML, and is missing (not empty) where nobody set any.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html
 */
export type AddonConfiguration =
  | { readonly form: 'none' }
  | { readonly form: 'values'; readonly values: JsonObject }
  | { readonly form: 'unreadable'; readonly detail: string };

/** eks:DescribeAddon for `vpc-cni`. Absent: the VPC CNI is self-managed, or there is none. */
export interface VpcCniAddon {
  /** `v1.21.1-eksbuild.1`. */
  readonly version: string;
  /** `ACTIVE`, `DEGRADED`, `UPDATING`, …; open. */
  readonly status: string;
  readonly healthIssues: readonly { readonly code: string; readonly message: string }[];
  readonly configuration: AddonConfiguration;
  readonly serviceAccountRoleArn?: string;
  readonly podIdentityAssociationArns: readonly string[];
  readonly modifiedAt?: string;
}

/** eks:DescribeNodegroup. https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
export interface Nodegroup {
  readonly name: string;
  readonly status: string;
  readonly amiType: string;
  /** AL2: `1.24.11-20230406`; AL2023: `1.33.0-20250620`; Bottlerocket: `1.40.0-abcdef`; custom AMI: the AMI id. */
  readonly releaseVersion?: string;
  readonly version?: string;
  readonly instanceTypes: readonly string[];
  readonly launchTemplate?: { readonly id?: string; readonly name?: string; readonly version?: string };
  readonly autoScalingGroups: readonly string[];
}

/** ec2:DescribeInstances. */
export interface Instance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly launchTime: string;
  readonly availabilityZone?: string;
  readonly launchTemplate?: { readonly id?: string; readonly name?: string; readonly version?: string };
  readonly autoScalingGroup?: string;
  readonly tags: { readonly [key: string]: string };
}

/** ec2:DescribeImages: the name of an EKS AMI carries its release date (`amazon-eks-node-1.24-v20230728`). */
export interface Image {
  readonly imageId: string;
  readonly name: string;
  readonly ownerId?: string;
  readonly creationDate?: string;
}

/** What user data says about `/sys/fs/bpf`. The text itself is never kept: user data may hold secrets. */
export interface UserDataReading {
  readonly form: 'none' | 'shell' | 'mime' | 'nodeadm' | 'bottlerocket' | 'unrecognised';
  /** `mounted`: a mount of type bpf, a `sys-fs-bpf.mount` unit, or `--mount-bpf-fs true`; `disabled`: `--mount-bpf-fs false`. */
  readonly bpffs: 'mounted' | 'disabled' | 'not-mentioned';
  /** The line that decided `bpffs`, bounded. */
  readonly bpffsLine?: string;
  readonly maxPods?: number;
}

/** ec2:DescribeLaunchTemplateVersions. */
export interface LaunchTemplateVersion {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly isDefault: boolean;
  readonly isLatest: boolean;
  readonly imageId?: string;
  readonly instanceType?: string;
  readonly userData: UserDataReading;
}

/** What was seen on one node itself, by a probe that somebody switched on. */
export interface NodeProbe {
  readonly nodeName: string;
  /** `readyz`: the agent's own answer on :8163 (agent ≥ 1.4.1); `ssm`: `findmnt` and `uname` run on the instance. */
  readonly method: 'readyz' | 'ssm';
  readonly bpffs: 'mounted' | 'not-mounted' | 'not-reported';
  readonly bpfMaps: 'pinned' | 'not-pinned' | 'not-reported';
  readonly kernelRelease?: string;
  readonly detail: string;
}
