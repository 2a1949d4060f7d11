import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { TABLE_DEFINITION } from '../../shared/store/dynamodb/definition.ts';
import { changeFromStreamImage, type CommittedChange } from '../../shared/store/dynamodb/stream.ts';
import { dynamoTable } from '../../shared/store/dynamodb/table.ts';
import { CLUSTER } from '../support/cluster.ts';
import { audit, histories, recordOf, shown, storeOver } from '../support/dynamodb/audits.ts';
import { type Fate, faultyTable } from '../support/dynamodb/faults.ts';
import { type Moto, startMoto } from '../support/emulator/moto.ts';
import { storeContract } from '../store/store-contract.ts';

/** dynalite has no streams; moto has. https://docs.getmoto.org/en/latest/docs/services/dynamodbstreams.html */
const program = process.env['MOTO_SERVER'] ?? '';

const Iterator = z.object({ ShardIterator: z.string() });
const Described = z.object({ StreamDescription: z.object({ Shards: z.tuple([z.object({ ShardId: z.string() })]) }) });
const Value = z.object({ S: z.string(), N: z.string(), B: z.string() }).partial();
const Records = z.object({
  Records: z.array(
    z.object({ eventName: z.string(), dynamodb: z.object({ NewImage: z.record(z.string(), Value).optional() }) }),
  ),
});

test('with CI=true the emulator is there: MOTO_SERVER names its program', () => {
  expect(process.env['CI'] === 'true' && program === '').toBe(false);
});

describe.runIf(program !== '')('over moto', () => {
  let moto: Moto;
  let client: DynamoDBClient;

  beforeAll(async () => {
    moto = await startMoto(program);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new DynamoDBClient({ endpoint: moto.url, region: 'us-west-2', credentials });
  });
  afterAll(async () => {
    client.destroy();
    await moto.stop();
  });

  const fresh = async (): Promise<string> => {
    const tableName = `netpol-warden-${randomUUID()}`;
    await client.send(
      new CreateTableCommand({ ...TABLE_DEFINITION, TableName: tableName, BillingMode: 'PAY_PER_REQUEST' }),
    );
    return tableName;
  };

  /** The service of streams is another one than that of tables, and one client more for these three calls is not worth it. */
  const streams = async <T>(operation: string, input: object, schema: z.ZodType<T>): Promise<T> => {
    const answer = await fetch(moto.url, {
      method: 'POST',
      headers: {
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        'content-type': 'application/x-amz-json-1.0',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20261121/us-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    return schema.parse(await answer.json());
  };

  const outbox = async (tableName: string): Promise<readonly CommittedChange[]> => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    const StreamArn = Table?.LatestStreamArn;
    const { StreamDescription } = await streams('DescribeStream', { StreamArn }, Described);
    const [{ ShardId }] = StreamDescription.Shards;
    const asked = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const iterator = await streams('GetShardIterator', asked, Iterator);
    const { Records: records } = await streams('GetRecords', iterator, Records);
    return records.flatMap(({ dynamodb }) => changeFromStreamImage(dynamodb.NewImage) ?? []);
  };

  const RUNS = [
    shown(1, { nodes: { a: 'False', b: 'False' }, addon: 'DEGRADED' }),
    shown(2, { nodes: { a: 'True' }, addon: 'DEGRADED' }),
    shown(3, { nodes: { a: 'False' }, addon: 'ACTIVE' }),
  ];
  const EXPECTED = {
    'fleet/addon-active shop-prod': ['1 opened', '2 refreshed', '3 resolved'],
    'network-policy/nodes-ready a': ['1 opened', '2 resolved', '3 reopened'],
    'network-policy/nodes-ready b': ['1 opened', '2 closed'],
  };

  storeContract('dynamoStore', async () => {
    const tableName = await fresh();
    return () => storeOver(dynamoTable({ client, tableName }));
  });

  it('the stream of the table has every change exactly once', async () => {
    const tableName = await fresh();
    for (const run of RUNS) await audit(dynamoTable({ client, tableName }), run);

    expect(histories(await outbox(tableName))).toEqual(EXPECTED);
  });

  it.each([3, 5, 8, 13, 16])(
    'and also when a process dies after write %i and another runs its audit again',
    async (index) => {
      const tableName = await fresh();
      const table = dynamoTable({ client, tableName });
      let count = 0;
      const onWrite = (): Fate => {
        count += 1;
        return count === index ? 'dies-after' : 'done';
      };
      for (const run of RUNS) {
        const dying = faultyTable(table, { onRead: () => 'done', onWrite });
        await audit(dying, run).catch(async () => audit(table, run));
      }

      expect(histories(await outbox(tableName))).toEqual(EXPECTED);
      expect((await storeOver(table).read(CLUSTER)).findings).toEqual((await recordOf(table)).findings);
    },
  );
});
