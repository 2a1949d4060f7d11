import type { Check } from '../model/check.ts';
import { type Fact, type Unobserved, unobserved } from '../model/fact.ts';
import type { MissingFact } from '../model/outcome.ts';
import { FACT_KEYS, type FactKey, type Facts, type Snapshot } from '../model/snapshot.ts';
import { singleLine } from '../model/single-line.ts';

/**
 * `takenAt` is when collection began, and a collection may take as long as a Lambda lives (15 minutes); beyond this a
 * fact's time is wrong, and with it the fact's age.
 */
export const FUTURE_TOLERANCE_SECONDS = 900;

/** A fact that a check merely uses has no age of its own; older than any need allows, it is not used either. */
export const OLDEST_SECONDS = 86_400;

const DETAIL_LIMIT = 200;

/** Seconds by which the fact is older than the snapshot, below zero where younger; NaN where a time is no time. */
const ageSeconds = (fact: Fact<unknown>, takenAt: string): number =>
  (Date.parse(takenAt) - Date.parse(fact.observedAt)) / 1000;

/** A fact whose age cannot be known is a malformed answer: its time is part of the answer. */
const disbelieved = (fact: Fact<unknown>, takenAt: string): Unobserved | undefined => {
  if (fact.state === 'unobserved') return undefined;
  const age = ageSeconds(fact, takenAt);
  if (age >= -FUTURE_TOLERANCE_SECONDS) return undefined;
  const detail = Number.isNaN(age)
    ? `observed at ${fact.observedAt}, snapshot taken at ${takenAt}: one of them is not a time`
    : `observed ${-age} s after the snapshot was taken; at most ${FUTURE_TOLERANCE_SECONDS} s is plausible`;
  return unobserved('malformed', detail, fact.source, fact.observedAt);
};

/**
 * The snapshot's facts, those with an impossible time turned to `unobserved(malformed)`: no needed time, or one more than
 * FUTURE_TOLERANCE_SECONDS after `takenAt`. So a check that merely uses such a fact does not rest on it either.
 */
export const believableFacts = (snapshot: Snapshot): Facts => {
  const replaced: { [key: string]: Unobserved } = {};
  for (const key of FACT_KEYS) {
    const instead = disbelieved(snapshot.facts[key], snapshot.takenAt);
    if (instead !== undefined) replaced[key] = instead;
  }
  return { ...snapshot.facts, ...replaced };
};

/** The facts as a check's body sees them: those older than any need allows are not evidence, whoever uses them. */
export const freshFacts = (facts: Facts, takenAt: string): Facts => {
  const replaced: { [key: string]: Unobserved } = {};
  for (const key of FACT_KEYS) {
    const fact = facts[key];
    const age = ageSeconds(fact, takenAt);
    if (fact.state === 'unobserved' || age <= OLDEST_SECONDS) continue;
    const detail = `observed ${age} s before the snapshot was taken; at most ${OLDEST_SECONDS} s counts`;
    replaced[key] = unobserved('not-collected', detail, fact.source, fact.observedAt);
  }
  return { ...facts, ...replaced };
};

const missingNeed = (
  key: FactKey,
  fact: Fact<unknown>,
  maxAgeSeconds: number,
  takenAt: string,
): MissingFact | undefined => {
  if (fact.state === 'unobserved') {
    return { fact: key, reason: fact.reason, detail: singleLine(fact.detail, DETAIL_LIMIT), source: fact.source };
  }
  const age = ageSeconds(fact, takenAt);
  if (age <= maxAgeSeconds) return undefined;
  return {
    fact: key,
    reason: 'too-old',
    detail: `observed ${age} s before the snapshot was taken; at most ${maxAgeSeconds} s counts`,
    source: fact.source,
  };
};

/** Every need of the check that the facts do not meet, in the order of FACT_KEYS. */
export const missingNeeds = (check: Check, facts: Facts, takenAt: string): readonly MissingFact[] =>
  FACT_KEYS.flatMap((key) => {
    const need = check.needs[key];
    return need === undefined ? [] : (missingNeed(key, facts[key], need.maxAgeSeconds, takenAt) ?? []);
  });
