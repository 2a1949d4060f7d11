import { describe, expect, it } from 'vitest';
import { singleLine } from '../../shared/model/single-line.ts';

describe('singleLine', () => {
  it.each([
    ['plain text', 'kubectl: Forbidden', 'kubectl: Forbidden'],
    ['letters of every script and emoji', 'žluťoučký 節点 🚀', 'žluťoučký 節点 🚀'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a\\u{d}\\u{a}b\\u{9}c'],
    ['terminal sequences', '\u001b[2J\u009b31m', '\\u{1b}[2J\\u{9b}31m'],
    ['bidirectional overrides', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['zero-width characters', 'pay\u200bments\ufeff', 'pay\\u{200b}ments\\u{feff}'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
    ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
    ['nothing', '', ''],
  ])('shows %s', (_, text, shown) => {
    expect(singleLine(text, 200)).toBe(shown);
  });

  it('keeps what fits exactly', () => {
    expect(singleLine('abcde', 5)).toBe('abcde');
    expect(singleLine('abcdef', 5)).toBe('abcd…');
  });

  it('cuts neither an escape nor a surrogate pair in two', () => {
    expect(singleLine('abc\u001bdef', 7)).toBe('abc…');
    expect(singleLine('abcd🚀', 5)).toBe('abcd…');
  });
});
