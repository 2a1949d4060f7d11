/** Wires the destinations that are configured, for publish-findings. */
import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { eventBridgeDestination } from './publish/eventbridge/destination.ts';
import { ocsfS3Destination } from './publish/ocsf/s3-destination.ts';
import type { Destination } from './publish/port.ts';
import { type HubScope, securityHubDestination } from './publish/security-hub/destination.ts';
import { type SlackRoute, slackDestination } from './publish/slack/destination.ts';
import { chatDestination } from './publish/sns/chat-destination.ts';
import { snsDestination } from './publish/sns/destination.ts';
import { webhookDestination } from './publish/webhook/destination.ts';
import type { Config } from './runtime/config.ts';
import { once } from './runtime/service/cached.ts';
import { VERSION } from './runtime/version.ts';

export interface DestinationContext {
  readonly config: Config<'AWS_REGION'>;
  readonly routes: readonly SlackRoute[];
  /** A secret's text. `renew` passes over what is cached. */
  readonly secret: (id: string, renew: boolean) => Promise<string>;
  /** A client with the member account's own credentials. */
  readonly hubClient: (scope: HubScope) => Promise<SecurityHubClient>;
  /** Keeps a message that is too long for its destination, and gives a link to it. */
  readonly keepFull: (id: string, body: string) => Promise<string>;
  readonly now: () => Date;
}

const DEFAULT_COMPANY = 'Personal';

/** By the secret's form: a webhook's URL writes to one channel, a bot's token knows channels and threads. */
const slack = async ({ config, routes, secret }: DestinationContext): Promise<readonly Destination[]> => {
  const { SLACK_SECRET_ID: id, SLACK_CHANNEL: channel, SLACK_API_URL: endpoint } = config;
  if (id === undefined) return [];
  const isWebhook = (await secret(id, false)).startsWith('https://');
  if (isWebhook) return [slackDestination({ form: 'webhook', url: (renew) => secret(id, renew), fetch })];
  if (channel === undefined) throw new Error('SLACK_CHANNEL is not set: a bot token needs a channel');
  const token = (renew: boolean): Promise<string> => secret(id, renew);
  return [
    slackDestination({
      form: 'bot',
      token,
      channel,
      routes,
      fetch,
      ...(endpoint === undefined ? {} : { endpoint }),
    }),
  ];
};

export const destinationsOf = async (context: DestinationContext): Promise<readonly Destination[]> => {
  const { config, hubClient, keepFull, secret, now } = context;
  const { AWS_REGION: region, BUS_NAME, TOPIC_ARN, CHAT_TOPIC_ARN, WEBHOOK_URL, WEBHOOK_SECRET_ID } = config;
  const sns = once(async () => new (await import('@aws-sdk/client-sns')).SNSClient({ region }));
  const s3 = once(async () => new (await import('@aws-sdk/client-s3')).S3Client({ region }));
  const events = once(async () => new (await import('@aws-sdk/client-eventbridge')).EventBridgeClient({ region }));
  return [
    ...(config.SECURITY_HUB === 'on'
      ? [securityHubDestination({ clientOf: hubClient, companyName: config.COMPANY_NAME ?? DEFAULT_COMPANY })]
      : []),
    ...(config.OCSF === 'on' && config.BUCKET_NAME !== undefined
      ? [ocsfS3Destination({ client: s3, bucket: config.BUCKET_NAME, prefix: 'ocsf', version: VERSION })]
      : []),
    ...(BUS_NAME === undefined ? [] : [eventBridgeDestination({ client: events, bus: BUS_NAME, keepFull })]),
    ...(TOPIC_ARN === undefined ? [] : [snsDestination({ client: sns, topicArn: TOPIC_ARN, keepFull })]),
    ...(CHAT_TOPIC_ARN === undefined ? [] : [chatDestination({ client: sns, topicArn: CHAT_TOPIC_ARN })]),
    ...(await slack(context)),
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
