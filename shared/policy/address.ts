import ipaddr from 'ipaddr.js';

import { PolicyInputError } from './policy-input-error.ts';

/** An address as a number of its family. IPv4-mapped IPv6 is IPv4. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A CIDR as the addresses it covers, both ends included. Host bits of the written address are ignored, as routers do. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
}

const toNumber = (bytes: readonly number[]): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

/** Canonical textual forms only: `10.1` and `0x0a.1.1.1` are refused, a zone (`fe80::1%eth0`) is too. */
const read = (text: string): Address | undefined => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return { family: 4, value: toNumber(ipaddr.IPv4.parse(text).octets) };
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress()
    ? { family: 4, value: toNumber(address.toIPv4Address().octets) }
    : { family: 6, value: toNumber(address.toByteArray()) };
};

/** @throws PolicyInputError */
export const parseAddress = (text: string, path: string): Address => {
  const address = read(text);
  if (address === undefined) throw new PolicyInputError(path, text, 'an IPv4 or IPv6 address');
  return address;
};

/** @throws PolicyInputError */
export const parseCidr = (text: string, path: string): AddressRange => {
  const slash = text.indexOf('/');
  const address = slash === -1 ? undefined : read(text.slice(0, slash));
  const length = slash === -1 ? '' : text.slice(slash + 1);
  const bits = address?.family === 4 ? 32 : 128;
  if (address === undefined || !/^\d{1,3}$/.test(length) || Number(length) > bits) {
    throw new PolicyInputError(path, text, 'a CIDR such as 10.0.0.0/8 or 2001:db8::/32');
  }
  const prefix = Number(length);
  const hostBits = BigInt(bits - prefix);
  const first = (address.value >> hostBits) << hostBits;
  return { family: address.family, first, last: first | ((1n << hostBits) - 1n), prefix };
};

export const contains = (range: AddressRange, address: Address): boolean =>
  range.family === address.family && range.first <= address.value && address.value <= range.last;

/** The range of this length around an address, written with its host bits at zero as the API server wants it. */
export const enclosingCidr = (ip: string, prefix: number): string => {
  const address = ipaddr.process(ip);
  const text = `${address.toString()}/${prefix}`;
  const network =
    address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(text) : ipaddr.IPv6.networkAddressFromCIDR(text);
  return `${network.toString()}/${prefix}`;
};
