import * as z from 'zod';
import type { Subnet } from '../../model/facts-aws-network.ts';
import { awsTags } from './aws-tags.ts';
import { count, listOf, text } from './field.ts';
import { ipv4Cidr } from './ipv4.ts';
import { normaliseItems } from './items.ts';
import { distinct, sortedBy } from './order.ts';
import { parse } from './parse.ts';

export type Reservation = Subnet['reservations'][number];

const reservation = z.object({ Cidr: text, ReservationType: text.nullish() });
const reservations = z.object({ SubnetIpv4CidrReservations: listOf(reservation) });

const KINDS: ReadonlySet<unknown> = new Set(['prefix', 'explicit']);
const isKnown = (type: unknown): type is 'prefix' | 'explicit' => KINDS.has(type);

/**
 * ec2:GetSubnetCidrReservations, IPv4 only, sorted
 * (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html). A type that AWS adds is unknown.
 * @throws MalformedError
 */
export const normaliseCidrReservations = (raw: unknown): readonly Reservation[] =>
  sortedBy(
    parse(reservations, raw, '').SubnetIpv4CidrReservations.map(({ Cidr, ReservationType }): Reservation => ({
      cidr: Cidr,
      type: isKnown(ReservationType) ? ReservationType : 'unknown',
    })),
    ({ cidr, type }) => [cidr, type],
  );

const associated = z.object({
  Ipv6CidrBlock: text,
  Ipv6CidrBlockState: z.object({ State: text.nullish() }).nullish(),
});

const subnet = z.object({
  SubnetId: text,
  VpcId: text,
  AvailabilityZone: text,
  CidrBlock: ipv4Cidr,
  AvailableIpAddressCount: count,
  Ipv6CidrBlockAssociationSet: listOf(associated),
  Tags: awsTags,
});

/** A subnet as ec2:DescribeSubnets alone gives it. */
export type DescribedSubnet = Omit<Subnet, 'reservations'>;

/**
 * One subnet of ec2:DescribeSubnets (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html).
 * @throws MalformedError
 */
export const normaliseSubnet = (item: unknown, path = ''): DescribedSubnet => {
  const read = parse(subnet, item, path);
  const ipv6 = read.Ipv6CidrBlockAssociationSet.filter(
    ({ Ipv6CidrBlockState }) => (Ipv6CidrBlockState?.State ?? 'associated') === 'associated',
  );
  return {
    id: read.SubnetId,
    vpcId: read.VpcId,
    availabilityZone: read.AvailabilityZone,
    cidr: read.CidrBlock,
    ipv6Cidrs: distinct(ipv6.map(({ Ipv6CidrBlock }) => Ipv6CidrBlock)),
    availableIps: read.AvailableIpAddressCount,
    tags: read.Tags,
  };
};

const answer = z.object({ Subnets: z.array(z.unknown()) });

/**
 * ec2:DescribeSubnets, `{ Subnets: […] }`, sorted by id.
 * @throws MalformedError
 */
export const normaliseSubnets = (raw: unknown): readonly DescribedSubnet[] =>
  normaliseItems(parse(answer, raw, '').Subnets, normaliseSubnet, ({ id }) => [id], 'Subnets');
