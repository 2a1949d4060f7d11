import { formatAddress, parseAddress } from '../decode/address.ts';
import type { AddressWords } from '../decode/address.ts';

/** IPv4 as its 32 bits (a small integer is the fastest key of a Map), IPv6 as its canonical text. */
export type AddressKey = number | string;

export interface Address {
  readonly family: 4 | 6;
  readonly words: AddressWords;
  readonly key: AddressKey;
  /** Canonical: dotted for IPv4 and IPv4-mapped, RFC 5952 for the rest. */
  readonly text: string;
}

const MAPPED = 0xffff;

const NONE = -1;
const ZERO = 48;
const DOT = 46;

/** The 32 bits of four canonical octets, as a number of 0 or more; NONE for every other text. */
const plainIpv4 = (text: string): number => {
  let value = 0;
  let octet = NONE;
  let dots = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (octet === NONE) return NONE;
      value = value * 256 + octet;
      octet = NONE;
      dots++;
      continue;
    }
    const digit = code - ZERO;
    // No leading zero: some readers take it for octal.
    if (digit < 0 || digit > 9 || octet === 0) return NONE;
    octet = octet === NONE ? digit : octet * 10 + digit;
    if (octet > 255) return NONE;
  }
  return dots === 3 && octet !== NONE ? value * 256 + octet : NONE;
};

/**
 * Undefined for what is no address. IPv4-mapped IPv6 is IPv4; IPv4 without its trailing zero octets is as the agent meant
 * it (see `decode/address.ts`). Nearly all texts are plain IPv4, which is read without making anything but the result.
 */
export const readAddress = (text: string): Address | undefined => {
  const plain = plainIpv4(text);
  if (plain !== NONE) return { family: 4, words: [0, 0, MAPPED, plain | 0], key: plain | 0, text };
  const words = parseAddress(text)?.words;
  if (words === undefined) return undefined;
  const [first, second, third, last] = words;
  const canonical = formatAddress(first, second, third, last);
  return first === 0 && second === 0 && third === MAPPED
    ? { family: 4, words, key: last, text: canonical }
    : { family: 6, words, key: canonical, text: canonical };
};

/** The address as a number of its family. */
export const numberOf = ({ family, words }: Address): bigint => {
  if (family === 4) return BigInt(words[3] >>> 0);
  return words.reduce((number, word) => (number << 32n) | BigInt(word >>> 0), 0n);
};

/** A block of addresses, both ends included. */
export interface AddressBlock {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
}

/** Undefined for what is no CIDR. Host bits are ignored, as routers do. */
export const readCidr = (text: string): AddressBlock | undefined => {
  const [network = '', length = '', ...rest] = text.split('/');
  const address = readAddress(network);
  if (address === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const prefix = Number(length);
  if (prefix > bits) return undefined;
  const hostBits = BigInt(bits - prefix);
  const first = (numberOf(address) >> hostBits) << hostBits;
  return { family: address.family, first, last: first | ((1n << hostBits) - 1n), prefix };
};

/** The /24 or /48 around an address, in CIDR notation. */
export const networkAround = ({ family, words: [first, second, , last] }: Address): string =>
  family === 4
    ? `${formatAddress(0, 0, MAPPED, last & 0xffffff00)}/24`
    : `${formatAddress(first, second & 0xffff0000, 0, 0)}/48`;
