import {
  LITERAL_BYTES,
  LONGEST_LITERAL,
  PLACE_SHIFT,
  PLACES,
  SET_LITERALS,
  SET_LONGEST,
  SET_PLACES,
} from './scan-memory.ts';

/** Bytes: compared at a time. */
const SHORTEST_LITERAL = 16;
/** As wasm/scan.ts has them. */
const K0 = 0x9e3779b97f4a7c15n;
const K1 = 0xc2b2ae3d27d4eb4fn;

/** Writes down a text and a mask of its bytes; both are zero from its end through `bytes`. */
export const writeMasked = (memory: Buffer, text: Buffer, to: number, mask: number, bytes: number): void => {
  memory.fill(0, to, to + bytes).set(text, to);
  memory.fill(0, mask, mask + bytes).fill(0xff, mask, mask + text.length);
};

let versions = 0;

/** Known byte strings, found by their hash and compared as wasm/scan.ts does it. */
export class LiteralSet {
  /** Another number whenever a literal has come; no two sets share one. */
  version = versions++;
  /** Offsets of eight-byte words that tell the literals apart, within the shortest of them. */
  private offsets: readonly [number, number] = [0, 0];
  private readonly largest: number;
  private readonly texts: Buffer[] = [];

  constructor(largest: number) {
    this.largest = largest;
  }

  get size(): number {
    return this.texts.length;
  }

  get isFull(): boolean {
    return this.size === this.largest;
  }

  /** The number of the literal, known or new; -1 where it cannot be held. */
  add(text: Buffer): number {
    const known = this.texts.findIndex((other) => other.equals(text));
    if (known >= 0) return known;
    if (this.isFull || text.length < SHORTEST_LITERAL || text.length > LONGEST_LITERAL) return -1;
    this.texts.push(text);
    this.version = versions++;
    const kinds = countKinds(this.texts, this.offsets);
    // Costly, and a log that keeps inventing words gains nothing from it; an agent's log needs it a few times.
    if (kinds === 0 || (kinds < this.size && this.size <= MOST_TOLD)) this.offsets = tellingOffsets(this.texts);
    return this.size - 1;
  }

  /**
   * Writes the set down at `to`, as scan-memory.ts has it, with a label of two bits for each literal. Of two literals with
   * one place the earlier is not found there.
   */
  write(memory: Buffer, to: number, labels: readonly number[]): void {
    for (const [i, offset] of this.offsets.entries()) memory.writeInt32LE(offset, to + 4 * i);
    const longest = this.texts.reduce((length, text) => Math.max(length, text.length), 0);
    memory.writeInt32LE(longest, to + SET_LONGEST);
    memory.fill(0, to + SET_PLACES, to + SET_PLACES + 4 * PLACES);
    for (const [literal, text] of this.texts.entries()) {
      memory.writeInt32LE(this.placeOf(literal, labels), to + SET_PLACES + 4 * this.hash(text));
      const at = to + SET_LITERALS + literal * LITERAL_BYTES;
      writeMasked(memory, text, at, at + LONGEST_LITERAL, LONGEST_LITERAL);
    }
  }

  /** What is written down at a literal's place. */
  placeOf(literal: number, labels: readonly number[]): number {
    return (literal + 1) | ((labels[literal] ?? 0) << 8) | ((this.texts[literal]?.length ?? 0) << 10);
  }

  /** The number of its place; wasm/scan.ts has the same. Every bit of a word reaches the upper bits of its product. */
  private hash(text: Buffer): number {
    const [first, second] = this.offsets;
    const sum = text.readBigUInt64LE(first) * K0 + text.readBigUInt64LE(second) * K1;
    return Number(BigInt.asUintN(64, sum) >> BigInt(PLACE_SHIFT));
  }
}

const MOST_TOLD = 48;

/** How many kinds the texts fall into by their words at these offsets; 0 where one ends before an offset. */
const countKinds = (texts: readonly Buffer[], offsets: readonly number[]): number => {
  const shortest = Math.min(...texts.map((text) => text.length));
  if (Math.max(...offsets) + 8 > shortest) return 0;
  return new Set(texts.map((text) => offsets.map((offset) => text.toString('latin1', offset, offset + 8)).join('')))
    .size;
};

/** Two offsets whose words tell most texts apart: each time the one that tells apart the most. */
const tellingOffsets = (texts: readonly Buffer[]): readonly [number, number] => {
  const shortest = Math.min(...texts.map((text) => text.length));
  const chosen: number[] = [];
  while (chosen.length < 2) {
    let best = { offset: 0, kinds: 0 };
    for (let offset = 0; offset + 8 <= shortest && best.kinds < texts.length; offset++) {
      const kinds = countKinds(texts, [...chosen, offset]);
      if (kinds > best.kinds) best = { offset, kinds };
    }
    chosen.push(best.offset);
    if (best.kinds === texts.length) break;
  }
  const [first = 0, second = first] = chosen;
  return [first, second];
};
