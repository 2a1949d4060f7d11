/**
 * Addresses as four 32-bit words, most significant first, each as a signed integer. IPv4 is held as IPv4-mapped IPv6
 * (::ffff:a.b.c.d, RFC 4291 §2.5.5.2), so one shape serves both families and a mapped address equals its IPv4 form.
 */
export type AddressWords = readonly [number, number, number, number];

export interface ParsedAddress {
  readonly words: AddressWords;
  /** Trailing zero octets were missing and have been put back. */
  readonly repaired: boolean;
}

const MAPPED = 0xffff;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;

/** One to four octets as a word; undefined for anything else. Missing octets are the low ones and are zero. */
const parseOctets = (octets: readonly string[]): number | undefined => {
  if (octets.length > 4) return undefined;
  let word = 0;
  for (let i = 0; i < 4; i++) {
    const octet = octets[i] ?? '0';
    if (!OCTET.test(octet) || Number(octet) > 255) return undefined;
    word = (word << 8) | Number(octet);
  }
  return word;
};

/** 16-bit groups of one side of `::`; a dotted IPv4 tail counts as two. */
const parseGroups = (side: string, mayEndDotted: boolean): number[] | undefined => {
  if (side === '') return [];
  const texts = side.split(':');
  const groups: number[] = [];
  for (const [i, text] of texts.entries()) {
    if (GROUP.test(text)) {
      groups.push(Number.parseInt(text, 16));
      continue;
    }
    const octets = text.split('.');
    const word = octets.length === 4 ? parseOctets(octets) : undefined;
    if (!mayEndDotted || i !== texts.length - 1 || word === undefined) return undefined;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
};

const parseIpv6 = (text: string): AddressWords | undefined => {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const [leftText = '', rightText] = sides;
  const left = parseGroups(leftText, rightText === undefined);
  const right = rightText === undefined ? [] : parseGroups(rightText, true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (rightText === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  const word = (i: number): number => ((groups[2 * i] ?? 0) << 16) | (groups[2 * i + 1] ?? 0);
  return [word(0), word(1), word(2), word(3)];
};

/**
 * Reads an address as the agent prints it. Undefined for nonsense: masked octets, ranges, names, leading zeros.
 *
 * Every agent release up to v1.4.1 formats an IPv4 address from an unpadded hexadecimal integer, which loses octets
 * that are zero at the end: 10.0.24.0 is printed `10.0.24`, 0.0.0.0 is printed `0` (ConvByteArrayToIP in
 * https://github.com/aws/aws-network-policy-agent/blob/v1.4.1/pkg/utils/utils.go).
 */
export const parseAddress = (text: string): ParsedAddress | undefined => {
  if (text.length > 45) return undefined;
  if (text.includes(':')) {
    const words = parseIpv6(text);
    return words && { words, repaired: false };
  }
  const octets = text.split('.');
  const word = parseOctets(octets);
  return word === undefined ? undefined : { words: [0, 0, MAPPED, word], repaired: octets.length < 4 };
};

/** Start and length of the longest run of at least two zero groups, the first of equal ones; length 0 where none. */
const longestZeroRun = (groups: readonly number[]): { readonly start: number; readonly length: number } => {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start >= 2 && end - start > best.length) best = { start, length: end - start };
    start = Math.max(start, end);
  }
  return best;
};

/** Made once: a batch has thousands of addresses to write. */
const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet));

/** Canonical text: dotted for IPv4 and IPv4-mapped, RFC 5952 for the rest. */
export const formatAddress = (w0: number, w1: number, w2: number, w3: number): string => {
  if (w0 === 0 && w1 === 0 && w2 === MAPPED) {
    return `${OCTETS[w3 >>> 24]}.${OCTETS[(w3 >>> 16) & 255]}.${OCTETS[(w3 >>> 8) & 255]}.${OCTETS[w3 & 255]}`;
  }
  const groups = [w0, w1, w2, w3].flatMap((word) => [word >>> 16, word & 0xffff]);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  const run = longestZeroRun(groups);
  if (run.length === 0) return hex(groups);
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`;
};
