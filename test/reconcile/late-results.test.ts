import { describe, expect, it } from 'vitest';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { after, briefly, CATALOGUE, changesOf, CHECK, evaluationAt, findingOn, hour, OTHER, run } from './scenario.ts';

describe('an evaluation that comes late', () => {
  it('does not undo a newer one', () => {
    const failing = after([run(2, { a: 'fail' })]);
    const passing = after([run(2, { a: 'pass' })]);

    expect(reconcile(failing, run(1, { a: 'pass' }), CATALOGUE)).toEqual({ changes: [], record: failing });
    expect(reconcile(failing, run(1, {}), CATALOGUE)).toEqual({ changes: [], record: failing });
    expect(reconcile(passing, run(1, { a: 'fail' }), CATALOGUE)).toEqual({ changes: [], record: passing });
    expect(reconcile(failing, run(1, { a: 'not-evaluated' }), CATALOGUE)).toEqual({ changes: [], record: failing });
    expect(reconcile(failing, run(1, 'none'), CATALOGUE)).toEqual({ changes: [], record: failing });
  });

  it('lowers when an open failure was first seen, and nothing else', () => {
    const open = after([run(3, { a: { fail: 'new' } })]);
    const [change] = changesOf(open, run(1, { a: { fail: 'old' } }));

    expect(change).toEqual({ kind: 'backdated', finding: { ...findingOn(open, 'a'), firstSeenAt: hour(1) } });
    expect(changesOf(after([run(1, { a: 'fail' })], open), run(2, { a: 'fail' }))).toEqual([]);
  });

  it('decides a check that the newer run did not examine', () => {
    const newer = after([evaluationAt(hour(2), { [OTHER]: { a: 'pass' } })]);

    expect(briefly(changesOf(newer, run(1, { a: 'fail' })))).toEqual(['opened a']);
  });

  it('decides where the newer run could not look at all, and says since when nobody could', () => {
    const blind = after([run(1, { a: 'pass' }), run(3, 'none')]);
    const [change] = changesOf(blind, run(2, { a: 'fail' }));

    expect(change).toMatchObject({ kind: 'opened', finding: { openedAt: hour(2), unverifiedSince: hour(3) } });
    expect(after([run(2, { a: 'fail' })], blind).watermarks).toEqual({
      [CHECK]: { examinedAt: hour(2), unverifiedSince: hour(3) },
    });
  });

  it('decides a resource that the newer run could not look at, and no other', () => {
    const partly = after([run(1, { a: 'pass', b: 'pass' }), run(3, { a: 'not-evaluated', b: 'pass' })]);
    const [change, ...others] = changesOf(partly, run(2, { a: 'fail', b: 'fail' }));

    expect(change).toMatchObject({
      kind: 'opened',
      finding: { resource: { id: 'a' }, firstSeenAt: hour(2), unverifiedSince: hour(3) },
    });
    expect(others).toEqual([]);
  });

  it('ends a failure on a resource that the newer run could not look at', () => {
    const partly = after([run(1, { a: 'fail', b: 'fail' }), run(4, { a: 'not-evaluated', b: 'not-evaluated' })]);

    expect(changesOf(partly, run(3, { a: 'pass' }))).toMatchObject([
      { kind: 'resolved', finding: { resource: { id: 'a' }, endedAt: hour(3), unverifiedSince: hour(4) } },
      { kind: 'closed', finding: { resource: { id: 'b' }, endedAt: hour(3), closeReason: 'resource-gone' } },
    ]);
    expect(briefly(changesOf(after([run(3, { a: 'pass' })], partly), run(2, { a: 'fail', b: 'fail' })))).toEqual([]);
  });

  it('does not decide a resource that was looked at since, even if it cannot be looked at now', () => {
    const history = [run(1, { a: 'fail' }), run(3, { a: 'pass' }), run(4, { a: 'not-evaluated' })];

    expect(changesOf(after(history), run(2, { a: 'fail' }))).toEqual([]);
    expect(changesOf(after(history.slice(1)), run(2, { a: 'fail' }))).toEqual([]);
  });

  it('keeps a mark that is newer than what it verifies', () => {
    const marked = after([run(1, { a: 'fail' }), run(4, { a: 'not-evaluated' })]);
    const [change] = changesOf(marked, run(2, { a: 'fail' }));

    expect(change).toMatchObject({ kind: 'refreshed', finding: { lastSeenAt: hour(2), unverifiedSince: hour(4) } });
  });

  it('leaves the record of one that could not be looked at no larger once it was', () => {
    const partly = after([run(1, { a: 'not-evaluated', b: 'not-evaluated' })]);
    const looked = after([run(2, { a: 'pass' })], partly);

    expect(Object.keys(partly.watermarks)).toHaveLength(3);
    expect(looked.watermarks).toEqual({ [CHECK]: { examinedAt: hour(2) } });
  });
});

describe('an evaluation of the same instant', () => {
  const open = after([run(1, { a: 'fail', b: 'pass' })]);

  it('changes nothing when it says the same', () => {
    const repeated = reconcile(open, run(1, { a: 'fail', b: 'pass' }), CATALOGUE);

    expect(repeated.changes).toEqual([]);
    expect(repeated.record).toBe(open);
  });

  it('is applied when it says something else: the same dump, imported again', () => {
    expect(briefly(changesOf(open, run(1, { a: 'pass', b: 'fail' })))).toEqual(['resolved a', 'opened b']);
    expect(briefly(changesOf(open, run(1, { a: { fail: 'other' } })))).toEqual(['updated a']);
    expect(briefly(changesOf(open, run(1, {})))).toEqual(['closed a']);
  });

  it('does not unsettle what was looked at by saying that it could not look', () => {
    expect(reconcile(open, run(1, 'none'), CATALOGUE)).toEqual({ changes: [], record: open });
    expect(reconcile(open, run(1, { a: 'not-evaluated', b: 'pass' }), CATALOGUE)).toEqual({
      changes: [],
      record: open,
    });
  });

  it('is recognised however the instant is written', () => {
    const again = { ...run(1, { a: 'fail', b: 'pass' }), takenAt: '2026-11-20T02:00:00.000+01:00' };

    expect(briefly(changesOf(open, { ...again, outcomes: [] }))).toEqual(['closed a']);
    expect(changesOf(after([run(2, { a: 'fail' })]), { ...again, outcomes: [] })).toEqual([]);
  });
});
