import type { DigestSender } from '../digest/sender.ts';
import { toSlackDigest } from '../digest/to-slack-digest.ts';
import { deliveryOf, postMessage, type SlackOptions } from './post-message.ts';
import { digestChannelOf } from './routes.ts';

/** Digests as messages of their own, never in the thread of a finding. */
export const slackDigestSender = (options: SlackOptions): DigestSender => ({
  name: 'slack',
  send: async (digest) => {
    const fields =
      options.form === 'webhook' ? {} : { channel: digestChannelOf(digest.cluster, options.routes, options.channel) };
    return deliveryOf(digest.id, await postMessage(options, toSlackDigest(digest), fields));
  },
});
