/** Control, format (bidi overrides, zero-width), surrogate, line and paragraph separators: what acts instead of being shown. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const written = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** Foreign text as one line of at most `limit` UTF-16 units; what is not shown is written out as `\u{1b}`. */
export const singleLine = (text: string, limit: number): string => {
  let line = '';
  let fitting = '';
  for (const character of text) {
    line += UNSHOWN.test(character) ? written(character) : character;
    if (line.length > limit) return `${fitting}…`;
    if (line.length < limit) fitting = line;
  }
  return line;
};
