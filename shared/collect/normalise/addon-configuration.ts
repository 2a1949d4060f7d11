import { CORE_SCHEMA, load } from 'js-yaml';
import type { AddonConfiguration, Json, JsonObject } from '../../model/facts-aws.ts';
import { readJsonValue } from './json-value.ts';
import { oneLine } from './one-line.ts';

/** Longest text that is looked into. The answer of a whole cluster's add-on stays far below. */
const MAX_CONFIGURATION = 262_144;
const MAX_PROBLEM = 200;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable = (detail: string): AddonConfiguration => ({
  form: 'unreadable',
  detail: oneLine(detail, MAX_PROBLEM),
});

/** JSON first: YAML calls a doubled key and some escapes errors that JSON allows. */
const parseDocument = (source: string): unknown => {
  try {
    return JSON.parse(source);
  } catch {
    // The core schema makes no dates, no classes and no code; texts that look like booleans in YAML 1.1 stay texts.
    return load(source, { schema: CORE_SCHEMA, maxAliases: 100 });
  }
};

/** The parser's reason without its picture of the source, which repeats what the configuration says. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && 'reason' in error ? String(error.reason) : 'the parser gave no reason';

/**
 * `configurationValues` of an add-on: JSON **or** YAML (https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html);
 * missing where nobody set any. Texts and booleans stay what they are: `"true"` and `true` both occur. Never throws: what
 * cannot be read is `unreadable`, which is not the same as none.
 */
export const readAddonConfiguration = (configurationValues: string | undefined): AddonConfiguration => {
  if (configurationValues === undefined || configurationValues.trim() === '') return { form: 'none' };
  if (configurationValues.length > MAX_CONFIGURATION) return unreadable(`longer than ${MAX_CONFIGURATION} characters`);
  let document: unknown;
  try {
    document = parseDocument(configurationValues);
  } catch (error) {
    return unreadable(`neither JSON nor YAML: ${reasonOf(error)}`);
  }
  if (document === null) return { form: 'none' };
  const reading = readJsonValue(document);
  if (!reading.ok) return unreadable(reading.problem);
  return isObject(reading.value)
    ? { form: 'values', values: reading.value }
    : unreadable('expected an object of settings at the top');
};
