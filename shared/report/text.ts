import { stripVTControlCharacters } from 'node:util';

/**
 * Text from a cluster, made fit to show. Everything a terminal or a bidirectional layout would act on instead of
 * showing is written out as `\u{1b}`: the reader sees that it was there.
 */

/**
 * Control, format (bidi overrides, zero-width, tags), surrogate, private and unassigned characters, line and paragraph
 * separators, and variation selectors, which change a glyph's width. https://www.unicode.org/reports/tr44/#General_Category_Values
 */
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
const WHITE_SPACE = /[\t\n\r\p{Zs}]+/gu;
/** More than two marks on one letter is no language's spelling; stacks of them draw over neighbouring lines. */
const MARK_STACK = /(\p{M}{2})\p{M}+/gu;
const ZERO_WIDTH = /[\p{Mn}\p{Me}]/u;

/** East Asian Wide and Fullwidth blocks, and emoji: two columns each. https://www.unicode.org/reports/tr11/ */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Characters of one string that a report ever shows; a Kubernetes name has at most 253. */
const SHOWN_LIMIT = 1000;

/** Keeps code points whole: half a surrogate pair would be shown as an escape. */
const bounded = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};

const written = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** Keeps line breaks and tabs; for places where white space is harmless, such as HTML. */
export const inertLines = (text: string): string =>
  bounded(text, SHOWN_LIMIT)
    .replace(/\r\n?/g, '\n')
    .replace(NOT_SHOWN, (character) => (character === '\n' || character === '\t' ? character : written(character)))
    .replace(MARK_STACK, '$1');

/** One line. */
export const inert = (text: string): string =>
  ASCII.test(text) ? bounded(text, SHOWN_LIMIT) : inertLines(text.replace(WHITE_SPACE, ' '));

const characterWidth = (character: string): number => {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
};

/** Terminal columns, colour sequences not counted. */
export const visibleWidth = (text: string): number => {
  const plain = stripVTControlCharacters(text);
  if (ASCII.test(plain)) return plain.length;
  let width = 0;
  for (const character of plain) width += characterWidth(character);
  return width;
};

/** At most `width` columns, with `…` in the last one where something was cut. Expects uncoloured text. */
export const clip = (text: string, width: number): string => {
  if (visibleWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let used = 0;
  for (const character of text) {
    const next = used + characterWidth(character);
    if (next > width - 1) break;
    kept += character;
    used = next;
  }
  return `${kept}…`;
};

/** Exactly `width` columns. */
export const pad = (text: string, width: number): string => {
  const shown = clip(text, width);
  return shown + ' '.repeat(width - visibleWidth(shown));
};

export const padLeft = (text: string, width: number): string => {
  const shown = clip(text, width);
  return ' '.repeat(width - visibleWidth(shown)) + shown;
};

const splitWord = (word: string, width: number): readonly string[] => {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const next = characterWidth(character);
    if (used + next > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += next;
  }
  return [...pieces, piece];
};

/** Breaks at spaces, and inside words that are wider than a line. What exceeds `maximumLines` is cut with `…`. */
export const wrap = (text: string, width: number, maximumLines = Number.POSITIVE_INFINITY): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => splitWord(word, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (visibleWidth(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
    if (lines.length > maximumLines) break;
  }
  lines.push(line);
  if (lines.length <= maximumLines) return lines;
  const last = lines[maximumLines - 1] ?? '';
  return [...lines.slice(0, maximumLines - 1), clip(`${last}…`, width)];
};
