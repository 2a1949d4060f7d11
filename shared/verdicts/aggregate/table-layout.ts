/** How an entry of `FlowTable` lies in its two arrays. */

/** Integers of an entry: 8 address words, then these, then one unused. */
export const INTS = 16;
export const PORTS = 8;
export const WORDS = 9;
/** The window's number, low and high 32 bits. */
export const WINDOW_LOW = 10;
export const WINDOW_HIGH = 11;
/** Sets, as bits. */
export const NODES = 12;
export const TIERS = 13;
export const REPAIRED = 14;

/** Floating-point numbers of an entry. */
export const FLOATS = 4;
export const COUNT = 0;
export const FIRST = 1;
export const LAST = 2;
export const UNCOUNTED = 3;

/** Of a key. Independent multiplications, so that they overlap, and one avalanche at the end. */
export const hashOf = (
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  a4: number,
  a5: number,
  a6: number,
  a7: number,
  ports: number,
  words: number,
  window: number,
): number => {
  let h =
    (Math.imul(a0, 0x9e3779b1) + Math.imul(a1, 0x85ebca6b) + Math.imul(a2, 0xc2b2ae35)) ^
    (Math.imul(a3, 0x27d4eb2f) + Math.imul(a4, 0x165667b1) + Math.imul(a5, 0xd3a2646d)) ^
    (Math.imul(a6, 0xfd7046c5) + Math.imul(a7, 0xb55a4f09) + Math.imul(ports, 0x8da6b343)) ^
    (Math.imul(words, 0xd8163841) + Math.imul(window, 0xcb1ab31f));
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
};
