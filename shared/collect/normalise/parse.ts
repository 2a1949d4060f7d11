import type * as z from 'zod';
import { describeFound, expectation, joinPath, pathText, valueAt } from './expectation.ts';
import { MalformedError } from './malformed-error.ts';

/**
 * Reads a vendor's answer with a schema of only the fields used.
 * @param path where in the whole answer `raw` stands; begins the path of an error.
 * @throws MalformedError on the first field that breaks the vendor's promise.
 */
export const parse = <S extends z.ZodType>(schema: S, raw: unknown, path: string): z.output<S> => {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new MalformedError(path, 'readable value', describeFound(raw));
  throw new MalformedError(
    joinPath(path, pathText(issue.path)),
    expectation(issue),
    describeFound(valueAt(raw, issue.path)),
  );
};
