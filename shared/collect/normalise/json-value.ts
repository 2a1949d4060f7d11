import type { Json } from '../../model/facts-aws.ts';
import { bounded, MAX_TEXT } from './bounded.ts';
import { mapOf } from './text-map.ts';

/** Levels of nesting kept of a foreign document. */
export const MAX_JSON_DEPTH = 32;

export interface JsonLimits {
  readonly maxText: number;
  readonly maxValues: number;
}

/** For a document that somebody else wrote: YAML aliases make a small text into a tree without end. */
const FOREIGN: JsonLimits = { maxText: MAX_TEXT, maxValues: 20_000 };

/** A parsed document as a JSON value, or one sentence that says why it is none. */
export type JsonReading =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problem: string };

/** Copies what a JSON or YAML parser made: maps without prototype, depth, size and texts bounded. */
export const readJsonValue = (root: unknown, { maxText, maxValues }: JsonLimits = FOREIGN): JsonReading => {
  let left = maxValues;
  let problem = '';

  const copy = (value: unknown, depth: number): Json => {
    left -= 1;
    if (left < 0) problem = `more than ${maxValues} values`;
    else if (depth > MAX_JSON_DEPTH) problem = `nested deeper than ${MAX_JSON_DEPTH} levels`;
    if (problem !== '') return null;
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') return bounded(value, maxText);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (typeof value === 'object') {
      return mapOf(Object.entries(value).map(([key, item]) => [bounded(key, maxText), copy(item, depth + 1)] as const));
    }
    problem = `a ${typeof value} that JSON cannot hold`;
    return null;
  };

  const value = copy(root, 0);
  return problem === '' ? { ok: true, value } : { ok: false, problem };
};
