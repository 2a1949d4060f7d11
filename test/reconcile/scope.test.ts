import { describe, expect, it } from 'vitest';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import {
  after,
  briefly,
  CATALOGUE,
  changesOf,
  CHECK,
  checkNamed,
  EMPTY,
  evaluationAt,
  findingOn,
  hour,
  OTHER,
  run,
} from './scenario.ts';

describe('scope', () => {
  it('leaves alone a check that was not run', () => {
    const before = after([evaluationAt(hour(1), { [CHECK]: { a: 'fail' }, [OTHER]: { a: 'fail' } })]);
    const { changes, record } = reconcile(before, evaluationAt(hour(2), { [OTHER]: { a: 'pass' } }), CATALOGUE);

    expect(changes.map(({ kind, finding }) => [kind, finding.check])).toEqual([['resolved', OTHER]]);
    expect(findingOn(record, 'a')).toBe(findingOn(before, 'a'));
    expect(record.watermarks[CHECK]).toEqual({ examinedAt: hour(1) });
  });

  it('closes what a check found that is no longer in the catalogue, whatever was run', () => {
    const before = after([run(1, { a: 'fail', b: 'fail' }), run(2, { a: 'pass', b: 'fail' })]);
    const [change, ...others] = changesOf(before, evaluationAt(hour(3), { [OTHER]: {} }), [checkNamed(OTHER)]);

    expect(change).toMatchObject({
      kind: 'closed',
      finding: { resource: { id: 'b' }, closeReason: 'check-retired', endedAt: hour(3) },
    });
    expect(others).toEqual([]);
  });

  it('retires for the same dump too, imported again by a version without the check', () => {
    expect(briefly(changesOf(after([run(1, { a: 'fail' })]), run(1, {}), [checkNamed(OTHER)]))).toEqual(['closed a']);
  });

  it('does not retire for an evaluation older than the finding', () => {
    expect(changesOf(after([run(2, { a: 'fail' })]), run(1, {}), [checkNamed(OTHER)])).toEqual([]);
  });

  it('lets nothing older reopen what was retired, should the check come back', () => {
    const retired = after([run(3, {})], after([run(1, { a: 'fail' })]), [checkNamed(OTHER)]);

    expect(findingOn(retired, 'a')).toMatchObject({ status: 'closed', closeReason: 'check-retired' });
    expect(changesOf(retired, run(2, { a: 'fail' }))).toEqual([]);
    expect(briefly(changesOf(retired, run(4, { a: 'fail' })))).toEqual(['reopened a']);
  });

  it('takes no outcome of a check that is not in the catalogue', () => {
    const { changes, record } = reconcile(EMPTY, run(1, { a: 'fail' }), [checkNamed(OTHER)]);

    expect(changes).toEqual([]);
    expect(record).toBe(EMPTY);
  });

  it('keeps two checks and two resources of one name apart', () => {
    const { changes, record } = reconcile(
      EMPTY,
      evaluationAt(hour(1), { [OTHER]: { b: 'fail', a: 'fail' }, [CHECK]: { a: 'fail' } }),
      CATALOGUE,
    );

    expect(changes.map(({ finding }) => `${finding.check} ${finding.resource.id} ${finding.severity}`)).toEqual([
      `${OTHER} a low`,
      `${OTHER} b low`,
      `${CHECK} a high`,
    ]);
    expect(Object.keys(record.findings)).toHaveLength(3);
  });
});
