import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import { imageIdOf, type Ami } from './amis.ts';
import { awsFile, type DumpFile } from './dump.ts';
import { awsTime, ec2Id, hex, macAddress, secondsLater, uuid } from './identifiers.ts';
import { INSTANCE_TYPES, privateDnsName, type Interface, type Machine } from './machines.ts';
import { clusterSecurityGroupOf, vpcIdOf, type ClusterPlan } from './plan.ts';

const privateAddresses = (
  cluster: ClusterPlan,
  { address, podAddresses, prefixes }: Interface,
): readonly JsonObject[] =>
  // Addresses of a delegated prefix are not listed one by one.
  [address, ...(prefixes.length > 0 ? [] : podAddresses)].map((each, index) => ({
    Primary: index === 0,
    PrivateDnsName: privateDnsName(cluster.region, each),
    PrivateIpAddress: each,
  }));

const DESCRIPTIONS = { primary: '', secondary: 'aws-K8S-', trunk: 'aws-k8s-trunk-eni' } as const;

const networkInterface = (cluster: ClusterPlan, machine: Machine, card: Interface): JsonObject => ({
  Attachment: {
    AttachTime: awsTime(secondsLater(machine.launchedAt, card.deviceIndex * 30)),
    AttachmentId: ec2Id('eni-attach', card.id),
    DeleteOnTermination: true,
    DeviceIndex: card.deviceIndex,
    Status: 'attached',
    NetworkCardIndex: 0,
  },
  Description: card.kind === 'secondary' ? `${DESCRIPTIONS.secondary}${machine.instanceId}` : DESCRIPTIONS[card.kind],
  Groups: [{ GroupId: clusterSecurityGroupOf(cluster), GroupName: `eks-cluster-sg-${cluster.name}` }],
  Ipv6Addresses: [],
  MacAddress: macAddress(card.id),
  NetworkInterfaceId: card.id,
  OwnerId: cluster.account,
  PrivateDnsName: privateDnsName(cluster.region, card.address),
  PrivateIpAddress: card.address,
  PrivateIpAddresses: privateAddresses(cluster, card),
  SourceDestCheck: true,
  Status: 'in-use',
  SubnetId: card.subnetId,
  VpcId: vpcIdOf(cluster),
  InterfaceType: card.kind === 'trunk' ? 'trunk' : 'interface',
  ...(card.prefixes.length > 0 ? { Ipv4Prefixes: card.prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix })) } : {}),
});

/** The same interface as `aws ec2 describe-network-interfaces` tells it. */
export const describedInterface = (cluster: ClusterPlan, machine: Machine, card: Interface): JsonObject => {
  const { Attachment: _, Groups, ...shared } = networkInterface(cluster, machine, card);
  return {
    ...shared,
    Attachment: {
      AttachmentId: ec2Id('eni-attach', card.id),
      DeviceIndex: card.deviceIndex,
      InstanceId: machine.instanceId,
      InstanceOwnerId: cluster.account,
      Status: 'attached',
    },
    AvailabilityZone: machine.subnet.zone,
    Groups: Groups ?? [],
    RequesterManaged: false,
    TagSet: card.kind === 'primary' ? [] : [{ Key: 'node.k8s.amazonaws.com/instance_id', Value: machine.instanceId }],
  };
};

const tagsOf = (cluster: ClusterPlan, machine: Machine): Readonly<Record<string, string>> => {
  const template = machine.launchTemplate;
  const launched = {
    ...(machine.autoScalingGroup === undefined ? {} : { 'aws:autoscaling:groupName': machine.autoScalingGroup }),
    ...(template === undefined
      ? {}
      : { 'aws:ec2launchtemplate:id': template.id, 'aws:ec2launchtemplate:version': template.version }),
  };
  const owned = { [`kubernetes.io/cluster/${cluster.name}`]: 'owned' };
  if (cluster.autoMode === true) {
    // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEKSComputePolicy.html
    return {
      ...launched,
      'eks:eks-cluster-name': cluster.name,
      'eks:kubernetes-node-class-name': 'default',
      'eks:kubernetes-node-pool-name': 'general-purpose',
      ...owned,
    };
  }
  if (machine.nodegroup === undefined) return { ...launched, Name: `${cluster.name}-self-managed`, ...owned };
  return {
    ...launched,
    'aws:eks:cluster-name': cluster.name,
    'eks:cluster-name': cluster.name,
    'eks:nodegroup-name': machine.nodegroup,
    'k8s.io/cluster-autoscaler/enabled': 'true',
    [`k8s.io/cluster-autoscaler/${cluster.name}`]: 'owned',
    ...owned,
  };
};

const instance = (cluster: ClusterPlan, machine: Machine): JsonObject => {
  const { vcpus, threadsPerCore } = INSTANCE_TYPES[machine.instanceType];
  const dnsName = privateDnsName(cluster.region, machine.address);
  return {
    Architecture: machine.ami.architecture === 'amd64' ? 'x86_64' : 'arm64',
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: {
          AttachTime: awsTime(secondsLater(machine.launchedAt, 1)),
          DeleteOnTermination: true,
          Status: 'attached',
          VolumeId: ec2Id('vol', machine.seed),
        },
      },
    ],
    ClientToken: cluster.autoMode === true ? `fleet-${uuid(machine.seed)}-0` : uuid(`${machine.seed}/token`),
    EbsOptimized: false,
    EnaSupport: true,
    // The API says xen of Nitro instances, too.
    Hypervisor: 'xen',
    IamInstanceProfile: {
      Arn: `arn:aws:iam::${cluster.account}:instance-profile/eks-${uuid(`${cluster.name}/profile`)}`,
      Id: `AIPA${hex(`${cluster.name}/profile`, 17).toUpperCase()}`,
    },
    NetworkInterfaces: machine.interfaces.map((card) => networkInterface(cluster, machine, card)),
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    SecurityGroups: [{ GroupId: clusterSecurityGroupOf(cluster), GroupName: `eks-cluster-sg-${cluster.name}` }],
    SourceDestCheck: true,
    Tags: Object.entries(tagsOf(cluster, machine)).map(([Key, Value]) => ({ Key, Value })),
    VirtualizationType: 'hvm',
    CpuOptions: { CoreCount: vcpus / threadsPerCore, ThreadsPerCore: threadsPerCore },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: machine.ami.family === 'AL2' ? 'optional' : 'required',
      HttpPutResponseHopLimit: 2,
      HttpEndpoint: 'enabled',
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: 'disabled',
    },
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    ...(cluster.autoMode === true ? { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } } : {}),
    InstanceId: machine.instanceId,
    ImageId: imageIdOf(cluster, machine.ami),
    State: { Code: 16, Name: 'running' },
    PrivateDnsName: dnsName,
    PublicDnsName: '',
    StateTransitionReason: '',
    AmiLaunchIndex: 0,
    ProductCodes: [],
    InstanceType: machine.instanceType,
    LaunchTime: awsTime(machine.launchedAt),
    Placement: { GroupName: '', Tenancy: 'default', AvailabilityZone: machine.subnet.zone },
    Monitoring: { State: 'disabled' },
    SubnetId: machine.subnet.id,
    VpcId: vpcIdOf(cluster),
    PrivateIpAddress: machine.address,
  };
};

/** `aws ec2 describe-instances`: one reservation an instance, as Auto Scaling launches them. */
export const instancesFile = (cluster: ClusterPlan, machines: readonly Machine[]): DumpFile =>
  awsFile('describe-instances', {
    Reservations: machines.map((machine) => ({
      ReservationId: ec2Id('r', machine.seed),
      OwnerId: cluster.account,
      Groups: [],
      Instances: [instance(cluster, machine)],
    })),
  });

const image = (cluster: ClusterPlan, ami: Ami): JsonObject => ({
  PlatformDetails: 'Linux/UNIX',
  UsageOperation: 'RunInstances',
  BlockDeviceMappings: [
    {
      Ebs: {
        DeleteOnTermination: true,
        SnapshotId: ec2Id('snap', `${cluster.region}/${ami.name}`),
        VolumeSize: 20,
        VolumeType: ami.family === 'AL2' ? 'gp2' : 'gp3',
        Encrypted: false,
      },
      DeviceName: '/dev/xvda',
    },
  ],
  Description: ami.description,
  EnaSupport: true,
  Hypervisor: 'xen',
  ImageOwnerAlias: 'amazon',
  Name: ami.name,
  RootDeviceName: '/dev/xvda',
  RootDeviceType: 'ebs',
  SriovNetSupport: 'simple',
  VirtualizationType: 'hvm',
  // Public AMIs are deprecated two years after they were made.
  DeprecationTime: ami.createdAt.replace(/^\d{4}/, (year) => String(Number(year) + 2)).replace('Z', '.000Z'),
  ImageId: imageIdOf(cluster, ami),
  ImageLocation: `amazon/${ami.name}`,
  State: 'available',
  OwnerId: '602401143452',
  CreationDate: ami.createdAt.replace('Z', '.000Z'),
  Public: true,
  Architecture: ami.architecture === 'amd64' ? 'x86_64' : 'arm64',
  ImageType: 'machine',
});

/** `aws ec2 describe-images`: EC2 leaves out what the caller may not see, as Auto Mode's AMIs. */
export const imagesFile = (cluster: ClusterPlan, machines: readonly Machine[]): DumpFile => {
  const amis = new Map(machines.map(({ ami }) => [ami.name, ami]));
  const visible = [...amis.values()].filter(({ family }) => family !== 'Bottlerocket');
  return awsFile('describe-images', { Images: visible.map((ami) => image(cluster, ami)) });
};

/** Somebody in the cluster's account who made a launch template. */
export interface TemplateVersion {
  readonly number: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly isDefault: boolean;
  readonly ami?: Ami;
  readonly instanceType?: string;
  /** As it reaches the instance, before base64. */
  readonly userData: string;
}

export const launchTemplateFile = (
  cluster: ClusterPlan,
  template: { readonly id: string; readonly name: string },
  versions: readonly TemplateVersion[],
): DumpFile =>
  awsFile(`launch-templates/${template.id}`, {
    LaunchTemplateVersions: versions.map((version) => ({
      LaunchTemplateId: template.id,
      LaunchTemplateName: template.name,
      VersionNumber: version.number,
      CreateTime: awsTime(version.createdAt),
      CreatedBy: `arn:aws:sts::${cluster.account}:assumed-role/${version.createdBy}`,
      DefaultVersion: version.isDefault,
      LaunchTemplateData: {
        IamInstanceProfile: { Name: `${cluster.name}-node` },
        ...(version.ami === undefined ? {} : { ImageId: imageIdOf(cluster, version.ami) }),
        ...(version.instanceType === undefined ? {} : { InstanceType: version.instanceType }),
        UserData: Buffer.from(version.userData).toString('base64'),
        MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 2 },
        SecurityGroupIds: [clusterSecurityGroupOf(cluster)],
        TagSpecifications: [
          {
            ResourceType: 'instance',
            Tags: [{ Key: `kubernetes.io/cluster/${cluster.name}`, Value: 'owned' }],
          },
        ],
      },
    })),
  });

/** The name that EKS gives a node group's Auto Scaling group and launch template. */
export const managedGroupName = (cluster: ClusterPlan, nodegroup: string): string =>
  `eks-${nodegroup}-${uuid(`${cluster.name}/${nodegroup}/group`)}`;

/** The launch template that EKS makes for a node group, whether the customer gave one or not. */
export const managedTemplate = (
  cluster: ClusterPlan,
  nodegroup: string,
): { readonly id: string; readonly name: string; readonly version: string } => ({
  id: ec2Id('lt', `${cluster.name}/${nodegroup}`),
  name: `eks-${uuid(`${cluster.name}/${nodegroup}/group`)}`,
  version: '1',
});
