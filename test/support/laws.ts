import { isDeepStrictEqual } from 'node:util';
import { evaluate } from '../../shared/evaluate/evaluate.ts';
import type { Check } from '../../shared/model/check.ts';
import { type Fact, unobserved } from '../../shared/model/fact.ts';
import { type Outcome, resourceKey } from '../../shared/model/outcome.ts';
import { FACT_KEYS, type FactKey, type Facts, type Snapshot } from '../../shared/model/snapshot.ts';

/** Laws of any catalogue over any snapshots. Each throws an Error that names the check and the fact which break it. */

const without = (snapshot: Snapshot, key: FactKey): Snapshot => ({
  ...snapshot,
  facts: { ...snapshot.facts, [key]: unobserved('denied', 'taken away by the law', 'law', snapshot.takenAt) },
});

const byCheck = (snapshot: Snapshot, checks: readonly Check[]): ReadonlyMap<string, readonly Outcome[]> =>
  Map.groupBy(evaluate(snapshot, checks).outcomes, ({ check }) => check);

const failedToRun = (outcomes: readonly Outcome[]): boolean =>
  outcomes.some(({ message }) => message.key === 'check-error');

/** Exactly one outcome, about the whole cluster, which lists the fact. */
const saysMissing = (outcomes: readonly Outcome[], key: FactKey, cluster: string): boolean => {
  const [outcome, ...others] = outcomes;
  return (
    others.length === 0 &&
    outcome?.status === 'not-evaluated' &&
    outcome.message.key === 'facts-missing' &&
    resourceKey(outcome.resource) === `cluster:${cluster}` &&
    outcome.missing.some(({ fact, reason }) => fact === key && reason === 'denied')
  );
};

/** What the check does wrong without the fact; undefined where nothing. */
const faultWithout = (
  check: Check,
  key: FactKey,
  { cluster }: Snapshot,
  before: readonly Outcome[],
  after: readonly Outcome[],
): string | undefined => {
  if (check.needs[key] !== undefined) {
    return saysMissing(after, key, cluster.name) ? undefined : 'needs it, and does not say that it is missing';
  }
  if (check.uses.includes(key)) {
    return failedToRun(after) && !failedToRun(before) ? 'merely uses it, and fails to run' : undefined;
  }
  return isDeepStrictEqual(after, before) ? undefined : 'does not declare it, and has other outcomes';
};

/**
 * A fact taken away: every check that needs it says so, once and for the cluster; one that uses it still runs; the
 * outcomes of every other check stay as they were, which also proves that no check reads what it does not declare.
 */
export const needsLaw = (checks: readonly Check[], snapshots: readonly Snapshot[]): void => {
  for (const snapshot of snapshots) {
    const whole = byCheck(snapshot, checks);
    for (const key of FACT_KEYS) {
      if (snapshot.facts[key].state === 'unobserved') continue;
      const blinded = byCheck(without(snapshot, key), checks);
      for (const check of checks) {
        const fault = faultWithout(check, key, snapshot, whole.get(check.id) ?? [], blinded.get(check.id) ?? []);
        if (fault !== undefined) throw new Error(`${check.id} without ${key}: it ${fault}`);
      }
    }
  }
};

const reversed = (fact: Fact<unknown>): Fact<unknown> =>
  fact.state === 'observed' && Array.isArray(fact.value) ? { ...fact, value: fact.value.toReversed() } : fact;

const turned = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  // The same keys, each with a fact of the same kind.
  facts: Object.fromEntries(FACT_KEYS.map((key) => [key, reversed(snapshot.facts[key])])) as unknown as Facts,
});

const judgements = (snapshot: Snapshot, check: Check): readonly string[] =>
  evaluate(snapshot, [check]).outcomes.map(({ resource, status }) => `${resourceKey(resource)} ${status}`);

/** Neither the order of the checks nor that of what an API lists decides anything, nor the order of the outcomes. */
export const orderLaw = (checks: readonly Check[], snapshots: readonly Snapshot[]): void => {
  for (const snapshot of snapshots) {
    if (!isDeepStrictEqual(evaluate(snapshot, checks.toReversed()), evaluate(snapshot, checks))) {
      throw new Error('the order of the checks changes the evaluation');
    }
    for (const check of checks) {
      if (isDeepStrictEqual(judgements(turned(snapshot), check), judgements(snapshot, check))) continue;
      throw new Error(`${check.id}: the order of a list changes what it judges`);
    }
  }
};
