/**
 * Known byte strings, compared eight bytes at a time. Eight ASCII bytes read as a 64-bit float are never NaN (that needs
 * a top byte of 0x7F or 0xFF) and never zero, so to compare the floats is to compare the bytes, all of them.
 */
export class LiteralSet {
  /** Bytes, by number of the literal. */
  lengths = new Int32Array(0);
  /** Where each literal's words begin in `words`, and where the last one's end. */
  starts = new Int32Array(1);
  /** Each literal's bytes from its beginning on, then its last eight, which overlap the ones before. */
  words = new Float64Array(0);
  /** The literal found last. */
  last = 0;
  private readonly largest: number;
  private readonly texts: Buffer[] = [];
  /** Literals by the upper bits of their hash, plus one; 0 is empty. */
  table = new Int32Array(2);
  /** How far a hash is shifted down to make an index of the table. */
  shift = 31;
  /** Offsets of four-byte words that tell the literals apart, within the shortest of them. */
  at1 = 0;
  at2 = 0;
  at3 = 0;

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
    const isAscii = text.every((byte) => byte > 0 && byte < 0x7f);
    if (this.isFull || text.length < 8 || !isAscii) return -1;
    const words: number[] = [];
    for (let at = 0; at + 8 <= text.length; at += 8) words.push(text.readDoubleLE(at));
    words.push(text.readDoubleLE(text.length - 8));
    this.texts.push(text);
    this.words = Float64Array.from([...this.words, ...words]);
    this.lengths = Int32Array.from([...this.lengths, text.length]);
    this.starts = Int32Array.from([...this.starts, this.words.length]);
    this.index();
    return this.texts.length - 1;
  }

  /** The literal that stands at `at`; -1 where none does. The view must reach beyond the longest literal. */
  find(view: DataView, at: number): number {
    const literal = (this.table[this.hash(view, at) >>> this.shift] ?? 0) - 1;
    if (literal < 0 || !this.standsAt(view, at, literal)) return -1;
    this.last = literal;
    return literal;
  }

  private standsAt(view: DataView, at: number, literal: number): boolean {
    const from = this.starts[literal] ?? 0;
    const end = (this.starts[literal + 1] ?? 0) - 1;
    for (let i = from; i < end; i++) if (view.getFloat64(at + 8 * (i - from), true) !== this.words[i]) return false;
    return view.getFloat64(at + (this.lengths[literal] ?? 0) - 8, true) === this.words[end];
  }

  /**
   * `RecordReader` has a copy of this in its loop. Every bit of a word reaches the upper bits of its product, and only
   * those are used.
   */
  private hash(view: DataView, at: number): number {
    return (
      (Math.imul(view.getInt32(at + this.at1, true), 0x9e3779b1) +
        Math.imul(view.getInt32(at + this.at2, true), 0x85ebca6b) +
        Math.imul(view.getInt32(at + this.at3, true), 0xc2b2ae35)) >>>
      0
    );
  }

  /** One place each, so that a look-up has one candidate; the table grows until that is so, or leaves some unfound. */
  private index(): void {
    const { texts, at1, at2, at3 } = this;
    const kinds = countKinds(texts, [at1, at2, at3]);
    // Costly, and a log that keeps inventing words gains nothing from it; an agent's log needs it a few times.
    if (kinds === 0 || (kinds < texts.length && texts.length <= MOST_TOLD))
      [this.at1, this.at2, this.at3] = tellingOffsets(texts);
    const hashes = this.texts.map((text) => this.hash(new DataView(text.buffer, text.byteOffset, text.length), 0));
    const places = (shift: number): number => new Set(hashes.map((hash) => hash >>> shift)).size;
    let shift = 32 - Math.ceil(Math.log2(hashes.length * 4));
    while (shift > LEAST_SHIFT && places(shift) < hashes.length) shift -= 1;
    this.shift = shift;
    this.table = new Int32Array(2 ** (32 - shift));
    for (const [literal, hash] of hashes.entries()) this.table[hash >>> shift] = literal + 1;
  }
}

/** A table of 4096 places. */
const LEAST_SHIFT = 20;
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

/** A literal of 4 to 16 bytes, compared as four words of four bytes, which overlap where it is shorter. */
export class ShortLiteral {
  readonly length: number;
  readonly at1: number;
  readonly at2: number;
  readonly at3: number;
  readonly word0: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;

  constructor(text: string) {
    const bytes = Buffer.from(text, 'latin1');
    this.length = bytes.length;
    this.at3 = bytes.length - 4;
    this.at2 = Math.min(8, this.at3);
    this.at1 = Math.min(4, this.at3);
    this.word0 = bytes.readInt32LE(0);
    this.word1 = bytes.readInt32LE(this.at1);
    this.word2 = bytes.readInt32LE(this.at2);
    this.word3 = bytes.readInt32LE(this.at3);
  }

  standsAt(view: DataView, at: number): boolean {
    const differences =
      (view.getInt32(at, true) ^ this.word0) |
      (view.getInt32(at + this.at1, true) ^ this.word1) |
      (view.getInt32(at + this.at2, true) ^ this.word2) |
      (view.getInt32(at + this.at3, true) ^ this.word3);
    return differences === 0;
  }
}
