import { inspect } from 'node:util';
import { type Check, renderMessage, type Result } from '../model/check.ts';
import {
  type Evaluation,
  type MessageValues,
  type MissingFact,
  type Outcome,
  type Resource,
  resourceKey,
  type Scope,
} from '../model/outcome.ts';
import type { Facts, Snapshot } from '../model/snapshot.ts';
import { singleLine } from '../model/single-line.ts';
import { believableFacts, freshFacts, missingNeeds } from './usable-facts.ts';

/** Messages that the engine itself gives; no check may use these keys. */
export const ENGINE_MESSAGES = {
  'facts-missing': 'Could not be evaluated, facts are missing: {facts}',
  'check-error': 'Could not be evaluated, the check {check} failed to run: {error}',
  'nothing-to-examine': 'The cluster has nothing that this check examines',
} as const;

const ERROR_LIMIT = 200;
/** A list of differences is the longest value there is. */
const VALUE_LIMIT = 1000;

interface Examined {
  readonly population: Scope['population'];
  readonly outcomes: readonly Outcome[];
}

const couldNotLook = (
  check: Check,
  cluster: Resource,
  key: 'facts-missing' | 'check-error',
  values: { readonly [name: string]: string },
  missing: readonly MissingFact[],
): Examined => ({
  population: 'none',
  outcomes: [
    {
      check: check.id,
      resource: cluster,
      status: 'not-evaluated',
      message: renderMessage(ENGINE_MESSAGES, key, values),
      missing,
      evidence: [],
    },
  ],
});

const nothingToExamine = (check: Check, cluster: Resource): Examined => ({
  population: 'complete',
  outcomes: [
    {
      check: check.id,
      resource: cluster,
      status: 'not-applicable',
      message: renderMessage(ENGINE_MESSAGES, 'nothing-to-examine'),
      evidence: [],
    },
  ],
});

/** Values come from clusters: what acts instead of being shown must not reach the sentence. */
const shown = (values: MessageValues = {}): MessageValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? singleLine(value, VALUE_LIMIT) : value,
    ]),
  );

const toOutcome = (check: Check, result: Result<string>): Outcome => {
  const base = {
    check: check.id,
    resource: result.resource,
    message: renderMessage(check.messages, result.message, shown(result.values)),
  };
  switch (result.status) {
    case 'pass':
    case 'fail':
      return { ...base, status: result.status, evidence: result.evidence };
    case 'not-applicable':
      return { ...base, status: result.status, evidence: result.evidence ?? [] };
    case 'not-evaluated':
      return { ...base, status: result.status, missing: result.missing, evidence: result.evidence ?? [] };
    default:
      return result satisfies never;
  }
};

/** What makes a list of results contradict itself or its check; undefined where nothing does. */
const faultOf = (check: Check, cluster: Resource, results: readonly Result<string>[]): string | undefined => {
  if (!Array.isArray(results)) return 'it returned no list';
  const keys = new Set<string>();
  for (const { resource, status } of results) {
    const key = resourceKey(resource);
    if (keys.has(key)) return `two results for ${key}`;
    keys.add(key);
    if (resource.type === 'cluster' && resource.id !== cluster.id)
      return `a result for another cluster, ${resource.id}`;
    if (resource.type === check.resource) continue;
    if (resource.type !== 'cluster') return `a result for a ${resource.type}; it examines a ${check.resource}`;
    if (status === 'pass' || status === 'fail') return `${status} for the cluster; it examines a ${check.resource}`;
    // Beside others it would leave open whether a resource without a result is gone or was not looked at.
    if (results.length > 1) return 'a result for the whole cluster beside others';
  }
  return undefined;
};

/** By UTF-16 unit: the same everywhere, whatever the locale. */
const compareText = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

const describe = (error: unknown): string => (error instanceof Error ? error.message : inspect(error));

const examine = (check: Check, cluster: Resource, facts: Facts, takenAt: string): Examined => {
  const missing = missingNeeds(check, facts, takenAt);
  if (missing.length > 0) {
    const listed = missing.map(({ fact, reason }) => `${fact} (${reason})`).join(', ');
    return couldNotLook(check, cluster, 'facts-missing', { facts: listed }, missing);
  }
  const results = check.evaluate(freshFacts(facts, takenAt), { name: cluster.name });
  const fault = faultOf(check, cluster, results);
  if (fault !== undefined) throw new Error(fault);
  if (results.length === 0) return nothingToExamine(check, cluster);
  const outcomes = results
    .map((result) => toOutcome(check, result))
    .toSorted((a, b) => compareText(resourceKey(a.resource), resourceKey(b.resource)));
  const looked = !outcomes.some(({ resource, status }) => resource.type === 'cluster' && status === 'not-evaluated');
  return { population: looked ? 'complete' : 'none', outcomes };
};

const examineGuarded = (check: Check, cluster: Resource, facts: Facts, takenAt: string): Examined => {
  try {
    return examine(check, cluster, facts, takenAt);
  } catch (error) {
    const values = { check: check.id, error: singleLine(describe(error), ERROR_LIMIT) };
    return couldNotLook(check, cluster, 'check-error', values, []);
  }
};

/**
 * Runs the checks over one snapshot. Never throws for what a check does.
 *
 * - A needed fact unobserved, too old or with an impossible time: one `not-evaluated` (`facts-missing`) on the cluster
 *   which lists every missing need; the body is not called.
 * - A body that throws or contradicts itself (no list, two results for one resource, a resource it does not examine, a
 *   statement about the whole cluster beside others): one `not-evaluated` (`check-error`); the other checks proceed.
 * - No results: one `not-applicable` (`nothing-to-examine`) on the cluster, never silence.
 * - Scope: population `none` where the check is `not-evaluated` for the whole cluster, `complete` otherwise.
 *
 * Ordered by check id, then by resource key, both by UTF-16 unit; the order of `checks` and of results is irrelevant.
 */
export const evaluate = (snapshot: Snapshot, checks: readonly Check[]): Evaluation => {
  const { cluster, takenAt } = snapshot;
  const resource: Resource = { type: 'cluster', id: cluster.name, name: cluster.name };
  const facts = believableFacts(snapshot);
  const examined = checks
    .toSorted((a, b) => compareText(a.id, b.id))
    .map((check) => ({ check: check.id, ...examineGuarded(check, resource, facts, takenAt) }));
  return {
    cluster,
    takenAt,
    outcomes: examined.flatMap(({ outcomes }) => outcomes),
    scope: examined.map(({ check, population, outcomes }) => ({
      check,
      population,
      resources: outcomes.map((outcome) => resourceKey(outcome.resource)),
    })),
  };
};
