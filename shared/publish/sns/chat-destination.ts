import type { SNSClient } from '@aws-sdk/client-sns';
import { findingOf, type Notice } from '../../model/announcement.ts';
import { clusterArn } from '../../model/cluster.ts';
import { singleLine } from '../../model/single-line.ts';
import { commandsOf, headlineOf, messagesOf, placeOf, remarksOf, sinceOf } from '../notice-words.ts';
import type { Delivery, NoticeDestination } from '../port.ts';
import { failedWith } from '../send-each.ts';

const TITLE = 250;
const DESCRIPTION = 8000;
const STEP = 350;
const MOST_STEPS = 5;
const KEYWORD = 75;
const MOST_NAMES = 20;
const TEXT = 1000;

/** Markup of the chat that a text must not make: markdown's signs, and Slack's mentions. */
const escapeMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*_~[\]()<>&#|]/g, (sign) =>
    sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : sign === '&' ? '&amp;' : `\\${sign}`,
  );

/** Cut before it is escaped. */
export const safe = (text: string, limit: number): string => {
  for (let length = limit; ; length = Math.floor(length * 0.8)) {
    const escaped = escapeMarkdown(singleLine(text, length));
    if (escaped.length <= limit || length < 1) return escaped.slice(0, limit);
  }
};

/**
 * The custom notification of Amazon Q Developer in chat applications; anything else on its topic is dropped in silence.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export const toChatNotification = (notice: Notice) => {
  const [first] = notice.announcements;
  const { cluster, severity } = findingOf(first);
  const names = notice.announcements.slice(0, MOST_NAMES).map(({ change }) => change.finding.resource.name);
  const more = notice.announcements.length - names.length;
  const description = [
    ...messagesOf(notice)
      .slice(0, 3)
      .map(({ text }) => safe(text, TEXT)),
    `*Where* ${safe(placeOf(notice), TEXT)}`,
    `*Since* ${safe(sinceOf(notice), 40)}`,
    `*Which* ${safe(names.join(', '), 2000)}${more === 0 ? '' : ` and ${more} more`}`,
    ...remarksOf(notice).map((remark) => safe(remark, TEXT)),
  ].join('\n');
  const isEnded = notice.kind === 'resolved' || notice.kind === 'closed';
  return {
    version: '1.0',
    source: 'custom',
    id: notice.id,
    content: {
      textType: 'client-markdown',
      title: safe(headlineOf(notice), TITLE),
      description: description.slice(0, DESCRIPTION),
      ...(isEnded
        ? {}
        : {
            nextSteps: [notice.check.remediation.text, ...commandsOf(notice)]
              .slice(0, MOST_STEPS)
              .map((step) => safe(step, STEP)),
          }),
      keywords: [cluster.name, notice.check.id, severity].map((word) => safe(word, KEYWORD)),
    },
    metadata: {
      threadId: notice.thread,
      summary: safe(headlineOf(notice), TITLE),
      eventType: `netpol-warden.finding.${notice.kind}`,
      relatedResources: [clusterArn(cluster)],
      additionalContext: { severity, account: cluster.account, region: cluster.region, cluster: cluster.name },
    },
  };
};

export interface ChatOptions {
  readonly client: () => Promise<SNSClient>;
  /** A standard topic: the chat service subscribes to no other. */
  readonly topicArn: string;
}

/** Notices to a chat that AWS runs, through a topic of its own. */
export const chatDestination = ({ client, topicArn }: ChatOptions): NoticeDestination => ({
  kind: 'notice',
  name: 'chat',
  publish: async (items) => {
    const done: Delivery[] = [];
    for (const { notice } of items) {
      try {
        const [sns, { PublishCommand }] = await Promise.all([client(), import('@aws-sdk/client-sns')]);
        await sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(toChatNotification(notice)) }));
        done.push({ id: notice.id, outcome: 'delivered' });
      } catch (error) {
        done.push(failedWith(notice.id, error));
      }
    }
    return done;
  },
});
