import * as z from 'zod';
import { describeFound, valueAt } from './expectation.ts';
import { normaliseItems, type ItemReader } from './items.ts';
import { MalformedError } from './malformed-error.ts';
import { parse } from './parse.ts';

const list = z.object({ kind: z.string().nullish(), items: z.array(z.unknown()).nullable() });

/**
 * The items of what `kubectl get -o json` prints (`kind: List`), of a list as the API gives it (`kind: PodList`), or of
 * the bare `items` of one page. `items: null` is Go's empty list.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#collections
 * @throws MalformedError where it is a list of something else, or no list.
 */
export const kubernetesItems = (raw: unknown, kind: string): readonly unknown[] => {
  if (Array.isArray(raw)) return raw;
  const { kind: listKind, items } = parse(list, raw, '');
  if (typeof listKind === 'string' && listKind !== 'List' && listKind !== `${kind}List`) {
    throw new MalformedError('kind', `"List" or "${kind}List"`, describeFound(listKind));
  }
  // kubectl's own list says nothing of its kind, so each of its items does.
  const other = listKind === 'List' ? (items ?? []).findIndex((item) => valueAt(item, ['kind']) !== kind) : -1;
  if (other >= 0) {
    throw new MalformedError(`items[${other}].kind`, `"${kind}"`, describeFound(valueAt(items, [other, 'kind'])));
  }
  return items ?? [];
};

/** `kubectl`'s list, the API's list or a page's items, as sorted values. */
export const normaliseList = <T>(
  raw: unknown,
  kind: string,
  read: ItemReader<T>,
  key: (value: T) => readonly string[],
): readonly T[] => normaliseItems(kubernetesItems(raw, kind), read, key);

/** An item names its own kind in kubectl's lists and leaves it out in the API's: where it is there it must be right. */
export const ofKind = <const K extends string>(kind: K) => z.literal(kind).nullish();
