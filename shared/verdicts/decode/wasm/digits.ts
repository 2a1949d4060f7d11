/** A port's digits less 48, and more bytes than a port has. */
// @ts-ignore: decorator
@inline
export function digitsAt(at: usize): u64 {
  return load<u64>(at) ^ 0x3030303030303030;
}

/** Has the upper bit of each byte that is no digit, through the first of them. */
// @ts-ignore: decorator
@inline
export function nonDigits(digits: u64): u64 {
  return (digits + 0x7676767676767676) | digits;
}

/** How many digits there are before anything else. */
// @ts-ignore: decorator
@inline
export function countDigits(digits: u64): i32 {
  return <i32>(ctz(nonDigits(digits) & 0x8080808080808080) >> 3);
}

/** The value of the first 1 to 8 digits. */
// @ts-ignore: decorator
@inline
export function valueOf(digits: u64, count: i32): i32 {
  let value = digits << (64 - 8 * count);
  value = (value * 10 + (value >> 8)) & 0x00ff00ff00ff00ff;
  value = (value * 100 + (value >> 16)) & 0x0000ffff0000ffff;
  return <i32>(value * 10000 + (value >> 32));
}

/** Whether a port is not in its canonical spelling, or too large. */
export function isOdd(digits: u64, count: i32): bool {
  return <u32>(count - 1) > 4 || (<i32>(digits & 255) == 0 && count > 1) || valueOf(digits, count) > 65535;
}

/** Milliseconds of two digits, read as an integer, and of the digits of `:46.888Z`. */
// @ts-ignore: decorator
@inline
export function millisOf(minutes: i32, digits: u64): i32 {
  // Two products of each four, and their sums.
  const values = i16x8.extend_low_i8x16_u(i64x2.splat(digits));
  const sums = i32x4.dot_i16x8_s(values, i16x8(0, 10000, 1000, 0, 100, 10, 1, 0));
  const both = i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1);
  return ((minutes & 15) * 10 + ((minutes >> 8) & 15)) * 60000 + <i32>both + <i32>(both >> 32);
}
