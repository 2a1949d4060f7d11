import * as bytes from '../decode/scan-memory.ts';

/** A row of equal lines to be counted, in integers: see `ROWS` in ../decode/scan-memory.ts. */
export const ROW = bytes.ROW_BYTES / 4;
/** Lowest words of the addresses, which have four each, from 0 and from 4 on. */
export const ROW_SOURCE = 3;
export const ROW_DESTINATION = bytes.ROW_DESTINATION / 4 + 3;
/** Floats, each of which lies in two integers. */
export const ROW_FIRST = bytes.ROW_FIRST / 4;
export const ROW_LAST = bytes.ROW_LAST / 4;
export const ROW_PORTS = bytes.ROW_PORTS / 4;
/** The number of the tail, eight bits, and that of the middle. */
export const ROW_WORDS = bytes.ROW_WORDS / 4;
/** Negative where an address is not IPv4: the upper bit is no part of the count. */
export const ROW_COUNT = bytes.ROW_COUNT / 4;
export const ROW_RECORD = bytes.ROW_RECORD / 4;
