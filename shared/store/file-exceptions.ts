import { readFile } from 'node:fs/promises';
import { CORE_SCHEMA, load } from 'js-yaml';
import type { Exception } from '../model/exception.ts';
import { parseExceptions } from '../reconcile/exceptions.ts';
import { writeAtomically } from '../runtime/write-atomically.ts';
import { type ExceptionsStore, type ExceptionSubject, subjectKey } from './exceptions.ts';
import { StoreError } from './port.ts';

/** The document in a state directory. */
export const EXCEPTIONS_FILE = 'exceptions.json';

const WRITE_ATTEMPTS = 5;

const textOf = async (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StoreError(`${path}: expected a file that can be read`, { cause: error });
  });

const exceptionsIn = (path: string, text: string | undefined): readonly Exception[] => {
  if (text === undefined) return [];
  let raw: unknown;
  try {
    // JSON is YAML. Not the default schema: it turns an unquoted day into a Date.
    raw = load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    throw new StoreError(`${path}: expected JSON or YAML`, { cause: error });
  }
  return parseExceptions(path, raw);
};

const inOrder = (exceptions: readonly Exception[]): readonly Exception[] =>
  exceptions.toSorted((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1));

/**
 * Exceptions in one document, `{ "exceptions": [...] }`, as `audit --exceptions` reads it; none where there is no file.
 * It is written as a whole, after a second look that nobody changed it meanwhile: for people at a prompt, not for programs
 * that race each other. YAML is read but not written, because its comments would be lost.
 * @throws StoreError, and ExceptionsError where the document is not as it must be
 */
export const fileExceptions = (path: string): ExceptionsStore => {
  const change = async (next: (exceptions: readonly Exception[]) => readonly Exception[]): Promise<void> => {
    if (/\.ya?ml$/i.test(path)) {
      throw new StoreError(
        `${path}: expected a .json file to write to; comments in YAML would be lost: edit it by hand`,
      );
    }
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt += 1) {
      const before = await textOf(path);
      const text = `${JSON.stringify({ exceptions: inOrder(next(exceptionsIn(path, before))) }, undefined, 2)}\n`;
      // What could not be read again must not be written.
      exceptionsIn(path, text);
      if ((await textOf(path)) !== before) continue;
      await writeAtomically(path, text, 0o600);
      return;
    }
    throw new StoreError(`${path}: expected a file that stays while it is changed`);
  };

  const others = (exceptions: readonly Exception[], subject: ExceptionSubject): readonly Exception[] =>
    exceptions.filter((each) => subjectKey(each) !== subjectKey(subject));

  return {
    put: (exception) => change((exceptions) => [...others(exceptions, exception), exception]),
    list: async () => inOrder(exceptionsIn(path, await textOf(path))),
    delete: async (subject) => {
      const known = exceptionsIn(path, await textOf(path));
      if (others(known, subject).length < known.length) await change((exceptions) => others(exceptions, subject));
    },
  };
};
