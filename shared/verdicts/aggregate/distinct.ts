import type { AddressWords } from '../decode/address.ts';

/**
 * A bottom-k sample: the k distinct things with the smallest hashes (Bar-Yossef et al., "Counting distinct elements in
 * a data stream", 2002). A set, so order and repetition change nothing and the union of two samples is the sample of
 * the union. With k things kept, the number of distinct things is estimated as (k − 1) / (largest kept hash), relative
 * standard error about 1/√k; a source that owns m of them has about m/k of the whole, relative error about 1/√m.
 */
export interface DistinctSample {
  /** Hash in [0, 1) and the source address that the thing belongs to; ascending by hash, at most SAMPLE_SIZE. */
  readonly kept: readonly (readonly [hash: number, source: string])[];
}

export const SAMPLE_SIZE = 2048;
export const EMPTY_SAMPLE: DistinctSample = { kept: [] };

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** MurmurHash3's mixing, 32 bits, over words (public domain, https://github.com/aappleby/smhasher). */
const mix = (words: Iterable<number>, seed: number): number => {
  let h = seed;
  for (const word of words) {
    h ^= Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotate(h, 13), 5) + 0xe6546b64) | 0;
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** 53 bits of hash as a fraction in [0, 1). Fixed for ever: samples taken by different processes are united. */
export const fractionOf = (words: readonly number[]): number =>
  (mix(words, 0x9747b28c) * 2 ** 21 + (mix(words, 0x1b54a32d) >>> 11)) / 2 ** 53;

export const pairHash = (source: AddressWords, destination: AddressWords): number =>
  fractionOf([...source, ...destination]);
export const portHash = (source: AddressWords, port: number): number => fractionOf([...source, port]);

/** Collects a sample; cheap per offer. */
export class DistinctCollector {
  private kept = new Map<number, string>();
  private bound = 1;

  constructor(from: DistinctSample = EMPTY_SAMPLE) {
    this.unite(from);
  }

  /** `source` is called only where the hash is small enough to matter. */
  offer(hash: number, source: () => string): void {
    if (hash >= this.bound || this.kept.has(hash)) return;
    this.kept.set(hash, source());
    if (this.kept.size >= 2 * SAMPLE_SIZE) this.cut();
  }

  unite(sample: DistinctSample): void {
    for (const [hash, source] of sample.kept) this.offer(hash, () => source);
  }

  sample(): DistinctSample {
    this.cut();
    return { kept: [...this.kept] };
  }

  private cut(): void {
    const kept = [...this.kept].toSorted(([a], [b]) => a - b).slice(0, SAMPLE_SIZE);
    this.kept = new Map(kept);
    if (kept.length === SAMPLE_SIZE) this.bound = kept.at(-1)?.[0] ?? this.bound;
  }
}

export interface DistinctEstimate {
  readonly count: number;
  /** Relative standard error; 0 where the count is exact. */
  readonly error: number;
}

/** How many distinct things each source owns. Exact while the sample is not full. */
export const estimateBySource = (sample: DistinctSample): ReadonlyMap<string, DistinctEstimate> => {
  const owned = new Map<string, number>();
  for (const [, source] of sample.kept) owned.set(source, (owned.get(source) ?? 0) + 1);
  const largest = sample.kept.at(-1)?.[0] ?? 1;
  const isFull = sample.kept.length === SAMPLE_SIZE;
  const scale = isFull ? (SAMPLE_SIZE - 1) / largest / SAMPLE_SIZE : 1;
  return new Map(
    [...owned].map(([source, kept]) => [
      source,
      { count: Math.round(kept * scale), error: isFull ? 1 / Math.sqrt(kept) : 0 },
    ]),
  );
};
