import type * as z from 'zod';
import { oneLine } from './one-line.ts';

/** Most characters of a foreign value or key that an error repeats. */
const MAX_QUOTED = 60;

const quoted = (text: string): string => oneLine(JSON.stringify(text.slice(0, MAX_QUOTED)), MAX_QUOTED + 2);

const either = (words: readonly string[]): string => [...new Set(words)].join(' or ');

/** What a schema wanted, in words, from the first thing it complained about. */
export const expectation = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'whole number' : issue.expected;
    case 'invalid_value':
      return either(issue.values.map((value) => JSON.stringify(value)));
    case 'invalid_format':
      return issue.message === 'Invalid ISO datetime' ? 'RFC 3339 time' : issue.message;
    case 'invalid_union':
      // Without branches it is the discriminator that fits none; and a schema that words its own expectation says it best.
      if ('options' in issue) return either((issue.options ?? []).map((option) => JSON.stringify(option)));
      if (issue.message !== 'Invalid input') return issue.message;
      return either(issue.errors.flatMap(([first]) => (first === undefined ? [] : [expectation(first)])));
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
};

/** What stood there instead: never more than a short quotation. */
export const describeFound = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `array of ${value.length}`;
  if (value instanceof Date) return 'invalid date';
  return typeof value === 'number' || typeof value === 'boolean' ? `${typeof value} ${value}` : typeof value;
};

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

const segment = (key: PropertyKey): string => {
  if (typeof key === 'number') return `[${key}]`;
  const name = String(key);
  return PLAIN_KEY.test(name) && name.length <= MAX_QUOTED ? `.${name}` : `[${quoted(name)}]`;
};

/** `items[3].metadata.labels["a/b"]`. */
export const pathText = (path: readonly PropertyKey[]): string => path.map(segment).join('').replace(/^\./, '');

export const joinPath = (base: string, rest: string): string =>
  base === '' || rest === '' || rest.startsWith('[') ? `${base}${rest}` : `${base}.${rest}`;

/** The value at a path, looking at own properties only. */
export const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    // Checked to be an object with that own key, so the index reads what stands in it.
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as { readonly [key: PropertyKey]: unknown })[key]
        : undefined,
    root,
  );
