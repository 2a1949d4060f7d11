import type { Flow, FlowDirection } from '../../model/flow.ts';

/** Protocol, verdict and direction of a flow: the words of its key. */
export interface FlowWords {
  readonly protocol: string;
  readonly verdict: string;
  readonly direction?: FlowDirection;
}

/** Numbers for the words of flow keys. Words nobody holds any more are forgotten, so hostile ones cannot pile up. */
export class InternedWords {
  private readonly ids = new Map<string, number>();
  private readonly words: (FlowWords | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly pinned = new Set<number>();

  idOf({ protocol, verdict, direction }: Flow | FlowWords): number {
    const key = `${protocol}\t${verdict}\t${direction ?? ''}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.free.pop() ?? this.words.length;
    this.words[id] = { protocol, verdict, ...(direction !== undefined && { direction }) };
    this.ids.set(key, id);
    return id;
  }

  /** Keeps the number for ever. */
  pin(id: number): void {
    this.pinned.add(id);
  }

  get(id: number): FlowWords {
    return this.words[id] ?? { protocol: '', verdict: '' };
  }

  keepOnly(used: ReadonlySet<number>): void {
    for (const [key, id] of this.ids) {
      if (used.has(id) || this.pinned.has(id)) continue;
      this.ids.delete(key);
      this.words[id] = undefined;
      this.free.push(id);
    }
  }
}

/** A mask leaves some bits to spare. */
const MOST_NAMES = 28;

/** One bit each for the first names seen: a set of names becomes a mask. */
export class NameBits {
  private readonly names: string[] = [];
  private readonly sets = new Map<number, readonly string[]>();
  /** The set asked for last. */
  private mask = 0;
  private set: readonly string[] = [];

  /** 0: no bit left for this name. */
  bitOf(name: string): number {
    let at = this.names.indexOf(name);
    if (at < 0 && this.names.length < MOST_NAMES) at = this.names.push(name) - 1;
    return at < 0 ? 0 : 1 << at;
  }

  /** The first `limit` names of a mask, sorted. The same mask gives the same array. */
  namesOf(mask: number, limit: number): readonly string[] {
    if (mask === this.mask) return this.set;
    this.mask = mask;
    this.set = this.sets.get(mask) ?? this.firstOf(mask, limit);
    this.sets.set(mask, this.set);
    return this.set;
  }

  private firstOf(mask: number, limit: number): readonly string[] {
    const names = this.names.filter((_, at) => (mask & (1 << at)) !== 0);
    return names.toSorted().slice(0, limit);
  }
}
