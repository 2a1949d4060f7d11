import { inert } from './text.ts';

/** Spreadsheets run a cell that begins like this: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^\s*[=+\-@\t\r]/;

const field = (value: string | number | undefined): string => {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = inert(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** One record after RFC 4180, CRLF at its end; text that a spreadsheet would run stands behind an apostrophe. */
export const csvRecord = (values: readonly (string | number | undefined)[]): string =>
  `${values.map(field).join(',')}\r\n`;
