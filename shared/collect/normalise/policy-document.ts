import * as z from 'zod';
import type { PolicyStatement } from '../../model/facts-aws-network.ts';
import type { Json, JsonObject } from '../../model/facts-aws.ts';
import { describeFound } from './expectation.ts';
import { text } from './field.ts';
import { parseJsonText } from './json-text.ts';
import { readJsonValue } from './json-value.ts';
import { MalformedError } from './malformed-error.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

/** A managed policy has at most 6,144 characters, white space aside: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_DOCUMENT = 131_072;

/** One text or a list of them: IAM takes and gives back both. */
const oneOrMore = z
  .union([text.transform((one) => [one]), z.array(text)], 'string or array of strings')
  .nullish()
  .transform((texts) => distinct(texts ?? []));

/** `"*"`, or texts by kind: `{ "AWS": "…", "Service": ["…"], "Federated": "…" }`. */
const principal = z
  .union([z.literal('*').transform(() => ['*']), z.record(z.string(), oneOrMore)], '"*" or object of principals')
  .nullish()
  .transform((read) => distinct(Array.isArray(read) ? read : Object.values(read ?? {}).flat()));

const statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  NotAction: oneOrMore,
  Resource: oneOrMore,
  NotResource: oneOrMore,
  Principal: principal,
  NotPrincipal: principal,
  Condition: z.unknown().optional(),
});

const document = z.object({ Statement: z.unknown().optional() });

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const conditionsOf = (raw: unknown, path: string): JsonObject => {
  const reading = readJsonValue(raw ?? {});
  if (reading.ok && isObject(reading.value)) return reading.value;
  throw new MalformedError(path, 'object of conditions', reading.ok ? describeFound(reading.value) : reading.problem);
};

const statementOf = (raw: unknown, path: string): PolicyStatement => {
  const read = parse(statement, raw, path);
  return {
    effect: read.Effect,
    actions: read.Action,
    notActions: read.NotAction,
    resources: read.Resource,
    notResources: read.NotResource,
    principals: read.Principal,
    notPrincipals: read.NotPrincipal,
    conditions: conditionsOf(read.Condition, `${path}.Condition`),
  };
};

/** The API escapes a document as RFC 3986 says, the command line has done that already and gives an object. */
const unescaped = (source: string, path: string): unknown => {
  if (source.length > MAX_DOCUMENT) {
    throw new MalformedError(path, `at most ${MAX_DOCUMENT} characters`, `${source.length}`);
  }
  let plain: string;
  try {
    plain = source.trimStart().startsWith('{') ? source : decodeURIComponent(source);
  } catch {
    throw new MalformedError(path, 'URL-encoded JSON', describeFound(source));
  }
  const parsed = parseJsonText(plain);
  if (!parsed.ok) throw new MalformedError(path, 'URL-encoded JSON', parsed.found);
  return parsed.value;
};

/**
 * A trust, managed or inline policy's statements in their order; `Statement` may be one object or a list
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 * @param raw URL-encoded JSON (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html), or the object.
 * @param path begins the path of an error.
 * @throws MalformedError
 */
export const normalisePolicyDocument = (raw: unknown, path: string): readonly PolicyStatement[] => {
  const { Statement } = parse(document, typeof raw === 'string' ? unescaped(raw, path) : raw, path);
  if (Statement === undefined || Statement === null) {
    throw new MalformedError(`${path}.Statement`, 'statement or array of statements', describeFound(Statement));
  }
  if (!Array.isArray(Statement)) return [statementOf(Statement, `${path}.Statement`)];
  return Statement.map((one: unknown, index) => statementOf(one, `${path}.Statement[${index}]`));
};
