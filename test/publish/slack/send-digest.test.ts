import { describe, expect, it } from 'vitest';
import { toSlackDigest } from '../../../shared/publish/digest/to-slack-digest.ts';
import type { SlackRoute } from '../../../shared/publish/slack/routes.ts';
import { slackDigestSender } from '../../../shared/publish/slack/send-digest.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { busyDay } from '../digest/digests.ts';

interface Sent {
  readonly url: string;
  readonly authorization: string | null;
  readonly body: unknown;
}

const answering = (answers: readonly (() => Response)[]) => {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: (url: string, init: RequestInit): Promise<Response> => {
      const authorization = new Headers(init.headers).get('authorization');
      sent.push({ url, authorization, body: JSON.parse(typeof init.body === 'string' ? init.body : '') });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      return answer === undefined ? Promise.reject(new Error('no answer')) : Promise.resolve(answer());
    },
  };
};

const ok = (): Response => Response.json({ ok: true, ts: '1763.1' });

const bot = (answers: readonly (() => Response)[], routes: readonly SlackRoute[] = []) => {
  const { fetch, sent } = answering(answers);
  const token = (renew: boolean): Promise<string> => Promise.resolve(renew ? 'xoxb-new' : 'xoxb-old');
  return { sender: slackDigestSender({ form: 'bot', token, channel: 'C1', routes, fetch }), sent };
};

const DIGEST = busyDay();
/** As it arrives: without what is undefined. */
const MESSAGE: unknown = JSON.parse(JSON.stringify(toSlackDigest(DIGEST)));

describe('a digest in Slack', () => {
  it('is a message of its own in the channel of the bot', async () => {
    const { sender, sent } = bot([ok]);
    expect(await sender.send(DIGEST)).toEqual({ id: DIGEST.id, outcome: 'delivered', reference: '1763.1' });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ url: 'https://slack.com/api/chat.postMessage', authorization: 'Bearer xoxb-old' });
    expect(sent[0]?.body).toEqual({ ...Object(MESSAGE), channel: 'C1', unfurl_links: false, unfurl_media: false });
  });

  it('goes where the whole cluster is routed, and not where only some of its findings are', async () => {
    const { cluster: name, account } = { cluster: CLUSTER.name, account: CLUSTER.account };
    const { sender, sent } = bot(
      [ok],
      [
        { channel: 'severe', severityAtLeast: 'low' },
        { channel: 'owner', owner: 'shop', cluster: name },
        { channel: 'check', check: 'denied-traffic/' },
        { channel: 'other', cluster: 'other' },
        { channel: 'elsewhere', account: '000000000000' },
        { channel: 'shop', cluster: name, account },
      ],
    );
    await sender.send(DIGEST);
    expect(sent[0]?.body).toMatchObject({ channel: 'shop' });
  });

  it('is sent again with a fresh token where the old one no longer serves', async () => {
    const { sender, sent } = bot([() => Response.json({ ok: false, error: 'token_expired' }), ok]);
    expect(await sender.send(DIGEST)).toMatchObject({ outcome: 'delivered' });
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer xoxb-old', 'Bearer xoxb-new']);
  });

  it.each([
    ['busy', [() => new Response('', { status: 429, headers: { 'retry-after': '3' } })], { retryAfterMs: 3000 }],
    ['down', [() => new Response('', { status: 503 })], { outcome: 'retry', reason: 'Slack: HTTP 503' }],
    ['silent', [], { outcome: 'retry', reason: 'no answer' }],
    ['unwilling', [() => Response.json({ ok: false, error: 'channel_not_found' })], { outcome: 'refused' }],
  ])('says so where Slack is %s', async (_, answers, expected) => {
    expect(await bot(answers).sender.send(DIGEST)).toMatchObject({ id: DIGEST.id, ...expected });
  });

  it('is the bare message for an incoming webhook', async () => {
    const { fetch, sent } = answering([() => new Response('ok')]);
    const url = (): Promise<string> => Promise.resolve('https://hooks.slack.com/services/T/B/x');
    expect(await slackDigestSender({ form: 'webhook', url, fetch }).send(DIGEST)).toMatchObject({
      outcome: 'delivered',
    });
    expect(sent).toEqual([{ url: 'https://hooks.slack.com/services/T/B/x', authorization: null, body: MESSAGE }]);
  });
});
