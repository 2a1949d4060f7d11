import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context } from 'aws-lambda';

/** The timeout of the function. */
const LONGEST_RUN_MS = 60_000;

/** Runs `run` unless it ran for this key before. A run that failed may run again. */
export type RunOnce = (key: string, run: () => Promise<void>) => Promise<void>;

/**
 * Powertools' idempotency in the one table: a partition of its own, which nothing else reads.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export const openOnce = (tableName: string, region: string, seconds: number): RunOnce => {
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName,
    keyAttr: 'pk',
    sortKeyAttr: 'sk',
    staticPkValue: 'idempotency',
    expiryAttr: 'expiresAt',
    clientConfig: { region },
  });
  const config = new IdempotencyConfig({ expiresAfterSeconds: seconds });
  // Only the time that is left is read of it: how long a run that never ended keeps others out.
  config.registerLambdaContext({ getRemainingTimeInMillis: () => LONGEST_RUN_MS } as Context);
  return async (key, run) => {
    const runOnce = makeIdempotent(
      async (_key: string): Promise<{ readonly done: true }> => {
        await run();
        return { done: true };
      },
      { persistenceStore, config, dataIndexArgument: 0 },
    );
    await runOnce(key);
  };
};
