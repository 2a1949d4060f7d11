import type { ResolvedAddress } from '../../model/denied-traffic.ts';
import type { Facts } from '../../model/snapshot.ts';

export interface ResolveHint {
  /** A node whose agent reported the flow: it hosts one of the ends. */
  readonly node?: string;
}

/** Whose address it was at a time (milliseconds). */
export type ResolveAddress = (address: string, atMs: number, hint?: ResolveHint) => ResolvedAddress;

export interface AttributionLimits {
  /** Pairs returned, most lines first. Default 2,000. */
  readonly maxPairs?: number;
  /**
   * Pairs for which changes are worked out, most lines first: the expensive part, for each looks at every pod. Default
   * 200, in clusters of more than 5,000 pods as many as look at 1,000,000 pods together.
   */
  readonly maxExplained?: number;
  /** Distinct ports of one pair of parties before they are put together. Default 20. */
  readonly maxPorts?: number;
}

export interface AttributionContext {
  readonly facts: Facts;
  /** RFC 3339: the snapshot's. */
  readonly takenAt: string;
  readonly resolve: ResolveAddress;
  readonly limits?: AttributionLimits;
}

const MAX_EXPLAINED = 200;
const PODS_LOOKED_AT = 1_000_000;

/** @param pods how many there are */
export const withDefaults = (limits: AttributionLimits | undefined, pods: number): Required<AttributionLimits> => ({
  maxPairs: 2000,
  maxExplained: Math.min(MAX_EXPLAINED, Math.floor(PODS_LOOKED_AT / Math.max(1, pods))),
  maxPorts: 20,
  ...limits,
});
