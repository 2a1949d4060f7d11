/** By UTF-16 units, the same on every machine: a locale must not decide an order. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Sorted by a key of several parts; NUL separates them because no name can hold it. */
export const sortedBy = <T>(items: Iterable<T>, key: (item: T) => readonly string[]): readonly T[] =>
  [...items]
    .map((item) => ({ item, key: key(item).join('\u0000') }))
    .toSorted((a, b) => compareText(a.key, b.key))
    .map(({ item }) => item);

/** Each text once, sorted. */
export const distinct = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].toSorted(compareText);
