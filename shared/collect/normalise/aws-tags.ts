import * as z from 'zod';
import { bounded } from './bounded.ts';
import { listOf } from './field.ts';
import { mapOf } from './text-map.ts';

/** `Tags` or `TagSet` of an AWS resource: a key stands once in it. A tag may have no value. */
export const awsTags = listOf(z.object({ Key: z.string(), Value: z.string().nullish() })).transform((tags) =>
  mapOf(tags.map(({ Key, Value }) => [bounded(Key), bounded(Value ?? '')] as const)),
);
