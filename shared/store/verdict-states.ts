import type { ClusterRef } from '../model/cluster.ts';

/** What the verdict path remembers of one shard of a cluster between two invocations. */
export interface VerdictState {
  /** Opaque: gzipped JSON of the caller's. */
  readonly state: Uint8Array;
  readonly revision: number;
}

/** Somebody else stored a newer state. Read again, and apply the same flows again to what is there. */
export class StaleVerdictStateError extends Error {
  override readonly name = 'StaleVerdictStateError';
}

export interface VerdictStates {
  readonly get: (cluster: ClusterRef, shard: string) => Promise<VerdictState | undefined>;
  /**
   * Stores the state that follows the one of this revision; 0: there was none. Whole or not at all.
   * @returns the new revision
   * @throws StaleVerdictStateError where another revision is stored
   */
  readonly put: (cluster: ClusterRef, shard: string, state: Uint8Array, revision: number) => Promise<number>;
}
