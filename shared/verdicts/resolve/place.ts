import type { AddressOwner } from '../../model/denied-traffic.ts';
import type { NetworkInterface, Subnet } from '../../model/facts-aws-network.ts';
import type { Facts } from '../../model/snapshot.ts';
import { networkAround, numberOf, readCidr } from './address-key.ts';
import type { Address } from './address-key.ts';
import { awsRangeTable } from './aws-ranges.ts';
import type { AwsRange } from './aws-ranges.ts';
import { CONTROL_PLANE, interfaceServiceOf } from './interface-service.ts';
import type { InterfaceIndex } from './interface-index.ts';
import { privateRanges, tableOf } from './well-known-addresses.ts';

/** What an address is by where it lies, where no pod, node or Service had it. */
export interface Place {
  readonly certainty: 'exact' | 'unknown';
  readonly owners: readonly AddressOwner[];
  readonly because: string;
}

export interface PlaceInputs {
  readonly facts: Facts;
  readonly interfaces: InterfaceIndex;
  readonly awsRanges: readonly AwsRange[];
  readonly vpcCidrs: readonly string[];
  /** What could not be read and may be the owner, as words; empty: nothing. */
  readonly unread: readonly string[];
}

const exact = (owner: AddressOwner, because: string): Place => ({ certainty: 'exact', owners: [owner], because });
const unknown = (owners: readonly AddressOwner[], because: string): Place => ({
  certainty: 'unknown',
  owners,
  because,
});

const clusterNameOf = ({ 'eks.cluster': cluster }: Facts): string | undefined =>
  cluster.state === 'observed' ? /:cluster\/(.+)$/.exec(cluster.value.arn)?.[1] : undefined;

/** Interfaces that carry pods: those the VPC CNI attaches, and trunk and branch interfaces of pods with security groups. */
const isForPods = ({ type, description }: NetworkInterface): boolean =>
  type === 'trunk' || type === 'branch' || description.startsWith('aws-K8S-');

type PlaceOf = (address: Address) => Place | undefined;

const interfaces = (facts: Facts, { interfaceOf, nodeOf }: InterfaceIndex): PlaceOf => {
  const observedAt = facts['ec2.network-interfaces'].observedAt;
  const knowsNodes = facts['kubernetes.nodes'].state === 'observed';
  const clusterName = clusterNameOf(facts);
  return (address) => {
    const one = interfaceOf(address);
    if (one === undefined) return undefined;
    const { id, type: interfaceType, description, instanceId, subnetId } = one;
    const seen = `of network interface ${id} as of ${observedAt}`;
    const node = nodeOf(one);
    if (node !== undefined)
      return unknown([{ kind: 'vpc', subnetId }], `${seen}, on node ${node}; no known pod had it`);
    if (isForPods(one)) return unknown([{ kind: 'vpc', subnetId }], `${seen}, which is for pods; no known pod had it`);
    if (instanceId !== undefined && !knowsNodes) {
      return unknown([{ kind: 'vpc', subnetId }], `${seen}, on instance ${instanceId}, which may be a node`);
    }
    // Its own control plane reaches pods from here; the endpoints of default/kubernetes are these addresses.
    if (clusterName !== undefined && CONTROL_PLANE.exec(description)?.[1] === clusterName) {
      return exact({ kind: 'api-server' }, `${seen}, which the control plane of this cluster uses`);
    }
    const service = interfaceServiceOf(one)?.service ?? (instanceId === undefined ? undefined : 'Amazon EC2');
    const owner = { kind: 'network-interface', id, interfaceType, description } as const;
    return exact(service === undefined ? owner : { ...owner, service }, seen);
  };
};

const IPV4_BASE_OF_LARGEST_VPC = 0xffff;

/**
 * The VPC's resolver answers at the base of the VPC's range plus two
 * (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html). No VPC block is larger than a /16, so a subnet
 * that begins where a /16 does begins where its VPC's block does.
 */
const resolvers = (vpcCidrs: readonly string[], subnets: readonly Subnet[]): ReadonlyMap<bigint, string> => {
  const ofVpc = vpcCidrs.map((cidr) => ({ cidr, because: `base of the VPC's range ${cidr} plus two` }));
  const ofSubnets = subnets.map(({ cidr, id }) => ({
    cidr,
    because: `base of the VPC's range plus two, by subnet ${id}`,
  }));
  const bases = [...ofVpc, ...ofSubnets].flatMap(({ cidr, because }, index) => {
    const block = readCidr(cidr);
    if (block?.family !== 4) return [];
    const isBase = index < ofVpc.length || (Number(block.first) & IPV4_BASE_OF_LARGEST_VPC) === 0;
    return isBase ? [[block.first + 2n, because] as const] : [];
  });
  return new Map(bases.toReversed());
};

const inside = (facts: Facts, vpcCidrs: readonly string[]): PlaceOf => {
  const { 'ec2.subnets': fact, 'eks.cluster': cluster } = facts;
  const subnets = fact.state === 'observed' ? fact.value : [];
  const resolver = resolvers(vpcCidrs, subnets);
  const bySubnet = tableOf(
    subnets.flatMap((subnet) => [subnet.cidr, ...subnet.ipv6Cidrs].map((cidr) => ({ cidr, value: subnet }))),
  );
  const byVpc = tableOf(vpcCidrs.map((cidr) => ({ cidr, value: cidr })));
  const serviceCidr = cluster.state === 'observed' ? cluster.value.serviceCidr : undefined;
  const services = tableOf(serviceCidr === undefined ? [] : [{ cidr: serviceCidr, value: serviceCidr }]);
  return (address) => {
    const base = address.family === 4 ? resolver.get(numberOf(address)) : undefined;
    if (base !== undefined) return exact({ kind: 'well-known', service: 'vpc-resolver' }, base);
    const range = services.find(address);
    if (range !== undefined) return unknown([], `in the cluster's Service range ${range}; no known Service had it`);
    const subnet = bySubnet.find(address);
    if (subnet !== undefined) {
      return unknown([{ kind: 'vpc', subnetId: subnet.id }], `in subnet ${subnet.id}; nobody known had it`);
    }
    const vpc = byVpc.find(address);
    return vpc === undefined ? undefined : unknown([{ kind: 'vpc' }], `in the VPC's range ${vpc}; nobody known had it`);
  };
};

/** Addresses that only the place tells. The more is unread, the more of them may be a pod's. */
export const placeTable = ({
  facts,
  interfaces: index,
  awsRanges,
  vpcCidrs,
  unread,
}: PlaceInputs): ((address: Address) => Place) => {
  const byInterface = interfaces(facts, index);
  const byRange = inside(facts, vpcCidrs);
  const published = awsRangeTable(awsRanges);
  const knowsSubnets = facts['ec2.subnets'].state === 'observed' || vpcCidrs.length > 0;
  const doubts = [...unread, ...(knowsSubnets ? [] : ["the cluster's subnets could not be read"])];
  const doubtful = (place: Place): Place => ({ ...place, because: [place.because, ...unread].join('; ') });
  return (address) => {
    const here = byInterface(address) ?? byRange(address);
    if (here !== undefined) return here.certainty === 'exact' ? here : doubtful(here);
    const aws = published.find(address);
    if (aws !== undefined) {
      const { service, region, cidr } = aws;
      return exact({ kind: 'aws-service', service, region }, `in ${cidr} of the ranges that Amazon publishes`);
    }
    const isPrivate = privateRanges.find(address) === true;
    const owners: readonly AddressOwner[] = [{ kind: 'external', network: networkAround(address) }];
    const where = isPrivate
      ? "a private address outside the cluster's subnets: elsewhere in the VPC, in a peered network or on premises"
      : 'a public address';
    // Pods have private IPv4 addresses but public IPv6 ones.
    const mayBePod = isPrivate || address.family === 6;
    if (!mayBePod || (knowsSubnets && unread.length === 0)) return { certainty: 'exact', owners, because: where };
    const place = isPrivate ? 'a private address that nobody known had' : 'an address that nobody known had';
    return unknown(owners, [place, ...doubts].join('; '));
  };
};
