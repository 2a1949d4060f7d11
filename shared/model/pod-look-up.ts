import type { Pod } from './facts-kubernetes.ts';
import type { FactKey, Facts } from './snapshot.ts';

/** Pods as they were at one time, in milliseconds since 1970. */
export interface PodListing {
  readonly at: number;
  readonly pods: readonly Pod[];
}

/** Which pods to list, told step by step by who knows what for. */
export interface PodLookUp {
  /** Facts that `next` reads; it is given the others as not collected. */
  readonly needs: readonly FactKey[];
  /** What to list now: every pod, or those of some nodes. None: enough is known. */
  readonly next: (facts: Facts) => 'all' | readonly string[];
  readonly listedAll: (listing: PodListing) => void;
  readonly listedNode: (node: string, listing: PodListing) => void;
  /** All pods, as far as is known by now. */
  readonly pods: () => readonly Pod[];
}
