import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { toChatDigest } from '../../../shared/publish/digest/to-chat-digest.ts';
import { toEmailDigest } from '../../../shared/publish/digest/to-email-digest.ts';
import { chatDigestSender, emailDigestSender } from '../../../shared/publish/sns/send-digest.ts';
import { busyDay } from '../digest/digests.ts';
import { type Answer, answering } from '../sdk-client.ts';

const DIGEST = busyDay();
const TOPIC = 'arn:aws:sns:us-west-2:111122223333:digests';
const TAKEN: Answer = {
  body: '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
};

const topic = (answer: Answer) => {
  const { config, requests } = answering(() => answer);
  const fields = (): URLSearchParams => new URLSearchParams(requests[0]?.body);
  return { options: { client: () => Promise.resolve(new SNSClient(config)), topicArn: TOPIC }, requests, fields };
};

describe('a digest through SNS', () => {
  it('is a subject and plain text for e-mail', async () => {
    const { options, fields } = topic(TAKEN);
    expect(await emailDigestSender(options).send(DIGEST)).toEqual({
      id: DIGEST.id,
      outcome: 'delivered',
      reference: 'm-1',
    });
    const { subject, body } = toEmailDigest(DIGEST);
    expect([fields().get('TopicArn'), fields().get('Subject'), fields().get('Message')]).toEqual([
      TOPIC,
      subject,
      body,
    ]);
  });

  it('is a custom notification, without a subject, for a chat', async () => {
    const { options, fields } = topic(TAKEN);
    expect(await chatDigestSender(options).send(DIGEST)).toMatchObject({ outcome: 'delivered' });
    expect(JSON.parse(fields().get('Message') ?? '')).toEqual(toChatDigest(DIGEST));
    expect(fields().has('Subject')).toBe(false);
  });

  it.each([
    [500, 'InternalError', 'retry'],
    [400, 'InvalidParameter', 'refused'],
  ])('answers %d %s with %s', async (status, code, outcome) => {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
    const { options } = topic({ status, body });
    expect(await emailDigestSender(options).send(DIGEST)).toMatchObject({ id: DIGEST.id, outcome });
  });

  it('can be tried again where the client cannot be had', async () => {
    const client = (): Promise<SNSClient> => Promise.reject(new Error('no credentials'));
    expect(await chatDigestSender({ client, topicArn: TOPIC }).send(DIGEST)).toMatchObject({
      outcome: 'retry',
      reason: 'Error: no credentials',
    });
  });
});
