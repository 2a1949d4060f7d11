/*
 * AssemblyScript (https://www.assemblyscript.org/): TypeScript's syntax, machine types. `npm run generate` compiles it into
 * ../scan-wasm.generated.ts, and ../record-scan.ts is the only caller. JavaScript compares eight bytes in some fourteen
 * instructions, most of them looks at bounds; WebAssembly compares sixteen in four, which is what this file is for.
 *
 * A record is literal text around six fields (../shapes.ts). Each step leaves the loop where a byte is not as learnt, so a
 * record counts only when all of it has been compared. Nothing is read that lies SPAN bytes beyond a record's beginning:
 * a record has three literals of LONGEST_LITERAL bytes at most, a time, two addresses of 48, two ports of 8, and three
 * texts of 16.
 */

import {
  DENIED,
  SET_LONGEST,
  HOUR,
  HOUR_START,
  TERMINATOR,
  KEEPS_ALL,
  INNER,
  INNER_LENGTHS,
  USED,
  BY_OUTCOME,
  LAST_RECORD,
  WHY,
  WHERE,
  HEAD,
  MIDDLE,
  MERGES,
  COLLECTION,
  SUMMARY_WINDOW,
  PORTS,
  PORT_BITS,
  HEADS,
  MIDDLES,
  TAILS,
  MOST_ROWS,
  ROW_BITS,
  REFUSED,
  FULL,
  TIME,
} from '../scan-memory';
import { K0 } from './factors';
import { FIRST_EPHEMERAL_PORT } from '../../aggregate/ephemeral-port';
import { addressLength, wordsOf } from './address';
import { countDigits, digitsAt, isOdd, millisOf, nonDigits, valueOf } from './digits';
import { countAgain, fillRow, rowAt, sharedRow } from './rows';
import { blockDiffers, literalOf, maskedDiffers, placeAt, placeOf, textDiffers } from './text';

const OUTCOME_BITS: i32 = 20;

/** Reads records that begin before `limit`; where the first one begins that it did not read. */
// @ts-ignore: decorator
@inline
function scan(isEvent: bool, start: usize, limit: usize): usize {
  const hour = v128.load(HOUR);
  const hourStart = load<f64>(HOUR_START);
  const hourBytes = i32x4(-1, -1, -1, 0xffff);
  const terminator = i8x16.splat(load<i8>(TERMINATOR));
  const keepsAll = load<i32>(KEEPS_ALL);
  const afterSource: usize = load<i32>(INNER_LENGTHS);
  const afterPort: usize = load<i32>(INNER_LENGTHS, 4);
  const afterDestination: usize = load<i32>(INNER_LENGTHS, 8);
  const longestTail: usize = load<i32>(TAILS, SET_LONGEST);
  const merges = load<i32>(MERGES) != 0;
  const collection = load<i32>(COLLECTION) << ROW_BITS;
  const windowMs = load<f64>(SUMMARY_WINDOW);
  let windowFrom: i64 = 0;
  let windowTo: i64 = 0;
  // Mostly the same as in the record before.
  let head = load<i32>(HEAD);
  let headText = literalOf(HEADS, head);
  let headLength: usize = head >> 10;
  let middle = load<i32>(MIDDLE);
  let middleText = literalOf(MIDDLES, middle);
  let middleLength: usize = middle >> 10;
  let sums: u64 = 0;
  let used = load<i32>(USED);
  let lastRecord: i32 = -1;
  let why = REFUSED;
  let record = start;
  while (record < limit) {
    // The time, and what comes before it.
    let at = record;
    let timeDigits: u64;
    let odd: v128;
    if (isEvent) {
      // {"id":"
      if (((load<i32>(at) ^ 0x6469227b) | (load<i32>(at, 3) ^ 0x223a2264)) != 0) break;
      // 56 characters of 0-9:;<=>? (an id is never read as a number), so none that ends or escapes a JSON text.
      const id0 = v128.load(at, 7);
      const id1 = v128.load(at, 23);
      const id2 = v128.load(at, 39);
      const id3 = v128.load(at, 47);
      const nibble = i8x16.splat(0x30);
      odd = v128.or(
        v128.or(v128.xor(id0, nibble), v128.xor(id1, nibble)),
        v128.or(v128.xor(id2, nibble), v128.xor(id3, nibble)),
      );
      if (v128.any_true(v128.and(odd, i8x16.splat(<i8>0xf0)))) break;
      // ","timestamp":
      if (((load<i64>(at, 63) ^ 0x73656d6974222c22) | (load<i64>(at, 69) ^ 0x3a22706d61747365)) != 0) break;
      // 13 digits, of which the first is not 0.
      timeDigits = digitsAt(at + 77);
      const lastDigits = digitsAt(at + 82);
      if (((nonDigits(timeDigits) | nonDigits(lastDigits)) & 0x8080808080808080) != 0 || (timeDigits & 255) == 0) break;
      at += 90;
    } else {
      odd = v128.or(textDiffers(at, headText, headLength), v128.and(v128.xor(v128.load(at + headLength), hour), hourBytes));
      if (v128.any_true(odd)) {
        if (v128.any_true(textDiffers(at, headText, headLength))) {
          const other = placeAt(HEADS, at);
          if (other == 0) break;
          head = other;
          headText = literalOf(HEADS, head);
          headLength = head >> 10;
        }
        if (v128.any_true(v128.and(v128.xor(v128.load(at + headLength), hour), hourBytes))) {
          why = TIME;
          store<i32>(WHERE, <i32>(at + headLength));
          break;
        }
      }
      at += headLength;
      // 18:46.888Z, whose digits are left as values; adding 6 to one above 9 reaches the high nibble, and 10 to one above 5.
      timeDigits = load<u64>(at, 16) ^ 0x5a3030302e30303a;
      const oddTime = (timeDigits + 0x0006060600060a00) | timeDigits;
      const minutes = <i32>load<u16>(at, 14) ^ 0x3030;
      if ((oddTime & 0xfff0f0f0fff0f0ff) != 0 || (((minutes + 0x060a) | minutes) & 0xfff0f0) != 0) break;
      at += 24;
    }

    // What stands between the time and the source.
    if (v128.any_true(textDiffers(at, middleText, middleLength))) {
      const other = placeAt(MIDDLES, at);
      if (other == 0) break;
      middle = other;
      middleText = literalOf(MIDDLES, middle);
      middleLength = middle >> 10;
    }
    at += middleLength;

    const sourceLength = addressLength(at, terminator);
    const source = wordsOf(at, sourceLength);
    if (source == 0) break;
    // Now, for the destination may take the source's place.
    const sourceWords = v128.load(source);
    at += sourceLength;
    odd = blockDiffers(at, INNER, INNER + 16);
    at += afterSource;

    // Mostly ephemeral: five digits, and less than 60000. A guess lets the processor go on before it has counted.
    const sourceDigits = digitsAt(at);
    const first = <i32>(sourceDigits & 255);
    let sourceCount = 5;
    if ((nonDigits(sourceDigits) & 0x808080808080) != 0x800000000000 || <u32>(first - 1) > 4) {
      sourceCount = countDigits(sourceDigits);
      if (isOdd(sourceDigits, sourceCount)) break;
    }
    at += sourceCount;
    odd = v128.or(odd, blockDiffers(at, INNER + 32, INNER + 48));
    at += afterPort;

    const destinationLength = addressLength(at, terminator);
    const destination = wordsOf(at, destinationLength);
    if (destination == 0) break;
    at += destinationLength;
    odd = v128.or(odd, blockDiffers(at, INNER + 64, INNER + 80));
    at += afterDestination;

    // A log names few ports: eight bytes hold one and some of what follows it. Eight zeros equal an empty place, which
    // then says that no byte is the port, so that the tail is compared with zeros.
    const portText = load<u64>(at);
    const portSlot = <usize>PORTS + (<usize>((portText * K0) >> (64 - PORT_BITS)) << 4);
    if (load<u64>(portSlot) != portText) {
      const digits = portText ^ 0x3030303030303030;
      const count = countDigits(digits);
      if (isOdd(digits, count)) break;
      store<u64>(portSlot, portText);
      store<i32>(portSlot, count, 8);
      store<i32>(portSlot, valueOf(digits, count), 12);
    }
    const destinationPort = load<i32>(portSlot, 12);
    at += load<i32>(portSlot, 8);

    // Protocol, verdict, direction, tier, and the end of the record.
    const tail = placeOf(TAILS, at);
    if (tail == 0 || v128.any_true(v128.or(odd, maskedDiffers(at, literalOf(TAILS, tail), longestTail)))) break;
    at += tail >> 10;

    const outcome = (tail >> 8) & 3;
    if ((<i32>(outcome == DENIED) | keepsAll) != 0) {
      const destinationWords = v128.load(destination);
      const moment = isEvent
        ? <f64>(<i64>valueOf(timeDigits, 8) * 100000 + valueOf(digitsAt(record + 85), 5))
        : hourStart + <f64>millisOf(load<u16>(record + headLength + 14), timeDigits);
      const time = reinterpret<i64>(moment);
      let ports = destinationPort;
      if (destinationPort >= FIRST_EPHEMERAL_PORT) {
        const sourcePort = valueOf(sourceDigits, sourceCount);
        if (<u32>(sourcePort - 1) < <u32>FIRST_EPHEMERAL_PORT - 1) ports |= sourcePort << 16;
      }
      if (merges && (time < windowFrom || time >= windowTo)) {
        const from = Math.floor(moment / windowMs) * windowMs;
        windowFrom = reinterpret<i64>(from);
        windowTo = reinterpret<i64>(from + windowMs);
      }
      const said = <u64><u32>ports | (<u64>((tail & 255) - 1) << 32) | (<u64>((middle & 255) - 1) << 40);
      const row = merges
        ? sharedRow(sourceWords, destinationWords, said, windowFrom, windowTo, collection, used)
        : used;
      if (row < used) {
        countAgain(rowAt(row), time);
      } else {
        fillRow(rowAt(row), sourceWords, destinationWords, time, said, record);
        used++;
      }
    }
    sums += <u64>1 << (outcome * OUTCOME_BITS);
    lastRecord = <i32>record;
    // The tail of an event ends with the next event's `{"id":"`.
    record = isEvent ? at - 7 : at;
    if (used == MOST_ROWS) {
      why = FULL;
      break;
    }
  }
  store<i32>(USED, used);
  for (let outcome = 0; outcome < 3; outcome++) {
    store<i32>(BY_OUTCOME + 4 * outcome, <i32>(sums >> (outcome * OUTCOME_BITS)) & ((1 << OUTCOME_BITS) - 1));
  }
  store<i32>(HEAD, head);
  store<i32>(MIDDLE, middle);
  store<i32>(LAST_RECORD, lastRecord);
  store<i32>(WHY, why);
  return record;
}

export function scanLines(start: i32, limit: i32): i32 {
  return <i32>scan(false, start, limit);
}

export function scanEvents(start: i32, limit: i32): i32 {
  return <i32>scan(true, start, limit);
}
