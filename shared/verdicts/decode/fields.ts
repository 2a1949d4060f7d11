/**
 * Fields read from bytes, in exactly the spelling the agent writes; anything else is refused here (-1) and read by the
 * reference decoder. Positions are offsets into the view, which must reach well beyond the field.
 */

import { parseTime } from './time.ts';

/** Reads a decimal octet group `a.b.c.d` into `words[to..to+3]`. The position after it, or -1. */
const readIpv4 = (view: DataView, at: number, words: Int32Array, to: number): number => {
  let position = at;
  let word = 0;
  for (let octets = 0; ;) {
    let octet = view.getUint8(position) - 48;
    if (octet < 0 || octet > 9) return -1;
    let digit = view.getUint8(++position) - 48;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return -1;
      octet = octet * 10 + digit;
      digit = view.getUint8(++position) - 48;
      if (digit >= 0 && digit <= 9) {
        octet = octet * 10 + digit;
        if (octet > 255) return -1;
        digit = view.getUint8(++position) - 48;
      }
    }
    word = (word << 8) | octet;
    if (++octets === 4) break;
    // A full stop, less 48.
    if (digit !== -2) return -1;
    position++;
  }
  words[to] = 0;
  words[to + 1] = 0;
  words[to + 2] = 0xffff;
  words[to + 3] = word;
  return position;
};

const hexDigit = (char: number): number => {
  if (char >= 48 && char <= 57) return char - 48;
  if (char >= 97 && char <= 102) return char - 87;
  return -1;
};

const COLON = 58;
const groups = new Uint16Array(8);

/** Reads lower-case hexadecimal groups with at most one `::`. The position after them, or -1. */
const readIpv6 = (view: DataView, at: number, words: Int32Array, to: number): number => {
  let position = at;
  let count = 0;
  let gap = -1;
  if (view.getUint8(position) === COLON) {
    if (view.getUint8(position + 1) !== COLON) return -1;
    gap = 0;
    position += 2;
  }
  for (;;) {
    let value = 0;
    let digits = 0;
    for (let digit = hexDigit(view.getUint8(position)); digit >= 0; digit = hexDigit(view.getUint8(++position))) {
      if (++digits > 4) return -1;
      value = value * 16 + digit;
    }
    if (digits === 0) {
      // Only right after `::`, which may end the address.
      if (gap !== count || count === 8) return -1;
      break;
    }
    if (count === 8) return -1;
    groups[count++] = value;
    if (view.getUint8(position) !== COLON) break;
    position++;
    if (view.getUint8(position) !== COLON) continue;
    if (gap >= 0) return -1;
    gap = count;
    position++;
  }
  if (gap < 0 ? count !== 8 : count === 8) return -1;
  if (gap >= 0) {
    groups.copyWithin(gap + 8 - count, gap, count);
    groups.fill(0, gap, gap + 8 - count);
  }
  for (let i = 0; i < 4; i++) words[to + i] = ((groups[2 * i] ?? 0) << 16) | (groups[2 * i + 1] ?? 0);
  return position;
};

/** Some times as many as a busy node has addresses. A power of two: the upper bits of a hash select one. */
export const ADDRESS_SLOTS = 2048;

/**
 * Reads addresses, and remembers IPv4 ones: a log names the same few hundred over and over. The 15 bytes from an address
 * on hold any IPv4 address, so equal bytes mean an equal address. IPv6 is read each time, into the slot after the last.
 */
export class AddressReader {
  /**
   * Four floats a slot: two overlapping runs of eight bytes (see LiteralSet; NaN equals nothing), then two that are four
   * integers of `ints`, the same memory: how many bytes the address takes, its lowest word, and two unused.
   */
  readonly floats: Float64Array;
  readonly ints: Int32Array;
  /** The first slot in `floats`. */
  private readonly from: number;
  /** Four words (see `address.ts`). */
  private readonly words = new Int32Array(4);

  constructor(floats: Float64Array = new Float64Array(4 * (ADDRESS_SLOTS + 1)), from = 0) {
    this.floats = floats.fill(Number.NaN, 4 * from, 4 * (from + ADDRESS_SLOTS + 1));
    this.ints = new Int32Array(floats.buffer);
    this.from = from;
  }

  /** Reads the address at `at` into the slot, or into the one after the last; that, or -1 where none stands there. */
  read(view: DataView, at: number, slot: number): number {
    let end = readIpv4(view, at, this.words, 0);
    if (end >= 0) {
      const float = 4 * (this.from + slot);
      this.floats[float] = view.getFloat64(at, true);
      this.floats[float + 1] = view.getFloat64(at + 7, true);
      this.set(slot, end - at);
      return slot;
    }
    end = readIpv6(view, at, this.words, 0);
    // IPv4-mapped: the same address as the IPv4 one, which only the reference parser says.
    const isMapped = this.words[0] === 0 && this.words[1] === 0 && this.words[2] === 0xffff;
    if (end < 0 || isMapped) return -1;
    this.set(ADDRESS_SLOTS, end - at);
    return ADDRESS_SLOTS;
  }

  private set(slot: number, length: number): void {
    this.ints[8 * (this.from + slot) + 4] = length;
    this.ints[8 * (this.from + slot) + 5] = this.words[3] ?? 0;
  }

  /** All four words of an address whose lowest is known. If wide, it is the IPv6 address read last. */
  copy(isWide: boolean, lowest: number, into: Int32Array, to: number): void {
    into[to] = isWide ? (this.words[0] ?? 0) : 0;
    into[to + 1] = isWide ? (this.words[1] ?? 0) : 0;
    into[to + 2] = isWide ? (this.words[2] ?? 0) : 0xffff;
    into[to + 3] = lowest;
  }
}

/** A power of two: the upper bits of a hash select one. */
export const PORT_SLOTS = 256;

/** Reads ports, and remembers those it has read. Eight bytes hold a port and part of what follows. */
export class PortReader {
  /** Two floats a slot: those eight bytes (NaN equals nothing), then one that is two integers of `ints`, the same memory. */
  readonly floats: Float64Array;
  /** The first of a slot's two is the port times eight, plus how many bytes it takes. */
  readonly ints: Int32Array;
  private readonly from: number;

  constructor(floats: Float64Array = new Float64Array(2 * PORT_SLOTS), from = 0) {
    this.floats = floats.fill(Number.NaN, from, from + 2 * PORT_SLOTS);
    this.ints = new Int32Array(floats.buffer);
    this.from = from;
  }

  /** Reads the port at `at` into the slot; the slot, or -1 where none stands there in canonical spelling. */
  read(view: DataView, at: number, slot: number): number {
    let length = 0;
    let value = 0;
    for (let digit = view.getUint8(at) ^ 48; digit < 10 && length < 5; digit = view.getUint8(at + length) ^ 48) {
      value = value * 10 + digit;
      length++;
    }
    if (length === 0 || value > 65_535 || (length > 1 && view.getUint8(at) === 48)) return -1;
    this.floats[this.from + 2 * slot] = view.getFloat64(at, true);
    this.ints[2 * (this.from + 2 * slot) + 2] = value * 8 + length;
    return slot;
  }
}

/** Whether four bytes are four digits: high nibble 3, and still 3 after adding 6 to each low one. */
const areDigits = (word: number): boolean =>
  ((word & 0xf0f0f0f0) ^ 0x30303030) === 0 && (((word + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030) === 0;

/** The value of four digits read as a little-endian word that `areDigits`. */
const fourDigits = (word: number): number => {
  const pairs = Math.imul(word & 0x0f0f0f0f, 2561) >>> 8;
  return Math.imul(pairs & 0x00ff00ff, 6553601) >>> 16;
};

/** Remembers the first eight of a time's 13 digits, which change every 100 seconds. */
export class EpochReader {
  /** Milliseconds. */
  start = 0;
  /** As a float: see LiteralSet. NaN equals nothing. */
  digits = Number.NaN;

  /** Milliseconds of 13 digits that do not begin with 0, or -1. */
  read(view: DataView, at: number): number {
    if (view.getFloat64(at, true) !== this.digits && !this.enter(view, at)) return -1;
    const four = view.getInt32(at + 8, true);
    const last = view.getUint8(at + 12) ^ 48;
    return areDigits(four) && last < 10 ? this.start + fourDigits(four) * 10 + last : -1;
  }

  private enter(view: DataView, at: number): boolean {
    const first = view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    if (!areDigits(first) || !areDigits(second) || (first & 0xff) === 48) return false;
    this.start = (fourDigits(first) * 10_000 + fourDigits(second)) * 100_000;
    this.digits = view.getFloat64(at, true);
    return true;
  }
}

/** Remembers the minute read last. */
export class MinuteReader {
  /** Milliseconds. */
  start = 0;
  /** The minute's 16 bytes as two floats: see LiteralSet. NaN equals nothing. */
  first = Number.NaN;
  second = Number.NaN;

  /** Reads `2026-04-13T21:18`; false where no minute stands there. */
  read(view: DataView, at: number): boolean {
    let text = '';
    for (let i = 0; i < 16; i++) text += String.fromCharCode(view.getUint8(at + i));
    const start = parseTime(`${text}:00Z`);
    if (start === undefined) return false;
    this.start = start;
    this.first = view.getFloat64(at, true);
    this.second = view.getFloat64(at + 8, true);
    return true;
  }
}
