import { createHmac, timingSafeEqual } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Announcement } from '../../shared/model/announcement.ts';
import { toSlackDigest } from '../../shared/publish/digest/to-slack-digest.ts';
import { FindingMessage } from '../../shared/publish/message/finding-message.ts';
import { DEFAULT_NOISE_RULES } from '../../shared/publish/outbox/noise.ts';
import { dispatchAll, enqueue, type OutboxDependencies } from '../../shared/publish/outbox/outbox.ts';
import type { Destination } from '../../shared/publish/port.ts';
import { slackDestination } from '../../shared/publish/slack/destination.ts';
import { webhookDestination } from '../../shared/publish/webhook/destination.ts';
import { memoryOutbox } from '../../shared/store/memory-outbox.ts';
import { announcementOf, HOSTILE_TEXTS } from '../publish/announcements.ts';
import { busyDay } from '../publish/digest/digests.ts';
import { nodeAnnouncement } from '../publish/notices.ts';
import { type PublishServer, type Reaction, type Received, startPublishServer } from './publish-server.ts';

const SECRET = 'a secret of this test';
const TIMEOUT_MS = 300;
const MINUTE_MS = 60_000;

const servers: PublishServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ close }) => close()));
});

const serve = async (reactionTo: (request: Received, index: number) => Reaction): Promise<PublishServer> => {
  const server = await startPublishServer(reactionTo);
  servers.push(server);
  return server;
};

const ok: Reaction = { kind: 'answer', status: 200, body: '{"ok":true,"ts":"1700000000.000100"}' };

/** Everything that can go wrong, one after the other, then what is right. */
const troubles: readonly Reaction[] = [
  { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
  { kind: 'answer', status: 503, body: 'down' },
  { kind: 'silence' },
  { kind: 'cut' },
  { kind: 'answer', status: 500 },
];
const afterTroubles = (_: Received, index: number): Reaction => troubles[index] ?? ok;

const hooks = (url: string): Destination =>
  webhookDestination({
    url,
    secret: () => Promise.resolve(SECRET),
    payload: 'finding',
    fetch,
    now: () => new Date('2026-11-20T12:00:00.000Z'),
    timeoutMs: TIMEOUT_MS,
  });

const slack = (url: string): Destination =>
  slackDestination({
    form: 'bot',
    token: () => Promise.resolve('xoxb-of-this-test'),
    channel: 'C0',
    routes: [],
    fetch,
    endpoint: url,
    timeoutMs: TIMEOUT_MS,
  });

/** The outbox, dispatched minute by minute until nothing waits any more, or for ten hours. */
const deliver = async (
  destination: Destination,
  announcements: readonly Announcement[],
): Promise<readonly string[]> => {
  let time = Date.parse('2026-11-20T12:00:00.000Z');
  const store = memoryOutbox();
  const trouble: string[] = [];
  const dependencies: OutboxDependencies = {
    store,
    destinations: [destination],
    rules: DEFAULT_NOISE_RULES,
    now: () => new Date(time),
    openNow: () => Promise.resolve(announcements.length),
    onTrouble: (_, delivery) => void trouble.push(delivery.outcome),
  };
  await enqueue(dependencies, announcements);
  for (let minute = 0; minute < 600; minute += 1) {
    await dispatchAll(dependencies);
    time += MINUTE_MS;
    if ((await store.due(destination.name, new Date(time + 86_400_000), 1)).length === 0) return trouble;
  }
  throw new Error('something still waits after ten hours');
};

const isSigned = ({ headers, body }: Received): boolean => {
  const given = String(headers['netpol-warden-signature']);
  const mac = createHmac('sha256', SECRET)
    .update(`${String(headers['netpol-warden-timestamp'])}.${body}`)
    .digest('hex');
  return given.length === mac.length + 3 && timingSafeEqual(Buffer.from(given), Buffer.from(`v1=${mac}`));
};

const messageOf = ({ body }: Received): FindingMessage => FindingMessage.parse(JSON.parse(body));

describe('webhooks over a socket', () => {
  it('arrive after 429, 503, silence, a cut and 500, signed, with the same key each time', async () => {
    const server = await serve(afterTroubles);
    const announcement = announcementOf();
    const trouble = await deliver(hooks(server.url), [announcement]);

    expect(trouble).toEqual(troubles.map(() => 'retry'));
    expect(server.received).toHaveLength(troubles.length + 1);
    expect(new Set(server.received.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set([announcement.id]),
    );
    expect(server.received.every(isSigned)).toBe(true);
    expect(messageOf(server.received.at(-1) ?? { path: '', headers: {}, body: '' })).toMatchObject({
      id: announcement.id,
    });
  });

  it('are one a change for a receiver that drops what it knows, in order per finding, though answers get lost', async () => {
    // Every other request is taken, and its answer lost.
    const server = await serve((_, index) => (index % 2 === 0 ? { kind: 'cut' } : ok));
    const changes = [1, 2, 3].flatMap((sequence) =>
      [1, 2].map((node) => {
        const { change } = nodeAnnouncement(node);
        return announcementOf(change.finding, { sequence, kind: sequence === 1 ? 'opened' : 'updated' });
      }),
    );
    await deliver(hooks(server.url), changes);
    const known = new Map(server.received.map((request) => [messageOf(request).id, messageOf(request)]));

    expect(server.received.length).toBeGreaterThan(changes.length);
    expect(new Set(known.keys())).toEqual(new Set(changes.map(({ id }) => id)));
    for (const group of Map.groupBy(known.values(), ({ finding }) => finding.id).values()) {
      expect(group.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    }
  });

  it('are refused for good where the receiver says that the request itself is wrong', async () => {
    const server = await serve(() => ({ kind: 'answer', status: 422 }));

    expect(await deliver(hooks(server.url), [announcementOf()])).toEqual(['refused']);
    expect(server.received).toHaveLength(1);
  });

  it('take no redirect to a place that nobody named', async () => {
    const elsewhere = await serve(() => ok);
    const server = await serve((_, index) =>
      index === 0 ? { kind: 'answer', status: 307, headers: { location: elsewhere.url } } : ok,
    );
    await deliver(hooks(server.url), [announcementOf()]);

    expect(elsewhere.received).toEqual([]);
    expect(server.received).toHaveLength(2);
  });

  it.each(HOSTILE_TEXTS)('carry a hostile text as a JSON string and nothing else: %j', async (text) => {
    const server = await serve(() => ok);
    const hostile = announcementOf({
      message: { key: 'disabled', values: {}, text },
      resource: { type: 'node', id: text, name: text },
    });
    await deliver(hooks(server.url), [{ ...hostile, owner: text }]);

    expect(server.received.map(messageOf)).toMatchObject([{ owner: text }]);
    expect(server.received.every(isSigned)).toBe(true);
  });
});

describe('Slack over a socket', () => {
  it('is told once after 429, 503, silence, a cut and 500', async () => {
    const server = await serve(afterTroubles);
    const trouble = await deliver(slack(server.url), [nodeAnnouncement(1), nodeAnnouncement(2)]);
    const texts = server.received.map(({ body }) => String(JSON.parse(body).text));

    expect(new Set(trouble)).toEqual(new Set(['retry']));
    expect(server.received).toHaveLength(troubles.length + 1);
    expect(new Set(texts)).toEqual(new Set([expect.stringMatching(/^NEW, high: shop-prod, 2 nodes: /)]));
    expect(server.received.every(({ headers }) => headers.authorization === 'Bearer xoxb-of-this-test')).toBe(true);
  });

  it('does not answer a 429 with the rest of a burst', async () => {
    const server = await serve((_, index) =>
      index === 0 ? { kind: 'answer', status: 429, headers: { 'retry-after': '30' } } : ok,
    );
    const checks = ['a', 'b', 'c'].map((name) => {
      const base = announcementOf({ check: `network-policy/${name}`, id: name });
      return { ...base, check: { ...base.check, id: `network-policy/${name}` } };
    });
    await deliver(slack(server.url), checks);

    expect(server.received).toHaveLength(4);
  });

  it('takes a digest', async () => {
    const server = await serve(() => ok);
    const response = await fetch(server.url, { method: 'POST', body: JSON.stringify(toSlackDigest(busyDay())) });

    expect(response.status).toBe(200);
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
      blocks: [{ type: 'header' }, { type: 'rich_text' }, {}, {}, {}, {}],
    });
  });
});
