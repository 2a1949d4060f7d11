import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import * as z from 'zod';

/** A record of the table's stream, as Lambda gets it. */
export interface StreamRecord {
  readonly eventName: 'MODIFY';
  readonly eventSource: 'aws:dynamodb';
  readonly dynamodb: { readonly SequenceNumber: string; readonly NewImage: unknown };
}

export interface QueuedMessage {
  readonly queue: string;
  readonly body: string;
  readonly groupId?: string;
}

/** Everything that the functions did, in this process. */
export interface StandIns {
  readonly url: string;
  readonly documents: Map<string, string>;
  /** Taken out of the queues; deduplicated as FIFO queues do. */
  readonly takeMessages: () => readonly QueuedMessage[];
  readonly takeStream: () => readonly StreamRecord[];
  readonly slack: readonly unknown[];
  readonly findings: ReadonlyMap<string, unknown>;
  readonly events: readonly unknown[];
  readonly topics: readonly string[];
  /** Requests by `service operation`. */
  readonly calls: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

export interface StandInOptions {
  /** Tags of the Auto Scaling groups there are, by name. */
  readonly groups: { readonly [name: string]: { readonly [key: string]: string } };
  readonly secrets: { readonly [id: string]: string };
  readonly account: string;
  /** Names, as eks:ListClusters gives them. */
  readonly clusters: readonly string[];
}

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

const json = (value: unknown): Answer => ({ type: 'application/x-amz-json-1.0', body: JSON.stringify(value) });
const xml = (body: string): Answer => ({ type: 'text/xml', body });

const Batch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(
    z.object({
      Id: z.string(),
      MessageBody: z.string(),
      MessageGroupId: z.string().optional(),
      MessageDeduplicationId: z.string().optional(),
    }),
  ),
});
const Put = z.object({ Item: z.unknown() });
const Import = z.object({ Findings: z.array(z.looseObject({ Id: z.string() })) });
const Events = z.object({ Entries: z.array(z.object({ Detail: z.string() })) });
const Secret = z.object({ SecretId: z.string() });

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const escaped = (text: string): string =>
  text.replace(/[<>&]/g, (character) => ({ '<': '&lt;', '>': '&gt;' })[character] ?? '&amp;');

/** The services that the functions talk to, on one port: which one is meant stands in the signature. */
export const startStandIns = async ({ groups, secrets, account, clusters }: StandInOptions): Promise<StandIns> => {
  const documents = new Map<string, string>();
  const messages: QueuedMessage[] = [];
  const seen = new Set<string>();
  const stream: StreamRecord[] = [];
  const slack: unknown[] = [];
  const findings = new Map<string, unknown>();
  const events: unknown[] = [];
  const topics: string[] = [];
  const calls = new Map<string, number>();
  let sequence = 0;

  const database = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => void database.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const databasePort = (database.address() as AddressInfo).port;

  const toDatabase = async (asked: IncomingMessage, body: Buffer): Promise<Answer> => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { ...asked.headers, 'content-length': body.length };
      request({ host: '127.0.0.1', port: databasePort, path: asked.url, method: asked.method, headers })
        .on('response', resolve)
        .on('error', reject)
        .end(body);
    });
    const text = (await bodyOf(answer)).toString('utf8');
    const status = answer.statusCode ?? 500;
    if (status === 200 && String(asked.headers['x-amz-target']).endsWith('.PutItem')) {
      sequence += 1;
      const NewImage = Put.parse(JSON.parse(body.toString('utf8'))).Item;
      stream.push({
        eventName: 'MODIFY',
        eventSource: 'aws:dynamodb',
        dynamodb: { SequenceNumber: String(sequence).padStart(20, '0'), NewImage },
      });
    }
    return { status, type: 'application/x-amz-json-1.0', body: text };
  };

  const sqs = (body: string): Answer => {
    const { QueueUrl, Entries } = Batch.parse(JSON.parse(body));
    const queue = QueueUrl.split('/').at(-1) ?? '';
    for (const { MessageBody, MessageGroupId, MessageDeduplicationId } of Entries) {
      if (MessageDeduplicationId !== undefined && seen.has(MessageDeduplicationId)) continue;
      if (MessageDeduplicationId !== undefined) seen.add(MessageDeduplicationId);
      messages.push({ queue, body: MessageBody, ...(MessageGroupId === undefined ? {} : { groupId: MessageGroupId }) });
    }
    const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');
    return json({
      Successful: Entries.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
      Failed: [],
    });
  };

  const s3 = (method: string, path: string, body: string): Answer => {
    if (method === 'PUT') {
      documents.set(path, body);
      return { body: '' };
    }
    const found = documents.get(path);
    return found === undefined
      ? { status: 404, ...xml('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>') }
      : { type: 'application/json', body: found };
  };

  const autoScaling = (form: URLSearchParams): Answer => {
    const name = form.get('AutoScalingGroupNames.member.1') ?? '';
    const tags = Object.entries(groups[name] ?? {})
      .map(([key, value]) => `<member><Key>${escaped(key)}</Key><Value>${escaped(value)}</Value></member>`)
      .join('');
    const member =
      name in groups ? `<member><AutoScalingGroupName>${name}</AutoScalingGroupName><Tags>${tags}</Tags></member>` : '';
    const action = form.get('Action') ?? '';
    return xml(
      `<${action}Response><${action}Result><AutoScalingGroups>${member}</AutoScalingGroups></${action}Result></${action}Response>`,
    );
  };

  const sts = (form: URLSearchParams): Answer => {
    const whose = /::(\d{12}):role/.exec(form.get('RoleArn') ?? '')?.[1] ?? account;
    const action = form.get('Action') ?? '';
    const inner =
      action === 'AssumeRole'
        ? `<Credentials><AccessKeyId>${whose}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`
        : `<Account>${account}</Account><Arn>arn:aws:sts::${account}:assumed-role/local/x</Arn><UserId>u</UserId>`;
    return xml(`<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`);
  };

  const securityHub = (body: string): Answer => {
    const { Findings } = Import.parse(JSON.parse(body));
    for (const finding of Findings) findings.set(finding.Id, finding);
    return { type: 'application/json', body: JSON.stringify({ FailedCount: 0, SuccessCount: Findings.length }) };
  };

  const answerOf = async (asked: IncomingMessage): Promise<Answer> => {
    const content = await bodyOf(asked);
    const body = content.toString('utf8');
    const path = new URL(asked.url ?? '/', 'http://local').pathname;
    if (path === '/api/chat.postMessage') {
      slack.push(JSON.parse(body));
      calls.set('slack chat.postMessage', (calls.get('slack chat.postMessage') ?? 0) + 1);
      return {
        type: 'application/json',
        body: JSON.stringify({ ok: true, ts: `1795165200.${slack.length}`, channel: 'C1' }),
      };
    }
    const { authorization = '', 'x-amz-target': target } = asked.headers;
    const [, signer = '', service = ''] = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(authorization) ?? [];
    const form = new URLSearchParams(body);
    const operation = String(target ?? form.get('Action') ?? `${asked.method} ${path}`).replace(/^.*\./, '');
    const name = service === 's3' ? `s3 ${asked.method}` : `${service} ${operation}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    switch (service) {
      case 'dynamodb':
        return toDatabase(asked, content);
      case 'sqs':
        return sqs(body);
      case 's3':
        return s3(asked.method ?? '', path, body);
      case 'autoscaling':
        return autoScaling(form);
      case 'sts': {
        const answer = sts(form);
        // A role's own keys are its account: then it is asked who it is.
        return /^\d{12}$/.test(signer) ? { ...answer, body: answer.body.replaceAll(account, signer) } : answer;
      }
      case 'securityhub':
        return securityHub(body);
      case 'eks':
        return { type: 'application/json', body: JSON.stringify({ clusters }) };
      case 'events': {
        const { Entries } = Events.parse(JSON.parse(body));
        events.push(...Entries.map(({ Detail }): unknown => JSON.parse(Detail)));
        return json({ FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: String(index) })) });
      }
      case 'sns':
        topics.push(form.get('Message') ?? '');
        return xml('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
      case 'secretsmanager':
        return json({ SecretString: secrets[Secret.parse(JSON.parse(body)).SecretId] });
      default:
        return { status: 501, body: `no stand-in for ${service}` };
    }
  };

  const server = createServer((asked, answering) => {
    answerOf(asked).then(
      ({ status = 200, type = 'text/plain', body }) =>
        void answering.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => void answering.writeHead(500).end(String(error instanceof Error ? error.message : error)),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    documents,
    takeMessages: () => messages.splice(0),
    takeStream: () => stream.splice(0),
    slack,
    findings,
    events,
    topics,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await new Promise<void>((resolve) => void database.close(() => resolve()));
    },
  };
};
