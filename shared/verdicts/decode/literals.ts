/** Literals are from two words on, and no longer than this, in bytes. */
export const LONGEST_LITERAL = 512;
/** Words compared at a time, of eight bytes. */
export const WORDS_AT_ONCE = 2;
const SHORTEST_LITERAL = 8 * WORDS_AT_ONCE;

/** Places that a literal is found at by its hash: the upper bits of it. */
export const LITERAL_PLACES = 4096;
export const LITERAL_SHIFT = 32 - Math.log2(LITERAL_PLACES);

/**
 * Known byte strings, written down so that they can be compared eight bytes at a time. Eight ASCII bytes read as a 64-bit
 * float are never NaN (that needs a top byte of 0x7F or 0xFF) and never zero, so to compare the floats is to compare the
 * bytes, all of them.
 */
export class LiteralSet {
  /** Offsets of four-byte words that tell the literals apart, within the shortest of them. */
  at1 = 0;
  at2 = 0;
  at3 = 0;
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

  /** Bytes. */
  lengthOf(literal: number): number {
    return this.texts[literal]?.length ?? 0;
  }

  /** The number of the literal, known or new; -1 where it cannot be held. */
  add(text: Buffer): number {
    const known = this.texts.findIndex((other) => other.equals(text));
    if (known >= 0) return known;
    const isAscii = text.every((byte) => byte > 0 && byte < 0x7f);
    if (this.isFull || text.length < SHORTEST_LITERAL || text.length > LONGEST_LITERAL || !isAscii) return -1;
    this.texts.push(text);
    const kinds = countKinds(this.texts, [this.at1, this.at2, this.at3]);
    // Costly, and a log that keeps inventing words gains nothing from it; an agent's log needs it a few times.
    if (kinds === 0 || (kinds < this.size && this.size <= MOST_TOLD)) {
      [this.at1, this.at2, this.at3] = tellingOffsets(this.texts);
    }
    return this.size - 1;
  }

  /** The longest literal that stands at `at`; -1 where none does. The view must reach beyond the longest literal. */
  find(view: DataView, at: number): number {
    let found = -1;
    for (const [literal, text] of this.texts.entries()) {
      const isThere = text.every((byte, i) => view.getUint8(at + i) === byte);
      if (isThere && text.length > this.lengthOf(found)) found = literal;
    }
    return found;
  }

  /**
   * Writes down the words of all literals from `word` on; the position after them. A literal's words are its bytes two
   * words at a time, then its last two, which overlap the ones before. In `ints`, from `from` on, goes for each literal
   * where its words begin and where those last two stand.
   */
  copy(floats: Float64Array, word: number, ints: Int32Array, from: number): number {
    let to = word;
    for (const [literal, text] of this.texts.entries()) {
      ints[from + 2 * literal] = to;
      for (let at = 0; at + 16 <= text.length; at += 16) {
        floats[to++] = text.readDoubleLE(at);
        floats[to++] = text.readDoubleLE(at + 8);
      }
      ints[from + 2 * literal + 1] = to;
      floats[to++] = text.readDoubleLE(text.length - 16);
      floats[to++] = text.readDoubleLE(text.length - 8);
    }
    return to;
  }

  /**
   * Writes down, at the place that its hash gives, a literal's number plus one (eight bits), its label (two bits) and its
   * length. Of two literals with one place the earlier is not found there.
   */
  index(ints: Int32Array, from: number, labels: readonly number[]): void {
    ints.fill(0, from, from + LITERAL_PLACES);
    for (const [literal, text] of this.texts.entries()) {
      const place = this.hash(text) >>> LITERAL_SHIFT;
      ints[from + place] = (literal + 1) | ((labels[literal] ?? 0) << 8) | (text.length << 10);
    }
  }

  /** `RecordScan` has a copy of this in its loop. Every bit of a word reaches the upper bits of its product. */
  private hash(text: Buffer): number {
    return (
      Math.imul(text.readInt32LE(this.at1), 0x9e3779b1) +
      Math.imul(text.readInt32LE(this.at2), 0x85ebca6b) +
      Math.imul(text.readInt32LE(this.at3), 0xc2b2ae35)
    );
  }
}

const MOST_TOLD = 48;

/** How many kinds the texts fall into by their words at these offsets; 0 where one ends before an offset. */
const countKinds = (texts: readonly Buffer[], offsets: readonly number[]): number => {
  const shortest = Math.min(...texts.map((text) => text.length));
  if (Math.max(...offsets) + 4 > shortest) return 0;
  const kindOf = (text: Buffer): number => {
    let kind = 0;
    for (const offset of offsets) kind = Math.imul(kind ^ text.readInt32LE(offset), 0x9e3779b1);
    return kind;
  };
  return new Set(texts.map(kindOf)).size;
};

/** Three offsets whose words tell most texts apart: each time the one that tells apart the most. */
const tellingOffsets = (texts: readonly Buffer[]): readonly [number, number, number] => {
  const shortest = Math.min(...texts.map((text) => text.length));
  const chosen: number[] = [];
  while (chosen.length < 3) {
    let best = { offset: 0, kinds: 0 };
    for (let offset = 0; offset + 4 <= shortest && best.kinds < texts.length; offset++) {
      const kinds = countKinds(texts, [...chosen, offset]);
      if (kinds > best.kinds) best = { offset, kinds };
    }
    chosen.push(best.offset);
    if (best.kinds === texts.length) break;
  }
  const [first = 0, second = 0, third = 0] = chosen;
  return [first, second, third];
};

/** A literal of 4 to 16 bytes, compared as two words that overlap: of eight bytes or, where it is shorter, of four. */
export class ShortLiteral {
  readonly length: number;
  /** NaN, which equals nothing, where the literal is shorter. */
  readonly first: number;
  readonly second: number;
  readonly word0: number;
  readonly word1: number;

  constructor(text: string) {
    const bytes = Buffer.from(text, 'latin1');
    const { length } = bytes;
    this.length = length;
    this.first = length < 8 ? Number.NaN : bytes.readDoubleLE(0);
    this.second = length < 8 ? Number.NaN : bytes.readDoubleLE(length - 8);
    this.word0 = bytes.readInt32LE(0);
    this.word1 = bytes.readInt32LE(length - 4);
  }
}
