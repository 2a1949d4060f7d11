import * as z from 'zod';
import { bounded } from './bounded.ts';

/** A string of the outside world, cut to the common bound. */
export const text = z.string().overwrite((value) => bounded(value));

/** How many: pods, restarts, generations, ports. */
export const count = z.int().nonnegative();

/** A list that Go prints as `null` or leaves out when it is empty. */
export const listOf = <S extends z.ZodType>(item: S) =>
  z
    .array(item)
    .nullish()
    .transform((items): readonly z.output<S>[] => items ?? []);

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined | null> };

/** Drops what the vendor left out (missing, null or empty text): an optional field is missing, never undefined. */
export const given = <T extends { readonly [key: string]: unknown }>(fields: T): Given<T> =>
  // Exactly the entries whose value Given forbids are filtered out.
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as Given<T>;
