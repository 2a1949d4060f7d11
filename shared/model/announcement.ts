import type { Check } from './check.ts';
import type { Exception } from './exception.ts';
import type { Change, ChangeKind, Finding } from './finding.ts';

/** What a destination needs to know of a check; see `Check`. */
export type CheckText = Pick<Check, 'id' | 'title' | 'severity' | 'rationale' | 'remediation' | 'references'>;

/** Where a reader goes next. All are https. */
export interface AnnouncementLinks {
  readonly report?: string;
  readonly runbook?: string;
}

/**
 * One committed change, with everything that any destination needs to tell of it. The findings store's stream gives the
 * change and its sequence; the check's text comes from the catalogue.
 */
export interface Announcement {
  /** `<finding id>#<sequence>`: the same change has the same id however often it comes. Idempotency key. */
  readonly id: string;
  /** Strictly increasing per finding. */
  readonly sequence: number;
  /** RFC 3339: when the change was committed. */
  readonly at: string;
  readonly change: Change;
  readonly check: CheckText;
  /** The exception that holds for the finding at `at`: people are not told, records say so. */
  readonly exception?: Exception;
  /** Whose finding it is, where tags of account, cluster or namespace say so. */
  readonly owner?: string;
  readonly links: AnnouncementLinks;
}

/** What people are told of: new, worse, back again, fixed, gone, or no longer known. Anything else only updates records. */
export type NoticeKind = 'opened' | 'worse' | 'reopened' | 'resolved' | 'closed' | 'unverified';

/**
 * One thing to tell people, about one check on one cluster: 500 nodes that fail one check are one notice with 500
 * announcements, not 500 messages.
 */
export interface Notice {
  /** Stable for the same set of announcements. */
  readonly id: string;
  readonly kind: NoticeKind;
  /** `<cluster ARN>#<check id>`, or with the finding's id where the notice is about one: messages of one thread share it. */
  readonly thread: string;
  readonly check: CheckText;
  /** At least one; all of one cluster and one check. In order of resource name. */
  readonly announcements: readonly [Announcement, ...Announcement[]];
  /** Findings of this check and cluster that are open after this, including those told of before. */
  readonly openNow: number;
  /** Set where changes to and fro were held back: how many, since when. */
  readonly damped?: { readonly flips: number; readonly since: string };
}

export const findingOf = ({ change }: Announcement): Finding => change.finding;
export const kindOf = ({ change }: Announcement): ChangeKind => change.kind;
