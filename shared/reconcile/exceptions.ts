import * as z from 'zod';
import { singleLine } from '../model/single-line.ts';
import { clusterArn } from '../model/cluster.ts';
import type { Exception, ExceptionUse } from '../model/exception.ts';
import type { Finding } from '../model/finding.ts';

/** An exceptions file is not as it must be. The message has one line per problem: file, path in it, expectation. */
export class ExceptionsError extends Error {
  override readonly name = 'ExceptionsError';
}

const PROBLEMS_SHOWN = 20;
const LINE_LIMIT = 300;

const said = (expectation: string) => z.string(expectation).regex(/\S/, expectation);

/** `YYYY-MM-DD` or RFC 3339. */
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a day (YYYY-MM-DD, the first on which it no longer holds, UTC) or a time (RFC 3339)',
});

// Strict: a misspelt `resource` would otherwise except every resource.
const ExceptionEntry = z.strictObject({
  check: z.string('expected a check id').regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'expected one whole check id, no pattern'),
  cluster: said('expected the name or ARN of a cluster, or no such key for every cluster').exactOptional(),
  resource: said('expected the name or id of a resource, or no such key for every resource').exactOptional(),
  owner: said('expected who decided this'),
  reason: said('expected why no action is needed'),
  expires: moment,
}) satisfies z.ZodType<Exception>;

const ExceptionsFile = z.strictObject(
  { exceptions: z.array(ExceptionEntry, 'expected a list of exceptions') },
  {
    error: (issue) => (issue.code === 'invalid_type' ? 'expected a mapping with the one key `exceptions`' : undefined),
  },
);

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');

const line = (file: string, path: readonly PropertyKey[], problem: string): string =>
  singleLine([file, pathText(path), problem].filter((part) => part !== '').join(': '), LINE_LIMIT);

const refuse = (lines: readonly string[]): ExceptionsError => {
  const hidden = lines.length - PROBLEMS_SHOWN;
  return new ExceptionsError(
    [...lines.slice(0, PROBLEMS_SHOWN), ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('\n'),
  );
};

const subject = ({ check, cluster, resource }: Exception): string => JSON.stringify([check, cluster, resource]);

const duplicates = (file: string, exceptions: readonly Exception[]): readonly string[] => {
  const first = new Map<string, number>();
  return exceptions.flatMap((exception, index) => {
    const earlier = first.get(subject(exception));
    if (earlier === undefined) first.set(subject(exception), index);
    const problem = `expected each check, cluster and resource once; the same as exceptions[${earlier}]`;
    return earlier === undefined ? [] : [line(file, ['exceptions', index], problem)];
  });
};

/**
 * The exceptions in a parsed YAML or JSON file: `{ exceptions: [{ check, cluster?, resource?, owner, reason, expires }] }`.
 * Throws ExceptionsError, which names every problem: unknown keys, empty texts, days that do not exist, and exceptions
 * for the same check, cluster and resource.
 */
export const parseExceptions = (file: string, raw: unknown): readonly Exception[] => {
  const parsed = ExceptionsFile.safeParse(raw);
  if (!parsed.success) throw refuse(parsed.error.issues.map(({ path, message }) => line(file, path, message)));
  const { exceptions } = parsed.data;
  const twice = duplicates(file, exceptions);
  if (twice.length > 0) throw refuse(twice);
  return exceptions;
};

const covers = (exception: Exception, { check, cluster, resource }: Finding): boolean =>
  exception.check === check &&
  (exception.cluster === undefined ||
    exception.cluster === cluster.name ||
    exception.cluster === clusterArn(cluster)) &&
  (exception.resource === undefined || exception.resource === resource.name || exception.resource === resource.id);

/** A time that cannot be read has passed: an exception must never hold by mistake. */
const holds = (exception: Exception, at: string): boolean => Date.parse(at) < Date.parse(exception.expires);

/**
 * What each exception does at a moment (RFC 3339), in the order given. `active`: it holds for open findings, and these
 * are their ids; `unused`: it would hold, and there is none; `expired`: it holds for nothing any more.
 */
export const applyExceptions = (
  exceptions: readonly Exception[],
  findings: readonly Finding[],
  at: string,
): readonly ExceptionUse[] => {
  const open = findings.filter(({ status }) => status === 'open');
  return exceptions.map((exception) => {
    if (!holds(exception, at)) return { exception, state: 'expired', findings: [] };
    const ids = open.filter((finding) => covers(exception, finding)).map(({ id }) => id);
    return { exception, state: ids.length > 0 ? 'active' : 'unused', findings: ids };
  });
};
