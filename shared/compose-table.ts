/** Wires the stores over the one table, for the Lambdas. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AuditRuns } from './store/audit-runs.ts';
import { dynamoAuditRuns } from './store/dynamodb/audit-runs.ts';
import { dynamoExceptions } from './store/dynamodb/exceptions.ts';
import { dynamoOutbox } from './store/dynamodb/outbox.ts';
import { dynamoStore } from './store/dynamodb/store.ts';
import { changeFromStreamImage } from './store/dynamodb/stream.ts';
import { dynamoTable } from './store/dynamodb/table.ts';
import type { ExceptionsStore } from './store/exceptions.ts';
import type { OutboxStore } from './model/outbox.ts';
import type { FindingsStore } from './store/port.ts';
import type { OwnerOf } from './store/queries.ts';

/** How long what nobody needs any more is kept; docs/service/permissions.md. */
const ENDED_FINDINGS_DAYS = 400;
const RUNS_DAYS = 400;
const ATTEMPTS = 8;

export interface Stores {
  readonly findings: FindingsStore;
  readonly runs: AuditRuns;
  readonly exceptions: ExceptionsStore;
  readonly outbox: OutboxStore;
}

export interface StoreOptions {
  readonly tableName: string;
  readonly region: string;
  readonly now: () => Date;
  readonly ownerOf?: OwnerOf;
}

export const openStores = ({ tableName, region, now, ownerOf }: StoreOptions): Stores => {
  const client = new DynamoDBClient({ region, maxAttempts: ATTEMPTS, retryMode: 'adaptive' });
  const table = dynamoTable({ client, tableName });
  return {
    findings: dynamoStore({
      table,
      now,
      retention: { endedFindingsDays: ENDED_FINDINGS_DAYS },
      ...(ownerOf === undefined ? {} : { ownerOf }),
    }),
    runs: dynamoAuditRuns({ table, now, retentionDays: RUNS_DAYS }),
    exceptions: dynamoExceptions(table),
    outbox: dynamoOutbox({ table, now }),
  };
};

export { changeFromStreamImage };
