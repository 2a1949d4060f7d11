import type { Flow } from '../../model/flow.ts';
import { firstIds, firstNames, NODE_SAMPLES, TIER_SAMPLES } from './summary.ts';

/** What a typed array has no place for. */
export interface Oddity {
  /** Beyond the names that have a bit. */
  readonly nodes: readonly string[];
  readonly tiers: readonly string[];
  /** That `IdSamples` does not take. */
  readonly ids: readonly string[];
}

const NONE: Oddity = { nodes: [], tiers: [], ids: [] };

/** Kept per entry; hardly any entry has one. */
export class Oddities {
  private byEntry = new Map<number, Oddity>();

  get isEmpty(): boolean {
    return this.byEntry.size === 0;
  }

  get(entry: number): Oddity | undefined {
    return this.byEntry.get(entry);
  }

  /** Adds of the flow what is odd about it. */
  add(entry: number, flow: Flow, odd: { readonly node: boolean; readonly tier: boolean; readonly id: boolean }): void {
    if (!odd.node && !odd.tier && !odd.id) return;
    const { nodes, tiers, ids } = this.byEntry.get(entry) ?? NONE;
    const { node, tier, eventId } = flow;
    this.byEntry.set(entry, {
      nodes: odd.node && node !== undefined ? firstNames([...nodes, node], NODE_SAMPLES) : nodes,
      tiers: odd.tier && tier !== undefined ? firstNames([...tiers, tier], TIER_SAMPLES) : tiers,
      ids: odd.id && eventId !== undefined ? firstIds([...ids, eventId]) : ids,
    });
  }

  /** Renumbers the entries; those without a new number are forgotten. */
  renumber(newNumber: (entry: number) => number | undefined): void {
    const moved = new Map<number, Oddity>();
    for (const [entry, oddity] of this.byEntry) {
      const to = newNumber(entry);
      if (to !== undefined) moved.set(to, oddity);
    }
    this.byEntry = moved;
  }
}
