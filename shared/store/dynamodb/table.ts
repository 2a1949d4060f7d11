import { setTimeout as pauseFor } from 'node:timers/promises';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { singleLine } from '../../model/single-line.ts';
import { StoreError } from '../port.ts';
import { parseStored } from '../stored-record.ts';
import type { IndexName } from './definition.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** `version` only ever grows while the item exists; what it counts is its owner's business. */
export interface Item extends Key {
  readonly version: number;
  readonly [attribute: string]: string | number | Uint8Array;
}

/** What an index holds of an item. */
export interface IndexEntry extends Key {
  readonly owner?: string;
}

/** On the item that is there now. `ifVersion: 0`: there is none. `ifBelow`: there is none, or one of a lower version. */
export type Guard = { readonly ifVersion: number } | { readonly ifBelow: number };

/** Of the sort key. */
export type Range = { readonly prefix: string } | { readonly from: string };

/**
 * All that the adapters want of DynamoDB. Every call is one request or several alike; no call is more atomic than one
 * request. Reads are strongly consistent but for `queryIndex`. Every failure is a StoreError with the SDK's as cause.
 */
export interface Table {
  /** What errors call it. */
  readonly place: string;
  readonly get: (key: Key) => Promise<Item | undefined>;
  /** Those that exist, in no order. */
  readonly getMany: (keys: readonly Key[]) => Promise<readonly Item[]>;
  /** False: the guard refused, and nothing was written; or it was written, the answer got lost and the SDK tried again. */
  readonly put: (item: Item, guard?: Guard) => Promise<boolean>;
  readonly delete: (key: Key) => Promise<void>;
  /** In the order of the sort key; with `newest`, only that many, in the opposite order. */
  readonly query: (pk: string, range?: Range, newest?: number) => Promise<readonly Item[]>;
  /** In the order of the index' sort key. Lags behind the writes. */
  readonly queryIndex: (index: IndexName, pk: string, range?: Range) => Promise<readonly IndexEntry[]>;
}

const PROBLEM_LIMIT = 400;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const BATCH_GET_KEYS = 100;
const BATCH_GET_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 50;

const StoredItem = z
  .object({ pk: z.string(), sk: z.string(), version: z.number() })
  .catchall(z.union([z.string(), z.number(), z.instanceof(Uint8Array)]));

const Entry = z.object({ pk: z.string(), sk: z.string(), owner: z.string().exactOptional() });

const conditionOf = (guard: Guard | undefined): object => {
  if (guard === undefined) return {};
  const absent = 'attribute_not_exists(pk)';
  if ('ifVersion' in guard && guard.ifVersion === 0) return { ConditionExpression: absent };
  const [expression, version] =
    'ifVersion' in guard ? ['#v = :v', guard.ifVersion] : [`${absent} OR #v < :v`, guard.ifBelow];
  return {
    ConditionExpression: expression,
    ExpressionAttributeNames: { '#v': 'version' },
    ExpressionAttributeValues: { ':v': version },
  };
};

const keyCondition = (pkName: string, skName: string, pk: string, range: Range | undefined): object => {
  const names = { '#p': pkName };
  if (range === undefined) {
    return {
      KeyConditionExpression: '#p = :p',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ':p': pk },
    };
  }
  const [expression, bound] = 'prefix' in range ? ['begins_with(#s, :s)', range.prefix] : ['#s >= :s', range.from];
  return {
    KeyConditionExpression: `#p = :p AND ${expression}`,
    ExpressionAttributeNames: { ...names, '#s': skName },
    ExpressionAttributeValues: { ':p': pk, ':s': bound },
  };
};

export interface DynamoTable {
  /** Its retries are the first line against throttling: give it `retryMode: 'adaptive'` and several attempts. */
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Waits between the attempts at what a batch left out, in milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** The table over the real service. Its caller may: dynamodb:GetItem, BatchGetItem, PutItem, DeleteItem, Query. */
export const dynamoTable = ({ client, tableName, pause = pauseFor }: DynamoTable): Table => {
  const documents = DynamoDBDocumentClient.from(client);
  const place = `table ${tableName}`;

  const attempted = async <T>(operation: string, request: () => Promise<T>): Promise<T> =>
    request().catch((error: unknown) => {
      const problem = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
      throw new StoreError(singleLine(`${place}: ${operation}: ${problem}`, PROBLEM_LIMIT), { cause: error });
    });

  const pages = async (query: Omit<QueryCommandInput, 'TableName'>): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    let from: QueryCommandInput['ExclusiveStartKey'];
    do {
      const input = { ...query, TableName: tableName, ExclusiveStartKey: from };
      const page = await attempted('Query', async () => documents.send(new QueryCommand(input)));
      for (const item of page.Items ?? []) found.push(item);
      from = page.LastEvaluatedKey;
    } while (from !== undefined && (query.Limit === undefined || found.length < query.Limit));
    return found;
  };

  const batch = async (keys: readonly Key[]): Promise<readonly Item[]> => {
    const found: Item[] = [];
    let left: readonly Key[] = keys;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt === BATCH_GET_ATTEMPTS) throw new StoreError(`${place}: BatchGetItem: keys were left unprocessed`);
      if (attempt > 0) await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      const Keys = left.map(({ pk, sk }) => ({ pk, sk }));
      const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
      const answer = await attempted('BatchGetItem', async () => documents.send(command));
      for (const item of answer.Responses?.[tableName] ?? []) found.push(parseStored(StoredItem, place, item));
      left = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []).map((key) => parseStored(Entry, place, key));
    }
    return found;
  };

  return {
    place,

    get: async ({ pk, sk }) => {
      const command = new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true });
      const { Item: item } = await attempted('GetItem', async () => documents.send(command));
      return item === undefined ? undefined : parseStored(StoredItem, place, item);
    },

    getMany: async (keys) => {
      const found: Item[] = [];
      for (let start = 0; start < keys.length; start += BATCH_GET_KEYS) {
        for (const item of await batch(keys.slice(start, start + BATCH_GET_KEYS))) found.push(item);
      }
      return found;
    },

    put: async (item, guard) => {
      const command = new PutCommand({ TableName: tableName, Item: item, ...conditionOf(guard) });
      return attempted('PutItem', async () =>
        documents.send(command).then(
          () => true,
          (error: unknown) => {
            if (error instanceof ConditionalCheckFailedException) return false;
            throw error;
          },
        ),
      );
    },

    delete: async ({ pk, sk }) => {
      await attempted('DeleteItem', async () =>
        documents.send(new DeleteCommand({ TableName: tableName, Key: { pk, sk } })),
      );
    },

    query: async (pk, range, newest) => {
      const order = newest === undefined ? {} : { ScanIndexForward: false, Limit: newest };
      const found = await pages({ ...keyCondition('pk', 'sk', pk, range), ConsistentRead: true, ...order });
      return found.map((item) => parseStored(StoredItem, place, item));
    },

    queryIndex: async (index, pk, range) => {
      const found = await pages({ ...keyCondition(`${index}pk`, `${index}sk`, pk, range), IndexName: index });
      return found.map((item) => parseStored(Entry, place, item));
    },
  };
};
