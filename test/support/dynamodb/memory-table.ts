import { marshall } from '@aws-sdk/util-dynamodb';
import { type CommittedChange, changeFromStreamImage } from '../../../shared/store/dynamodb/stream.ts';
import type { Guard, IndexEntry, Item, Key, Range, Table } from '../../../shared/store/dynamodb/table.ts';

export interface MemoryTable extends Table {
  readonly items: () => readonly Item[];
  /** The new image of every put that was made, in order: what the table's stream has. */
  readonly images: () => readonly Item[];
  /** As DynamoDB does to expired items, some day. */
  readonly forget: (key: Key) => void;
}

const id = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

const isIn = (sk: string, range: Range | undefined): boolean => {
  if (range === undefined) return true;
  return 'prefix' in range ? sk.startsWith(range.prefix) : sk >= range.from;
};

const admits = (guard: Guard | undefined, present: Item | undefined): boolean => {
  if (guard === undefined) return true;
  if ('ifVersion' in guard) return (present?.version ?? 0) === guard.ifVersion;
  return present === undefined || present.version < guard.ifBelow;
};

const bySort = (name: string) => (a: Item, b: Item) => (String(a[name]) < String(b[name]) ? -1 : 1);

/** A table in memory; test/integration/dynamodb.test.ts holds the real one to the same. */
export const memoryTable = (): MemoryTable => {
  const held = new Map<string, Item>();
  const images: Item[] = [];
  const items = (): readonly Item[] => [...held.values()];

  return {
    place: 'table memory',
    items,
    images: () => images,
    forget: (key) => void held.delete(id(key)),
    get: async (key) => held.get(id(key)),
    getMany: async (keys) => keys.flatMap((key) => held.get(id(key)) ?? []),
    put: async (item, guard) => {
      if (!admits(guard, held.get(id(item)))) return false;
      held.set(id(item), item);
      images.push(item);
      return true;
    },
    delete: async (key) => void held.delete(id(key)),
    query: async (pk, range, newest) => {
      const found = items()
        .filter((item) => item.pk === pk && isIn(item.sk, range))
        .toSorted(bySort('sk'));
      return newest === undefined ? found : found.toReversed().slice(0, newest);
    },
    queryIndex: async (index, pk, range) =>
      items()
        .filter((item) => item[`${index}pk`] === pk && isIn(String(item[`${index}sk`]), range))
        .toSorted(bySort(`${index}sk`))
        .map(({ pk: itemPk, sk, ...rest }): IndexEntry => {
          const owner = index === 'gsi1' ? rest['owner'] : undefined;
          return { pk: itemPk, sk, ...(typeof owner === 'string' ? { owner } : {}) };
        }),
  };
};

/** What a consumer of the stream gets. */
export const published = (images: readonly Item[]): readonly CommittedChange[] =>
  images.flatMap((image) => changeFromStreamImage(marshall(image)) ?? []);
