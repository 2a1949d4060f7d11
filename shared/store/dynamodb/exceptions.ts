import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Exception } from '../../model/exception.ts';
import { type ExceptionsStore, type ExceptionSubject, subjectKey } from '../exceptions.ts';
import { parseStored } from '../stored-record.ts';
import { compressed, expanded, refuseOversize } from './parts.ts';
import type { Key, Table } from './table.ts';

// Strict: a key that is not understood may have narrowed the exception.
const StoredException = z.strictObject({
  check: z.string(),
  cluster: z.string().exactOptional(),
  resource: z.string().exactOptional(),
  owner: z.string(),
  reason: z.string(),
  expires: z.string(),
}) satisfies z.ZodType<Exception>;

const EXCEPTIONS = 'EXCEPTIONS';

/** A digest, because what people except may be named anything. */
const keyOf = (subject: ExceptionSubject): Key => ({
  pk: EXCEPTIONS,
  sk: createHash('sha256').update(subjectKey(subject), 'utf8').digest('hex'),
});

export const dynamoExceptions = (table: Table): ExceptionsStore => ({
  put: async (exception) => {
    const item = { ...keyOf(exception), version: 1, body: compressed(exception) };
    refuseOversize(`the exception to store in ${table.place}`, item);
    await table.put(item);
  },
  list: async () => {
    const exceptions = (await table.query(EXCEPTIONS)).map((item) => {
      const here = `${table.place}: ${EXCEPTIONS} ${item.sk}`;
      return parseStored(StoredException, here, expanded(here, item['body']));
    });
    return exceptions.toSorted((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1));
  },
  delete: async (subject) => table.delete(keyOf(subject)),
});
