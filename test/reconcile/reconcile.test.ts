import { describe, expect, it } from 'vitest';
import type { ClusterRecord } from '../../shared/model/finding.ts';
import { findingId } from '../../shared/reconcile/identity.ts';
import { ClusterMismatchError, reconcile } from '../../shared/reconcile/reconcile.ts';
import { CLUSTER } from '../support/cluster.ts';
import {
  after,
  briefly,
  CATALOGUE,
  changesOf,
  CHECK,
  checkNamed,
  EMPTY,
  evidence,
  findingOn,
  hour,
  message,
  nodeNamed,
  run,
} from './scenario.ts';

describe('a life', () => {
  it('opens with everything that the failure says', () => {
    const { changes, record } = reconcile(EMPTY, run(1, { a: { fail: '4.14' } }), CATALOGUE);
    const id = findingId(CLUSTER, CHECK, nodeNamed('a'));
    const finding = {
      id,
      cluster: CLUSTER,
      check: CHECK,
      severity: 'high',
      resource: nodeNamed('a'),
      status: 'open',
      firstSeenAt: hour(1),
      lastSeenAt: hour(1),
      openedAt: hour(1),
      reopenCount: 0,
      takenAt: hour(1),
      message: message('fail', '4.14'),
      evidence: [evidence('4.14', hour(1))],
    };

    expect(changes).toEqual([{ kind: 'opened', finding }]);
    expect(record).toEqual({
      cluster: CLUSTER,
      findings: { [id]: finding },
      watermarks: { [CHECK]: { examinedAt: hour(1) } },
    });
  });

  it('is refreshed by the same failure: seen later, with the newest evidence', () => {
    const record = after([run(1, { a: { fail: '4.14' } }), run(2, { a: { fail: '4.14' } })]);

    expect(findingOn(record, 'a')).toMatchObject({
      firstSeenAt: hour(1),
      lastSeenAt: hour(2),
      openedAt: hour(1),
      takenAt: hour(2),
      evidence: [evidence('4.14', hour(2))],
    });
  });

  it('is updated by other evidence', () => {
    const [change] = changesOf(after([run(1, { a: { fail: '4.14' } })]), run(2, { a: { fail: '5.4' } }));

    expect(change).toMatchObject({
      kind: 'updated',
      finding: {
        firstSeenAt: hour(1),
        lastSeenAt: hour(2),
        openedAt: hour(1),
        message: message('fail', '5.4'),
        evidence: [evidence('5.4', hour(2))],
      },
    });
  });

  it('is updated when the catalogue has another severity', () => {
    const before = after([run(1, { a: 'fail' })]);
    const [change] = changesOf(before, run(2, { a: 'fail' }), [checkNamed(CHECK, 'critical')]);

    expect(change).toMatchObject({ kind: 'updated', finding: { severity: 'critical', lastSeenAt: hour(2) } });
  });

  it('is resolved with the passing evidence', () => {
    const [change] = changesOf(after([run(1, { a: 'fail' })]), run(2, { a: 'pass' }));

    expect(change).toMatchObject({
      kind: 'resolved',
      finding: {
        status: 'resolved',
        firstSeenAt: hour(1),
        lastSeenAt: hour(1),
        openedAt: hour(1),
        endedAt: hour(2),
        takenAt: hour(2),
        message: message('pass', 'pass'),
        evidence: [evidence('pass', hour(2))],
      },
    });
  });

  it('is closed as not applicable with what says so', () => {
    const [change] = changesOf(after([run(1, { a: 'fail' })]), run(2, { a: 'not-applicable' }));

    expect(change).toMatchObject({
      kind: 'closed',
      finding: {
        status: 'closed',
        closeReason: 'not-applicable',
        endedAt: hour(2),
        message: message('not-applicable', 'not-applicable'),
      },
    });
  });

  it('keeps its failing evidence when what closes it has none', () => {
    const closing = run(2, { a: 'not-applicable' });
    const bare = closing.outcomes.flatMap((outcome) =>
      outcome.status === 'not-applicable' ? { ...outcome, evidence: [] } : [],
    );
    const [change] = changesOf(after([run(1, { a: { fail: '4.14' } })]), { ...closing, outcomes: bare });

    expect(change?.finding).toMatchObject({
      closeReason: 'not-applicable',
      message: { key: 'not-applicable' },
      evidence: [evidence('4.14', hour(1))],
    });
  });

  it('is closed as gone with the last failure as it was', () => {
    const [change] = changesOf(after([run(1, { a: { fail: '4.14' } })]), run(2, { b: 'pass' }));

    expect(change).toMatchObject({
      kind: 'closed',
      finding: {
        closeReason: 'resource-gone',
        endedAt: hour(2),
        takenAt: hour(2),
        lastSeenAt: hour(1),
        message: message('fail', '4.14'),
        evidence: [evidence('4.14', hour(1))],
      },
    });
  });

  it('is closed as gone when the check has nothing to examine any more', () => {
    const nothing = run(2, {});
    const [scope] = nothing.scope;
    const said = {
      check: CHECK,
      resource: { type: 'cluster', id: CLUSTER.name, name: CLUSTER.name },
      status: 'not-applicable',
      message: message('nothing-to-examine', ''),
      evidence: [],
    } as const;

    expect(scope?.population).toBe('complete');
    expect(changesOf(after([run(1, { a: 'fail', b: 'fail' })]), { ...nothing, outcomes: [said] })).toMatchObject([
      { kind: 'closed', finding: { resource: { id: 'a' }, closeReason: 'resource-gone' } },
      { kind: 'closed', finding: { resource: { id: 'b' }, closeReason: 'resource-gone' } },
    ]);
  });

  it.each([
    ['resolved', run(2, { a: 'pass' })],
    ['not applicable', run(2, { a: 'not-applicable' })],
    ['gone', run(2, {})],
  ])('goes on after it was %s, as the same finding', (_, ended) => {
    const before = after([run(1, { a: 'fail' }), ended]);
    const [change] = changesOf(before, run(3, { a: { fail: 'again' } }));

    expect(change?.kind).toBe('reopened');
    expect(change?.finding).toEqual({
      id: findingId(CLUSTER, CHECK, nodeNamed('a')),
      cluster: CLUSTER,
      check: CHECK,
      severity: 'high',
      resource: nodeNamed('a'),
      status: 'open',
      firstSeenAt: hour(1),
      lastSeenAt: hour(3),
      openedAt: hour(3),
      reopenCount: 1,
      takenAt: hour(3),
      message: message('fail', 'again'),
      evidence: [evidence('again', hour(3))],
    });
  });

  it('counts each time it was reopened', () => {
    const record = after([1, 2, 3, 4, 5].map((at) => run(at, { a: at % 2 === 1 ? 'fail' : 'pass' })));

    expect(findingOn(record, 'a')).toMatchObject({ status: 'open', reopenCount: 2, firstSeenAt: hour(1) });
  });
});

describe('a run that could not look', () => {
  it('marks an open finding once, with the first such run', () => {
    const open = after([run(1, { a: 'fail' })]);
    const [change] = changesOf(open, run(2, { a: 'not-evaluated' }));
    const marked = after([run(2, { a: 'not-evaluated' })], open);

    expect(change).toEqual({ kind: 'unverified', finding: { ...findingOn(open, 'a'), unverifiedSince: hour(2) } });
    expect(changesOf(marked, run(3, { a: 'not-evaluated' }))).toEqual([]);
    expect(changesOf(marked, run(3, 'none'))).toEqual([]);
  });

  it.each([
    ['the same failure', { a: 'fail' }, 'refreshed'],
    ['another failure', { a: { fail: 'other' } }, 'updated'],
    ['a pass', { a: 'pass' }, 'resolved'],
    ['its absence', {}, 'closed'],
  ] as const)('leaves a mark that %s removes', (_, nodes, kind) => {
    const marked = after([run(1, { a: 'fail' }), run(2, 'none')]);
    const [change] = changesOf(marked, run(3, nodes));

    expect(findingOn(marked, 'a')?.unverifiedSince).toBe(hour(2));
    expect(change?.kind).toBe(kind);
    expect(change?.finding).not.toHaveProperty('unverifiedSince');
  });

  it.each([
    ['a pass', { a: 'pass' }],
    ['its absence', {}],
  ] as const)('leaves a mark on a resolved finding that %s removes without news', (_, nodes) => {
    const marked = after([run(1, { a: 'fail' }), run(2, { a: 'pass' }), run(3, { a: 'not-evaluated' })]);
    const [change] = changesOf(marked, run(4, nodes));

    expect(findingOn(marked, 'a')).toMatchObject({ status: 'resolved', unverifiedSince: hour(3), endedAt: hour(2) });
    expect(change?.kind).toBe('refreshed');
    expect(change?.finding).toMatchObject({ status: 'resolved', endedAt: hour(2), takenAt: hour(4) });
    expect(change?.finding).not.toHaveProperty('unverifiedSince');
  });

  it('leaves no mark that a look at the same instant does not remove', () => {
    const marked = after([run(1, { a: 'fail' }), run(2, 'none')]);

    expect(findingOn(after([run(2, { a: 'fail' })], marked), 'a')).not.toHaveProperty('unverifiedSince');
  });

  it('keeps its mark when a look comes late, between it and an earlier such run', () => {
    const marked = after([run(1, { a: 'fail' }), run(6, 'none'), run(4, 'none')]);
    const looked = after([run(5, { a: 'fail' })], marked);

    expect(marked.watermarks).toEqual({ [CHECK]: { examinedAt: hour(1), unverifiedSince: hour(4) } });
    expect(findingOn(looked, 'a')).toMatchObject({ lastSeenAt: hour(5), unverifiedSince: hour(6) });
  });

  it('opens nothing and counts as no look', () => {
    const { changes, record } = reconcile(EMPTY, run(1, 'none'), CATALOGUE);

    expect(changes).toEqual([]);
    expect(record.watermarks).toEqual({ [CHECK]: { unverifiedSince: hour(1) } });
  });

  it('is remembered from the first such run until the next look', () => {
    const lost = after([run(1, { a: 'pass' }), run(2, 'none'), run(3, 'none')]);

    expect(lost.watermarks).toEqual({ [CHECK]: { examinedAt: hour(1), unverifiedSince: hour(2) } });
    expect(after([run(4, { a: 'pass' })], lost).watermarks).toEqual({ [CHECK]: { examinedAt: hour(4) } });
  });

  it('ignores outcomes that claim to know all the same', () => {
    const { outcomes } = run(2, { a: 'pass' });

    expect(briefly(changesOf(after([run(1, { a: 'fail' })]), { ...run(2, 'none'), outcomes }))).toEqual([
      'unverified a',
    ]);
  });
});

describe('what cannot be reconciled', () => {
  it('an evaluation of another cluster is the mistake of the caller', () => {
    const elsewhere: ClusterRecord = { ...EMPTY, cluster: { ...CLUSTER, region: 'eu-central-1' } };
    const attempt = () => reconcile(elsewhere, run(1, { a: 'fail' }), CATALOGUE);

    expect(attempt).toThrow(ClusterMismatchError);
    expect(attempt).toThrow(
      'record of arn:aws:eks:eu-central-1:111122223333:cluster/shop-prod, evaluation of arn:aws:eks:us-west-2:111122223333:cluster/shop-prod',
    );
  });

  it('an evaluation whose time is no time has no place in the order and changes nothing', () => {
    const open = after([run(1, { a: 'fail' })]);

    expect(reconcile(open, { ...run(2, { a: 'pass' }), takenAt: 'now' }, CATALOGUE)).toEqual({
      changes: [],
      record: open,
    });
  });
});

it('gives back the very cluster object that was read, by which a store knows the reading', () => {
  expect(reconcile(EMPTY, run(1, { a: 'fail' }), CATALOGUE).record.cluster).toBe(EMPTY.cluster);
});
