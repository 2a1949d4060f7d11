import { describe, expect, it } from 'vitest';
import { LiteralSet, writeMasked } from '../../../shared/verdicts/decode/literals.ts';
import {
  LITERAL_BYTES,
  LONGEST_LITERAL,
  MOST_TAILS,
  PLACES,
  SET_LITERALS,
  SET_LONGEST,
  SET_PLACES,
} from '../../../shared/verdicts/decode/scan-memory.ts';

const setOf = (largest: number, literals: readonly string[]): LiteralSet => {
  const set = new LiteralSet(largest);
  for (const literal of literals) set.add(Buffer.from(literal));
  return set;
};

const FROM = 48;

/** What a set writes down, over what stood there before. */
const written = (set: LiteralSet, labels: readonly number[] = []): Buffer => {
  const memory = Buffer.alloc(FROM + SET_LITERALS + MOST_TAILS * LITERAL_BYTES, 0xaa);
  set.write(memory, FROM, labels);
  expect(memory.subarray(0, FROM).every((byte) => byte === 0xaa)).toBe(true);
  return memory.subarray(FROM);
};

const placesOf = (memory: Buffer): readonly number[] =>
  Array.from({ length: PLACES }, (_, place) => memory.readInt32LE(SET_PLACES + 4 * place)).filter((word) => word !== 0);

describe('LiteralSet', () => {
  it('knows a literal that it has, and takes none too many, too short or too long', () => {
    const set = new LiteralSet(2);
    expect(set.add(Buffer.from('literal number one'))).toBe(0);
    expect(set.add(Buffer.from('literal number two'))).toBe(1);
    expect(set.add(Buffer.from('literal number one'))).toBe(0);
    expect(set.add(Buffer.from('literal number three'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.from('fifteen bytes..'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.from('sixteen bytes...'))).toBe(0);
    expect(new LiteralSet(2).add(Buffer.alloc(513, 'x'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.alloc(512, 'x'))).toBe(0);
  });

  it('has another version whenever it has another literal, and none that another set has', () => {
    const [one, other] = [new LiteralSet(2), new LiteralSet(2)];
    const empty = one.version;
    one.add(Buffer.from('literal number one'));
    const filled = one.version;
    one.add(Buffer.from('literal number one'));
    expect(one.version).toBe(filled);
    other.add(Buffer.from('literal number one'));
    expect(new Set([empty, filled, other.version]).size).toBe(3);
  });

  it('writes down all bytes of all literals, and masks that end with them', () => {
    const literals = ['sixteen bytes...', 'seventeen bytes..', 'thirty-one bytes, all that fits', 'x'.repeat(512)];
    const memory = written(setOf(8, literals));
    expect(memory.readInt32LE(SET_LONGEST)).toBe(512);
    for (const [number, literal] of literals.entries()) {
      const at = SET_LITERALS + number * LITERAL_BYTES;
      const [text, mask] = [at, at + LONGEST_LITERAL].map((from) => memory.subarray(from, from + LONGEST_LITERAL));
      expect(text?.toString('latin1')).toBe(literal.padEnd(512, '\0'));
      expect(mask?.toString('latin1')).toBe('\u00ff'.repeat(literal.length).padEnd(512, '\0'));
    }
  });

  it('gives each literal a place, with its label and length, even where many hardly differ', () => {
    const literals = Array.from({ length: 128 }, (_, i) => `the same text but for ${String(i).padStart(4, '0')} in it`);
    const places = placesOf(written(setOf(128, literals), [2, 1]));
    expect(places.length).toBeGreaterThan(120);
    expect(new Set(places.map((place) => place >> 10))).toEqual(new Set([32]));
    expect(places.map((place) => [place & 255, (place >> 8) & 3])).toEqual(
      expect.arrayContaining([
        [1, 2],
        [2, 1],
        [3, 0],
      ]),
    );
  });

  it('takes a literal shorter than all before it, and looks for what tells it apart within it', () => {
    const short = 'a rather short one';
    const long = Array.from({ length: 100 }, (_, i) => `${String(i).padStart(30, 'x')}${'y'.repeat(30)}`);
    const memory = written(setOf(128, [...long, short]));
    for (const at of [0, 4]) expect(memory.readInt32LE(at)).toBeLessThanOrEqual(short.length - 8);
    expect(placesOf(memory).map((place) => place & 255)).toContain(101);
  });
});

describe('writeMasked', () => {
  it('leaves nothing of what stood there', () => {
    const memory = Buffer.alloc(40, 0xaa);
    writeMasked(memory, Buffer.from('abc'), 2, 20, 16);
    expect(memory.toString('hex')).toBe(
      `aaaa${'616263'.padEnd(32, '0')}${'aa'.repeat(2)}${'ffffff'.padEnd(32, '0')}${'aa'.repeat(4)}`,
    );
  });
});
