import { describe, expectTypeOf, test } from 'vitest';
import type { Difference } from '../../../shared/collect/snapshot-file/type-difference.ts';

/** Deep enough that plain assignability no longer looks. */
interface Deep<Port> {
  readonly rules: readonly { readonly peers: readonly { readonly ports: readonly Port[] }[] }[];
}

describe('the difference of two types', () => {
  test('is nothing where only readonly differs', () => {
    expectTypeOf<
      Difference<Deep<{ readonly port: number }>, { rules: { peers: { ports: { port: number }[] }[] }[] }>
    >().toBeNever();
  });

  test('names a field that one side lacks, however deep', () => {
    expectTypeOf<Difference<Deep<{ port: number; endPort?: number }>, Deep<{ port: number }>>>().toEqualTypeOf<
      ['.rules[].peers[].ports[].endPort?', number]
    >();
  });

  test('tells an optional field from a mandatory one', () => {
    expectTypeOf<Difference<{ a?: string }, { a: string }>>().toEqualTypeOf<['.a?', string] | ['.a', string]>();
  });

  test('tells one word of a closed set from none', () => {
    expectTypeOf<Difference<{ a: 'x' | 'y' }, { a: 'x' }>>().toEqualTypeOf<['.a', 'y']>();
  });
});
