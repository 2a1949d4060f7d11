import type { Absent, Fact, Grade, Looked, Observed, Unobserved } from '../../model/fact.ts';
import type { Evidence, MissingFact } from '../../model/outcome.ts';
import type { FactKey } from '../../model/snapshot.ts';
import { JOINING_SECONDS } from './joining.ts';

/** Characters kept of a value; the snapshot has the rest. */
const VALUE_LIMIT = 200;

/** Control and format characters, lone surrogates and line separators: what acts, hides or reorders instead of being shown. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** One line of printable text, bounded. */
export const printable = (text: string): string => {
  const clean = text.slice(0, VALUE_LIMIT * 4).replace(UNPRINTABLE, '\uFFFD');
  return clean.length > VALUE_LIMIT ? `${clean.slice(0, VALUE_LIMIT - 1).toWellFormed()}…` : clean;
};

/** Evidence that a fact which was looked at gives. An absent fact is evidence too: of absence. */
export const evidence = (
  key: FactKey,
  fact: Observed<unknown> | Absent,
  path: string,
  value: string,
  grade: Grade = 'observed',
): Evidence => ({
  fact: key,
  path: printable(path),
  value: printable(value),
  grade,
  source: fact.source,
  observedAt: fact.observedAt,
});

export const missing = (key: FactKey, fact: Unobserved): MissingFact => ({
  fact: key,
  reason: fact.reason,
  detail: printable(fact.detail),
  source: fact.source,
});

/** The fact was read, but what stands in it cannot be understood. */
export const unreadable = (key: FactKey, fact: Looked<unknown>, detail: string): MissingFact => ({
  fact: key,
  reason: 'malformed',
  detail: printable(detail),
  source: fact.source,
});

/** The fact was read; this value is not part of it. */
export const notRead = (key: FactKey, fact: Looked<unknown>, detail: string): MissingFact => ({
  fact: key,
  reason: 'not-collected',
  detail: printable(detail),
  source: fact.source,
});

/** The fact was read before what it tells of could be there: only a later reading can decide. */
export const tooEarly = (key: FactKey, fact: Looked<unknown>, seconds: number): MissingFact => ({
  fact: key,
  reason: 'too-early',
  detail: `read ${seconds} s after the node joined; it counts from ${JOINING_SECONDS} s on`,
  source: fact.source,
});

/** The items of a list fact; an API that is not served has none. */
export const items = <T>(fact: Looked<readonly T[]>): readonly T[] => (fact.state === 'observed' ? fact.value : []);

export const isUnobserved = (fact: Fact<unknown>): fact is Unobserved => fact.state === 'unobserved';
