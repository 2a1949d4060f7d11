import { bounded, MAX_LINE } from './bounded.ts';

// Controls, format characters (bidi overrides among them), line and paragraph separators, lone surrogates.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const NAMED: { readonly [character: string]: string } = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

const escaped = (character: string): string =>
  NAMED[character] ?? String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** Hostile text as one bounded line: what a terminal would obey or an eye would miss is spelled out. */
export const oneLine = (text: string, max: number = MAX_LINE): string =>
  bounded(text.slice(0, max + 1).replace(UNPRINTABLE, escaped), max);
