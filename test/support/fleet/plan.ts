import { ec2Id, hex, numberBelow } from './identifiers.ts';

/** What a story fixes about a cluster; everything else follows from it. */
export interface ClusterPlan {
  readonly name: string;
  readonly region: string;
  /** Twelve digits; the fleet uses AWS's documentation accounts only. */
  readonly account: string;
  /** `major.minor`. */
  readonly kubernetes: string;
  /** `eks.N`. */
  readonly platformVersion: string;
  /** `gitVersion` of the API server. */
  readonly gitVersion: string;
  readonly createdAt: string;
  /** When gather.sh began. */
  readonly gatheredAt: string;
  /** The VPC is `10.<network>.0.0/16`, with one /19 subnet in each of three zones. */
  readonly network: number;
  readonly endpoint: 'public' | 'private';
  readonly autoMode?: true;
  readonly tags: Readonly<Record<string, string>>;
}

export type Zone = 'a' | 'b' | 'c';
export const ZONES = ['a', 'b', 'c'] as const satisfies readonly Zone[];

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  /** Names the same zone in every account, which the letter does not. */
  readonly zoneId: string;
  /** First two octets, and the third octet of the first and the last /24. */
  readonly prefix: string;
  readonly thirdOctets: readonly [first: number, last: number];
}

/** `use1-az2` for `us-east-1`: https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html */
const ZONE_ID_PREFIX: Readonly<Record<string, string>> = {
  'ap-southeast-2': 'apse2',
  'eu-central-1': 'euc1',
  'eu-west-1': 'euw1',
  'us-east-1': 'use1',
  'us-west-2': 'usw2',
};

export const subnetOf = (plan: ClusterPlan, zone: Zone): Subnet => {
  const index = ZONES.indexOf(zone);
  const first = index * 32;
  return {
    id: ec2Id('subnet', `${plan.name}/${zone}`),
    zone: `${plan.region}${zone}`,
    zoneId: `${ZONE_ID_PREFIX[plan.region] ?? plan.region}-az${((numberBelow(plan.account, 3) + index) % 3) + 1}`,
    prefix: `10.${plan.network}`,
    thirdOctets: [first, first + 31],
  };
};

/** Zones into which EKS put the interfaces of the control plane. */
export const CONTROL_PLANE_ZONES = ['a', 'b'] as const satisfies readonly Zone[];

export const vpcIdOf = (plan: ClusterPlan): string => ec2Id('vpc', plan.name);

export const clusterSecurityGroupOf = (plan: ClusterPlan): string => ec2Id('sg', `${plan.name}/cluster`);

export const endpointOf = (plan: ClusterPlan): string =>
  `https://${hex(`${plan.name}/endpoint`, 32).toUpperCase()}.gr7.${plan.region}.eks.amazonaws.com`;

export const nodeRoleOf = (plan: ClusterPlan): string => `arn:aws:iam::${plan.account}:role/${plan.name}-node`;

/** Where EKS keeps the images of its add-ons; this registry serves every region of the fleet. */
export const registryOf = (plan: ClusterPlan): string => `602401143452.dkr.ecr.${plan.region}.amazonaws.com`;

/** An address inside a subnet's /19, different for every seed that the fleet uses (the tests prove it). */
export const addressIn = (subnet: Subnet, seed: string): string => {
  const [first, last] = subnet.thirdOctets;
  const third = first + numberBelow(`${seed}/third`, last - first + 1);
  // AWS keeps the first four addresses and the last one of a subnet for itself.
  return `${subnet.prefix}.${third}.${4 + numberBelow(`${seed}/fourth`, 250)}`;
};

/** The endpoints of Service default/kubernetes. */
export const controlPlaneAddress = (plan: ClusterPlan, zone: Zone): string =>
  addressIn(subnetOf(plan, zone), `${plan.name}/control-plane/${zone}`);

export const controlPlaneAddresses = (plan: ClusterPlan): readonly string[] =>
  CONTROL_PLANE_ZONES.map((zone) => controlPlaneAddress(plan, zone)).toSorted();
