import { isIPv4 } from 'node:net';
import * as z from 'zod';

/** Addresses `first` to `last`, both included, as unsigned numbers. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
}

/** Dotted decimal without leading zeros, as AWS writes it; undefined where it is something else. */
export const ipv4Number = (text: string): number | undefined =>
  isIPv4(text) ? text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;

/** `10.0.0.0/24` as its range; undefined where it is no block. Bits below the prefix length are ignored. */
export const ipv4Range = (cidr: string): Ipv4Range | undefined => {
  const [, address = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(cidr) ?? [];
  const start = ipv4Number(address);
  if (start === undefined || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = start - (start % size);
  return { first, last: first + size - 1 };
};

export const ipv4Cidr = z.string().refine((cidr) => ipv4Range(cidr) !== undefined, 'IPv4 block');
export const ipv4Address = z.string().refine((address) => ipv4Number(address) !== undefined, 'IPv4 address');
