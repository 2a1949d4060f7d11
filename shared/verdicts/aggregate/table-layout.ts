/**
 * How an entry of `FlowEntries` lies in memory: one cache line of 64 bytes, of which a look-up touches nothing else. The
 * upper address words, which are the same for every IPv4 address, lie apart.
 */

/** Integers of an entry. The first six are its key. */
export const INTS = 16;
/** Lowest words of the addresses. */
export const SOURCE = 0;
export const DESTINATION = 1;
export const PORTS = 2;
/** The number of the words, times two, plus one where an address is not IPv4. */
export const WORDS = 3;
/** The window's number, low and high 32 bits. */
export const WINDOW_LOW = 4;
export const WINDOW_HIGH = 5;
/** Sets, as bits. */
export const NODES = 6;
/** Tiers in the lower 28 bits, repaired sides above. */
export const TIERS = 7;
export const REPAIRED_SHIFT = 28;

/** Floating-point numbers of the same memory; an entry's first four are its integers. */
export const FLOATS = 8;
export const COUNT = 4;
export const FIRST = 5;
export const LAST = 6;
export const UNCOUNTED = 7;

/** Upper address words of an entry, three of the source and three of the destination. */
export const UPPER = 6;

/** The word above an IPv4 address's own; the two above it are 0. */
export const MAPPED = 0xffff;

/** Of a key, all but its window's upper word. Products do not wait for each other; one avalanche at the end. */
export const hashOf = (source: number, destination: number, ports: number, words: number, window: number): number => {
  let h =
    (Math.imul(source, 0x9e3779b1) + Math.imul(destination, 0x85ebca6b)) ^
    (Math.imul(ports, 0xc2b2ae35) + Math.imul(words, 0x27d4eb2f) + Math.imul(window, 0x165667b1));
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
};
