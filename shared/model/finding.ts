import type { ClusterRef } from './cluster.ts';
import type { Severity } from './check.ts';
import type { Evidence, Message, Resource } from './outcome.ts';

export type CloseReason = 'not-applicable' | 'resource-gone' | 'check-retired';

/** The durable record of a failure: one identity, one life. */
export interface Finding {
  /** See `reconcile/identity.ts`. */
  readonly id: string;
  readonly cluster: ClusterRef;
  readonly check: string;
  readonly severity: Severity;
  readonly resource: Resource;
  readonly status: 'open' | 'resolved' | 'closed';
  /** Present exactly while `status` is `closed`. */
  readonly closeReason?: CloseReason;
  /** The first snapshot that ever showed the failure; survives resolve and reopen. */
  readonly firstSeenAt: string;
  /** The last snapshot that showed the failure. */
  readonly lastSeenAt: string;
  /** When the present or last open period began. */
  readonly openedAt: string;
  /** When the last open period ended. */
  readonly endedAt?: string;
  readonly reopenCount: number;
  /** Set while newer runs could not look: nobody knows whether it still holds. */
  readonly unverifiedSince?: string;
  /** Of the snapshot that last decided this record: an older one must not undo it. */
  readonly takenAt: string;
  readonly message: Message;
  readonly evidence: readonly Evidence[];
}

/** What happened to a finding in one reconcile. */
export type ChangeKind =
  | 'opened'
  | 'updated'
  | 'refreshed'
  | 'resolved'
  | 'closed'
  | 'reopened'
  | 'unverified'
  /** A late, older snapshot showed that the failure began earlier than known. */
  | 'backdated';

export interface Change {
  readonly kind: ChangeKind;
  readonly finding: Finding;
}

/** How far each check of a cluster has been examined: what lets a late result be recognised as late. */
export interface Watermark {
  /** `takenAt` of the newest evaluation in which the check could look. */
  readonly examinedAt?: string;
  /** Since when newer runs could not look. */
  readonly unverifiedSince?: string;
}

/** Everything that is stored about one cluster. */
export interface ClusterRecord {
  readonly cluster: ClusterRef;
  readonly findings: { readonly [id: string]: Finding };
  readonly watermarks: { readonly [check: string]: Watermark };
}
