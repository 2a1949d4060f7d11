import { sortedBy } from './order.ts';

/** What one item of a list becomes. `path` begins the path of its errors. */
export type ItemReader<T> = (item: unknown, path?: string) => T;

/** Reads every item and puts the result in an order that does not depend on the server's. */
export const normaliseItems = <T>(
  items: readonly unknown[],
  read: ItemReader<T>,
  key: (value: T) => readonly string[],
  path = 'items',
): readonly T[] =>
  sortedBy(
    items.map((item, index) => read(item, `${path}[${index}]`)),
    key,
  );
