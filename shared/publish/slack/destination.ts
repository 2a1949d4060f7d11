import type { Notice } from '../../model/announcement.ts';
import type { Delivered, Delivery, NoticeDestination } from '../port.ts';
import { type Answer, type BotFields, deliveryOf, postMessage, type SlackOptions } from './post-message.ts';
import { channelOf } from './routes.ts';
import { toSlack } from './to-slack.ts';

interface Item {
  readonly notice: Notice;
  readonly before?: Delivered;
}

const fieldsOf = (options: SlackOptions, { notice, before }: Item): BotFields => {
  if (options.form === 'webhook') return {};
  const channel = channelOf(notice, options.routes, options.channel);
  const thread = before?.reference;
  if (thread === undefined) return { channel };
  // In the thread of its first message; what is back again is shown in the channel too.
  return { channel, thread_ts: thread, reply_broadcast: notice.kind === 'reopened' || notice.kind === 'worse' };
};

/**
 * Slack, by bot token or incoming webhook: a notice is one message, in the thread of the first one about the same. One at
 * a time, because a channel takes about one message a second; after a 429 the rest waits without being tried.
 */
export const slackDestination = (options: SlackOptions): NoticeDestination => ({
  kind: 'notice',
  name: 'slack',
  publish: async (items) => {
    const done: Delivery[] = [];
    let waiting: Extract<Answer, { kind: 'retry' }> | undefined;
    for (const item of items) {
      if (waiting !== undefined) {
        done.push(deliveryOf(item.notice.id, waiting, item.before));
        continue;
      }
      const answer = await postMessage(options, toSlack(item.notice), fieldsOf(options, item));
      if (answer.kind === 'retry' && answer.retryAfterMs !== undefined) waiting = answer;
      done.push(deliveryOf(item.notice.id, answer, item.before));
    }
    return done;
  },
});
