import { PartialError } from './collector.ts';

/** One answer of a list call: what it holds and where the list goes on. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Missing, null or empty on the last page. */
  readonly next: string | null | undefined;
}

/** An answer that leads nowhere. */
export class PagingError extends Error {
  override readonly name = 'PagingError';
}

/** Far above every quota of the lists that are read here, at 100 items and more a page. */
const MAX_PAGES = 1000;

/**
 * Every item of every page; a page may be empty and the list go on.
 * @throws PagingError where a token comes twice, PartialError where the list never ends, and whatever `ask` throws.
 */
export const allPages = async <T>(ask: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> => {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await ask(token);
    items.push(...page.items);
    token = page.next === null || page.next === '' ? undefined : page.next;
    if (token === undefined) return items;
    if (seen.has(token)) throw new PagingError('the service gave the same page token twice');
    seen.add(token);
  } while (seen.size < MAX_PAGES);
  throw new PartialError(`the list did not end after ${MAX_PAGES} pages`);
};

/** Parts of at most so many, for calls that take no more ids at once. */
export const chunks = <T>(list: readonly T[], size: number): readonly T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
