import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import { awsFile, type DumpFile } from './dump.ts';
import { describedInterface } from './ec2.ts';
import { ec2Id, macAddress, numberBelow } from './identifiers.ts';
import { privateDnsName, type Machine } from './machines.ts';
import {
  clusterSecurityGroupOf,
  CONTROL_PLANE_ZONES,
  controlPlaneAddress,
  subnetOf,
  vpcIdOf,
  ZONES,
  type ClusterPlan,
  type Subnet,
} from './plan.ts';

/** The network around a cluster as EC2 and CloudWatch Logs tell it. */

/** Those of the control plane and of every interface of a node, as gather.sh takes them from the two other answers. */
const subnetsOf = (cluster: ClusterPlan, machines: readonly Machine[]): readonly Subnet[] => {
  const all = [
    ...ZONES.map((zone) => subnetOf(cluster, zone)),
    ...machines.flatMap(({ subnet, prefixesFrom }) => [subnet, ...(prefixesFrom === undefined ? [] : [prefixesFrom])]),
  ];
  return [...new Map(all.map((subnet) => [subnet.id, subnet])).values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
};

const subnetObject = (cluster: ClusterPlan, subnet: Subnet): JsonObject => ({
  AssignIpv6AddressOnCreation: false,
  AvailabilityZone: subnet.zone,
  AvailabilityZoneId: subnet.zoneId,
  AvailableIpAddressCount: 8187 - 40 - numberBelow(`${subnet.id}/used`, 200),
  CidrBlock: `${subnet.prefix}.${subnet.thirdOctets[0]}.0/19`,
  DefaultForAz: false,
  Ipv6CidrBlockAssociationSet: [],
  MapPublicIpOnLaunch: false,
  OwnerId: cluster.account,
  State: 'available',
  SubnetId: subnet.id,
  Tags: [{ Key: `kubernetes.io/cluster/${cluster.name}`, Value: 'shared' }],
  VpcId: vpcIdOf(cluster),
});

/** The interfaces that EKS puts into the subnets for the control plane. */
const controlPlaneInterface = (cluster: ClusterPlan, zone: (typeof CONTROL_PLANE_ZONES)[number]): JsonObject => {
  const subnet = subnetOf(cluster, zone);
  const address = controlPlaneAddress(cluster, zone);
  const seed = `${cluster.name}/control-plane/${zone}`;
  return {
    AvailabilityZone: subnet.zone,
    Description: `Amazon EKS ${cluster.name}`,
    Groups: [{ GroupId: clusterSecurityGroupOf(cluster), GroupName: `eks-cluster-sg-${cluster.name}` }],
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    MacAddress: macAddress(seed),
    NetworkInterfaceId: ec2Id('eni', seed),
    OwnerId: cluster.account,
    PrivateDnsName: privateDnsName(cluster.region, address),
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
    RequesterManaged: false,
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: subnet.id,
    TagSet: [{ Key: 'cluster.k8s.amazonaws.com/name', Value: cluster.name }],
    VpcId: vpcIdOf(cluster),
  };
};

/** `describe-subnets`, the reservations in each, `describe-network-interfaces`. */
export const networkFiles = (cluster: ClusterPlan, machines: readonly Machine[]): readonly DumpFile[] => {
  const subnets = subnetsOf(cluster, machines);
  return [
    awsFile('describe-subnets', { Subnets: subnets.map((subnet) => subnetObject(cluster, subnet)) }),
    ...subnets.map(({ id }) =>
      awsFile(`subnet-cidr-reservations/${id}`, { SubnetIpv4CidrReservations: [], SubnetIpv6CidrReservations: [] }),
    ),
    awsFile('describe-network-interfaces', {
      NetworkInterfaces: [
        ...CONTROL_PLANE_ZONES.map((zone) => controlPlaneInterface(cluster, zone)),
        ...machines.flatMap((machine) => machine.interfaces.map((card) => describedInterface(cluster, machine, card))),
      ],
    }),
  ];
};

/** Both exist only where somebody switched control-plane logs on, or the policy agent made the group. */
export const logGroupFiles = (cluster: ClusterPlan, hasLogs: boolean): readonly DumpFile[] => {
  if (!hasLogs) return [awsFile('describe-log-groups', { logGroups: [] })];
  const logGroupName = `/aws/eks/${cluster.name}/cluster`;
  const arn = `arn:aws:logs:${cluster.region}:${cluster.account}:log-group:${logGroupName}`;
  return [
    awsFile('describe-log-groups', {
      logGroups: [
        {
          logGroupName,
          creationTime: Date.parse(cluster.createdAt),
          retentionInDays: 90,
          metricFilterCount: 0,
          arn: `${arn}:*`,
          storedBytes: 40_000_000 + numberBelow(`${cluster.name}/logs`, 900_000_000),
          logGroupClass: 'STANDARD',
          logGroupArn: arn,
        },
      ],
    }),
    awsFile('describe-subscription-filters', { subscriptionFilters: [] }),
  ];
};
