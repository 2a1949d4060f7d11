import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { EnableSecurityHubCommand, GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Announcement } from '../../shared/model/announcement.ts';
import { toEmailDigest } from '../../shared/publish/digest/to-email-digest.ts';
import { keepFullInS3 } from '../../shared/publish/keep-full-s3.ts';
import { FindingMessage } from '../../shared/publish/message/finding-message.ts';
import { ocsfS3Destination } from '../../shared/publish/ocsf/s3-destination.ts';
import { securityHubDestination } from '../../shared/publish/security-hub/destination.ts';
import { chatDestination } from '../../shared/publish/sns/chat-destination.ts';
import { snsDestination } from '../../shared/publish/sns/destination.ts';
import { announcementOf, HOSTILE_TEXTS } from '../publish/announcements.ts';
import { busyDay } from '../publish/digest/digests.ts';
import { nodeAnnouncement, noticeOf } from '../publish/notices.ts';
import { awsEnvironment, replaceEnvironment } from '../support/emulator/environment.ts';
import { startMoto, type Moto } from '../support/emulator/moto.ts';

/** Printed by test/support/emulator/install.sh. */
const program = process.env['MOTO_SERVER'] ?? '';
const required = process.env['CI'] === 'true';
const region = 'us-west-2';

test('with CI=true the emulator is there: MOTO_SERVER names its program', () => {
  expect(required && program === '').toBe(false);
});

const there = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('moto answered without what was made');
  return value;
};

const hostileOf = (text: string, index: number): Announcement => ({
  ...announcementOf({
    resource: { type: 'node', id: `${index}/${text}`, name: text },
    message: { key: 'disabled', values: {}, text },
    evidence: [{ fact: 'kubernetes.nodes', path: text, value: text, grade: 'observed', source: text, observedAt: 'x' }],
  }),
  owner: text,
});

describe.skipIf(program === '')('publishing to services that moto emulates', () => {
  let moto: Moto;
  let restore = (): void => undefined;
  const clients = () => ({
    hub: new SecurityHubClient({ region }),
    sns: new SNSClient({ region }),
    sqs: new SQSClient({ region }),
    s3: new S3Client({ region, forcePathStyle: true }),
  });

  beforeAll(async () => {
    moto = await startMoto(program);
    restore = replaceEnvironment(awsEnvironment(moto.url));
    const { hub, s3 } = clients();
    await hub.send(new EnableSecurityHubCommand({}));
    await s3.send(
      new CreateBucketCommand({ Bucket: 'messages', CreateBucketConfiguration: { LocationConstraint: region } }),
    );
  });
  afterAll(async () => {
    restore();
    await moto.stop();
  });

  /** A topic and a queue that hears it. */
  const topic = async (name: string, filter?: object) => {
    const { sns, sqs } = clients();
    const isFifo = name.endsWith('.fifo');
    const Attributes = isFifo ? { FifoTopic: 'true' } : {};
    const { TopicArn: made } = await sns.send(new CreateTopicCommand({ Name: name, Attributes }));
    const topicArn = there(made);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: isFifo ? { FifoQueue: 'true' } : {} }),
    );
    const { Attributes: known } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    await sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: known?.['QueueArn'],
        Attributes: {
          RawMessageDelivery: 'true',
          ...(filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter) }),
        },
      }),
    );
    const heard = async (): Promise<readonly string[]> => {
      const all: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
        );
        if (Messages.length === 0) return all;
        all.push(...Messages.flatMap(({ Body }) => Body ?? []));
      }
    };
    return { topicArn, heard };
  };

  describe('Security Hub', () => {
    const imported = async (): Promise<ReadonlyMap<string, string | undefined>> => {
      const { hub } = clients();
      const found = new Map<string, string | undefined>();
      let NextToken: string | undefined;
      do {
        const page = await hub.send(
          new GetFindingsCommand({ MaxResults: 100, ...(NextToken === undefined ? {} : { NextToken }) }),
        );
        for (const { Id, Compliance } of page.Findings ?? []) found.set(Id ?? '', Compliance?.Status);
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return found;
    };
    const destination = () =>
      securityHubDestination({ companyName: 'Example', clientOf: () => Promise.resolve(clients().hub) });

    it('takes more findings than one call may hold, and the same ones again without doubling them', async () => {
      const many = Array.from({ length: 120 }, (_, index) => nodeAnnouncement(index));
      const first = await destination().publish(many);
      const again = await destination().publish(
        many.map(({ change: { finding } }) =>
          announcementOf(
            { ...finding, status: 'resolved', endedAt: '2026-11-20T10:00:00.000Z' },
            { sequence: 2, kind: 'resolved' },
          ),
        ),
      );
      const found = await imported();

      expect(new Set([...first, ...again].map(({ outcome }) => outcome))).toEqual(new Set(['delivered']));
      expect(found.size).toBe(120);
      expect(new Set(found.values())).toEqual(new Set(['PASSED']));
    });

    it('takes every hostile text', async () => {
      const hostile = HOSTILE_TEXTS.map(hostileOf);
      const done = await destination().publish(hostile);
      const found = await imported();

      expect(done.map(({ outcome }) => outcome)).toEqual(hostile.map(() => 'delivered'));
      expect(hostile.filter(({ change }) => !found.has(change.finding.id))).toEqual([]);
    });
  });

  describe('SNS', () => {
    it('carries each change to those whose filter policy wants it', async () => {
      const { topicArn, heard } = await topic('high-only', { severity: ['high'], change: ['opened'] });
      const destination = snsDestination({ client: () => Promise.resolve(clients().sns), topicArn });
      const low = announcementOf({ severity: 'low', resource: { type: 'node', id: 'low', name: 'low' } });
      const done = await destination.publish([nodeAnnouncement(1), nodeAnnouncement(2), low]);
      const messages = (await heard()).map((body) => FindingMessage.parse(JSON.parse(body)));

      expect(done.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered', 'delivered']);
      expect(messages.map(({ finding }) => finding.resource.name).toSorted()).toEqual(['node-1', 'node-2']);
    });

    it('drops a repeated change on a FIFO topic, and keeps the order of a finding', async () => {
      const { topicArn, heard } = await topic('findings.fifo');
      const destination = snsDestination({ client: () => Promise.resolve(clients().sns), topicArn });
      for (const sequence of [1, 1, 2]) await destination.publish([announcementOf({}, { sequence })]);
      const messages = (await heard()).map((body) => FindingMessage.parse(JSON.parse(body)));

      // moto keeps the group and order; a repeated deduplication id is dropped by its queue.
      expect([...new Set(messages.map(({ sequence }) => sequence))]).toEqual([1, 2]);
    });

    it('cuts what is too large by its rule, and has the whole of it in S3', async () => {
      const { topicArn, heard } = await topic('large');
      const { s3, sns } = clients();
      const [piece] = announcementOf().change.finding.evidence;
      const large = announcementOf({
        evidence: Array.from({ length: 400 }, () => ({ ...there(piece), value: 'x'.repeat(1000) })),
      });
      const destination = snsDestination({
        client: () => Promise.resolve(sns),
        topicArn,
        keepFull: keepFullInS3({ client: () => Promise.resolve(s3), bucket: 'messages', prefix: 'full' }),
      });
      await destination.publish([large]);
      await destination.publish([large]);
      const [body = '{}'] = await heard();
      const { truncated, finding } = FindingMessage.parse(JSON.parse(body));
      const key = there(truncated?.full).replace('s3://messages/', '');
      const stored = await s3.send(new GetObjectCommand({ Bucket: 'messages', Key: key }));
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'messages', Prefix: 'full/' }));

      expect(Buffer.byteLength(body)).toBeLessThan(262_144);
      expect(finding.evidence.length + there(truncated).evidence).toBe(400);
      expect(
        FindingMessage.parse(JSON.parse(there(await stored.Body?.transformToString()))).finding.evidence,
      ).toHaveLength(400);
      expect(Contents).toHaveLength(1);
    });

    it('carries every hostile text, as a message and as a notification for a chat', async () => {
      const plain = await topic('hostile');
      const chat = await topic('hostile-chat');
      const client = () => Promise.resolve(clients().sns);
      const hostile = HOSTILE_TEXTS.map(hostileOf);
      const done = await snsDestination({ client, topicArn: plain.topicArn }).publish(hostile);
      const told = await chatDestination({ client, topicArn: chat.topicArn }).publish(
        hostile.map((announcement) => ({ notice: noticeOf([announcement]) })),
      );
      const texts = (await plain.heard()).map((body) => FindingMessage.parse(JSON.parse(body)).finding.message.text);

      expect([...done, ...told].filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
      expect(texts.toSorted()).toEqual(HOSTILE_TEXTS.toSorted());
      expect((await chat.heard()).map((body) => JSON.parse(body))).toEqual(
        hostile.map(() => expect.objectContaining({ source: 'custom' })),
      );
    });

    it('takes a digest as an e-mail', async () => {
      const { topicArn, heard } = await topic('digest');
      const { PublishCommand } = await import('@aws-sdk/client-sns');
      const { subject, body } = toEmailDigest(busyDay());
      await clients().sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body }));

      expect(await heard()).toEqual([body]);
    });
  });

  it('OCSF in S3: an object of one event a line, and the same again overwrites it', async () => {
    const { s3 } = clients();
    const destination = ocsfS3Destination({
      client: () => Promise.resolve(s3),
      bucket: 'messages',
      prefix: 'ocsf',
      version: '1.2.3',
    });
    for (let attempt = 0; attempt < 2; attempt += 1)
      await destination.publish([nodeAnnouncement(1), nodeAnnouncement(2)]);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'messages', Prefix: 'ocsf/' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'messages', Key: there(Contents[0]?.Key) }));
    const lines = gunzipSync(there(await Body?.transformToByteArray()))
      .toString('utf8')
      .trimEnd()
      .split('\n');

    expect(Contents.map(({ Key }) => Key)).toEqual([
      expect.stringMatching(
        /^ocsf\/region=us-west-2\/accountId=111122223333\/eventDay=20261120\/[0-9a-f]{64}\.ndjson\.gz$/,
      ),
    ]);
    expect(lines.map((line) => JSON.parse(line).class_uid)).toEqual([2003, 2003]);
  });
});
