/** A row of equal lines to be counted, in integers: what `ROWS` in ../decod./scan-memory.ts is made of. */
export const ROW = 16;
/** Lowest words of the addresses, of four each, from 0 and from 4 on. */
export const ROW_SOURCE = 3;
export const ROW_DESTINATION = 7;
/** Floats, each of which lies in two integers. */
export const ROW_FIRST = 8;
export const ROW_LAST = 10;
export const ROW_PORTS = 12;
/** The number of the tail, eight bits, and that of the middle. */
export const ROW_WORDS = 13;
/** Negative where an address is not IPv4: the upper bit is no part of the count. */
export const ROW_COUNT = 14;
export const ROW_RECORD = 15;
