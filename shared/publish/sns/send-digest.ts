import type { PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { Digest } from '../digest/digest.ts';
import type { DigestSender } from '../digest/sender.ts';
import { toChatDigest } from '../digest/to-chat-digest.ts';
import { toEmailDigest } from '../digest/to-email-digest.ts';
import { failedWith } from '../send-each.ts';

export interface DigestTopicOptions {
  readonly client: () => Promise<SNSClient>;
  /** A standard topic: neither e-mail nor the chat service subscribes to a FIFO one. */
  readonly topicArn: string;
}

const senderOf = (
  name: string,
  { client, topicArn }: DigestTopicOptions,
  render: (digest: Digest) => Pick<PublishCommandInput, 'Subject' | 'Message'>,
): DigestSender => ({
  name,
  send: async (digest) => {
    try {
      const [sns, { PublishCommand }] = await Promise.all([client(), import('@aws-sdk/client-sns')]);
      const { MessageId } = await sns.send(new PublishCommand({ TopicArn: topicArn, ...render(digest) }));
      return {
        id: digest.id,
        outcome: 'delivered',
        ...(MessageId === undefined ? {} : { reference: MessageId }),
      };
    } catch (error) {
      return failedWith(digest.id, error);
    }
  },
});

/** To the topic of Amazon Q Developer in chat applications. */
export const chatDigestSender = (options: DigestTopicOptions): DigestSender =>
  senderOf('chat', options, (digest) => ({ Message: JSON.stringify(toChatDigest(digest)) }));

/**
 * As plain text, to a topic that people subscribe to by e-mail.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
 */
export const emailDigestSender = (options: DigestTopicOptions): DigestSender =>
  senderOf('email', options, (digest) => {
    const { subject, body } = toEmailDigest(digest);
    return { Subject: subject, Message: body };
  });
