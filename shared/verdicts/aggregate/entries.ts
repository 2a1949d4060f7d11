import type { AddressWords } from '../decode/address.ts';
import {
  COUNT,
  DESTINATION,
  FIRST,
  FLOATS,
  hashOf,
  INTS,
  LAST,
  MAPPED,
  NODES,
  PORTS,
  SOURCE,
  TIERS,
  UNCOUNTED,
  UPPER,
  WINDOW_HIGH,
  WINDOW_LOW,
  WORDS,
} from './table-layout.ts';

const FIRST_CAPACITY = 512;

/**
 * The entries of a `FlowTable`: an open-addressed table of integers. Reads of typed arrays carry `?? 0` for the type
 * checker alone; every index is in range.
 */
export class FlowEntries {
  /** Source and destination words of the line at hand, where they are not IPv4. */
  readonly address = new Int32Array(8);
  /** See table-layout.ts. */
  floats = new Float64Array(0);
  /** The same memory. */
  ints = new Int32Array(this.floats.buffer);
  size = 0;
  /** Milliseconds. */
  windowMs = 1;
  /** Milliseconds: the window of the last line. */
  windowFrom = 0;
  private windowTo = 0;
  private windowLow = 0;
  private windowHigh = 0;
  private upper = new Int32Array(0);
  /** Entries by hash, plus one; 0 is empty. */
  private index = new Int32Array(0);
  /** The empty place that the last look-up came to. */
  private slot = 0;
  private readonly onGrow: (capacity: number) => void;

  /** `onGrow` is told how many entries there is room for. */
  constructor(onGrow: (capacity: number) => void) {
    this.onGrow = onGrow;
  }

  private get capacity(): number {
    return this.ints.length / INTS;
  }

  /** Forgets everything but the memory it has taken. */
  reset(windowMs: number): void {
    this.windowMs = windowMs;
    this.windowFrom = 0;
    this.windowTo = 0;
    this.size = 0;
    this.index.fill(0);
    if (this.capacity === 0) this.grow(FIRST_CAPACITY);
  }

  /**
   * The number of an entry; -1 where there is none, which `insert` may then make. `source` and `destination` are the lowest
   * words of the addresses; `words` is the number that `InternedWords` gave, times two, plus one where an address is not
   * IPv4: then all eight words stand in `address`.
   */
  find(time: number, source: number, destination: number, ports: number, words: number): number {
    if (time < this.windowFrom || time >= this.windowTo) this.enterWindow(time);
    const { ints, index, windowLow, windowHigh } = this;
    const mask = index.length - 1;
    let slot = hashOf(source, destination, ports, words, windowLow) & mask;
    for (;;) {
      const entry = (index[slot] ?? 0) - 1;
      if (entry < 0) break;
      const i = entry * INTS;
      if (
        ints[i + SOURCE] === source &&
        ints[i + DESTINATION] === destination &&
        ints[i + PORTS] === ports &&
        ints[i + WORDS] === words &&
        ints[i + WINDOW_LOW] === windowLow &&
        ints[i + WINDOW_HIGH] === windowHigh &&
        ((words & 1) === 0 || this.hasUpper(entry))
      ) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    this.slot = slot;
    return -1;
  }

  /** Makes the entry that `find` did not find, of no line yet. Between the two there may only be a `keep`. */
  insert(source: number, destination: number, ports: number, words: number, uncounted: number): number {
    const grows = this.size === this.capacity;
    if (grows) this.grow(this.capacity * 2);
    const entry = this.size++;
    const i = entry * INTS;
    const f = entry * FLOATS;
    const { ints, floats, address, upper, index, slot } = this;
    ints[i + SOURCE] = source;
    ints[i + DESTINATION] = destination;
    ints[i + PORTS] = ports;
    ints[i + WORDS] = words;
    ints[i + WINDOW_LOW] = this.windowLow;
    ints[i + WINDOW_HIGH] = this.windowHigh;
    ints[i + NODES] = 0;
    ints[i + TIERS] = 0;
    floats[f + COUNT] = 0;
    floats[f + FIRST] = Infinity;
    floats[f + LAST] = -Infinity;
    floats[f + UNCOUNTED] = uncounted;
    if (this.isWide(entry)) {
      for (let word = 0; word < 3; word++) {
        upper[entry * UPPER + word] = address[word] ?? 0;
        upper[entry * UPPER + 3 + word] = address[4 + word] ?? 0;
      }
    }
    if (slot < 0 || grows) this.link(entry);
    else index[slot] = entry + 1;
    return entry;
  }

  /** Keeps the entries named, in their order, and numbers them anew from 0 on. */
  keep(entries: Iterable<number>): void {
    const { ints, upper } = this;
    let to = 0;
    for (const entry of entries) {
      ints.copyWithin(to * INTS, entry * INTS, (entry + 1) * INTS);
      upper.copyWithin(to * UPPER, entry * UPPER, (entry + 1) * UPPER);
      to += 1;
    }
    this.size = to;
    this.index.fill(0);
    this.slot = -1;
    for (let entry = 0; entry < to; entry++) this.link(entry);
  }

  /** Milliseconds. */
  windowStartOf(entry: number): number {
    const { ints } = this;
    const i = entry * INTS;
    return (((ints[i + WINDOW_LOW] ?? 0) >>> 0) + (ints[i + WINDOW_HIGH] ?? 0) * 2 ** 32) * this.windowMs;
  }

  wordsOf(entry: number, side: typeof SOURCE | typeof DESTINATION): AddressWords {
    const lowest = this.ints[entry * INTS + side] ?? 0;
    if (!this.isWide(entry)) return [0, 0, MAPPED, lowest];
    const at = entry * UPPER + 3 * side;
    return [this.upper[at] ?? 0, this.upper[at + 1] ?? 0, this.upper[at + 2] ?? 0, lowest];
  }

  /** Whether an address is not IPv4. */
  isWide(entry: number): boolean {
    return ((this.ints[entry * INTS + WORDS] ?? 0) & 1) === 1;
  }

  private enterWindow(time: number): void {
    const number = Math.floor(time / this.windowMs);
    this.windowFrom = number * this.windowMs;
    this.windowTo = this.windowFrom + this.windowMs;
    this.windowLow = number | 0;
    this.windowHigh = Math.floor(number / 2 ** 32);
  }

  /** Whether the upper words of `address` are the entry's. */
  private hasUpper(entry: number): boolean {
    const { address, upper } = this;
    const at = entry * UPPER;
    return (
      upper[at] === address[0] &&
      upper[at + 1] === address[1] &&
      upper[at + 2] === address[2] &&
      upper[at + 3] === address[4] &&
      upper[at + 4] === address[5] &&
      upper[at + 5] === address[6]
    );
  }

  private link(entry: number): void {
    const { ints, index } = this;
    const mask = index.length - 1;
    const i = entry * INTS;
    const [source, destination, ports, words] = [
      ints[i + SOURCE],
      ints[i + DESTINATION],
      ints[i + PORTS],
      ints[i + WORDS],
    ];
    let slot = hashOf(source ?? 0, destination ?? 0, ports ?? 0, words ?? 0, ints[i + WINDOW_LOW] ?? 0) & mask;
    while (index[slot] !== 0) slot = (slot + 1) & mask;
    index[slot] = entry + 1;
  }

  private grow(capacity: number): void {
    const ints = new Int32Array(capacity * INTS);
    ints.set(this.ints);
    const upper = new Int32Array(capacity * UPPER);
    upper.set(this.upper);
    this.ints = ints;
    this.floats = new Float64Array(ints.buffer);
    this.upper = upper;
    this.onGrow(capacity);
    this.index = new Int32Array(capacity * 4);
    for (let entry = 0; entry < this.size; entry++) this.link(entry);
  }
}
