/** Wires the service's table for the command line; apart, so that a state directory loads no SDK. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FindingsPlace } from './compose-findings.ts';
import type { Finding } from './model/finding.ts';
import type { OutboxStore } from './model/outbox.ts';
import { localCredentials } from './runtime/aws/credentials.ts';
import { dynamoExceptions } from './store/dynamodb/exceptions.ts';
import { clusterPk, findingKey } from './store/dynamodb/finding-item.ts';
import { dynamoOutbox } from './store/dynamodb/outbox.ts';
import { dynamoQueries } from './store/dynamodb/queries.ts';
import { dynamoTable, type Table } from './store/dynamodb/table.ts';

export interface TableTarget {
  readonly tableName: string;
  readonly region: string;
  readonly profile?: string;
}

/** Findings in a table that is already open. */
export const findingsIn = (table: Table, now: () => Date): FindingsPlace => ({
  name: table.place,
  queries: dynamoQueries({ table, now }),
  exceptions: dynamoExceptions(table),
  stamps: async (findings: readonly Finding[]) => {
    const keys = new Map(findings.map((finding) => [findingKey(clusterPk(finding.cluster), finding.id).sk, finding]));
    const items = await table.getMany([...keys.values()].map(({ cluster, id }) => findingKey(clusterPk(cluster), id)));
    return new Map(
      items.flatMap(({ sk, version, changedAt, owner }) => {
        const finding = keys.get(sk);
        if (finding === undefined || typeof changedAt !== 'string') return [];
        return [[finding.id, { sequence: version, at: changedAt, ...(typeof owner === 'string' ? { owner } : {}) }]];
      }),
    );
  },
});

/** IAM: dynamodb:GetItem, BatchGetItem and Query on the table and its indexes; PutItem and DeleteItem to change anything. */
export const openTable = async ({ tableName, region, profile }: TableTarget): Promise<Table> => {
  const client = new DynamoDBClient({
    region,
    credentials: await localCredentials(profile),
    maxAttempts: 8,
    retryMode: 'adaptive',
  });
  return dynamoTable({ client, tableName });
};

/** What each destination has of the findings in a table. */
export const outboxIn = (table: Table, now: () => Date): OutboxStore => dynamoOutbox({ table, now });
