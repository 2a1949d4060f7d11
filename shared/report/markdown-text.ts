import { inert } from './text.ts';

/**
 * Text put into GitHub Flavored Markdown (https://github.github.com/gfm/) so that it stays text: no markup, no HTML, no
 * link, and none of the references (`@name`, `#1`, `GH-1`, `!1`, `:tada:`) that GitHub and GitLab look for after rendering.
 */

const LIMIT = 300;

const bounded = (text: string): string => {
  const line = inert(text);
  // Half a surrogate pair would be no character at all.
  return line.length > LIMIT ? `${line.slice(0, LIMIT - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
};

/** Takes no width and keeps the two sides of a reference apart. */
const APART = '&#8203;';

/** A pipe or a backslash would be read together with the table's own escaping; a pair of dollars holds mathematics. */
const ENTITY: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  '\\': '&#92;',
  $: '&#36;&#8203;',
};

// What HTML and markup begin with, and what a reference, an address or an emoji begins with.
const SPECIAL = /[&<>|\\$]|[`*_[\]~^{}]|[@#!%]|:(?=[^\s\d]|\d+\w*:)|\bGH(?=-)|\bwww(?=\.)/gi;
const MARKUP = /^[`*_[\]~^{}]$/;

/** For running text. It must not stand first in a line, where `-` or `1.` would open a list. */
export const prose = (text: string): string =>
  bounded(text).replace(SPECIAL, (found) => ENTITY[found] ?? (MARKUP.test(found) ? `\\${found}` : `${found}${APART}`));

/** A code span for names, paths and values; nothing inside it is looked at again. Not for table cells. */
export const code = (text: string): string => {
  const line = bounded(text);
  if (line.trim() === '') return '(empty)';
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return fence + space + line + space + fence;
};

/** The same in a table, which is cut at pipes before code spans are seen. */
export const cellCode = (text: string): string => (/[|\\]/.test(text) ? prose(text) : code(text));

/** A fenced block, longer fenced than anything in it. */
export const codeBlock = (text: string, language: string): string => {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
};

/** Only what cannot leave the brackets of a link: an https address without white space, quotes, brackets or backslashes. */
export const link = (label: string, url: string): string =>
  /^https:\/\/[^\s<>()[\]\\"'`]+$/.test(url) ? `[${prose(label)}](${url})` : code(url);
