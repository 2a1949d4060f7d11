import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { join } from 'node:path';
import * as z from 'zod';
import { TABLE_DEFINITION } from '../../shared/store/dynamodb/definition.ts';
import { type LambdaProcess, startLambda } from './lambda-process.ts';
import { type QueuedMessage, type StandIns, startStandIns } from './stand-ins.ts';

export const TABLE = 'netpol-warden';
const BUCKET = 'netpol-warden-local';
const HUB = '999988887777';

export interface LocalServiceOptions {
  /** `.build/functions` */
  readonly bundles: string;
  /** Dumps by cluster name, absolute. */
  readonly recorded: string;
  readonly settings: unknown;
  readonly groups: { readonly [name: string]: { readonly [key: string]: string } };
  readonly clusters: readonly string[];
}

/** The whole service on this machine: every packaged function under AWS's runtime client, AWS itself stood in for. */
export interface LocalService {
  readonly standIns: StandIns;
  readonly invoke: (name: string, event: unknown) => Promise<unknown>;
  /** Hands on what lies in queues and stream, until nothing more comes of it. */
  readonly settle: () => Promise<void>;
  /** The state machine: plan, an audit for each item, summarise. */
  readonly auditFleet: (run: string) => Promise<unknown>;
  readonly functions: ReadonlyMap<string, LambdaProcess>;
  /** Looks that were put off: nobody waits for them here. */
  readonly postponed: () => number;
  readonly close: () => Promise<void>;
}

const FUNCTION_OF: { readonly [queue: string]: string } = {
  'audit-requests.fifo': 'audit-cluster',
  'verify-node': 'verify-node',
};
const Plan = z.looseObject({ bucket: z.string(), key: z.string() });

const MOST_ROUNDS = 20;
const STREAM_BATCH = 100;

const sqsEvent = (messages: readonly QueuedMessage[]): unknown => ({
  Records: messages.map(({ body, groupId }, index) => ({
    messageId: `message-${index}`,
    receiptHandle: 'local',
    body,
    attributes: groupId === undefined ? {} : { MessageGroupId: groupId },
    eventSource: 'aws:sqs',
  })),
});

/** A follow-up is for later: five minutes on, or in some seconds. */
const isLater = ({ body }: QueuedMessage): boolean => /"attempt":(?!1\b)\d+/.test(body);

export const startService = async (options: LocalServiceOptions): Promise<LocalService> => {
  const { bundles, recorded, settings, groups, clusters } = options;
  const secrets = { 'netpol-warden/slack': 'xoxb-local' };
  const standIns = await startStandIns({ groups, secrets, account: HUB, clusters });
  const { url, documents } = standIns;
  documents.set(`/${BUCKET}/settings.json`, JSON.stringify(settings));
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-west-2',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateTableCommand({ ...TABLE_DEFINITION, TableName: TABLE, BillingMode: 'PAY_PER_REQUEST' }));
  client.destroy();

  const env = {
    AWS_ENDPOINT_URL: url,
    TABLE_NAME: TABLE,
    BUCKET_NAME: BUCKET,
    SETTINGS_KEY: 'settings.json',
    AUDIT_QUEUE_URL: `${url}/${HUB}/audit-requests.fifo`,
    VERIFY_QUEUE_URL: `${url}/${HUB}/verify-node`,
    BUS_NAME: 'netpol-warden',
    TOPIC_ARN: `arn:aws:sns:us-west-2:${HUB}:netpol-warden`,
    SLACK_SECRET_ID: 'netpol-warden/slack',
    SLACK_CHANNEL: '#netpol-warden',
    SLACK_API_URL: url,
    SECURITY_HUB: 'on',
    COMPANY_NAME: 'Example',
    RECORDED_CLUSTERS: recorded,
    POWERTOOLS_METRICS_NAMESPACE: 'NetpolWarden',
  };
  const functions = new Map<string, LambdaProcess>();
  let postponed = 0;

  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    const known = functions.get(name) ?? (await startLambda({ directory: join(bundles, name), name, env }));
    functions.set(name, known);
    return known.invoke(event);
  };

  const handOn = async (): Promise<boolean> => {
    const messages = standIns.takeMessages();
    postponed += messages.filter(isLater).length;
    const now = messages.filter((message) => !isLater(message));
    for (const [queue, group] of Map.groupBy(now, (message) => message.queue)) {
      const name = FUNCTION_OF[queue];
      if (name !== undefined) await invoke(name, sqsEvent(group));
    }
    // As the mapping's filter does: only records of findings have a change.
    const records = standIns
      .takeStream()
      .filter(({ dynamodb }) => JSON.stringify(dynamodb.NewImage).includes('"change":{"S"'));
    for (let start = 0; start < records.length; start += STREAM_BATCH) {
      await invoke('publish-findings', { Records: records.slice(start, start + STREAM_BATCH) });
    }
    return now.length + records.length > 0;
  };

  const auditFleet = async (run: string): Promise<unknown> => {
    const plan = Plan.parse(await invoke('audit-fleet', { step: 'plan', run }));
    const items = z.array(z.unknown()).parse(JSON.parse(documents.get(`/${plan.bucket}/${plan.key}`) ?? '[]'));
    const results: unknown[] = [];
    for (const item of items) {
      const Output = JSON.stringify(await invoke('audit-cluster', item));
      results.push({ Input: JSON.stringify(item), Output });
    }
    documents.set(`/${BUCKET}/fleet/succeeded.json`, JSON.stringify(results));
    const manifest = { ResultFiles: { SUCCEEDED: [{ Key: 'fleet/succeeded.json' }], FAILED: [], PENDING: [] } };
    documents.set(`/${BUCKET}/fleet/manifest.json`, JSON.stringify(manifest));
    return invoke('audit-fleet', {
      step: 'summarise',
      plan,
      results: { Bucket: BUCKET, Key: 'fleet/manifest.json' },
    });
  };

  return {
    standIns,
    invoke,
    auditFleet,
    settle: async () => {
      for (let round = 0; round < MOST_ROUNDS && (await handOn()); round += 1);
      await invoke('publish-findings', { dispatch: true });
    },
    functions,
    postponed: () => postponed,
    close: async () => {
      await Promise.all([...functions.values()].map(async (each) => each.stop()));
      await standIns.close();
    },
  };
};
