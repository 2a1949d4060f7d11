import type { Announcement, Notice } from '../model/announcement.ts';

/** What became of one item handed to a destination. */
export type Delivery =
  /** The destination has it: it confirmed, or it had it already. `reference` is its own name for it (a Slack `ts`). */
  | { readonly id: string; readonly outcome: 'delivered'; readonly reference?: string }
  /** The destination does not want this kind of item; nobody needs to try again. */
  | { readonly id: string; readonly outcome: 'skipped'; readonly reason: string }
  /** Not now: throttled, down, no answer, or an answer that leaves open whether it arrived. */
  | { readonly id: string; readonly outcome: 'retry'; readonly reason: string; readonly retryAfterMs?: number }
  /** Never: it was refused for what it is, or for who we are. Parked where an operator sees it. */
  | { readonly id: string; readonly outcome: 'refused'; readonly reason: string };

/** What an earlier delivery of the same thing left behind. */
export interface Delivered {
  readonly sequence: number;
  readonly reference?: string;
}

/**
 * A destination of records: each finding's present state, told item by item (Security Hub, EventBridge, OCSF, webhook).
 * `publish` answers for every item given, exactly once each, and does not throw for what a destination says; items of one
 * finding come in order and never two in one call. Calling it again with the same item does no harm.
 */
export interface RecordDestination {
  readonly kind: 'record';
  /** `security-hub`, `sns`, …: stable, it is part of what is stored. */
  readonly name: string;
  /** `latest`: only a finding's present state matters here, so what is overtaken while it waits need not arrive. */
  readonly wants: 'every-change' | 'latest';
  readonly publish: (items: readonly Announcement[]) => Promise<readonly Delivery[]>;
}

/** A destination that people read: it is told notices. `before` is what the first message of the thread left behind. */
export interface NoticeDestination {
  readonly kind: 'notice';
  readonly name: string;
  readonly publish: (
    notices: readonly { readonly notice: Notice; readonly before?: Delivered }[],
  ) => Promise<readonly Delivery[]>;
}

export type Destination = RecordDestination | NoticeDestination;
