import type { Labels, LabelSelector } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';

interface Entry<T> {
  readonly selector: LabelSelector;
  readonly item: T;
  /** Position among the items given. */
  readonly order: number;
}

/** A label key holds no `=`, so no two pairs share a text. */
const pairOf = (key: string, value: string): string => `${key}=${value}`;

const demandedPairs = (selector: LabelSelector): readonly string[] =>
  Object.entries(selector.matchLabels).map(([key, value]) => pairOf(key, value));

/**
 * Items filed under one label pair that their selector demands, so that a set of labels is compared with the few items
 * it could satisfy instead of with all of them. Items whose selector demands no pair are compared always.
 */
export class SelectorLookup<T> {
  readonly #byPair = new Map<string, Entry<T>[]>();
  readonly #unfiled: Entry<T>[] = [];

  constructor(items: readonly T[], selectorOf: (item: T) => LabelSelector) {
    const uses = new Map<string, number>();
    for (const item of items) {
      for (const pair of demandedPairs(selectorOf(item))) uses.set(pair, (uses.get(pair) ?? 0) + 1);
    }
    for (const [order, item] of items.entries()) {
      const selector = selectorOf(item);
      const rarest = demandedPairs(selector).toSorted((a, b) => (uses.get(a) ?? 0) - (uses.get(b) ?? 0))[0];
      const entry = { selector, item, order };
      if (rarest === undefined) this.#unfiled.push(entry);
      else {
        const filed = this.#byPair.get(rarest);
        if (filed === undefined) this.#byPair.set(rarest, [entry]);
        else filed.push(entry);
      }
    }
  }

  /** The items whose selector matches, in the order they were given. */
  matching(labels: Labels): readonly T[] {
    const found = this.#unfiled.filter(({ selector }) => matchesLabels(selector, labels));
    for (const [key, value] of Object.entries(labels)) {
      for (const entry of this.#byPair.get(pairOf(key, value)) ?? []) {
        if (matchesLabels(entry.selector, labels)) found.push(entry);
      }
    }
    return found.toSorted((a, b) => a.order - b.order).map(({ item }) => item);
  }
}
