import { singleLine } from '../../model/single-line.ts';

/** UTF-16 units. */
const LABEL = 200;
const SENTENCE = 1000;

/** A name or a few of them, as one bounded line. */
export const label = (text: string): string => singleLine(text, LABEL);

export const sentence = (text: string): string => singleLine(text, SENTENCE);

export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The first few distinct ones, sorted. */
export const firstOf = (texts: Iterable<string>, limit: number): readonly string[] =>
  [...new Set(texts)].toSorted(compareText).slice(0, limit);

/** `a, b and 3 more` */
export const listed = (names: readonly string[], limit = 5): string => {
  const shown = names.slice(0, limit).map(label).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
};

/** The last moment a Date can hold; a log may claim any. */
const LAST_TIME = 8.64e15;

/** RFC 3339 of milliseconds since 1970. */
export const timeText = (milliseconds: number): string =>
  new Date(Math.min(LAST_TIME, Math.max(0, Math.trunc(milliseconds) || 0))).toISOString();
