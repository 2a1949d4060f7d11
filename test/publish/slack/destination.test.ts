import { describe, expect, it } from 'vitest';
import { slackDestination } from '../../../shared/publish/slack/destination.ts';
import type { Fetch } from '../../../shared/publish/slack/post-message.ts';
import { channelOf } from '../../../shared/publish/slack/routes.ts';
import { announcementOf } from '../announcements.ts';
import { noticeOf } from '../notices.ts';

interface Sent {
  readonly url: string;
  readonly authorization: string | null;
  readonly body: { readonly [name: string]: unknown };
}

const recorder = (answers: readonly (() => Response)[]): { readonly fetch: Fetch; readonly sent: Sent[] } => {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: (url, init) => {
      const body: unknown = JSON.parse(typeof init.body === 'string' ? init.body : '');
      // What the destination itself serialised: an object.
      sent.push({ url, authorization: new Headers(init.headers).get('authorization'), body: body as Sent['body'] });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      return answer === undefined ? Promise.reject(new Error('no answer')) : Promise.resolve(answer());
    },
  };
};

const ok =
  (ts = '1763.1') =>
  () =>
    Response.json({ ok: true, ts });
const failing = (error: string) => () => Response.json({ ok: false, error });
const status =
  (code: number, headers: { readonly [name: string]: string } = {}) =>
  () =>
    new Response('', { status: code, headers });

const bot = (
  answers: readonly (() => Response)[],
  token = (renew: boolean) => Promise.resolve(renew ? 'xoxb-new' : 'xoxb-old'),
) => {
  const { fetch, sent } = recorder(answers);
  return { destination: slackDestination({ form: 'bot', token, channel: 'C1', routes: [], fetch }), sent };
};

const three = [1, 2, 3].map((sequence) => ({
  notice: noticeOf([announcementOf({}, { sequence })], { id: `n${sequence}` }),
}));

describe('Slack by bot token', () => {
  it('posts to the channel and remembers the message that begins the thread', async () => {
    const { destination, sent } = bot([ok('1763.42')]);

    expect(await destination.publish([{ notice: noticeOf() }])).toEqual([
      { id: noticeOf().id, outcome: 'delivered', reference: '1763.42' },
    ]);
    expect(sent[0]).toMatchObject({
      url: 'https://slack.com/api/chat.postMessage',
      authorization: 'Bearer xoxb-old',
      body: { channel: 'C1', unfurl_links: false },
    });
    expect(sent[0]?.body).not.toHaveProperty('thread_ts');
  });

  it('goes on in the thread; what is back again is shown in the channel too', async () => {
    const { destination, sent } = bot([ok('1763.43')]);
    const before = { sequence: 1, reference: '1763.42' };

    const [resolved] = await destination.publish([{ notice: noticeOf(undefined, { kind: 'resolved' }), before }]);
    await destination.publish([{ notice: noticeOf(undefined, { kind: 'reopened' }), before }]);

    expect(sent.map(({ body }) => [body['thread_ts'], body['reply_broadcast']])).toEqual([
      ['1763.42', false],
      ['1763.42', true],
    ]);
    expect(resolved).toMatchObject({ reference: '1763.42' });
  });

  it('takes a rotated token without a deployment', async () => {
    const { destination, sent } = bot([failing('token_revoked'), ok()]);

    expect(await destination.publish([{ notice: noticeOf() }])).toMatchObject([{ outcome: 'delivered' }]);
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer xoxb-old', 'Bearer xoxb-new']);
  });

  it('waits with everything after a 429, as long as Slack says', async () => {
    const { destination, sent } = bot([ok(), status(429, { 'retry-after': '17' })]);

    expect(await destination.publish(three)).toMatchObject([
      { id: 'n1', outcome: 'delivered' },
      { id: 'n2', outcome: 'retry', retryAfterMs: 17_000 },
      { id: 'n3', outcome: 'retry', retryAfterMs: 17_000 },
    ]);
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['a server error', status(503), 'retry'],
    ['an answer that is no answer', () => new Response('<html>', { status: 200 }), 'retry'],
    ['a refused token, twice', failing('invalid_auth'), 'retry'],
    ['Slack’s own trouble', failing('internal_error'), 'retry'],
    ['an unknown channel', failing('channel_not_found'), 'refused'],
    ['blocks that are too long', failing('msg_blocks_too_long'), 'refused'],
  ])('%s', async (_, answer, outcome) => {
    expect(await bot([answer]).destination.publish([{ notice: noticeOf() }])).toMatchObject([{ outcome }]);
  });

  it('does not lose a notice where nobody answers, nor the ones behind it', async () => {
    expect(await bot([]).destination.publish(three)).toMatchObject([
      { outcome: 'retry', reason: 'no answer' },
      { outcome: 'retry' },
      { outcome: 'retry' },
    ]);
  });

  it('names no secret in a reason', async () => {
    const { destination } = bot([failing('invalid_auth')]);

    expect(JSON.stringify(await destination.publish([{ notice: noticeOf() }]))).not.toContain('xoxb');
  });
});

describe('Slack by incoming webhook', () => {
  const webhook = (answers: readonly (() => Response)[]) => {
    const { fetch, sent } = recorder(answers);
    const url = (renew: boolean) => Promise.resolve(`https://hooks.slack.com/services/${renew ? 'new' : 'old'}`);
    return { destination: slackDestination({ form: 'webhook', url, fetch }), sent };
  };

  it('posts the message alone', async () => {
    const { destination, sent } = webhook([() => new Response('ok')]);

    expect(await destination.publish([{ notice: noticeOf() }])).toEqual([{ id: noticeOf().id, outcome: 'delivered' }]);
    expect(Object.keys(sent[0]?.body ?? {})).toEqual(['text', 'blocks']);
  });

  it('looks the address up again where it no longer serves', async () => {
    const { destination, sent } = webhook([status(404), () => new Response('ok')]);

    expect(await destination.publish([{ notice: noticeOf() }])).toMatchObject([{ outcome: 'delivered' }]);
    expect(sent.map(({ url }) => url.slice(-3))).toEqual(['old', 'new']);
  });

  it('gives up what Slack calls invalid', async () => {
    expect(await webhook([status(400)]).destination.publish([{ notice: noticeOf() }])).toMatchObject([
      { outcome: 'refused' },
    ]);
  });
});

describe('channelOf', () => {
  const routes = [
    { channel: 'C-traffic', check: 'denied-traffic/' },
    { channel: 'C-page', severityAtLeast: 'critical' },
    { channel: 'C-shop', owner: 'team-shop', account: '111122223333', cluster: 'shop-prod' },
  ] as const;
  const channel = (finding: Parameters<typeof announcementOf>[0], owner?: string): string =>
    channelOf(noticeOf([announcementOf(finding, owner === undefined ? {} : { owner })]), routes, 'C-all');

  it('takes the first route that matches in every part, else the default', () => {
    expect(channel({ severity: 'critical' }, 'team-shop')).toBe('C-page');
    expect(channel({ severity: 'high' }, 'team-shop')).toBe('C-shop');
    expect(channel({ severity: 'high' }, 'team-other')).toBe('C-all');
    expect(channel({ severity: 'high' })).toBe('C-all');
  });
});
