/** Wires the states of the verdict path over the one table: less than `compose-table.ts`, so that watching loads less. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoTable } from './store/dynamodb/table.ts';
import { dynamoVerdictStates } from './store/dynamodb/verdict-states.ts';
import type { VerdictStates } from './store/verdict-states.ts';

const ATTEMPTS = 8;

export const openVerdictStates = (tableName: string, region: string): VerdictStates =>
  dynamoVerdictStates(
    dynamoTable({ client: new DynamoDBClient({ region, maxAttempts: ATTEMPTS, retryMode: 'adaptive' }), tableName }),
  );
