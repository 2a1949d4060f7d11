import { singleLine } from '../../model/single-line.ts';

const PLAIN = /^[ -~]*$/;

/** `singleLine`, at once where every character is plain, as nearly always. */
export const oneLine = (text: string, limit: number): string =>
  text.length < limit && PLAIN.test(text) ? text : singleLine(text, limit);
