import { describe, expect, it } from 'vitest';
import { LITERAL_PLACES, LiteralSet, ShortLiteral } from '../../../shared/verdicts/decode/literals.ts';

/** With room behind, as the sets require. */
const viewOf = (text: string): DataView => {
  const bytes = Buffer.alloc(text.length + 256);
  bytes.write(text, 'latin1');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
};

const setOf = (largest: number, literals: readonly string[]): LiteralSet => {
  const set = new LiteralSet(largest);
  for (const literal of literals) set.add(Buffer.from(literal));
  return set;
};

describe('LiteralSet', () => {
  it('finds each literal and tells it from one that differs in any single byte', () => {
    const literals = [
      'alphabetical ordering',
      'alphabetic ordering',
      'analphabetic order',
      'betabetical, and longer still',
    ];
    const set = setOf(8, literals);
    for (const [number, literal] of literals.entries()) {
      expect(set.find(viewOf(`${literal} and more`), 0)).toBe(number);
      for (let at = 0; at < literal.length; at++) {
        const damaged = `${literal.slice(0, at)}#${literal.slice(at + 1)}`;
        expect([damaged, set.find(viewOf(damaged), 0)]).toEqual([damaged, -1]);
      }
    }
  });

  it('finds the longest where one begins with another', () => {
    const set = setOf(8, ['something borrowed', 'something borrowed and new', 'something borrowed and']);
    expect(set.find(viewOf('something borrowed and new'), 0)).toBe(1);
    expect(set.find(viewOf('something borrowed and old'), 0)).toBe(2);
    expect(set.find(viewOf('something borrowed, old'), 0)).toBe(0);
  });

  it('finds nothing while it is empty', () => {
    expect(new LiteralSet(8).find(viewOf('anything'), 0)).toBe(-1);
  });

  it('knows a literal that it has, and takes none too many, too short, too long or not ASCII', () => {
    const set = new LiteralSet(2);
    expect(set.add(Buffer.from('literal number one'))).toBe(0);
    expect(set.add(Buffer.from('literal number two'))).toBe(1);
    expect(set.add(Buffer.from('literal number one'))).toBe(0);
    expect(set.add(Buffer.from('literal number three'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.from('fifteen bytes..'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.from('sixteen bytes...'))).toBe(0);
    expect(new LiteralSet(2).add(Buffer.alloc(513, 'x'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.from('sixteen bytes.\u00e9.', 'latin1'))).toBe(-1);
  });

  it('writes down all bytes of all literals', () => {
    const literals = ['sixteen bytes...', 'seventeen bytes..', 'thirty-one bytes, all that fits', 'x'.repeat(512)];
    const floats = new Float64Array(128);
    const ints = new Int32Array(20);
    const next = setOf(8, literals).copy(floats, 10, ints, 4);
    const written = Buffer.from(floats.buffer);
    for (const [number, literal] of literals.entries()) {
      const [from = 0, last = 0, end = next] = ints.subarray(4 + 2 * number);
      expect(written.toString('latin1', 8 * from, 8 * last)).toBe(
        literal.slice(0, 16 * Math.floor(literal.length / 16)),
      );
      expect(written.toString('latin1', 8 * last, 8 * last + 16)).toBe(literal.slice(-16));
      expect(number === literals.length - 1 ? next : end).toBe(last + 2);
    }
  });

  it('gives each literal a place, with its label and length, even after many that hardly differ', () => {
    const literals = Array.from({ length: 128 }, (_, i) => `the same text but for ${String(i).padStart(4, '0')} in it`);
    const ints = new Int32Array(LITERAL_PLACES + 1).fill(-1);
    setOf(128, literals).index(ints, 1, [2, 1]);
    const places = ints.subarray(1).filter((place) => place !== 0);
    expect(ints[0]).toBe(-1);
    expect(places.length).toBeGreaterThan(120);
    expect(new Set([...places].map((place) => place >> 10))).toEqual(new Set([32]));
    expect([...places].map((place) => [place & 255, (place >> 8) & 3])).toEqual(
      expect.arrayContaining([
        [1, 2],
        [2, 1],
        [3, 0],
      ]),
    );
  });

  it('takes a literal shorter than all before it, and looks for what tells it apart within it', () => {
    const long = Array.from({ length: 100 }, (_, i) => `${String(i).padStart(30, 'x')}${'y'.repeat(30)}`);
    const set = setOf(128, [...long, 'a rather short one']);
    expect(set.find(viewOf('a rather short one'), 0)).toBe(100);
    expect(Math.max(set.at1, set.at2, set.at3)).toBeLessThanOrEqual('a rather short one'.length - 4);
  });
});

describe('ShortLiteral', () => {
  it.each([';DIP: ', ';SPORT: ', ' Src Port: ', '","Dest Port":'])('holds %j as words at both its ends', (text) => {
    const { length, first, second, word0, word1 } = new ShortLiteral(text);
    const bytes = Buffer.from(text);
    expect(length).toBe(text.length);
    expect([word0, word1]).toEqual([bytes.readInt32LE(0), bytes.readInt32LE(length - 4)]);
    const doubles = length < 8 ? [Number.NaN, Number.NaN] : [bytes.readDoubleLE(0), bytes.readDoubleLE(length - 8)];
    expect([first, second]).toEqual(doubles);
  });
});
