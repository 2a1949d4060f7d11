import type { Severity } from '../model/check.ts';
import type { ClusterRef } from '../model/cluster.ts';
import type { CloseReason, Finding } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { findingId } from './identity.ts';
import type { Step } from './transitions.ts';
import { compareInstants } from './watermarks.ts';

/** What a finding takes over from the outcome; where there is none, from itself. */
export type Seen = Pick<Outcome, 'resource' | 'message' | 'evidence'>;

/** The run as one finding sees it. */
export interface Moment {
  readonly cluster: ClusterRef;
  readonly check: string;
  readonly severity: Severity;
  readonly takenAt: string;
  /** A known run after `takenAt` that could not look, if any. */
  readonly unverifiedSince?: string;
}

type Mark = Pick<Finding, 'unverifiedSince'>;

const markOf = ({ unverifiedSince }: Moment): Mark => (unverifiedSince === undefined ? {} : { unverifiedSince });

/** Without the fields that only some states have. */
const bare = (finding: Finding): Omit<Finding, 'closeReason' | 'endedAt' | 'unverifiedSince'> => {
  const { closeReason: _closeReason, endedAt: _endedAt, unverifiedSince: _unverifiedSince, ...rest } = finding;
  return rest;
};

export const opened = (moment: Moment, { resource, message, evidence }: Seen): Finding => ({
  id: findingId(moment.cluster, moment.check, resource),
  cluster: moment.cluster,
  check: moment.check,
  severity: moment.severity,
  resource,
  status: 'open',
  firstSeenAt: moment.takenAt,
  lastSeenAt: moment.takenAt,
  openedAt: moment.takenAt,
  reopenCount: 0,
  takenAt: moment.takenAt,
  message,
  evidence,
  ...markOf(moment),
});

const failedAgain = (finding: Finding, moment: Moment, { resource, message, evidence }: Seen): Finding => ({
  ...bare(finding),
  severity: moment.severity,
  resource,
  status: 'open',
  lastSeenAt: moment.takenAt,
  takenAt: moment.takenAt,
  message,
  evidence,
  ...markOf(moment),
});

const resolved = (finding: Finding, moment: Moment, { message, evidence }: Seen): Finding => ({
  ...bare(finding),
  status: 'resolved',
  endedAt: moment.takenAt,
  takenAt: moment.takenAt,
  message,
  evidence,
  ...markOf(moment),
});

/** Nobody asks of an ended resource whether it still fails, so a closed finding bears no mark. */
const closed = (finding: Finding, moment: Moment, { message, evidence }: Seen, closeReason: CloseReason): Finding => ({
  ...bare(finding),
  status: 'closed',
  closeReason,
  endedAt: moment.takenAt,
  takenAt: moment.takenAt,
  message,
  evidence: evidence.length > 0 ? evidence : finding.evidence,
});

const verified = (finding: Finding, moment: Moment): Finding => {
  if (finding.unverifiedSince === moment.unverifiedSince) return finding;
  const { unverifiedSince: _unverifiedSince, ...rest } = finding;
  return { ...rest, takenAt: moment.takenAt, ...markOf(moment) };
};

/** The finding after a transition of the table; the very same object where the transition changes nothing. */
export const advance = (finding: Finding, step: Step, moment: Moment, seen: Seen): Finding => {
  switch (step) {
    case 'opened':
    case 'updated':
    case 'refreshed':
      return failedAgain(finding, moment, seen);
    case 'reopened':
      return {
        ...failedAgain(finding, moment, seen),
        openedAt: moment.takenAt,
        reopenCount: finding.reopenCount + 1,
      };
    case 'resolved':
      return resolved(finding, moment, seen);
    case 'closed:not-applicable':
      return closed(finding, moment, seen, 'not-applicable');
    case 'closed:resource-gone':
      return closed(finding, moment, seen, 'resource-gone');
    case 'closed:check-retired':
      return closed(finding, moment, seen, 'check-retired');
    case 'unverified':
      return finding.unverifiedSince === undefined ? { ...finding, unverifiedSince: moment.takenAt } : finding;
    case 'verified':
      return verified(finding, moment);
    case 'backdated':
      return compareInstants(moment.takenAt, finding.firstSeenAt) < 0
        ? { ...finding, firstSeenAt: moment.takenAt }
        : finding;
    default:
      return step satisfies never;
  }
};
