import type { Announcement } from './announcement.ts';
import type { Severity } from './check.ts';

/** What people were last told of a finding at one destination. */
export interface Told {
  readonly status: 'open' | 'ended';
  readonly severity: Severity;
  /** They were told that nobody can look any more. */
  readonly isUnverified: boolean;
  /** RFC 3339: when they were told of it opening or ending, the last few, oldest first. */
  readonly flips: readonly string[];
}

/** A change that a destination refused, or that was tried for too long. */
export interface ParkedAnnouncement {
  readonly announcement: Announcement;
  readonly reason: string;
  /** RFC 3339. */
  readonly parkedAt: string;
}

/** One finding at one destination: what has arrived there, and what still has to. */
export interface OutboxEntry {
  readonly destination: string;
  /** The finding's id. */
  readonly finding: string;
  /** For compare-and-swap; 0: never written. */
  readonly revision: number;
  /** Sequence of the newest change that is dealt with: it arrived, need not arrive, or is parked. 0: none. */
  readonly done: number;
  /** Changes that have to arrive yet, by sequence. */
  readonly waiting: readonly Announcement[];
  /** What nobody tries any more until an operator says so. */
  readonly parked: readonly ParkedAnnouncement[];
  /** Tries of the first that waits. */
  readonly attempts: number;
  /** RFC 3339: not before then. Present exactly where something waits. */
  readonly dueAt?: string;
  /** Why the last try failed, or what it waits for. */
  readonly reason?: string;
  /** Openings and endings that people were spared while they came too fast. */
  readonly held?: { readonly flips: number; readonly since: string; readonly lastAt: string };
  /** RFC 3339: when something last arrived. */
  readonly deliveredAt?: string;
  readonly told?: Told;
}

/** The conversation about one check on one cluster (or one finding) at one destination. */
export interface OutboxThread {
  readonly destination: string;
  readonly thread: string;
  /** The destination's own name of the first message. */
  readonly reference?: string;
  /** RFC 3339: when the last notice of each kind went out. */
  readonly sentAt: { readonly [kind: string]: string };
}

/** Somebody else wrote the entry since it was read. Read again. */
export class StaleEntryError extends Error {
  override readonly name = 'StaleEntryError';
}

/**
 * Where it is remembered what each destination has. `write` stores the entry with its revision raised by one, where the
 * stored revision is still the one read; else StaleEntryError.
 */
export interface OutboxStore {
  /** In the order asked for; one that was never written has revision 0. */
  readonly read: (destination: string, findings: readonly string[]) => Promise<readonly OutboxEntry[]>;
  readonly write: (entry: OutboxEntry) => Promise<void>;
  /** Entries with `dueAt` not after `now`, the longest waiting first. */
  readonly due: (destination: string, now: Date, limit: number) => Promise<readonly OutboxEntry[]>;
  /** Entries with something parked. */
  readonly parked: (destination: string, limit: number) => Promise<readonly OutboxEntry[]>;
  readonly readThread: (destination: string, thread: string) => Promise<OutboxThread | undefined>;
  readonly writeThread: (thread: OutboxThread) => Promise<void>;
}

export const emptyEntry = (destination: string, finding: string): OutboxEntry => ({
  destination,
  finding,
  revision: 0,
  done: 0,
  waiting: [],
  parked: [],
  attempts: 0,
});
