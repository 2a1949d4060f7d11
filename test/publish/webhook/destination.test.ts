import { describe, expect, it } from 'vitest';
import { FindingMessage } from '../../../shared/publish/message/finding-message.ts';
import { signatureOf, webhookDestination } from '../../../shared/publish/webhook/destination.ts';
import { toPagerDuty } from '../../../shared/publish/webhook/to-pagerduty.ts';
import { announcementOf } from '../announcements.ts';

const NOW = new Date('2026-11-20T09:00:06Z');

const hook = (answer: () => Response, payload: 'finding' | 'pagerduty' = 'finding') => {
  const sent: {
    readonly url: string;
    readonly headers: Headers;
    readonly body: string;
    readonly redirect: string | undefined;
  }[] = [];
  const destination = webhookDestination({
    url: 'https://hooks.example.test/findings',
    secret: () => Promise.resolve('s3cret'),
    payload,
    now: () => NOW,
    fetch: (url, { headers, body, redirect }) => {
      sent.push({ url, headers: new Headers(headers), body: typeof body === 'string' ? body : '', redirect });
      return Promise.resolve(answer());
    },
  });
  return { destination, sent };
};

describe('a webhook', () => {
  it('is signed over time and body, follows no redirect and names the change for deduplication', async () => {
    const { destination, sent } = hook(() => new Response('', { status: 202 }));
    const announcement = announcementOf();

    expect(await destination.publish([announcement])).toEqual([{ id: announcement.id, outcome: 'delivered' }]);
    const [request] = sent;
    const timestamp = Number(request?.headers.get('netpol-warden-timestamp'));
    expect(timestamp).toBe(NOW.getTime() / 1000);
    expect(request?.headers.get('netpol-warden-signature')).toBe(signatureOf('s3cret', timestamp, request?.body ?? ''));
    expect(request?.headers.get('idempotency-key')).toBe(announcement.id);
    expect(request?.redirect).toBe('error');
    expect(FindingMessage.parse(JSON.parse(request?.body ?? '')).id).toBe(announcement.id);
  });

  it('has a signature that anybody can recompute', () => {
    // printf '1763629206.{}' | openssl dgst -sha256 -hmac s3cret
    expect(signatureOf('s3cret', 1_763_629_206, '{}')).toBe(
      'v1=aa0678387c254022d9e96c2f1b9f2f72dea9b0ad613aa8dbd7caa349c3c083ab',
    );
  });

  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [400, 'refused'],
    [422, 'refused'],
    [401, 'retry'],
    [404, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('HTTP %i: %s', async (status, outcome) => {
    const body = status === 204 ? null : '';

    expect(await hook(() => new Response(body, { status })).destination.publish([announcementOf()])).toMatchObject([
      { outcome },
    ]);
  });

  it('waits as long as it is told', async () => {
    const answer = () => new Response('', { status: 429, headers: { 'retry-after': '9' } });

    expect(await hook(answer).destination.publish([announcementOf()])).toMatchObject([
      { outcome: 'retry', retryAfterMs: 9000 },
    ]);
  });

  it('tries again where nobody answers', async () => {
    const { destination } = hook(() => {
      throw new Error('connect ECONNREFUSED');
    });

    expect(await destination.publish([announcementOf()])).toMatchObject([
      { outcome: 'retry', reason: 'connect ECONNREFUSED' },
    ]);
  });
});

describe('PagerDuty', () => {
  it('triggers and resolves one alert by the finding’s id', async () => {
    const { destination, sent } = hook(() => new Response('', { status: 202 }), 'pagerduty');
    const { id } = announcementOf().change.finding;
    await destination.publish([announcementOf()]);
    await destination.publish([announcementOf({ status: 'resolved' }, { kind: 'resolved' })]);

    expect(sent.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      {
        routing_key: 's3cret',
        event_action: 'trigger',
        dedup_key: id,
        payload: { severity: 'error', class: 'network-policy/node-agent-enabled' },
      },
      { routing_key: 's3cret', event_action: 'resolve', dedup_key: id },
    ]);
    expect(sent[0]?.headers.get('netpol-warden-signature')).toBeNull();
  });

  it('keeps the summary within 1,024 characters, and links only to https', () => {
    const event = toPagerDuty(
      announcementOf(
        { message: { key: 'x', values: {}, text: 'y'.repeat(5000) } },
        { links: { report: 'javascript:alert(1)' } },
      ),
      'key',
    );

    expect(event).toMatchObject({ payload: { summary: expect.stringMatching(/^.{1,1024}$/) as string } });
    expect(JSON.stringify('links' in event ? event.links : [])).not.toContain('javascript');
  });
});
