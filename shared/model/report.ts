import type { Check } from './check.ts';
import type { ExceptionUse } from './exception.ts';
import type { Change, Finding } from './finding.ts';
import type { Evaluation } from './outcome.ts';
import type { Snapshot } from './snapshot.ts';

/** One cluster of an audit: what was seen, judged and changed. */
export interface ClusterReport {
  readonly snapshot: Snapshot;
  readonly evaluation: Evaluation;
  /** Every finding of the cluster that is stored after this run, open ones and ended ones. */
  readonly findings: readonly Finding[];
  /** What this run changed; `refreshed` included. */
  readonly changes: readonly Change[];
}

/** An input of the audit that could not be read at all: it has no cluster to hang on. */
export interface Unreadable {
  readonly path: string;
  readonly problem: string;
}

/** Everything a report is made of. Reports add no judgement and read no clock. */
export interface AuditReport {
  readonly tool: { readonly name: 'netpol-warden'; readonly version: string };
  /** RFC 3339, UTC. */
  readonly generatedAt: string;
  readonly clusters: readonly ClusterReport[];
  readonly checks: readonly Check[];
  readonly exceptions: readonly ExceptionUse[];
  readonly unreadable: readonly Unreadable[];
}
