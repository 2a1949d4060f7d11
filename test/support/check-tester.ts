import { describe, expect, it } from 'vitest';
import { evaluate } from '../../shared/evaluate/evaluate.ts';
import type { Check } from '../../shared/model/check.ts';
import type { Status } from '../../shared/model/outcome.ts';
import type { Facts } from '../../shared/model/snapshot.ts';
import { AT, CLUSTER } from './cluster.ts';

/** One outcome as a case expects it. */
export interface Expected {
  /** Name of the resource. */
  readonly resource: string;
  /** Message key. */
  readonly message: string;
  /** The whole sentence, where the case is about its words. */
  readonly text?: string;
  /** `<fact>:<path>` of each piece of evidence, or the facts that were missing. */
  readonly evidence?: readonly string[];
  readonly missing?: readonly string[];
  /** Grades of the evidence, in order. */
  readonly grades?: readonly string[];
}

export interface Case {
  readonly name: string;
  readonly facts: Facts;
  readonly expected: readonly Expected[];
}

/** Literal cases, or the reason why there can be none. */
export type Bucket = readonly [Case, ...Case[]] | { readonly none: string };

export interface Buckets {
  readonly pass: Bucket;
  readonly fail: Bucket;
  readonly notApplicable: Bucket;
  readonly notEvaluated: Bucket;
}

const STATUS: Readonly<Record<keyof Buckets, Status>> = {
  pass: 'pass',
  fail: 'fail',
  notApplicable: 'not-applicable',
  notEvaluated: 'not-evaluated',
};

const isNone = (bucket: Bucket): bucket is { readonly none: string } => 'none' in bucket;

const runCase = (check: Check, status: Status, { facts, expected }: Case): void => {
  const { outcomes } = evaluate({ cluster: CLUSTER, takenAt: AT, facts }, [check]);

  const seen = outcomes.map((outcome, index) => {
    const want = expected[index];
    return {
      status: outcome.status,
      resource: outcome.resource.name,
      message: outcome.message.key,
      ...(want?.text === undefined ? {} : { text: outcome.message.text }),
      ...(want?.evidence === undefined
        ? {}
        : { evidence: outcome.evidence.map(({ fact, path }) => `${fact}:${path}`) }),
      ...(want?.grades === undefined ? {} : { grades: outcome.evidence.map(({ grade }) => grade) }),
      ...(want?.missing === undefined
        ? {}
        : { missing: outcome.status === 'not-evaluated' ? outcome.missing.map(({ fact }) => fact) : [] }),
    };
  });

  expect(seen).toEqual(expected.map((want) => ({ status, ...want })));
  // A placeholder that no value fills would reach people as it stands.
  expect(outcomes.map(({ message }) => message.text).filter((text) => /\{[A-Za-z]+\}/.test(text))).toEqual([]);
};

/** Runs the four buckets of a check through the engine. Every outcome of a case has the bucket's status. */
export const checkTester = (check: Check, buckets: Buckets): void => {
  describe(check.id, () => {
    for (const bucket of ['pass', 'fail', 'notApplicable', 'notEvaluated'] as const) {
      const cases = buckets[bucket];
      describe(STATUS[bucket], () => {
        if (isNone(cases)) {
          it(`cannot be: ${cases.none}`, () => {
            expect(cases.none.length).toBeGreaterThan(20);
          });
          return;
        }
        for (const each of cases) it(each.name, () => runCase(check, STATUS[bucket], each));
      });
    }
  });
};
