import { FIRST_EPHEMERAL_PORT } from '../aggregate/key.ts';
import { ADDRESS_SLOTS, AddressReader, EpochReader, MinuteReader, PORT_SLOTS, PortReader } from './fields.ts';
import { ACCEPTED, DENIED, MOST_HEADS, MOST_MIDDLES, MOST_TAILS } from './layout.ts';
import type { Layout } from './layout.ts';
import { LITERAL_PLACES, LITERAL_SHIFT, LONGEST_LITERAL, WORDS_AT_ONCE } from './literals.ts';

/*
 * Everything the loop looks up lies in one memory, and that in constants of this module: V8 puts the address of such an
 * array into the code and looks it up once a line, where a property or an import costs ten instructions at each use.
 * It holds what any log taught of addresses and ports, which is true of every log, and the literals of one layout.
 */
const SOURCES_FROM = 0;
const DESTINATIONS_FROM = ADDRESS_SLOTS + 1;
const PORTS_FROM = 4 * 2 * (ADDRESS_SLOTS + 1);
const SOURCE_PORTS_FROM = PORTS_FROM + 2 * PORT_SLOTS;
const WORDS_FROM = SOURCE_PORTS_FROM + 2 * PORT_SLOTS;
const LITERALS = MOST_HEADS + MOST_MIDDLES + MOST_TAILS;
/** In integers from here on. Of each literal: where its words begin, and where its last two stand. */
const STARTS_FROM = 2 * (WORDS_FROM + LITERALS * (LONGEST_LITERAL / 8 + WORDS_AT_ONCE));
const MIDDLES_FROM = STARTS_FROM + 2 * MOST_HEADS;
const TAILS_FROM = MIDDLES_FROM + 2 * MOST_MIDDLES;
/** By hash: the literal's number plus one, its outcome and its length, eight bits, two and the rest; 0 is empty. */
const HEADS_BY_HASH = STARTS_FROM + 2 * LITERALS;
const TAILS_BY_HASH = HEADS_BY_HASH + LITERAL_PLACES;
const FLOATS = new Float64Array((TAILS_BY_HASH + LITERAL_PLACES) / 2);
const INTS = new Int32Array(FLOATS.buffer);

/** Local, for an imported number is no constant to V8. */
const ADDRESS_SHIFT = 32 - Math.log2(ADDRESS_SLOTS);
const WIDE = ADDRESS_SLOTS;
const PORT_SHIFT = 32 - Math.log2(PORT_SLOTS);
const HASH_SHIFT = LITERAL_SHIFT;
const DENY = DENIED;
const ACCEPT = ACCEPTED;
const EPHEMERAL = FIRST_EPHEMERAL_PORT;

/** Integers of a row. */
export const ROW = 8;
export const ROW_SOURCE = 0;
export const ROW_DESTINATION = 1;
/** As `portsOf` has them. */
export const ROW_PORTS = 2;
export const ROW_TAIL = 3;
/** Where the record begins. */
export const ROW_RECORD = 4;
/** Not 0: the addresses are WIDE_SOURCE or WIDE_DESTINATION or both. */
export const ROW_WIDE = 5;
export const WIDE_SOURCE = 1;
export const WIDE_DESTINATION = 2;
const MOST_ROWS = 256;
const ROWS = new Int32Array(ROW * MOST_ROWS);
const TIMES = new Float64Array(MOST_ROWS);

/** Why the loop ended: at a record that is not as learnt, or that holds what is to be looked up first. */
const REFUSED = 0;
const FULL = 1;
const TIME = 2;
const MIDDLE = 3;
const SOURCE = 4;
const DESTINATION = 5;
const PORT = 6;
const SOURCE_PORT = 7;

const sources = new AddressReader(FLOATS, SOURCES_FROM);
const destinations = new AddressReader(FLOATS, DESTINATIONS_FROM);
const ports = new PortReader(FLOATS, PORTS_FROM);
const sourcePorts = new PortReader(FLOATS, SOURCE_PORTS_FROM);
/** The version of the layout whose literals are in the memory. */
let loaded = -1;

/** The loop over records of a known layout, and what it leaves: counts, and a row for each flow to be summed up. */
export class RecordScan {
  readonly rows = ROWS;
  /** Milliseconds, one a row. */
  readonly times = TIMES;
  /** Rows of the last call. */
  used = 0;
  /** Flows read since `begin`. */
  denied = 0;
  accepted = 0;
  others = 0;
  /** The number of the middle of all rows. */
  middle = 0;
  /** Where the last record read begins. */
  lastRecord = -1;
  private keepsAll = false;
  private why = REFUSED;
  private missAt = -1;
  private slot = 0;
  /** Where `resolve` looked last, and for which record: an address that is not remembered is good for that one only. */
  private resolvedAt = -1;
  private sourceFor = -1;
  private destinationFor = -1;
  private readonly epochs = new EpochReader();
  private readonly minutes = new MinuteReader();

  begin(keepsAll: boolean): void {
    this.keepsAll = keepsAll;
    this.denied = 0;
    this.accepted = 0;
    this.others = 0;
  }

  /** Before each run over one view. */
  load(layout: Layout): void {
    this.lastRecord = -1;
    this.resolvedAt = -1;
    this.sourceFor = -1;
    this.destinationFor = -1;
    if (this.middle >= layout.middles.size) this.middle = 0;
    if (loaded === layout.version) return;
    loaded = layout.version;
    let word = layout.heads.copy(FLOATS, WORDS_FROM, INTS, STARTS_FROM);
    word = layout.middles.copy(FLOATS, word, INTS, MIDDLES_FROM);
    layout.tails.copy(FLOATS, word, INTS, TAILS_FROM);
    layout.heads.index(INTS, HEADS_BY_HASH, []);
    layout.tails.index(INTS, TAILS_BY_HASH, layout.outcomes);
  }

  /** Looks up what ended the loop at `record`; false where that is nothing that can be looked up. */
  resolve(layout: Layout, view: DataView, record: number): boolean {
    const { why, missAt, slot } = this;
    if (why === FULL) return true;
    // A record is read from left to right: what was looked up and is missed again cannot be remembered.
    if (why === REFUSED || missAt <= this.resolvedAt) return false;
    this.resolvedAt = missAt;
    if (why === TIME) {
      return layout.form === 'cloudwatch' ? this.epochs.read(view, missAt) >= 0 : this.minutes.read(view, missAt);
    }
    if (why === MIDDLE) {
      const middle = layout.middles.find(view, missAt);
      if (middle >= 0) this.middle = middle;
      return middle >= 0;
    }
    if (why === PORT) return ports.read(view, missAt, slot) >= 0;
    if (why === SOURCE_PORT) return sourcePorts.read(view, missAt, slot) >= 0;
    const found = (why === SOURCE ? sources : destinations).read(view, missAt, slot);
    if (found === WIDE && why === SOURCE) this.sourceFor = record;
    if (found === WIDE && why === DESTINATION) this.destinationFor = record;
    return found >= 0;
  }

  /** All eight words of a row whose addresses are wide. Good until the next `resolve`. */
  copyWide(row: number, into: Int32Array): void {
    const wide = ROWS[ROW * row + ROW_WIDE] ?? 0;
    sources.copy((wide & WIDE_SOURCE) !== 0, ROWS[ROW * row + ROW_SOURCE] ?? 0, into, 0);
    destinations.copy((wide & WIDE_DESTINATION) !== 0, ROWS[ROW * row + ROW_DESTINATION] ?? 0, into, 4);
  }

  /**
   * Reads records that begin before `limit`; the offset of the first one it did not read.
   *
   * One long function on purpose, and without a call: it runs for every line there is, and a call costs as much as the
   * step it serves and makes V8 forget what it knew of the memory. Each step leaves the loop where a byte is not as
   * learnt, so a record counts only when all of it has been compared. Sums carry `| 0`, which saves V8 the look whether
   * they overflow. Reads of typed arrays carry `?? 0` for the type checker alone; every index is in range.
   */
  scan(layout: Layout, view: DataView, start: number, limit: number): number {
    const { heads, tails, afterSource, afterPort, afterDestination } = layout;
    const headAt1 = heads.at1 | 0;
    const headAt2 = heads.at2 | 0;
    const headAt3 = heads.at3 | 0;
    const tailAt1 = tails.at1 | 0;
    const tailAt2 = tails.at2 | 0;
    const tailAt3 = tails.at3 | 0;
    const sLength = afterSource.length | 0;
    const sLast = (sLength - 8) | 0;
    const { first: s0, second: s1 } = afterSource;
    const pLength = afterPort.length | 0;
    const pLast = (pLength - 8) | 0;
    const { first: p0, second: p1 } = afterPort;
    const p2 = afterPort.word0 | 0;
    const p3 = afterPort.word1 | 0;
    const isShort = pLength < 8;
    const dLength = afterDestination.length | 0;
    const dLast = (dLength - 8) | 0;
    const { first: d0, second: d1 } = afterDestination;
    const { keepsAll, sourceFor, destinationFor, middle } = this;
    const isEvent = layout.form === 'cloudwatch';
    const periodStart = isEvent ? this.epochs.start : this.minutes.start;
    const period0 = isEvent ? this.epochs.digits : this.minutes.first;
    const period1 = this.minutes.second;
    const middleFrom = (INTS[MIDDLES_FROM + 2 * middle] ?? 0) | 0;
    const middleEnd = (INTS[MIDDLES_FROM + 2 * middle + 1] ?? 0) | 0;
    const middleLength = layout.middles.lengthOf(middle) | 0;
    const middle0 = FLOATS[middleEnd] ?? 0;
    const middle1 = FLOATS[middleEnd + 1] ?? 0;
    const end = limit | 0;
    let accepted = 0;
    let denied = 0;
    let others = 0;
    let used = 0;
    let lastRecord = -1;
    let why = REFUSED;
    let missAt = -1;
    let slot = 0;
    let headHash = 0;
    let head = 0;
    let headFrom = 0;
    let headEnd = 0;
    let record = start | 0;
    records: while (record < end) {
      // The time, and what comes before it.
      let at = record;
      let word: number;
      let hash: number;
      let time: number;
      if (isEvent) {
        // {"id":"
        if (((view.getInt32(at, true) ^ 0x6469227b) | (view.getInt32(at + 3, true) ^ 0x223a2264)) !== 0) break;
        // 56 characters of 0-9:;<=>? (an id is never read as a number), so none that ends or escapes a JSON text.
        const id0 = view.getInt32(at + 7, true);
        const id1 = view.getInt32(at + 11, true);
        const id2 = view.getInt32(at + 15, true);
        const id3 = view.getInt32(at + 19, true);
        const id4 = view.getInt32(at + 23, true);
        const id5 = view.getInt32(at + 27, true);
        const id6 = view.getInt32(at + 31, true);
        const id7 = view.getInt32(at + 35, true);
        const id8 = view.getInt32(at + 39, true);
        const id9 = view.getInt32(at + 43, true);
        const id10 = view.getInt32(at + 47, true);
        const id11 = view.getInt32(at + 51, true);
        const id12 = view.getInt32(at + 55, true);
        const id13 = view.getInt32(at + 59, true);
        const all = id0 & id1 & id2 & id3 & id4 & id5 & id6 & id7 & id8 & id9 & id10 & id11 & id12 & id13;
        const any = id0 | id1 | id2 | id3 | id4 | id5 | id6 | id7 | id8 | id9 | id10 | id11 | id12 | id13;
        if ((((all & 0xf0f0f0f0) ^ 0x30303030) | ((any & 0xf0f0f0f0) ^ 0x30303030)) !== 0) break;
        // ","timestamp":
        const label =
          (view.getInt32(at + 63, true) ^ 0x74222c22) |
          (view.getInt32(at + 67, true) ^ 0x73656d69) |
          (view.getInt32(at + 71, true) ^ 0x706d6174) |
          (view.getInt32(at + 73, true) ^ 0x3a22706d);
        if (label !== 0) break;
        at = (at + 77) | 0;
        if (view.getFloat64(at, true) !== period0) {
          why = TIME;
          missAt = at;
          break;
        }
        // Four digits and one: see `areDigits`.
        const digits = view.getInt32(at + 8, true);
        const digit = view.getUint8(at + 12) ^ 48;
        const odd = ((digits & 0xf0f0f0f0) ^ 0x30303030) | (((digits + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030);
        if (odd !== 0 || digit > 9) break;
        const pairs = Math.imul(digits & 0x0f0f0f0f, 2561) >>> 8;
        time = periodStart + (Math.imul(pairs & 0x00ff00ff, 6553601) >>> 16) * 10 + digit;
        at = (at + 13) | 0;
      } else {
        hash =
          (Math.imul(view.getInt32(at + headAt1, true), 0x9e3779b1) +
            Math.imul(view.getInt32(at + headAt2, true), 0x85ebca6b) +
            Math.imul(view.getInt32(at + headAt3, true), 0xc2b2ae35)) |
          0;
        // Mostly the same as in the line before.
        if (hash !== headHash || head === 0) {
          head = INTS[HEADS_BY_HASH + (hash >>> HASH_SHIFT)] ?? 0;
          if (head === 0) break;
          headHash = hash;
          headFrom = INTS[STARTS_FROM - 2 + 2 * (head & 255)] ?? 0;
          headEnd = INTS[STARTS_FROM - 1 + 2 * (head & 255)] ?? 0;
        }
        for (word = headFrom; word < headEnd; word = (word + 2) | 0) {
          if (view.getFloat64(at, true) !== FLOATS[word] || view.getFloat64(at + 8, true) !== FLOATS[word + 1])
            break records;
          at = (at + 16) | 0;
        }
        at = (record + (head >> 10)) | 0;
        if (view.getFloat64(at - 16, true) !== FLOATS[headEnd]) break;
        if (view.getFloat64(at - 8, true) !== FLOATS[headEnd + 1]) break;
        if (view.getFloat64(at, true) !== period0 || view.getFloat64(at + 8, true) !== period1) {
          why = TIME;
          missAt = at;
          break;
        }
        // :46.888Z, whose digits are left as values; adding 6 to one above 9 reaches the high nibble.
        const seconds = view.getInt32(at + 16, true) ^ 0x2e30303a;
        const millis = view.getInt32(at + 20, true) ^ 0x5a303030;
        const tens = (seconds >> 8) & 15;
        const odd =
          ((seconds | millis) & 0xf0f0f0f0) |
          (((seconds + 0x00060600) | (millis + 0x00060606)) & 0xf0f0f0f0) |
          (seconds & 0xff0000ff) |
          (millis & 0xff000000);
        if (odd !== 0 || tens > 5) break;
        const second = tens * 10 + ((seconds >> 16) & 15);
        const milli = (millis & 15) * 100 + ((millis >> 8) & 15) * 10 + ((millis >> 16) & 15);
        time = periodStart + ((second * 1000 + milli) | 0);
        at = (at + 24) | 0;
      }

      // What stands between the time and the source.
      const middleAt = at;
      for (word = middleFrom; word < middleEnd; word = (word + 2) | 0) {
        if (view.getFloat64(at, true) !== FLOATS[word] || view.getFloat64(at + 8, true) !== FLOATS[word + 1]) break;
        at = (at + 16) | 0;
      }
      at = (middleAt + middleLength) | 0;
      if (word < middleEnd || view.getFloat64(at - 16, true) !== middle0 || view.getFloat64(at - 8, true) !== middle1) {
        why = MIDDLE;
        missAt = middleAt;
        break;
      }

      // The source, and what stands after it.
      hash =
        (Math.imul(view.getInt32(at + 4, true), 0x9e3779b1) +
          Math.imul(view.getInt32(at + 8, true), 0x85ebca6b) +
          Math.imul(view.getInt32(at + 11, true), 0xc2b2ae35)) |
        0;
      let source = hash >>> ADDRESS_SHIFT;
      if (
        FLOATS[4 * (SOURCES_FROM + source)] !== view.getFloat64(at, true) ||
        FLOATS[4 * (SOURCES_FROM + source) + 1] !== view.getFloat64(at + 7, true)
      ) {
        if (record !== sourceFor) {
          why = SOURCE;
          missAt = at;
          slot = source;
          break;
        }
        source = WIDE;
      }
      at = (at + (INTS[8 * (SOURCES_FROM + source) + 4] ?? 0)) | 0;
      if (view.getFloat64(at, true) !== s0 || view.getFloat64(at + sLast, true) !== s1) break;
      at = (at + sLength) | 0;

      // The source port, which is probably new and has five digits, and what stands after it.
      let digits = view.getInt32(at, true);
      let digit = view.getUint8(at + 4) ^ 48;
      let sourcePort: number;
      let odd = ((digits & 0xf0f0f0f0) ^ 0x30303030) | (((digits + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030);
      if (odd === 0 && digit < 10 && (digits & 0xff) !== 48) {
        const pairs = Math.imul(digits & 0x0f0f0f0f, 2561) >>> 8;
        sourcePort = (Math.imul(pairs & 0x00ff00ff, 6553601) >>> 16) * 10 + digit;
        if (sourcePort > 65_535) break;
        at = (at + 5) | 0;
      } else {
        hash = (Math.imul(digits, 0x9e3779b1) + Math.imul(view.getInt32(at + 4, true), 0x85ebca6b)) | 0;
        const port = hash >>> PORT_SHIFT;
        if (FLOATS[SOURCE_PORTS_FROM + 2 * port] !== view.getFloat64(at, true)) {
          why = SOURCE_PORT;
          missAt = at;
          slot = port;
          break;
        }
        const known = INTS[2 * (SOURCE_PORTS_FROM + 2 * port) + 2] ?? 0;
        sourcePort = known >> 3;
        at = (at + (known & 7)) | 0;
      }
      if (isShort) {
        if (((view.getInt32(at, true) ^ p2) | (view.getInt32(at + pLength - 4, true) ^ p3)) !== 0) break;
      } else if (view.getFloat64(at, true) !== p0 || view.getFloat64(at + pLast, true) !== p1) break;
      at = (at + pLength) | 0;

      // The destination, and what stands after it.
      hash =
        (Math.imul(view.getInt32(at + 4, true), 0x9e3779b1) +
          Math.imul(view.getInt32(at + 8, true), 0x85ebca6b) +
          Math.imul(view.getInt32(at + 11, true), 0xc2b2ae35)) |
        0;
      let destination = hash >>> ADDRESS_SHIFT;
      if (
        FLOATS[4 * (DESTINATIONS_FROM + destination)] !== view.getFloat64(at, true) ||
        FLOATS[4 * (DESTINATIONS_FROM + destination) + 1] !== view.getFloat64(at + 7, true)
      ) {
        if (record !== destinationFor) {
          why = DESTINATION;
          missAt = at;
          slot = destination;
          break;
        }
        destination = WIDE;
      }
      at = (at + (INTS[8 * (DESTINATIONS_FROM + destination) + 4] ?? 0)) | 0;
      if (view.getFloat64(at, true) !== d0 || view.getFloat64(at + dLast, true) !== d1) break;
      at = (at + dLength) | 0;

      // The destination port, which is probably known.
      digits = view.getInt32(at, true);
      hash = (Math.imul(digits, 0x9e3779b1) + Math.imul(view.getInt32(at + 4, true), 0x85ebca6b)) | 0;
      const port = hash >>> PORT_SHIFT;
      let destinationPort: number;
      if (FLOATS[PORTS_FROM + 2 * port] === view.getFloat64(at, true)) {
        const known = INTS[2 * (PORTS_FROM + 2 * port) + 2] ?? 0;
        destinationPort = known >> 3;
        at = (at + (known & 7)) | 0;
      } else {
        digit = view.getUint8(at + 4) ^ 48;
        odd = ((digits & 0xf0f0f0f0) ^ 0x30303030) | (((digits + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030);
        if (odd !== 0 || digit > 9 || (digits & 0xff) === 48) {
          why = PORT;
          missAt = at;
          slot = port;
          break;
        }
        const pairs = Math.imul(digits & 0x0f0f0f0f, 2561) >>> 8;
        destinationPort = (Math.imul(pairs & 0x00ff00ff, 6553601) >>> 16) * 10 + digit;
        if (destinationPort > 65_535) break;
        at = (at + 5) | 0;
      }

      // Protocol, verdict, direction, tier, and the end of the record.
      const tailAt = at;
      hash =
        (Math.imul(view.getInt32(at + tailAt1, true), 0x9e3779b1) +
          Math.imul(view.getInt32(at + tailAt2, true), 0x85ebca6b) +
          Math.imul(view.getInt32(at + tailAt3, true), 0xc2b2ae35)) |
        0;
      const tail = INTS[TAILS_BY_HASH + (hash >>> HASH_SHIFT)] ?? 0;
      if (tail === 0) break;
      const number = (tail & 255) - 1;
      word = INTS[TAILS_FROM + 2 * number] ?? 0;
      const lastWord = INTS[TAILS_FROM + 2 * number + 1] ?? 0;
      for (; word < lastWord; word = (word + 2) | 0) {
        if (view.getFloat64(at, true) !== FLOATS[word] || view.getFloat64(at + 8, true) !== FLOATS[word + 1])
          break records;
        at = (at + 16) | 0;
      }
      at = (tailAt + (tail >> 10)) | 0;
      if (view.getFloat64(at - 16, true) !== FLOATS[lastWord]) break;
      if (view.getFloat64(at - 8, true) !== FLOATS[lastWord + 1]) break;

      const outcome = (tail >> 8) & 3;
      if (outcome === DENY || keepsAll) {
        const isReply = destinationPort >= EPHEMERAL && sourcePort > 0 && sourcePort < EPHEMERAL;
        const row = ROW * used;
        ROWS[row + ROW_SOURCE] = INTS[8 * (SOURCES_FROM + source) + 5] ?? 0;
        ROWS[row + ROW_DESTINATION] = INTS[8 * (DESTINATIONS_FROM + destination) + 5] ?? 0;
        ROWS[row + ROW_PORTS] = isReply ? (sourcePort << 16) | destinationPort : destinationPort;
        ROWS[row + ROW_TAIL] = number;
        ROWS[row + ROW_RECORD] = record;
        ROWS[row + ROW_WIDE] = (source === WIDE ? WIDE_SOURCE : 0) | (destination === WIDE ? WIDE_DESTINATION : 0);
        TIMES[used] = time;
        used = (used + 1) | 0;
      }
      if (outcome === ACCEPT) accepted = (accepted + 1) | 0;
      else if (outcome === DENY) denied = (denied + 1) | 0;
      else others = (others + 1) | 0;
      lastRecord = record;
      // The tail of an event ends with the next event's `{"id":"`.
      record = isEvent ? (at - 7) | 0 : at;
      if (used === MOST_ROWS) {
        why = FULL;
        break;
      }
    }
    this.accepted += accepted;
    this.denied += denied;
    this.others += others;
    this.used = used;
    if (lastRecord >= 0) this.lastRecord = lastRecord;
    this.why = why;
    this.missAt = missAt;
    this.slot = slot;
    return record;
  }
}
