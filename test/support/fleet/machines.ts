import type { Labels } from '../../../shared/model/facts-kubernetes.ts';
import type { Ami } from './amis.ts';
import { ec2Id, numberBelow, secondsLater, uuid } from './identifiers.ts';
import { addressIn, subnetOf, type ClusterPlan, type Subnet, type Zone } from './plan.ts';

/**
 * Limits of EC2 and of the VPC resource controller:
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/aws/vpc/limits.go
 */
export interface InstanceType {
  readonly vcpus: number;
  readonly memoryKi: number;
  readonly interfaces: number;
  readonly addressesPerInterface: number;
  readonly branchInterfaces: number;
  readonly threadsPerCore: 1 | 2;
}

const LARGE = { vcpus: 2, interfaces: 3, addressesPerInterface: 10, branchInterfaces: 9, threadsPerCore: 2 } as const;

export const INSTANCE_TYPES = {
  'c6a.large': { ...LARGE, memoryKi: 3_907_180 },
  'm5.large': { ...LARGE, memoryKi: 7_910_732 },
  'm5.xlarge': {
    vcpus: 4,
    memoryKi: 15_983_424,
    interfaces: 4,
    addressesPerInterface: 15,
    branchInterfaces: 18,
    threadsPerCore: 2,
  },
  'm6i.large': { ...LARGE, memoryKi: 7_895_156 },
  'm7g.large': { ...LARGE, memoryKi: 7_947_724, threadsPerCore: 1 },
} as const satisfies Readonly<Record<string, InstanceType>>;

export type InstanceTypeName = keyof typeof INSTANCE_TYPES;

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

export interface MachinePlan {
  readonly key: string;
  readonly zone: Zone;
  readonly instanceType: InstanceTypeName;
  readonly ami: Ami;
  readonly launchedAt: string;
  /** Of a managed node group; a self-managed node has none. */
  readonly nodegroup?: string;
  readonly autoScalingGroup?: string;
  readonly launchTemplate?: LaunchTemplate;
  readonly maxPods?: number;
  /** The pods' addresses come from whole /28 prefixes of this subnet's range instead of one by one. */
  readonly prefixesFrom?: Subnet;
  readonly trunk?: 'attached';
  readonly labels?: Labels;
  readonly annotations?: Labels;
  /** Conditions before kubelet's own. */
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
}

/** A network interface of an instance, with the addresses that the CNI hands to pods. */
export interface Interface {
  readonly id: string;
  readonly deviceIndex: number;
  readonly kind: 'primary' | 'secondary' | 'trunk';
  readonly subnetId: string;
  readonly address: string;
  readonly podAddresses: readonly string[];
  readonly prefixes: readonly string[];
}

export interface Machine extends MachinePlan {
  readonly seed: string;
  readonly instanceId: string;
  readonly name: string;
  readonly uid: string;
  readonly subnet: Subnet;
  readonly address: string;
  readonly joinedAt: string;
  readonly interfaces: readonly Interface[];
  /** In the order in which pods get them. */
  readonly podAddresses: readonly string[];
}

/** How many addresses the fleet shows per interface: fewer than there are, to keep the files readable. */
const SHOWN_ADDRESSES = 7;

const secondaryAddresses = (subnet: Subnet, seed: string): readonly string[] =>
  Array.from({ length: SHOWN_ADDRESSES }, (_, index) => addressIn(subnet, `${seed}/pod-address/${index}`));

/** A /28 on its boundary, as EC2 delegates them, and the addresses in it. */
const delegatedPrefix = (
  subnet: Subnet,
  seed: string,
): { readonly prefix: string; readonly addresses: readonly string[] } => {
  const [first, last] = subnet.thirdOctets;
  const third = first + numberBelow(`${seed}/prefix/third`, last - first + 1);
  const fourth = 16 * (1 + numberBelow(`${seed}/prefix/fourth`, 14));
  const base = `${subnet.prefix}.${third}`;
  return {
    prefix: `${base}.${fourth}/28`,
    addresses: Array.from({ length: SHOWN_ADDRESSES }, (_, index) => `${base}.${fourth + index}`),
  };
};

const interfacesOf = (plan: MachinePlan, subnet: Subnet, seed: string, address: string): readonly Interface[] => {
  const trunk: readonly Interface[] =
    plan.trunk === undefined
      ? []
      : [
          {
            id: ec2Id('eni', `${seed}/trunk`),
            deviceIndex: 2,
            kind: 'trunk',
            subnetId: subnet.id,
            address: addressIn(subnet, `${seed}/trunk`),
            podAddresses: [],
            prefixes: [],
          },
        ];
  const primary = {
    id: ec2Id('eni', `${seed}/0`),
    deviceIndex: 0,
    kind: 'primary',
    subnetId: subnet.id,
    address,
  } as const;
  if (plan.prefixesFrom === undefined) {
    return [{ ...primary, podAddresses: secondaryAddresses(subnet, seed), prefixes: [] }, ...trunk];
  }
  // Custom networking: the first interface stays without pods, the second lies in the ENIConfig's subnet.
  const { prefix, addresses } = delegatedPrefix(plan.prefixesFrom, seed);
  const secondary: Interface = {
    id: ec2Id('eni', `${seed}/1`),
    deviceIndex: 1,
    kind: 'secondary',
    subnetId: plan.prefixesFrom.id,
    address: addressIn(plan.prefixesFrom, `${seed}/secondary`),
    podAddresses: addresses,
    prefixes: [prefix],
  };
  return [{ ...primary, podAddresses: [], prefixes: [] }, secondary, ...trunk];
};

/** `ip-10-20-3-4.eu-west-1.compute.internal`; us-east-1 has kept its older form. */
export const privateDnsName = (region: string, address: string): string =>
  `ip-${address.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`;

/** How long a node took from launch to its Node object. */
const JOIN_SECONDS = 40;

export const machineOf = (cluster: ClusterPlan, plan: MachinePlan): Machine => {
  const seed = `${cluster.name}/${plan.key}`;
  const subnet = subnetOf(cluster, plan.zone);
  const address = addressIn(subnet, seed);
  const instanceId = ec2Id('i', seed);
  const interfaces = interfacesOf(plan, subnet, seed, address);
  return {
    ...plan,
    seed,
    instanceId,
    // Auto Mode names its nodes after their instances.
    name: cluster.autoMode === true ? instanceId : privateDnsName(cluster.region, address),
    uid: uuid(`${seed}/node`),
    subnet,
    address,
    joinedAt: secondsLater(plan.launchedAt, JOIN_SECONDS + numberBelow(`${seed}/join`, 30)),
    interfaces,
    podAddresses: interfaces.flatMap(({ podAddresses }) => podAddresses),
  };
};
