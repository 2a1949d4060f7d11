import type { NetworkInterface, Subnet } from './facts-aws-network.ts';
import { ipv4Number, ipv4Range, type Ipv4Range } from './ipv4.ts';

/** Addresses of a prefix that VPC CNI asks for: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html */
const PREFIX_SIZE = 16;

/** The first four and the last one: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const reservedByAws = ({ first, last }: Ipv4Range): readonly Ipv4Range[] => [
  { first, last: first + 3 },
  { first: last, last },
];

const single = (address: string): Ipv4Range | undefined => {
  const number = ipv4Number(address);
  return number === undefined ? undefined : { first: number, last: number };
};

/** The text, or the reason to stop: a count that skips what it cannot read would promise room that is not there. */
const need = (range: Ipv4Range | undefined, text: string): Ipv4Range => {
  if (range === undefined) throw new RangeError(`no IPv4 address or block: ${JSON.stringify(text.slice(0, 60))}`);
  return range;
};

/**
 * How many contiguous /28 blocks, aligned to 16 addresses, hold no address in use: what prefix delegation can still get
 * from this subnet. A fragmented subnet that has addresses left may have none
 * (https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html), and EC2 then says
 * `InsufficientCidrBlocks` (https://github.com/aws/amazon-vpc-cni-k8s/pull/1773). A reservation for
 * prefixes is room for them; one for explicit assignment, or of a type not known, is not.
 * @param interfaces may be of other subnets too; those are ignored.
 * @throws RangeError on an address that is none: normalised facts hold none such.
 */
export const freePrefixes = (
  subnet: Pick<Subnet, 'id' | 'cidr' | 'reservations'>,
  interfaces: readonly Pick<NetworkInterface, 'subnetId' | 'privateIps' | 'ipv4Prefixes'>[],
): number => {
  const whole = need(ipv4Range(subnet.cidr), subnet.cidr);
  const here = interfaces.filter(({ subnetId }) => subnetId === subnet.id);
  const used = [
    ...reservedByAws(whole),
    ...subnet.reservations.filter(({ type }) => type !== 'prefix').map(({ cidr }) => need(ipv4Range(cidr), cidr)),
    ...here.flatMap(({ privateIps }) => privateIps.map((address) => need(single(address), address))),
    ...here.flatMap(({ ipv4Prefixes }) => ipv4Prefixes.map((cidr) => need(ipv4Range(cidr), cidr))),
  ];
  const block = (address: number): number => Math.floor(address / PREFIX_SIZE);
  const taken = new Set<number>();
  for (const { first, last } of used) {
    const end = Math.min(block(last), block(whole.last));
    for (let at = Math.max(block(first), block(whole.first)); at <= end; at += 1) taken.add(at);
  }
  const blocks = Math.floor((whole.last - whole.first + 1) / PREFIX_SIZE);
  return Math.max(0, blocks - taken.size);
};
