import { describe, expect, it } from 'vitest';
import type { ChangeKind, ClusterRecord, CloseReason, Finding } from '../../shared/model/finding.ts';
import type { Evaluation } from '../../shared/model/outcome.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import {
  type Sighting,
  SIGHTINGS,
  type Stored,
  STORED,
  transition,
  type Transition,
} from '../../shared/reconcile/transitions.ts';
import { after, CATALOGUE, CHECK, checkNamed, findingOn, OTHER, run } from './scenario.ts';

interface Row {
  readonly stored: Stored;
  readonly sighting: Sighting;
  readonly step: Transition;
  /** What the reader of the changes sees; null where the record's findings stay as they are. */
  readonly change: ChangeKind | null;
  readonly status: Finding['status'] | 'none';
  readonly reason?: CloseReason;
}

const ROWS: readonly Row[] = [
  { stored: 'none', sighting: 'fail', step: 'opened', change: 'opened', status: 'open' },
  { stored: 'none', sighting: 'same-fail', step: 'opened', change: 'opened', status: 'open' },
  { stored: 'none', sighting: 'pass', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'not-applicable', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'not-evaluated', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'gone', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'population-unknown', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'out-of-scope', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'retired', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'late-fail', step: 'nothing', change: null, status: 'none' },
  { stored: 'none', sighting: 'late', step: 'nothing', change: null, status: 'none' },

  { stored: 'open', sighting: 'fail', step: 'updated', change: 'updated', status: 'open' },
  { stored: 'open', sighting: 'same-fail', step: 'refreshed', change: 'refreshed', status: 'open' },
  { stored: 'open', sighting: 'pass', step: 'resolved', change: 'resolved', status: 'resolved' },
  {
    stored: 'open',
    sighting: 'not-applicable',
    step: 'closed:not-applicable',
    change: 'closed',
    status: 'closed',
    reason: 'not-applicable',
  },
  { stored: 'open', sighting: 'not-evaluated', step: 'unverified', change: 'unverified', status: 'open' },
  {
    stored: 'open',
    sighting: 'gone',
    step: 'closed:resource-gone',
    change: 'closed',
    status: 'closed',
    reason: 'resource-gone',
  },
  { stored: 'open', sighting: 'population-unknown', step: 'unverified', change: 'unverified', status: 'open' },
  { stored: 'open', sighting: 'out-of-scope', step: 'nothing', change: null, status: 'open' },
  {
    stored: 'open',
    sighting: 'retired',
    step: 'closed:check-retired',
    change: 'closed',
    status: 'closed',
    reason: 'check-retired',
  },
  { stored: 'open', sighting: 'late-fail', step: 'backdated', change: 'backdated', status: 'open' },
  { stored: 'open', sighting: 'late', step: 'nothing', change: null, status: 'open' },

  { stored: 'resolved', sighting: 'fail', step: 'reopened', change: 'reopened', status: 'open' },
  { stored: 'resolved', sighting: 'same-fail', step: 'reopened', change: 'reopened', status: 'open' },
  { stored: 'resolved', sighting: 'pass', step: 'verified', change: null, status: 'resolved' },
  { stored: 'resolved', sighting: 'not-applicable', step: 'verified', change: null, status: 'resolved' },
  { stored: 'resolved', sighting: 'not-evaluated', step: 'unverified', change: 'unverified', status: 'resolved' },
  { stored: 'resolved', sighting: 'gone', step: 'verified', change: null, status: 'resolved' },
  { stored: 'resolved', sighting: 'population-unknown', step: 'nothing', change: null, status: 'resolved' },
  { stored: 'resolved', sighting: 'out-of-scope', step: 'nothing', change: null, status: 'resolved' },
  { stored: 'resolved', sighting: 'retired', step: 'nothing', change: null, status: 'resolved' },
  { stored: 'resolved', sighting: 'late-fail', step: 'backdated', change: 'backdated', status: 'resolved' },
  { stored: 'resolved', sighting: 'late', step: 'nothing', change: null, status: 'resolved' },

  { stored: 'closed', sighting: 'fail', step: 'reopened', change: 'reopened', status: 'open' },
  { stored: 'closed', sighting: 'same-fail', step: 'reopened', change: 'reopened', status: 'open' },
  { stored: 'closed', sighting: 'pass', step: 'nothing', change: null, status: 'closed', reason: 'not-applicable' },
  {
    stored: 'closed',
    sighting: 'not-applicable',
    step: 'nothing',
    change: null,
    status: 'closed',
    reason: 'not-applicable',
  },
  {
    stored: 'closed',
    sighting: 'not-evaluated',
    step: 'nothing',
    change: null,
    status: 'closed',
    reason: 'not-applicable',
  },
  { stored: 'closed', sighting: 'gone', step: 'nothing', change: null, status: 'closed', reason: 'not-applicable' },
  {
    stored: 'closed',
    sighting: 'population-unknown',
    step: 'nothing',
    change: null,
    status: 'closed',
    reason: 'not-applicable',
  },
  {
    stored: 'closed',
    sighting: 'out-of-scope',
    step: 'nothing',
    change: null,
    status: 'closed',
    reason: 'not-applicable',
  },
  { stored: 'closed', sighting: 'retired', step: 'nothing', change: null, status: 'closed', reason: 'not-applicable' },
  {
    stored: 'closed',
    sighting: 'late-fail',
    step: 'backdated',
    change: 'backdated',
    status: 'closed',
    reason: 'not-applicable',
  },
  { stored: 'closed', sighting: 'late', step: 'nothing', change: null, status: 'closed', reason: 'not-applicable' },
];

/** Each record was last decided at 05:00; what failed, failed as `same`. */
const RECORDS: { readonly [S in Stored]: ClusterRecord } = {
  none: after([run(5, { node: 'pass' })]),
  open: after([run(5, { node: { fail: 'same' } })]),
  resolved: after([run(4, { node: { fail: 'same' } }), run(5, { node: 'pass' })]),
  closed: after([run(4, { node: { fail: 'same' } }), run(5, { node: 'not-applicable' })]),
};

/** What makes each sighting, over such a record. */
const EVALUATIONS: { readonly [O in Sighting]: Evaluation } = {
  fail: run(6, { node: { fail: 'other' } }),
  'same-fail': run(6, { node: { fail: 'same' } }),
  pass: run(6, { node: 'pass' }),
  'not-applicable': run(6, { node: 'not-applicable' }),
  'not-evaluated': run(6, { node: 'not-evaluated' }),
  gone: run(6, { 'another-node': 'pass' }),
  'population-unknown': run(6, 'none'),
  'out-of-scope': { ...run(6, {}), scope: [] },
  retired: run(6, {}),
  'late-fail': run(3, { node: { fail: 'same' } }),
  late: run(3, { node: 'pass' }),
};

describe('the transition table', () => {
  it('has exactly one row for each thing stored and each thing seen', () => {
    const pairs = STORED.flatMap((stored) => SIGHTINGS.map((sighting) => `${stored} + ${sighting}`));

    expect(ROWS.map(({ stored, sighting }) => `${stored} + ${sighting}`)).toEqual(pairs);
  });

  it.each(ROWS)('$stored + $sighting → $step', ({ stored, sighting, step, change, status, reason }) => {
    const catalogue = sighting === 'retired' ? [checkNamed(OTHER)] : CATALOGUE;
    const before = findingOn(RECORDS[stored], 'node');
    const { changes, record } = reconcile(RECORDS[stored], EVALUATIONS[sighting], catalogue);
    const finding = findingOn(record, 'node');

    expect(transition(stored, sighting)).toBe(step);
    expect(changes.map(({ kind }) => kind)).toEqual(change === null ? [] : [change]);
    expect({ status: finding?.status ?? 'none', reason: finding?.closeReason }).toEqual({ status, reason });
    expect(finding).toEqual(change === null ? before : changes[0]?.finding);
  });

  it('is about the check whose rows these are', () => {
    expect(findingOn(RECORDS.open, 'node')?.check).toBe(CHECK);
  });
});
