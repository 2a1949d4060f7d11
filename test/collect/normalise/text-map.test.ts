import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_ANNOTATION, MAX_TEXT } from '../../../shared/collect/normalise/bounded.ts';
import { parse } from '../../../shared/collect/normalise/parse.ts';
import { annotationMap, mapOf, textMap } from '../../../shared/collect/normalise/text-map.ts';
import { refusal, HOSTILE_MAP } from './malformed.ts';

describe('string maps', () => {
  test('prototype keys are keys like any other, and pollute nothing', () => {
    const map = parse(textMap, HOSTILE_MAP, '');
    expect(Object.entries(map)).toEqual([
      ['__proto__', 'polluted'],
      ['constructor', 'c'],
      ['toString', 't'],
      ['a', '<script>alert(1)</script>'],
    ]);
    expect(Object.getPrototypeOf(map)).toBeNull();
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
  });

  test('a key that nobody wrote is not found, whatever its name', () => {
    expect(parse(textMap, {}, '')['constructor']).toBeUndefined();
  });

  test.each([{ raw: undefined }, { raw: null }])('$raw is an empty map', ({ raw }) => {
    expect(Object.keys(parse(textMap, raw, ''))).toEqual([]);
  });

  test('values are cut to the common bound, keys too', () => {
    const [entry] = Object.entries(parse(textMap, { ['k'.repeat(5000)]: 'v'.repeat(5000) }, ''));
    expect(entry?.[0]).toHaveLength(MAX_TEXT);
    expect(entry?.[1]).toHaveLength(MAX_TEXT);
  });

  test('annotations are cut shorter, and kubectl’s copy of the object is dropped', () => {
    const map = parse(
      annotationMap,
      { 'kubectl.kubernetes.io/last-applied-configuration': '{"secret":1}', note: 'n'.repeat(1000) },
      '',
    );
    expect(Object.keys(map)).toEqual(['note']);
    expect(map['note']).toHaveLength(MAX_ANNOTATION);
  });

  test('a value that is no text names its key', () => {
    expect(refusal(() => parse(textMap, { 'a/b': 'x', 'c.d/e': 1 }, 'metadata.labels'))).toEqual({
      path: 'metadata.labels["c.d/e"]',
      expected: 'string',
      found: 'number 1',
    });
  });

  test('a list is no map', () => {
    expect(refusal(() => parse(textMap, ['a'], 'metadata.labels'))).toEqual({
      path: 'metadata.labels',
      expected: 'object of strings',
      found: 'array of 1',
    });
  });

  test('every own entry of any map of short texts survives', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (entries) => {
        const raw: unknown = JSON.parse(JSON.stringify(mapOf(entries)));
        expect(Object.entries(parse(textMap, raw, ''))).toEqual(Object.entries(mapOf(entries)));
      }),
    );
  });
});
