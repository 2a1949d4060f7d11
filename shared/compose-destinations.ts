/** Wires the destinations that are configured, for publish-findings. */
import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { eventBridgeDestination } from './publish/eventbridge/destination.ts';
import { ocsfS3Destination } from './publish/ocsf/s3-destination.ts';
import type { DigestSender } from './publish/digest/sender.ts';
import { keepFullInS3 } from './publish/keep-full-s3.ts';
import type { Destination } from './publish/port.ts';
import { type HubScope, securityHubDestination } from './publish/security-hub/destination.ts';
import { slackDestination } from './publish/slack/destination.ts';
import type { SlackOptions } from './publish/slack/post-message.ts';
import type { SlackRoute } from './publish/slack/routes.ts';
import { chatDestination } from './publish/sns/chat-destination.ts';
import { snsDestination } from './publish/sns/destination.ts';
import { webhookDestination } from './publish/webhook/destination.ts';
import type { Config } from './runtime/config.ts';
import { once } from './runtime/service/cached.ts';
import { VERSION } from './runtime/version.ts';

export interface DestinationContext {
  readonly config: Config<'AWS_REGION' | 'BUCKET_NAME'>;
  readonly routes: readonly SlackRoute[];
  /** A secret's text. `renew` passes over what is cached. */
  readonly secret: (id: string, renew: boolean) => Promise<string>;
  /** A client with the member account's own credentials. */
  readonly hubClient: (scope: HubScope) => Promise<SecurityHubClient>;
  readonly now: () => Date;
}

const DEFAULT_COMPANY = 'Personal';

/** By the secret's form: a webhook's URL writes to one channel, a bot's token knows channels and threads. */
const slackOptions = async (
  id: string,
  { config, routes, secret }: Pick<DestinationContext, 'config' | 'routes' | 'secret'>,
): Promise<SlackOptions> => {
  const { SLACK_CHANNEL: channel, SLACK_API_URL: endpoint } = config;
  const isWebhook = (await secret(id, false)).startsWith('https://');
  if (isWebhook) return { form: 'webhook', url: (renew) => secret(id, renew), fetch };
  if (channel === undefined) throw new Error('SLACK_CHANNEL is not set: a bot token needs a channel');
  return {
    form: 'bot',
    token: (renew) => secret(id, renew),
    channel,
    routes,
    fetch,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
};

const snsOf = (region: string) => once(async () => new (await import('@aws-sdk/client-sns')).SNSClient({ region }));

export interface DigestContext extends Pick<DestinationContext, 'config' | 'routes' | 'secret'> {
  readonly emailTopicArn?: string;
}

/** Whoever is told notices, and the readers of the e-mail topic. What cannot be opened fails when it sends, alone. */
export const digestSendersOf = async (context: DigestContext): Promise<readonly DigestSender[]> => {
  const { config, emailTopicArn } = context;
  const { AWS_REGION: region, CHAT_TOPIC_ARN: chat, SLACK_SECRET_ID: slack } = config;
  const [{ chatDigestSender, emailDigestSender }, { slackDigestSender }] = await Promise.all([
    import('./publish/sns/send-digest.ts'),
    import('./publish/slack/send-digest.ts'),
  ]);
  const client = snsOf(region);
  return [
    ...(slack === undefined
      ? []
      : [
          {
            name: 'slack',
            send: async (digest) => slackDigestSender(await slackOptions(slack, context)).send(digest),
          } satisfies DigestSender,
        ]),
    ...(chat === undefined ? [] : [chatDigestSender({ client, topicArn: chat })]),
    ...(emailTopicArn === undefined ? [] : [emailDigestSender({ client, topicArn: emailTopicArn })]),
  ];
};

export const destinationsOf = async (context: DestinationContext): Promise<readonly Destination[]> => {
  const { config, hubClient, secret, now } = context;
  const { AWS_REGION: region, BUS_NAME, TOPIC_ARN, CHAT_TOPIC_ARN, WEBHOOK_URL, WEBHOOK_SECRET_ID } = config;
  const slack = config.SLACK_SECRET_ID;
  const sns = snsOf(region);
  const s3 = once(async () => new (await import('@aws-sdk/client-s3')).S3Client({ region }));
  const events = once(async () => new (await import('@aws-sdk/client-eventbridge')).EventBridgeClient({ region }));
  const keepFull = keepFullInS3({ client: s3, bucket: config.BUCKET_NAME, prefix: 'messages' });
  return [
    ...(config.SECURITY_HUB === 'on'
      ? [securityHubDestination({ clientOf: hubClient, companyName: config.COMPANY_NAME ?? DEFAULT_COMPANY })]
      : []),
    ...(config.OCSF === 'on'
      ? [ocsfS3Destination({ client: s3, bucket: config.BUCKET_NAME, prefix: 'ocsf', version: VERSION })]
      : []),
    ...(BUS_NAME === undefined ? [] : [eventBridgeDestination({ client: events, bus: BUS_NAME, keepFull })]),
    ...(TOPIC_ARN === undefined ? [] : [snsDestination({ client: sns, topicArn: TOPIC_ARN, keepFull })]),
    ...(CHAT_TOPIC_ARN === undefined ? [] : [chatDestination({ client: sns, topicArn: CHAT_TOPIC_ARN })]),
    ...(slack === undefined ? [] : [slackDestination(await slackOptions(slack, context))]),
    ...(WEBHOOK_URL === undefined || WEBHOOK_SECRET_ID === undefined
      ? []
      : [
          webhookDestination({
            url: WEBHOOK_URL,
            secret: () => secret(WEBHOOK_SECRET_ID, false),
            payload: config.WEBHOOK_PAYLOAD === 'pagerduty' ? 'pagerduty' : 'finding',
            fetch,
            now,
          }),
        ]),
  ];
};
