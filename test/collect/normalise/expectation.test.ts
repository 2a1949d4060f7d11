import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { pathText, valueAt } from '../../../shared/collect/normalise/expectation.ts';
import { parse } from '../../../shared/collect/normalise/parse.ts';
import { refusal } from './malformed.ts';

describe('what a schema expected, in words', () => {
  test.each([
    { schema: z.int(), raw: 1.5, expected: 'whole number', found: 'number 1.5' },
    { schema: z.union([z.int(), z.string()]), raw: true, expected: 'number or string', found: 'boolean true' },
    { schema: z.union([z.int(), z.string()], 'port'), raw: true, expected: 'port', found: 'boolean true' },
    {
      schema: z.discriminatedUnion('k', [z.object({ k: z.literal('a') })]),
      raw: { k: 'b' },
      path: 'k',
      expected: '"a"',
      found: '"b"',
    },
    { schema: z.int().nonnegative(), raw: -1, expected: 'at least 0', found: 'number -1' },
    { schema: z.string().max(2), raw: 'abc', expected: 'at most 2', found: '"abc"' },
    { schema: z.iso.datetime(), raw: 'x', expected: 'RFC 3339 time', found: '"x"' },
    { schema: z.string().regex(/^\d$/, 'one digit'), raw: 'x', expected: 'one digit', found: '"x"' },
    { schema: z.string(), raw: 10n, expected: 'string', found: 'bigint' },
  ])('$expected, found $found', ({ schema, raw, path = '', expected, found }) => {
    expect(refusal(() => parse(schema, raw, ''))).toEqual({ path, expected, found });
  });

  test('of a long text only its beginning is repeated', () => {
    expect(refusal(() => parse(z.int(), 'x'.repeat(1_000_000), ''))).toMatchObject({ found: `"${'x'.repeat(60)}"` });
  });
});

describe('paths', () => {
  test('plain keys, indexes and any other key', () => {
    expect(pathText(['items', 3, 'metadata', 'a/b', 'c"\n', 'x'])).toBe(
      String.raw`items[3].metadata["a/b"]["c\"\n"].x`,
    );
    expect(pathText([])).toBe('');
  });

  test('only own properties are looked at', () => {
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
    expect(valueAt({ a: 1 }, ['constructor', 'name'])).toBeUndefined();
    expect(valueAt(null, ['a'])).toBeUndefined();
  });
});
