import type { AddressOwner, WellKnownAddress } from '../../model/denied-traffic.ts';
import { readAddress, readCidr } from './address-key.ts';
import type { AddressKey } from './address-key.ts';
import { rangeTable } from './range-table.ts';
import type { RangeTable } from './range-table.ts';

/** Data: addresses that mean the same in every VPC and cluster. */
export const WELL_KNOWN_ADDRESSES: readonly {
  readonly service: WellKnownAddress;
  readonly addresses: readonly string[];
  readonly url: string;
}[] = [
  {
    service: 'imds',
    addresses: ['169.254.169.254', 'fd00:ec2::254'],
    url: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html',
  },
  {
    service: 'pod-identity-agent',
    addresses: ['169.254.170.23', 'fd00:ec2::23'],
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html',
  },
  {
    service: 'container-credentials',
    addresses: ['169.254.170.2'],
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
  },
  {
    service: 'vpc-resolver',
    addresses: ['169.254.169.253', 'fd00:ec2::253'],
    url: 'https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html',
  },
  {
    service: 'time-sync',
    addresses: ['169.254.169.123', 'fd00:ec2::123'],
    url: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-ec2-ntp.html',
  },
  {
    service: 'node-local-dns',
    addresses: ['169.254.20.10'],
    url: 'https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/',
  },
];

export type SpecialRange = Extract<AddressOwner, { readonly kind: 'special' }>['range'];

/**
 * Data: ranges that no workload owns. https://www.iana.org/assignments/iana-ipv4-special-registry/ and
 * https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
export const SPECIAL_RANGES: readonly { readonly range: SpecialRange; readonly cidrs: readonly string[] }[] = [
  { range: 'unspecified', cidrs: ['0.0.0.0/8', '::/128'] },
  { range: 'loopback', cidrs: ['127.0.0.0/8', '::1/128'] },
  { range: 'link-local', cidrs: ['169.254.0.0/16', 'fe80::/10'] },
  { range: 'multicast', cidrs: ['224.0.0.0/4', 'ff00::/8'] },
  { range: 'broadcast', cidrs: ['255.255.255.255/32'] },
];

/**
 * Data: what is never routed over the internet, so it is the VPC, a peered network or a data centre: RFC 1918, RFC 6598
 * (which EKS suggests for pods: https://docs.aws.amazon.com/eks/latest/best-practices/custom-networking.html), RFC 4193.
 */
export const PRIVATE_RANGES: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
];

/** Blocks that can be read; others are left out. */
export const tableOf = <T>(entries: readonly { readonly cidr: string; readonly value: T }[]): RangeTable<T> =>
  rangeTable(
    entries.flatMap(({ cidr, value }) => {
      const block = readCidr(cidr);
      return block === undefined ? [] : [{ block, value }];
    }),
  );

export const wellKnownByKey: ReadonlyMap<AddressKey, WellKnownAddress> = new Map(
  WELL_KNOWN_ADDRESSES.flatMap(({ service, addresses }) =>
    addresses.flatMap((text) => {
      const address = readAddress(text);
      return address === undefined ? [] : [[address.key, service] as const];
    }),
  ),
);

export const specialRanges: RangeTable<SpecialRange> = tableOf(
  SPECIAL_RANGES.flatMap(({ range, cidrs }) => cidrs.map((cidr) => ({ cidr, value: range }))),
);

export const privateRanges: RangeTable<true> = tableOf(PRIVATE_RANGES.map((cidr) => ({ cidr, value: true })));
