import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bounded, MAX_LINE, MAX_TEXT } from '../../../shared/collect/normalise/bounded.ts';
import { oneLine } from '../../../shared/collect/normalise/one-line.ts';
import { compareText, distinct, sortedBy } from '../../../shared/collect/normalise/order.ts';

describe('bounded text', () => {
  test('text within the bound is the same text', () => {
    expect(bounded('x'.repeat(MAX_TEXT))).toBe('x'.repeat(MAX_TEXT));
  });

  test('longer text is cut to exactly the bound and says so', () => {
    expect(bounded('abcdef', 4)).toBe('abc…');
    expect(bounded('x'.repeat(10_000_000))).toHaveLength(MAX_TEXT);
  });

  test('a character that the cut would halve is replaced', () => {
    expect(bounded('ab😀cd', 4)).toBe('ab\uFFFD…');
  });
});

describe('one line of hostile text', () => {
  test('line ends, tabs, escapes, bidi overrides and lone surrogates are spelled out', () => {
    expect(oneLine('a\r\nb\tc')).toBe(String.raw`a\r\nb\tc`);
    expect(oneLine('\u001B[2J\u202E\u2028\uD800\u0085')).toBe(String.raw`\u{1b}[2J\u{202e}\u{2028}\u{d800}\u{85}`);
  });

  test('ordinary text of any script stays as it is', () => {
    expect(oneLine('Grüße, 世界 – «ok»')).toBe('Grüße, 世界 – «ok»');
  });

  test('whatever comes in, what goes out is one printable line within the bound', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        const line = oneLine(text);
        expect(line.length).toBeLessThanOrEqual(MAX_LINE);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('order', () => {
  test('text is compared by its units, not by a locale', () => {
    expect(['b', 'ä', 'a', 'B'].toSorted(compareText)).toEqual(['B', 'a', 'b', 'ä']);
  });

  test('a key of several parts sorts by its first part first', () => {
    const items = [
      { namespace: 'a-b', name: 'c' },
      { namespace: 'a', name: 'z' },
    ];
    expect(sortedBy(items, ({ namespace, name }) => [namespace, name])).toEqual([items[1], items[0]]);
  });

  test('distinct texts are sorted', () => {
    expect(distinct(['b', 'a', 'b'])).toEqual(['a', 'b']);
  });
});
