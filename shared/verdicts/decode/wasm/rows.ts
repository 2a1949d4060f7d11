import {
  ROW_DESTINATION,
  ROW_FIRST,
  ROW_LAST,
  ROW_PORTS,
  ROW_COUNT,
  ROW_RECORD,
  ROWS,
  ROW_BYTES,
  ROW_INDEX,
  ROW_INDEX_BITS,
} from '../scan-memory';
import { K0, K1, K2 } from './factors';

/*
 * Times are the bits of an f64, read as an integer: of numbers that are not negative both have the same order, and an
 * integer is compared in fewer instructions.
 */

// @ts-ignore: decorator
@inline
export function rowAt(row: i32): usize {
  return ROWS + row * ROW_BYTES;
}

/** The offset of a row's first place in the index. */
// @ts-ignore: decorator
@inline
function rowPlaceOf(source: v128, destination: v128, said: u64): usize {
  const hash =
    <u64>(i64x2.extract_lane(source, 1) ^ i64x2.extract_lane(source, 0)) * K0 +
    <u64>(i64x2.extract_lane(destination, 1) + i64x2.extract_lane(destination, 0)) * K1 +
    said * K2;
  return <usize>(hash >> (64 - ROW_INDEX_BITS)) << 2;
}

/**
 * Of `used` rows the one that these flows share, or, where there is none, the next one, which is now theirs. `said` is
 * what lies at ROW_PORTS and ROW_WORDS; `from` and `to` bound the window of the summary that the flow is in.
 */
// @ts-ignore: decorator
@inline
export function sharedRow(
  source: v128,
  destination: v128,
  said: u64,
  from: i64,
  to: i64,
  collection: i32,
  used: i32,
): i32 {
  let place = rowPlaceOf(source, destination, said);
  for (;;) {
    const row = load<i32>(place, ROW_INDEX) - collection;
    if (<u32>row >= <u32>used) break;
    const known = rowAt(row);
    const time = load<i64>(known, ROW_FIRST);
    if (load<u64>(known, ROW_PORTS) == said && time >= from && time < to) {
      const other = v128.or(
        v128.xor(v128.load(known), source),
        v128.xor(v128.load(known, ROW_DESTINATION), destination),
      );
      if (!v128.any_true(other)) return row;
    }
    place = (place + 4) & ((4 << ROW_INDEX_BITS) - 1);
  }
  store<i32>(place, collection + used, ROW_INDEX);
  return used;
}

// @ts-ignore: decorator
@inline
export function countAgain(row: usize, time: i64): void {
  if (time < load<i64>(row, ROW_FIRST)) store<i64>(row, time, ROW_FIRST);
  if (time > load<i64>(row, ROW_LAST)) store<i64>(row, time, ROW_LAST);
  store<i32>(row, load<i32>(row, ROW_COUNT) + 1, ROW_COUNT);
}

// @ts-ignore: decorator
@inline
export function fillRow(row: usize, source: v128, destination: v128, time: i64, said: u64, record: usize): void {
  const ipv4 = i32x4(0, 0, 0xffff, 0);
  const odd = v128.or(v128.xor(source, ipv4), v128.xor(destination, ipv4));
  const isWide = v128.any_true(v128.and(odd, i32x4(-1, -1, -1, 0)));
  v128.store(row, source);
  v128.store(row, destination, ROW_DESTINATION);
  store<i64>(row, time, ROW_FIRST);
  store<i64>(row, time, ROW_LAST);
  store<u64>(row, said, ROW_PORTS);
  store<i32>(row, 1 | (<i32>isWide << 31), ROW_COUNT);
  store<i32>(row, <i32>record, ROW_RECORD);
}
