import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { FindingMessage } from '../../../shared/publish/message/finding-message.ts';
import { attributesOf, snsDestination } from '../../../shared/publish/sns/destination.ts';
import { announcementOf, HOSTILE_TEXTS } from '../announcements.ts';
import { answering, type Answer } from '../sdk-client.ts';

const PUBLISHED: Answer = {
  body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
};
const refusal = (code: string, status: number): Answer => ({
  status,
  body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
});

const topic = (answer: Answer, topicArn = 'arn:aws:sns:us-west-2:111122223333:findings') => {
  const { config, requests } = answering(() => answer);
  const destination = snsDestination({ client: () => Promise.resolve(new SNSClient(config)), topicArn });
  return { destination, sent: () => requests.map(({ body }) => new URLSearchParams(body)) };
};

describe('SNS', () => {
  it('publishes the message with attributes for filter policies', async () => {
    const { destination, sent } = topic(PUBLISHED);
    const announcement = announcementOf({}, { owner: 'team-shop' });

    expect(await destination.publish([announcement])).toEqual([
      { id: announcement.id, outcome: 'delivered', reference: 'm-1' },
    ]);
    expect(FindingMessage.parse(JSON.parse(sent()[0]?.get('Message') ?? ''))).toMatchObject({ id: announcement.id });
    expect(Object.keys(attributesOf(announcement))).toEqual([
      'severity',
      'account',
      'region',
      'cluster',
      'check',
      'status',
      'change',
      'owner',
    ]);
    expect(sent()[0]?.get('MessageGroupId')).toBeNull();
  });

  it('keeps a finding’s order on a FIFO topic, and drops what comes twice', async () => {
    const { destination, sent } = topic(PUBLISHED, 'arn:aws:sns:us-west-2:111122223333:findings.fifo');
    await destination.publish([announcementOf({}, { sequence: 7 })]);
    const [request] = sent();

    expect(request?.get('MessageGroupId')).toMatch(/^[0-9a-f]{64}$/);
    expect(request?.get('MessageDeduplicationId')).toBe(`${request?.get('MessageGroupId')}-7`);
  });

  it.each([
    ['Throttled', 400, 'retry'],
    ['InternalError', 500, 'retry'],
    ['AuthorizationError', 403, 'retry'],
    ['InvalidParameter', 400, 'refused'],
  ])('%s (HTTP %i): %s', async (code, status, outcome) => {
    expect(await topic(refusal(code, status)).destination.publish([announcementOf()])).toMatchObject([{ outcome }]);
  });
});

it.each(HOSTILE_TEXTS)('writes out what an attribute cannot carry or nobody sees, and bounds it: %j', (text) => {
  const { owner } = attributesOf({ ...announcementOf(), owner: text });

  expect(owner?.StringValue).toMatch(/^[^\p{Cc}\p{Cs}\p{Cf}]{1,256}$/u);
});
