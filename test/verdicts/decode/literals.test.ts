import { describe, expect, it } from 'vitest';
import { LiteralSet, ShortLiteral } from '../../../shared/verdicts/decode/literals.ts';

/** With room behind, as the sets require. */
const viewOf = (text: string): DataView => {
  const bytes = Buffer.alloc(text.length + 256);
  bytes.write(text, 'latin1');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
};

describe('LiteralSet', () => {
  it('finds each literal and tells it from one that differs in any single byte', () => {
    const literals = ['alphabetical', 'alphabetic order', 'analphabetic', 'betabetical, longer than the others are'];
    const set = new LiteralSet(8);
    for (const literal of literals) set.add(Buffer.from(literal));
    for (const [number, literal] of literals.entries()) {
      expect(set.find(viewOf(`${literal} and more`), 0)).toBe(number);
      for (let at = 0; at < literal.length; at++) {
        const damaged = `${literal.slice(0, at)}#${literal.slice(at + 1)}`;
        expect([damaged, set.find(viewOf(damaged), 0)]).toEqual([damaged, -1]);
      }
    }
  });

  it('finds at most one of two literals that differ only beyond the end of a shorter one, and never the wrong one', () => {
    const set = new LiteralSet(8);
    const literals = ['something', 'something old', 'something new'];
    for (const literal of literals) set.add(Buffer.from(literal));
    for (const [number, literal] of literals.entries()) expect([-1, number]).toContain(set.find(viewOf(literal), 0));
  });

  it('finds nothing while it is empty', () => {
    expect(new LiteralSet(8).find(viewOf('anything'), 0)).toBe(-1);
  });

  it('knows a literal that it has, and takes no more than it may, none that is short, none that is not ASCII', () => {
    const set = new LiteralSet(2);
    expect(set.add(Buffer.from('literal one'))).toBe(0);
    expect(set.add(Buffer.from('literal two'))).toBe(1);
    expect(set.add(Buffer.from('literal one'))).toBe(0);
    expect(set.add(Buffer.from('literal three'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.from('seven b'))).toBe(-1);
    expect(new LiteralSet(2).add(Buffer.from('eight by\u00e9', 'latin1'))).toBe(-1);
  });

  it('still finds the first literals after many that hardly differ', () => {
    const set = new LiteralSet(128);
    const literals = Array.from({ length: 128 }, (_, i) => `the same text but for ${String(i).padStart(4, '0')} in it`);
    for (const literal of literals) set.add(Buffer.from(literal));
    const found = literals.filter((literal, number) => set.find(viewOf(literal), 0) === number);
    expect(found.length).toBeGreaterThan(120);
  });

  it('takes a literal shorter than all before it', () => {
    const set = new LiteralSet(128);
    for (let i = 0; i < 100; i++) set.add(Buffer.from(`${String(i).padStart(30, 'x')}${'y'.repeat(30)}`));
    const number = set.add(Buffer.from('short, eh'));
    expect(set.find(viewOf('short, eh?'), 0)).toBe(number);
  });
});

describe('ShortLiteral', () => {
  it.each([';DIP: ', ';SPORT: ', ' Src Port: ', '","Dest Port":'])(
    'tells %j from any text that differs in one byte',
    (text) => {
      const literal = new ShortLiteral(text);
      expect(literal.standsAt(viewOf(`${text}tail`), 0)).toBe(true);
      for (let at = 0; at < text.length; at++) {
        expect(literal.standsAt(viewOf(`${text.slice(0, at)}#${text.slice(at + 1)}`), 0)).toBe(false);
      }
    },
  );
});
