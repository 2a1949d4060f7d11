import * as fc from 'fast-check';
import { mapOf } from '../../../shared/collect/normalise/text-map.ts';
import { toUtc } from '../../../shared/collect/normalise/time.ts';
import type { Labels } from '../../../shared/model/facts-kubernetes.ts';

const HOSTILE = [
  '__proto__',
  'constructor',
  '</script><script>',
  '\u0000\u001B[2J',
  '\uD800',
  '\u202E',
  '"\\\n',
  'ä世😀',
  '',
];

export const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 12 }));
export const count = fc.nat();
export const time = fc
  .date({ noInvalidDate: true, min: new Date('2014-06-06T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z') })
  .map(toUtc);
export const condition = fc.constantFrom('True', 'False', 'Unknown');
export const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.array(item, { maxLength: 3 });
export const map = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<{ readonly [key: string]: T }> =>
  list(fc.tuple(text, item)).map((entries) => mapOf(entries));
export const labels: fc.Arbitrary<Labels> = map(text);

/** An object with every field of `all`, and with some of those of `some`. */
export const shape = <A extends object, B extends object>(
  all: { readonly [K in keyof A]: fc.Arbitrary<A[K]> },
  some: { readonly [K in keyof B]: fc.Arbitrary<B[K]> },
): fc.Arbitrary<A & Partial<B>> =>
  fc
    .tuple(fc.record(all), fc.record(some, { requiredKeys: [] }))
    // Fields of two records that share none: what the intersection of their types says.
    .map(([required, optional]) => ({ ...required, ...optional }) as A & Partial<B>);
