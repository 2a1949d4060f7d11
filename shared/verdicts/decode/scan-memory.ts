/*
 * Where everything lies in the memory that wasm/scan.ts and TypeScript share: plain constants, in both languages. Offsets
 * in bytes.
 */

/** Bytes. After the text of a literal lies its mask, which is zero beyond its end. */
export const LONGEST_LITERAL = 512;
export const LITERAL_BYTES = 2 * LONGEST_LITERAL;

/** What the agent decided, as literals are labelled. */
export const DENIED = 0;
export const ACCEPTED = 1;
export const OTHER = 2;

/** Places that a literal is found at by its hash: the upper bits of it. */
export const PLACES = 4096;
export const PLACE_SHIFT = 64 - 12;

/**
 * A set of literals: two offsets of the words of eight bytes that are hashed; the length of the longest; by
 * hash, a literal's number plus one (eight bits), its outcome (two bits) and its length, or 0; and
 * the literals.
 */
export const SET_LONGEST = 8;
export const SET_PLACES = 16;
export const SET_LITERALS = SET_PLACES + 4 * PLACES;
export const MOST_HEADS = 8;
export const MOST_MIDDLES = 32;
export const MOST_TAILS = 128;

/** What is asked. How the times of lines of one hour begin: `2026-04-13T21:`, and zeros, that are not compared. */
export const HOUR = 0;
export const HOUR_BYTES = 14;
/** Milliseconds, f64. */
export const HOUR_START = 16;
/** The byte that ends an address. */
export const TERMINATOR = 24;
/** Whether flows that are not denied are wanted too. */
export const KEEPS_ALL = 28;
/** The three texts between the fields, each 16 bytes and its mask, and their lengths. */
export const INNER = 32;
export const INNER_LENGTHS = 128;

/** What is answered. Rows in use, to be 0 where a collection begins; flows by outcome; the last record read, or -1; why the scan ended, and where. */
export const USED = 144;
export const BY_OUTCOME = 148;
export const LAST_RECORD = 160;
export const WHY = 164;
export const WHERE = 168;
/** Asked and answered: what stands at the places of the head and of the middle to expect. */
export const HEAD = 172;
export const MIDDLE = 176;
/** Asked: whether equal flows share a row; the number of this collection of rows; a summary's window, milliseconds, f64. */
export const MERGES = 180;
export const COLLECTION = 184;
export const SUMMARY_WINDOW = 224;

/** Sixteen bytes of ones and sixteen of zeros: from 16 - n on stands a mask of n bytes. */
export const ONES = 192;

/** Content is copied here to be scanned. */
export const WINDOW = 256;
export const WINDOW_BYTES = 65536;
export const SPAN = 2048;

/**
 * Addresses that have been read: 15 bytes of text, zero beyond its end; its length, without which a text would equal one
 * with zeros behind it, and an empty place; and four words (address.ts).
 */
export const SHORT = WINDOW + WINDOW_BYTES + SPAN;
export const SHORT_BITS = 13;
/** The same of longer ones, which are IPv6: 47 bytes of text, its length, and four words. */
export const LONG = SHORT + (32 << SHORT_BITS);
export const LONG_BITS = 12;

/** Ports that have been read: the eight bytes they begin, how many of them are the port, and the port. */
export const PORTS = LONG + (64 << LONG_BITS);
export const PORT_BITS = 12;

export const HEADS = PORTS + (16 << PORT_BITS);
export const MIDDLES = HEADS + SET_LITERALS + MOST_HEADS * LITERAL_BYTES;
export const TAILS = MIDDLES + SET_LITERALS + MOST_MIDDLES * LITERAL_BYTES;

/**
 * A row for each flow that is wanted or, where MERGES says so, for all that the key of a summary makes equal: the words of
 * the source, and from here on of the destination; first and last time in milliseconds, f64; the ports as `portsOf` has
 * them; the number of the tail (eight bits) and that of the middle; how many flows, and in the upper bit whether an address
 * is not IPv4; where the first record begins.
 */
export const ROW_DESTINATION = 16;
export const ROW_FIRST = 32;
export const ROW_LAST = 40;
export const ROW_PORTS = 48;
export const ROW_WORDS = 52;
export const ROW_COUNT = 56;
export const ROW_RECORD = 60;
export const ROWS = TAILS + SET_LITERALS + MOST_TAILS * LITERAL_BYTES;
export const ROW_BYTES = 64;
export const MOST_ROWS = 2048;
/** By hash: the number of a row, and above it the number of the collection that it belongs to. */
export const ROW_INDEX = ROWS + MOST_ROWS * ROW_BYTES;
export const ROW_INDEX_BITS = 13;
export const ROW_BITS = 12;
export const MOST_COLLECTIONS = 0x7ffff;
export const END = ROW_INDEX + (4 << ROW_INDEX_BITS);

/** Why the scan ended: at a record that is not as learnt; rows are used up; a time is of another hour. */
export const REFUSED = 0;
export const FULL = 1;
export const TIME = 2;
