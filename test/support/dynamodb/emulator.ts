import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { TABLE_DEFINITION } from '../../../shared/store/dynamodb/definition.ts';

/** What becomes of one request on its way. Operations are DynamoDB's: `PutItem`, `Query`. */
export type Fault =
  | 'none'
  /** Answered with DynamoDB's error for too many requests, and not done. */
  | 'throttled'
  /** The connection breaks before the request arrives. */
  | 'cut-before'
  /** It is done, and the connection breaks before the answer. */
  | 'cut-after'
  /** BatchGetItem gives its first key and leaves the others unprocessed. */
  | 'half';

export interface Emulator {
  /** A client of the table; `attempts` as its `maxAttempts`. */
  readonly client: (attempts?: number) => DynamoDBClient;
  /** Decides on every request from now on. */
  readonly decide: (fault: (operation: string, body: string) => Fault) => void;
  readonly createTable: (tableName: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  return (server.address() as AddressInfo).port;
};

const closed = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const THROTTLED = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  message: 'The level of configured provisioned throughput for the table was exceeded.',
});

/** The request for the first key of each table, and the keys that it leaves. */
const halved = (body: Buffer): { readonly first: Buffer; readonly unprocessed: object } => {
  const asked = JSON.parse(body.toString('utf8')) as { RequestItems: { [table: string]: { Keys: readonly object[] } } };
  const part = (from: number, to?: number): object =>
    Object.fromEntries(
      Object.entries(asked.RequestItems).flatMap(([table, { Keys, ...rest }]) => {
        const some = Keys.slice(from, to);
        return some.length === 0 ? [] : [[table, { ...rest, Keys: some }]];
      }),
    );
  return { first: Buffer.from(JSON.stringify({ ...asked, RequestItems: part(0, 1) })), unprocessed: part(1) };
};

const passOn = async (port: number, asked: IncomingMessage, body: Buffer): Promise<[IncomingMessage, Buffer]> => {
  const { path, method, headers } = { path: asked.url, method: asked.method, headers: asked.headers };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const passed = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { ...headers, 'content-length': body.length },
    });
    passed.on('response', resolve).on('error', reject).end(body);
  });
  return [answer, await bodyOf(answer)];
};

/** dynalite in this process, on a socket, and before it a proxy that breaks what it is told to break. */
export const startEmulator = async (): Promise<Emulator> => {
  const database = dynalite({ createTableMs: 0 });
  const databasePort = await listening(database);
  let decide: (operation: string, body: string) => Fault = () => 'none';

  const handle = async (asked: IncomingMessage, answering: ServerResponse): Promise<void> => {
    const operation = String(asked.headers['x-amz-target']).replace(/^.*\./, '');
    const body = await bodyOf(asked);
    const fault = decide(operation, body.toString('utf8'));
    if (fault === 'throttled') {
      answering.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(THROTTLED);
      return;
    }
    if (fault === 'cut-before') {
      asked.socket.destroy();
      return;
    }
    const half = fault === 'half' && operation === 'BatchGetItem' ? halved(body) : undefined;
    const [answer, content] = await passOn(databasePort, asked, half?.first ?? body);
    if (fault === 'cut-after') {
      asked.socket.destroy();
      return;
    }
    if (half === undefined) {
      answering.writeHead(answer.statusCode ?? 500, answer.headers).end(content);
      return;
    }
    const whole = { ...(JSON.parse(content.toString('utf8')) as object), UnprocessedKeys: half.unprocessed };
    answering.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(whole));
  };

  const proxy = createServer((asked, answering) => {
    handle(asked, answering).catch(() => asked.socket.destroy());
  });
  const port = await listening(proxy);
  const clients: DynamoDBClient[] = [];

  const client = (attempts = 1): DynamoDBClient => {
    const made = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-west-2',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: attempts,
    });
    clients.push(made);
    return made;
  };

  return {
    client,
    decide: (fault) => {
      decide = fault;
    },
    createTable: async (tableName) => {
      await client().send(
        new CreateTableCommand({ ...TABLE_DEFINITION, TableName: tableName, BillingMode: 'PAY_PER_REQUEST' }),
      );
    },
    close: async () => {
      for (const each of clients) each.destroy();
      await closed(proxy);
      await closed(database);
    },
  };
};
