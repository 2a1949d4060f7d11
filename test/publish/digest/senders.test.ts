import { describe, expect, it } from 'vitest';
import { digestSendersOf } from '../../../shared/compose-destinations.ts';
import { publishFindingsServices } from '../../../shared/compose-service-publish.ts';
import { recorder } from '../../functions/process.ts';
import { busyDay, UNTIL } from './digests.ts';

describe('who is sent digests', () => {
  const config = { AWS_REGION: 'us-west-2', BUCKET_NAME: 'bucket' };
  const secret = (): Promise<string> => Promise.reject(new Error('no such secret'));
  const topic = 'arn:aws:sns:us-west-2:111122223333:people';

  it('is nobody where nobody is configured', async () => {
    expect(await digestSendersOf({ config: { ...config, TOPIC_ARN: topic }, routes: [], secret })).toEqual([]);
  });

  it('is everybody who reads, and an unreadable secret is the trouble of Slack alone', async () => {
    const senders = await digestSendersOf({
      config: { ...config, CHAT_TOPIC_ARN: topic, SLACK_SECRET_ID: 'netpol-warden/slack' },
      routes: [],
      secret,
      emailTopicArn: topic,
    });
    expect(senders.map(({ name }) => name)).toEqual(['slack', 'chat', 'email']);
    await expect(senders[0]?.send(busyDay())).rejects.toThrow('no such secret');
  });

  it.each(['people', `${topic}.fifo`])('is not settled by %s as the topic for e-mail', (EMAIL_TOPIC_ARN) => {
    const { log, meter } = recorder();
    const env = {
      AWS_REGION: 'us-west-2',
      TABLE_NAME: 'table',
      BUCKET_NAME: 'bucket',
      SETTINGS_KEY: 'settings.json',
      EMAIL_TOPIC_ARN,
    };
    const metrics = { singleMetric: () => expect.unreachable('no metric is wanted here') };
    expect(() => publishFindingsServices({ env, log, meter, metrics, now: () => new Date(UNTIL) })).toThrow(
      'EMAIL_TOPIC_ARN: expected the ARN of a standard SNS topic',
    );
  });
});
