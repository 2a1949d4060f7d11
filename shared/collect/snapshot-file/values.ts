import * as z from 'zod';
import type { Json, JsonObject } from '../../model/facts-aws.ts';
import type { Labels } from '../../model/facts-kubernetes.ts';
import { MAX_JSON_DEPTH, readJsonValue, type JsonLimits } from '../normalise/json-value.ts';
import { mapOf } from '../normalise/text-map.ts';

/** RFC 3339 in UTC. */
export const time = z.iso.datetime('RFC 3339 time in UTC').meta({ id: 'Time', description: 'RFC 3339, UTC' });

export const count = z.int().nonnegative();

/** A list that is read only: a snapshot is never changed. */
export const list = <S extends z.ZodType>(item: S) => z.array(item).readonly();

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * String to string. Not `z.record`, which drops the key `__proto__`: here it is a key like any other, in an object
 * without prototype.
 */
export const labels = z
  .custom<Labels>()
  .superRefine((value: unknown, context) => {
    if (!isPlainObject(value)) {
      context.addIssue({ code: 'custom', message: 'object of strings' });
      return;
    }
    const wrong = Object.entries(value).find(([, item]) => typeof item !== 'string');
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: 'string', path: [wrong[0]] });
  })
  .meta({ id: 'StringMap', type: 'object', additionalProperties: { type: 'string' } })
  .transform((value): Labels => mapOf(Object.entries(value)));

const UNLIMITED: JsonLimits = { maxText: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY };

const isJsonObject = (value: Json): value is JsonObject => isPlainObject(value);

/** Any JSON object, nested no deeper than what a collector keeps. */
export const jsonObject = z
  .custom<JsonObject>()
  .superRefine((value: unknown, context) => {
    if (!isPlainObject(value)) context.addIssue({ code: 'custom', message: 'JSON object' });
  })
  .meta({ type: 'object' })
  .transform((value, context): JsonObject => {
    const copy = readJsonValue(value, UNLIMITED);
    if (copy.ok && isJsonObject(copy.value)) return copy.value;
    context.issues.push({
      code: 'custom',
      message: `JSON nested at most ${MAX_JSON_DEPTH} levels`,
      input: value,
    });
    return z.NEVER;
  });

export const unobservedReason = z.enum([
  'denied',
  'throttled',
  'api-error',
  'unreachable',
  'malformed',
  'partial',
  'not-collected',
]);
