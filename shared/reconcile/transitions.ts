import type { ChangeKind, CloseReason, Finding } from '../model/finding.ts';

/** What is stored about one check on one resource. */
export const STORED = ['none', 'open', 'resolved', 'closed'] as const satisfies readonly ('none' | Finding['status'])[];
export type Stored = (typeof STORED)[number];

/** What a run says about one check on one resource. */
export const SIGHTINGS = [
  /** It failed, with other evidence or another message than is stored, or with nothing stored. */
  'fail',
  /** It failed just as is stored. */
  'same-fail',
  'pass',
  'not-applicable',
  /** The run could not look at this resource. */
  'not-evaluated',
  /** The run saw every resource of the check's kind, and this one was not among them. */
  'gone',
  /** The run could not look at any resource of the check. */
  'population-unknown',
  /** The check was not run. */
  'out-of-scope',
  /** The check is no longer in the catalogue. */
  'retired',
  /** It failed in a snapshot older than the one that decided last. */
  'late-fail',
  /** Anything else in such a snapshot. */
  'late',
] as const;
export type Sighting = (typeof SIGHTINGS)[number];

/** `verified`: a resolved finding that could not be looked at is known to be resolved again. */
export type Transition = Exclude<ChangeKind, 'closed'> | `closed:${CloseReason}` | 'verified' | 'nothing';
/** A transition in which something happens. */
export type Step = Exclude<Transition, 'nothing'>;

/**
 * The specification of reconcile. Not being able to look never opens, resolves or closes; only a look ends a finding.
 * Every row of this table is a case of test/reconcile/transitions.test.ts.
 */
const TABLE: { readonly [S in Stored]: { readonly [O in Sighting]: Transition } } = {
  none: {
    fail: 'opened',
    'same-fail': 'opened',
    pass: 'nothing',
    'not-applicable': 'nothing',
    'not-evaluated': 'nothing',
    gone: 'nothing',
    'population-unknown': 'nothing',
    'out-of-scope': 'nothing',
    retired: 'nothing',
    'late-fail': 'nothing',
    late: 'nothing',
  },
  open: {
    fail: 'updated',
    'same-fail': 'refreshed',
    pass: 'resolved',
    'not-applicable': 'closed:not-applicable',
    'not-evaluated': 'unverified',
    gone: 'closed:resource-gone',
    'population-unknown': 'unverified',
    'out-of-scope': 'nothing',
    retired: 'closed:check-retired',
    'late-fail': 'backdated',
    late: 'nothing',
  },
  resolved: {
    fail: 'reopened',
    'same-fail': 'reopened',
    pass: 'verified',
    'not-applicable': 'verified',
    'not-evaluated': 'unverified',
    gone: 'verified',
    'population-unknown': 'nothing',
    'out-of-scope': 'nothing',
    retired: 'nothing',
    'late-fail': 'backdated',
    late: 'nothing',
  },
  closed: {
    fail: 'reopened',
    'same-fail': 'reopened',
    pass: 'nothing',
    'not-applicable': 'nothing',
    'not-evaluated': 'nothing',
    gone: 'nothing',
    'population-unknown': 'nothing',
    'out-of-scope': 'nothing',
    retired: 'nothing',
    'late-fail': 'backdated',
    late: 'nothing',
  },
};

/** Total: every pair has its row. */
export const transition = (stored: Stored, sighting: Sighting): Transition => TABLE[stored][sighting];
