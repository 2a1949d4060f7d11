import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterRecord, Finding } from '../../shared/model/finding.ts';
import { type Evaluation, type Outcome, resourceKey } from '../../shared/model/outcome.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { decodeRecord, encodeRecord } from '../../shared/store/stored-record.ts';
import {
  after,
  CATALOGUE,
  CHECK,
  EMPTY,
  evaluationAt,
  hour,
  OTHER,
  type Said,
  type Saying,
} from '../reconcile/scenario.ts';

const RUNS = { numRuns: 400 };

const said = fc.constantFrom<Said>('pass', 'fail', { fail: 'other' }, 'not-applicable', 'not-evaluated');
const nodes = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), said, { noNullPrototype: true });
const look = fc.oneof({ weight: 4, arbitrary: nodes }, fc.constant('none' as const));
const saying: fc.Arbitrary<Saying> = fc.record({ [CHECK]: look, [OTHER]: look }, { requiredKeys: [] });

/** Evaluations an hour apart, in the order of their instants. */
const history: fc.Arbitrary<readonly Evaluation[]> = fc
  .array(saying, { minLength: 1, maxLength: 7 })
  .map((sayings) => sayings.map((each, index) => evaluationAt(hour(index), each)));

/** Any evaluations, also several of one instant. */
const anything: fc.Arbitrary<readonly Evaluation[]> = fc.array(
  fc.tuple(saying, fc.integer({ min: 0, max: 5 })).map(([each, at]) => evaluationAt(hour(at), each)),
  { maxLength: 7 },
);

/** A history, and the same as it may arrive: in another order, with duplicates. */
const delivery = history.chain((evaluations) =>
  fc
    .array(fc.constantFrom(...evaluations), { maxLength: 4 })
    .chain((again) => {
      const all = [...evaluations, ...again];
      return fc.shuffledSubarray(all, { minLength: all.length });
    })
    .map((arrived) => ({ evaluations, arrived })),
);

const anyRecord = anything.map((evaluations) => after(evaluations));
const anyRun = fc.tuple(saying, fc.integer({ min: 0, max: 6 })).map(([each, at]) => evaluationAt(hour(at), each));

const outcomeFor = (
  evaluation: Evaluation,
  { check, resource }: Pick<Finding, 'check' | 'resource'>,
): Outcome | undefined =>
  evaluation.outcomes.find(
    (outcome) => outcome.check === check && resourceKey(outcome.resource) === resourceKey(resource),
  );

const populationOf = (evaluation: Evaluation, check: string) =>
  evaluation.scope.find((scope) => scope.check === check)?.population;

/** What happened to one check on one node, from the history alone: a second, slower way to the same answer. */
const looksAt = (evaluations: readonly Evaluation[], check: string, node: string): readonly (Outcome | 'gone')[] =>
  evaluations.flatMap((evaluation) => {
    if (populationOf(evaluation, check) !== 'complete') return [];
    const outcome = outcomeFor(evaluation, { check, resource: { type: 'node', id: node, name: node } });
    return outcome?.status === 'not-evaluated' ? [] : (outcome ?? 'gone');
  });

const isFailure = (look: Outcome | 'gone' | undefined): look is Outcome =>
  look !== undefined && look !== 'gone' && look.status === 'fail';
const timeOf = ({ evidence }: Outcome): string => evidence[0]?.observedAt ?? '';

interface Expected {
  readonly check: string;
  readonly node: string;
  readonly message: string;
  readonly lastSeenAt: string;
}

const expectedOpen = (evaluations: readonly Evaluation[]): readonly Expected[] =>
  CATALOGUE.flatMap(({ id: check }) =>
    ['a', 'b', '__proto__'].flatMap((node) => {
      const last = looksAt(evaluations, check, node).at(-1);
      return isFailure(last) ? { check, node, message: last.message.text, lastSeenAt: timeOf(last) } : [];
    }),
  );

const openIn = (record: ClusterRecord): readonly Finding[] =>
  Object.values(record.findings).filter(({ status }) => status === 'open');

const inOrder = (expected: readonly Expected[]): readonly Expected[] =>
  expected.toSorted((a, b) => (`${a.check} ${a.node}` < `${b.check} ${b.node}` ? -1 : 1));

const examinedAt = ({ watermarks }: ClusterRecord): object =>
  Object.fromEntries(Object.entries(watermarks).map(([key, watermark]) => [key, watermark.examinedAt]));

describe('however evaluations arrive', () => {
  it('the open findings are those whose newest look failed, with what it said', () => {
    fc.assert(
      fc.property(delivery, ({ evaluations, arrived }) => {
        const open = openIn(after(arrived)).map(({ check, resource, message, lastSeenAt, takenAt, evidence }) => {
          expect(takenAt).toBe(lastSeenAt);
          expect(evidence.map((each) => each.observedAt)).toEqual([lastSeenAt]);
          return { check, node: resource.id, message: message.text, lastSeenAt };
        });

        expect(inOrder(open)).toEqual(inOrder(expectedOpen(evaluations)));
      }),
      RUNS,
    );
  });

  it('the watermarks end the same', () => {
    fc.assert(
      fc.property(delivery, ({ evaluations, arrived }) => {
        expect(examinedAt(after(arrived))).toEqual(examinedAt(after(evaluations)));
      }),
      RUNS,
    );
  });

  it('a failure that never ended was first seen when it first failed', () => {
    fc.assert(
      fc.property(delivery, ({ evaluations, arrived }) => {
        for (const { check, resource, firstSeenAt, lastSeenAt } of openIn(after(arrived))) {
          const looks = looksAt(evaluations, check, resource.id);
          const failures = looks.filter(isFailure).map(timeOf);
          const ended = looks.slice(looks.findIndex(isFailure)).some((look) => !isFailure(look));

          expect(failures).toContain(firstSeenAt);
          expect(firstSeenAt <= lastSeenAt).toBe(true);
          expect(ended || firstSeenAt === failures[0]).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('in their own order, every failure was first seen when it first failed', () => {
    fc.assert(
      fc.property(history, (evaluations) => {
        for (const { check, resource, firstSeenAt } of openIn(after(evaluations))) {
          const first = looksAt(evaluations, check, resource.id).find(isFailure);
          expect(firstSeenAt).toBe(first === undefined ? undefined : timeOf(first));
        }
      }),
      RUNS,
    );
  });
});

/** What an evaluation must say of a resource for a finding to come into each state; undefined: the resource is gone. */
const PROOF: { readonly [S in Finding['status']]: readonly (Outcome['status'] | undefined)[] } = {
  open: ['fail'],
  resolved: ['pass'],
  closed: [undefined, 'not-applicable'],
};

describe('one reconcile, over any record', () => {
  it('is idempotent: the second time changes nothing, and gives the very record back', () => {
    fc.assert(
      fc.property(anyRecord, anyRun, (record, evaluation) => {
        const first = reconcile(record, evaluation, CATALOGUE);
        const second = reconcile(first.record, evaluation, CATALOGUE);

        expect(second.changes).toEqual([]);
        expect(second.record).toBe(first.record);
      }),
      RUNS,
    );
  });

  it('resolves nothing without a pass, and closes nothing without a look', () => {
    fc.assert(
      fc.property(anyRecord, anyRun, (record, evaluation) => {
        const moved = reconcile(record, evaluation, CATALOGUE).changes.filter(
          ({ finding }) => finding.status !== record.findings[finding.id]?.status,
        );
        for (const { finding } of moved) {
          expect(populationOf(evaluation, finding.check)).toBe('complete');
          expect(PROOF[finding.status]).toContain(outcomeFor(evaluation, finding)?.status);
        }
      }),
      RUNS,
    );
  });

  it('changes nothing of a check that was not run', () => {
    fc.assert(
      fc.property(anyRecord, anyRun, (record, evaluation) => {
        const { changes, record: next } = reconcile(record, evaluation, CATALOGUE);
        const scope = new Set(evaluation.scope.map(({ check }) => check));

        expect(changes.filter(({ finding }) => !scope.has(finding.check))).toEqual([]);
        const untouched = ({ watermarks }: ClusterRecord) =>
          Object.entries(watermarks).filter(([key]) => !scope.has(key.split(' ')[0] ?? ''));
        expect(untouched(next)).toEqual(untouched(record));
      }),
      RUNS,
    );
  });

  it('reports each finding that differs, once, as it now is', () => {
    fc.assert(
      fc.property(anyRecord, anyRun, (record, evaluation) => {
        const { changes, record: next } = reconcile(record, evaluation, CATALOGUE);
        const differing = Object.values(next.findings).filter(
          (finding) => JSON.stringify(finding) !== JSON.stringify(record.findings[finding.id]),
        );

        expect(Object.keys(next.findings)).toEqual(expect.arrayContaining(Object.keys(record.findings)));
        expect(new Set(changes.map(({ finding }) => finding))).toEqual(new Set(differing));
        expect(changes).toHaveLength(differing.length);
      }),
      RUNS,
    );
  });

  it('leaves a record that is coherent and that the store can keep', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        for (const [id, finding] of Object.entries(record.findings)) {
          expect(finding.id).toBe(id);
          expect(finding.closeReason !== undefined).toBe(finding.status === 'closed');
          expect(finding.endedAt !== undefined).toBe(finding.status !== 'open');
          expect(finding.firstSeenAt <= finding.lastSeenAt).toBe(true);
          expect(finding.openedAt <= finding.lastSeenAt).toBe(true);
          expect(finding.openedAt <= (finding.endedAt ?? finding.openedAt)).toBe(true);
          expect(finding.status === 'closed' && finding.unverifiedSince !== undefined).toBe(false);
        }
        expect(decodeRecord('record', encodeRecord(record))).toEqual(record);
      }),
      RUNS,
    );
  });
});

it('knows a record that was never written', () => {
  expect(after([])).toBe(EMPTY);
});
