import * as z from 'zod';
import type { NetworkInterface } from '../../model/facts-aws-network.ts';
import { awsTags } from './aws-tags.ts';
import { given, listOf, text } from './field.ts';
import { ipv4Address, ipv4Cidr } from './ipv4.ts';
import { normaliseItems } from './items.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

const networkInterface = z.object({
  NetworkInterfaceId: text,
  InterfaceType: text,
  Status: text,
  Description: text.nullish(),
  SubnetId: text,
  VpcId: text,
  AvailabilityZone: text,
  Attachment: z.object({ InstanceId: text.nullish() }).nullish(),
  RequesterId: text.nullish(),
  PrivateIpAddress: ipv4Address.nullish(),
  PrivateIpAddresses: listOf(z.object({ PrivateIpAddress: ipv4Address })),
  Ipv6Addresses: listOf(z.object({ Ipv6Address: text })),
  Ipv4Prefixes: listOf(z.object({ Ipv4Prefix: ipv4Cidr })),
  Ipv6Prefixes: listOf(z.object({ Ipv6Prefix: text })),
  Groups: listOf(z.object({ GroupId: text })),
  TagSet: awsTags,
});

/**
 * One interface of ec2:DescribeNetworkInterfaces
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html). Tags are in `TagSet` here. An
 * interface of a subnet with IPv6 only has no private IPv4 address.
 * @throws MalformedError
 */
export const normaliseNetworkInterface = (item: unknown, path = ''): NetworkInterface => {
  const read = parse(networkInterface, item, path);
  const addresses = read.PrivateIpAddresses.map(({ PrivateIpAddress }) => PrivateIpAddress);
  return {
    id: read.NetworkInterfaceId,
    type: read.InterfaceType,
    status: read.Status,
    description: read.Description ?? '',
    subnetId: read.SubnetId,
    vpcId: read.VpcId,
    availabilityZone: read.AvailabilityZone,
    privateIps: distinct([...addresses, ...(read.PrivateIpAddress ? [read.PrivateIpAddress] : [])]),
    ipv6s: distinct(read.Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address)),
    ipv4Prefixes: distinct(read.Ipv4Prefixes.map(({ Ipv4Prefix }) => Ipv4Prefix)),
    ipv6Prefixes: distinct(read.Ipv6Prefixes.map(({ Ipv6Prefix }) => Ipv6Prefix)),
    securityGroupIds: distinct(read.Groups.map(({ GroupId }) => GroupId)),
    tags: read.TagSet,
    ...given({ instanceId: read.Attachment?.InstanceId, requesterId: read.RequesterId }),
  };
};

const answer = z.object({ NetworkInterfaces: z.array(z.unknown()) });

/**
 * ec2:DescribeNetworkInterfaces, `{ NetworkInterfaces: […] }`, sorted by id.
 * @throws MalformedError
 */
export const normaliseNetworkInterfaces = (raw: unknown): readonly NetworkInterface[] =>
  normaliseItems(
    parse(answer, raw, '').NetworkInterfaces,
    normaliseNetworkInterface,
    ({ id }) => [id],
    'NetworkInterfaces',
  );
