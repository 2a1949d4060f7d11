import { ONES, SHORT, SHORT_BITS, LONG, LONG_BITS } from '../scan-memory';
import { K0, K1 } from './factors';

function hexDigit(char: i32): i32 {
  if (<u32>(char - 48) <= 9) return char - 48;
  return <u32>(char - 97) <= 5 ? char - 87 : -1;
}

/** Reads `a.b.c.d` without leading zeros, all of it. */
function readIpv4(at: usize, length: i32, words: usize): bool {
  const end = at + length;
  let word = 0;
  let octets = 0;
  for (;;) {
    let octet = <i32>load<u8>(at) - 48;
    if (<u32>octet > 9) return false;
    let digit = <i32>load<u8>(++at) - 48;
    if (<u32>digit <= 9) {
      if (octet == 0) return false;
      octet = octet * 10 + digit;
      digit = <i32>load<u8>(++at) - 48;
      if (<u32>digit <= 9) {
        octet = octet * 10 + digit;
        if (octet > 255) return false;
        digit = <i32>load<u8>(++at) - 48;
      }
    }
    word = (word << 8) | octet;
    if (++octets == 4) break;
    // A full stop, less 48.
    if (digit != -2) return false;
    at++;
  }
  if (at != end) return false;
  store<i64>(words, 0);
  store<i32>(words, 0xffff, 8);
  store<i32>(words, word, 12);
  return true;
}

/**
 * Reads lower-case hexadecimal groups with at most one `::`, all of it; but no IPv4-mapped address, which is the same as
 * the IPv4 one, as only the reference parser says.
 */
function readIpv6(at: usize, length: i32, words: usize): bool {
  const end = at + length;
  let before: i64 = 0;
  let beforeLow: i64 = 0;
  let count = 0;
  let gap = -1;
  // Groups go in at the low end; what stands before the gap is shifted up at the end.
  let high: i64 = 0;
  let low: i64 = 0;
  if (load<u8>(at) == 58) {
    if (load<u8>(at, 1) != 58) return false;
    gap = 0;
    at += 2;
  }
  for (;;) {
    let value: i64 = 0;
    let digits = 0;
    for (let digit = hexDigit(load<u8>(at)); digit >= 0; digit = hexDigit(load<u8>(++at))) {
      if (++digits > 4) return false;
      value = value * 16 + digit;
    }
    if (digits == 0) {
      // Only right after `::`, which may end the address.
      if (gap != count || count == 8) return false;
      break;
    }
    if (count == 8) return false;
    count++;
    high = (high << 16) | (low >>> 48);
    low = (low << 16) | value;
    if (load<u8>(at) != 58) break;
    at++;
    if (load<u8>(at) != 58) continue;
    if (gap >= 0) return false;
    gap = count;
    before = high;
    beforeLow = low;
    high = 0;
    low = 0;
    at++;
  }
  if (at != end || (gap < 0 ? count != 8 : count == 8)) return false;
  if (gap > 0) {
    const shift = <i64>(8 - gap) * 16;
    if (shift >= 64) {
      high |= beforeLow << (shift - 64);
    } else {
      high |= (before << shift) | (beforeLow >>> (64 - shift));
      low |= beforeLow << shift;
    }
  }
  if (high == 0 && low >>> 32 == 0xffff) return false;
  store<i64>(words, rotr(high, 32));
  store<i64>(words, rotr(low, 32), 8);
  return true;
}

function readAddress(at: usize, length: i32, words: usize): bool {
  return readIpv4(at, length, words) || readIpv6(at, length, words);
}

function readShort(at: usize, length: i32, slot: usize, key: v128): bool {
  if (!readAddress(at, length, slot + 16)) return false;
  v128.store(slot, key);
  return true;
}

/** Where the words of an address of 16 to 47 bytes are; 0 where it is none. */
function longWords(at: usize, length: i32): usize {
  const key0 = v128.load(at);
  const key1 = v128.and(v128.load(at, 16), v128.load(ONES + 16 - min(length - 16, 16)));
  const end = v128.and(v128.load(at, 32), v128.load(ONES + 16 - max(length - 32, 0)));
  const key2 = i8x16.replace_lane(end, 15, <i8>length);
  const hash = load<u64>(at + length - 16) * K0 + load<u64>(at + length - 8) * K1 + length;
  const slot = <usize>LONG + (<usize>(hash >> (64 - LONG_BITS)) << 6);
  const odd = v128.or(
    v128.or(v128.xor(v128.load(slot), key0), v128.xor(v128.load(slot, 16), key1)),
    v128.xor(v128.load(slot, 32), key2),
  );
  if (v128.any_true(odd)) {
    if (!readAddress(at, length, slot + 48)) return 0;
    v128.store(slot, key0);
    v128.store(slot, key1, 16);
    v128.store(slot, key2, 32);
  }
  return slot + 48;
}

/** Bytes before the terminator; none within 48 bytes: 48 or more. */
// @ts-ignore: decorator
@inline
export function addressLength(at: usize, terminator: v128): i32 {
  const bits = i8x16.bitmask(i8x16.eq(v128.load(at), terminator));
  return bits != 0 ? ctz(bits) : longLength(at, terminator);
}

function longLength(at: usize, terminator: v128): i32 {
  const low = i8x16.bitmask(i8x16.eq(v128.load(at, 16), terminator));
  const high = i8x16.bitmask(i8x16.eq(v128.load(at, 32), terminator));
  return 16 + ctz(low | (high << 16));
}

/** Where the words of an address are; 0 where it is none. */
// @ts-ignore: decorator
@inline
export function wordsOf(at: usize, length: i32): usize {
  if (<u32>(length - 1) > 14) return length > 15 && length < 48 ? longWords(at, length) : 0;
  const text = v128.and(v128.load(at), v128.load(ONES + 16 - length));
  const key = i8x16.replace_lane(text, 15, <i8>length);
  const hash = <u64>i64x2.extract_lane(key, 0) * K0 + <u64>i64x2.extract_lane(key, 1) * K1;
  const slot = <usize>SHORT + (<usize>(hash >> (64 - SHORT_BITS)) << 5);
  if (v128.any_true(v128.xor(v128.load(slot), key)) && !readShort(at, length, slot, key)) return 0;
  return slot + 16;
}
