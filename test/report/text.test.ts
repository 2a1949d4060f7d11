import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, inert, inertLines, pad, padLeft, visibleWidth, wrap } from '../../shared/report/text.ts';

describe('inert', () => {
  it.each([
    ['plain text stays', 'ip-10-0-1-5.ec2.internal', 'ip-10-0-1-5.ec2.internal'],
    ['an ANSI escape is written out', '\u001b[31mPASS', '\\u{1b}[31mPASS'],
    ['the one-character CSI of C1 is, too', '\u009b2J', '\\u{9b}2J'],
    ['a right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
    ['zero-width and tag characters', '\u200b\u{e0041}', '\\u{200b}\\u{e0041}'],
    ['half a surrogate pair', 'x\ud800', 'x\\u{d800}'],
    ['a variation selector, which changes a width', '✔\ufe0f', '✔\\u{fe0f}'],
    ['line breaks, tabs and odd spaces become one space', 'a\r\n\tb\u00a0\u3000c', 'a b c'],
    ['line separators do not break lines', 'a\u2028b', 'a\\u{2028}b'],
    ['letters of any script stay', 'Größe 名前 שלום', 'Größe 名前 שלום'],
    ['a stack of marks is cut to two', `e${'\u0301'.repeat(50)}`, 'e\u0301\u0301'],
  ])('%s', (_, text, expected) => {
    expect(inert(text)).toBe(expected);
  });

  it('bounds what it shows, and keeps the last character whole', () => {
    expect(inert('x'.repeat(10_000))).toBe(`${'x'.repeat(999)}…`);
    expect(inert(`${'x'.repeat(998)}😀😀`)).toBe(`${'x'.repeat(998)}…`);
  });

  it('leaves nothing that a terminal acts on, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(inert(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('inertLines', () => {
  it('keeps line breaks and tabs, one kind of line break only', () => {
    expect(inertLines('a\r\nb\rc\td\u0000')).toBe('a\nb\nc\td\\u{0}');
  });
});

describe('visibleWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['…', 1],
    ['名前', 4],
    ['ｗｉｄｅ', 8],
    ['한글', 4],
    ['😀', 2],
    ['e\u0301', 1],
    ['\u001b[1;31mFAIL\u001b[0m', 4],
  ])('%j takes %i columns', (text, width) => {
    expect(visibleWidth(text)).toBe(width);
  });
});

describe('clip and pad', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    // The second wide character would need a fifth column.
    ['名前名前', 5, '名前…'],
    ['名前名前', 4, '名…'],
  ])('clips %j to %i columns', (text, width, expected) => {
    expect(clip(text, width)).toBe(expected);
  });

  it('fills up to exactly the width, on either side', () => {
    expect(pad('名', 4)).toBe('名  ');
    expect(padLeft('7', 3)).toBe('  7');
    expect(pad('名前名', 4)).toBe('名… ');
  });
});

describe('wrap', () => {
  it('breaks at spaces, and inside a word only where it is wider than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefgh b', 4)).toEqual(['a', 'abcd', 'efgh', 'b']);
  });

  it('says with … that more was there', () => {
    expect(wrap('one two three four', 5, 2)).toEqual(['one', 'two…']);
    expect(wrap('aaaa bbbb cccc', 4, 2)).toEqual(['aaaa', 'bbb…']);
  });

  it('loses nothing and exceeds nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrap(inert(text), width);
        for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(inert(text).replaceAll(' ', ''));
        expect(stripVTControlCharacters(lines.join(' '))).toBe(lines.join(' '));
      }),
    );
  });
});
