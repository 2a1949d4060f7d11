import { join } from 'node:path';
import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { chatDestination, toChatNotification } from '../../../shared/publish/sns/chat-destination.ts';
import { announcementOf, HOSTILE_TEXTS } from '../announcements.ts';
import { noticeOf } from '../notices.ts';
import { answering } from '../sdk-client.ts';

describe('a notice for Amazon Q Developer in chat applications', () => {
  it('is what the golden file says', async () => {
    await expect(`${JSON.stringify(toChatNotification(noticeOf()), undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, '../../golden/chat-node-agent-disabled.json'),
    );
  });

  it('offers no next steps for what is over', () => {
    expect(toChatNotification(noticeOf(undefined, { kind: 'closed' })).content).not.toHaveProperty('nextSteps');
  });

  it.each(HOSTILE_TEXTS)('keeps within the lengths and makes no markup of %j', (text) => {
    const { content } = toChatNotification(
      noticeOf([
        announcementOf({
          resource: { type: 'node', id: text, name: text },
          message: { key: 'disabled', values: {}, text },
        }),
      ]),
    );

    expect(content.title.length).toBeLessThanOrEqual(250);
    expect(content.description.length).toBeLessThanOrEqual(8000);
    expect(content.keywords.every((word) => word.length <= 75)).toBe(true);
    expect(content.description).not.toMatch(/<[!@]|<script/);
  });

  it('is published one by one, and an error is about one notice', async () => {
    let calls = 0;
    const { config, requests } = answering(() => {
      calls += 1;
      return calls === 1
        ? { status: 500, body: '<ErrorResponse/>' }
        : { body: '<PublishResponse><PublishResult/></PublishResponse>' };
    });
    const destination = chatDestination({ client: () => Promise.resolve(new SNSClient(config)), topicArn: 'arn:t' });

    expect(
      await destination.publish([
        { notice: noticeOf(undefined, { id: 'a' }) },
        { notice: noticeOf(undefined, { id: 'b' }) },
      ]),
    ).toMatchObject([
      { id: 'a', outcome: 'retry' },
      { id: 'b', outcome: 'delivered' },
    ]);
    expect(JSON.parse(new URLSearchParams(requests[1]?.body).get('Message') ?? '')).toMatchObject({
      source: 'custom',
      id: 'b',
    });
  });
});
