import type { ClusterRef } from '../model/cluster.ts';
import type { Scope, Status } from '../model/outcome.ts';

/** What one audit of one cluster examined, and how it went. */
export interface AuditRun {
  readonly cluster: ClusterRef;
  /** Of the snapshot. */
  readonly takenAt: string;
  readonly checks: readonly (Pick<Scope, 'check' | 'population'> & {
    /** How many got an outcome. */
    readonly resources: number;
  })[];
  readonly counts: { readonly [S in Status]: number };
  readonly durationMs: number;
  /** Why it ran, one word: `schedule`, `change`, `command`. */
  readonly trigger: string;
}

/** A log for people; nothing is decided by it. */
export interface AuditRuns {
  /** One run per cluster and `takenAt`: recorded again, it replaces the one before. */
  readonly recordRun: (run: AuditRun) => Promise<void>;
  /** The newest by `takenAt`, newest first. */
  readonly listRuns: (cluster: ClusterRef, limit: number) => Promise<readonly AuditRun[]>;
}
