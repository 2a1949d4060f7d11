import { isDeepStrictEqual } from 'node:util';
import { singleLine } from '../model/single-line.ts';
import type { Check } from '../model/check.ts';
import { type ClusterRef, clusterArn } from '../model/cluster.ts';
import type { Change, ChangeKind, ClusterRecord, Finding } from '../model/finding.ts';
import { type Evaluation, type Outcome, resourceKey, type Scope } from '../model/outcome.ts';
import { advance, type Moment, opened, type Seen } from './lifecycle.ts';
import { substance } from './substance.ts';
import { type Sighting, type Step, transition, type Transition } from './transitions.ts';
import {
  type CheckWatermarks,
  compareInstants,
  decidedAt,
  lagKey,
  passedOverAt,
  readWatermarks,
  watermarksOf,
  withLook,
  withoutLook,
  writeWatermarks,
} from './watermarks.ts';

const PROBLEM_LIMIT = 500;

/** Thrown when an evaluation of one cluster is reconciled with the record of another: a mistake of the caller. */
export class ClusterMismatchError extends Error {
  override readonly name = 'ClusterMismatchError';
}

/** One check of the catalogue in one run. */
interface Run {
  readonly check: Check;
  readonly takenAt: string;
  /** Undefined: the check was not run. */
  readonly population: Scope['population'] | undefined;
  readonly before: CheckWatermarks;
  readonly after: CheckWatermarks;
}

/** What is known of one check on one resource. */
interface Known {
  readonly finding?: Finding;
  readonly outcome?: Outcome;
  /** The outcome, or where there is none the finding as it stands. */
  readonly seen: Seen;
}

const isSame = (finding: Finding | undefined, outcome: Outcome, check: Check): boolean =>
  finding !== undefined && finding.severity === check.severity && substance(finding) === substance(outcome);

const latest = (a: string | undefined, b: string | undefined): string | undefined =>
  compareInstants(a, b) < 0 ? b : a;

const sightingOf = (
  { check, takenAt, population, before }: Run,
  key: string,
  { finding, outcome }: Known,
): Sighting => {
  if (population === undefined) return 'out-of-scope';
  const order = compareInstants(takenAt, latest(decidedAt(before, key), finding?.takenAt));
  if (outcome?.status === 'not-evaluated') return order > 0 ? 'not-evaluated' : 'late';
  if (population === 'none') return order > 0 ? 'population-unknown' : 'late';
  if (order < 0) return outcome?.status === 'fail' ? 'late-fail' : 'late';
  if (outcome === undefined) return 'gone';
  if (outcome.status !== 'fail') return outcome.status;
  return isSame(finding, outcome, check) ? 'same-fail' : 'fail';
};

/** The first run after this one of which we know that it could not look at the resource. */
const unverifiedSince = ({ takenAt, after }: Run, key: string, finding: Finding | undefined): string | undefined =>
  [passedOverAt(after, key), after.overall.unverifiedSince, finding?.unverifiedSince]
    .filter((at) => at !== undefined)
    .filter((at) => compareInstants(at, takenAt) > 0)
    .toSorted(compareInstants)[0];

const momentOf = (run: Run, cluster: ClusterRef, key: string, finding: Finding | undefined): Moment => {
  const since = unverifiedSince(run, key, finding);
  return {
    cluster,
    check: run.check.id,
    severity: run.check.severity,
    takenAt: run.takenAt,
    ...(since === undefined ? {} : { unverifiedSince: since }),
  };
};

const kindOf = (step: Step): ChangeKind => {
  switch (step) {
    case 'closed:not-applicable':
    case 'closed:resource-gone':
    case 'closed:check-retired':
      return 'closed';
    case 'verified':
      return 'refreshed';
    default:
      return step;
  }
};

const changeOf = (step: Transition, finding: Finding | undefined, moment: Moment, seen: Seen): Change | undefined => {
  if (step === 'nothing') return undefined;
  if (finding === undefined) return { kind: kindOf(step), finding: opened(moment, seen) };
  const next = advance(finding, step, moment, seen);
  return isDeepStrictEqual(next, finding) ? undefined : { kind: kindOf(step), finding: next };
};

const reconcileCheck = (
  run: Run,
  cluster: ClusterRef,
  findings: readonly Finding[],
  outcomes: readonly Outcome[],
): readonly Change[] => {
  const known = new Map<string, Known>();
  for (const finding of findings) known.set(resourceKey(finding.resource), { finding, seen: finding });
  for (const outcome of outcomes) {
    const key = resourceKey(outcome.resource);
    known.set(key, { ...known.get(key), outcome, seen: outcome });
  }
  return [...known]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, each]) => {
      const step = transition(each.finding?.status ?? 'none', sightingOf(run, key, each));
      return changeOf(step, each.finding, momentOf(run, cluster, key, each.finding), each.seen) ?? [];
    });
};

/** The check is no longer in the catalogue: nobody will look again, so its open findings end. */
const retire = (cluster: ClusterRef, takenAt: string, findings: readonly Finding[]): readonly Change[] =>
  findings
    .toSorted((a, b) => (resourceKey(a.resource) < resourceKey(b.resource) ? -1 : 1))
    .flatMap((finding) => {
      const sighting = compareInstants(takenAt, finding.takenAt) < 0 ? 'late' : 'retired';
      const moment: Moment = { cluster, check: finding.check, severity: finding.severity, takenAt };
      return changeOf(transition(finding.status, sighting), finding, moment, finding) ?? [];
    });

const examined = (
  before: CheckWatermarks,
  population: Scope['population'] | undefined,
  outcomes: readonly Outcome[],
  takenAt: string,
): CheckWatermarks => {
  if (population === undefined) return before;
  if (population === 'none') return withoutLook(before, takenAt);
  const notLooked = outcomes
    .filter(({ status }) => status === 'not-evaluated')
    .map(({ resource }) => lagKey(resourceKey(resource)));
  return withLook(before, new Set(notLooked), takenAt);
};

export interface Reconciled {
  /** By check id, then resource key. Each finding in which `record` differs from the stored one is in exactly one. */
  readonly changes: readonly Change[];
  /** What to store; the very record given where nothing differs. Its `cluster` is always the very object given. */
  readonly record: ClusterRecord;
}

/**
 * What one evaluation changes in what is stored about its cluster.
 *
 * `checks` is the whole catalogue, whatever was selected for the run: it gives the severities, and a finding whose check
 * is not in it is closed as retired. Outcomes of such a check decide nothing.
 *
 * Evaluations may come late, twice and in any order: a resource is decided by its newest look, and one that is older
 * only lowers the `firstSeenAt` of what failed in it. An evaluation of the same instant with another content is applied:
 * it is the same dump, imported again after a correction. See docs/decisions/0004-reconcile-and-late-results.md.
 *
 * Throws ClusterMismatchError; nothing else. An evaluation whose `takenAt` is no time has no place in the order and
 * changes nothing.
 */
export const reconcile = (record: ClusterRecord, evaluation: Evaluation, checks: readonly Check[]): Reconciled => {
  const { cluster } = record;
  const { takenAt } = evaluation;
  if (!isDeepStrictEqual(cluster, evaluation.cluster)) {
    const problem = `record of ${clusterArn(cluster)}, evaluation of ${clusterArn(evaluation.cluster)}`;
    throw new ClusterMismatchError(singleLine(problem, PROBLEM_LIMIT));
  }
  if (Number.isNaN(Date.parse(takenAt))) return { changes: [], record };

  const catalogue = new Map(checks.map((check) => [check.id, check]));
  const findings = Map.groupBy(Object.values(record.findings), ({ check }) => check);
  const outcomes = Map.groupBy(evaluation.outcomes, ({ check }) => check);
  const populations = new Map(evaluation.scope.map(({ check, population }) => [check, population]));
  const watermarks = new Map(readWatermarks(record.watermarks));

  const changes = [...new Set([...findings.keys(), ...populations.keys()])].toSorted().flatMap((id) => {
    const check = catalogue.get(id);
    if (check === undefined) return retire(cluster, takenAt, findings.get(id) ?? []);
    const population = populations.get(id);
    const seen = outcomes.get(id) ?? [];
    const before = watermarksOf(watermarks, id);
    const after = examined(before, population, seen, takenAt);
    if (after !== before) watermarks.set(id, after);
    return reconcileCheck({ check, takenAt, population, before, after }, cluster, findings.get(id) ?? [], seen);
  });

  const written = writeWatermarks(watermarks);
  if (changes.length === 0 && isDeepStrictEqual(written, record.watermarks)) return { changes, record };
  const changed = Object.fromEntries(changes.map(({ finding }) => [finding.id, finding]));
  return { changes, record: { cluster, findings: { ...record.findings, ...changed }, watermarks: written } };
};
