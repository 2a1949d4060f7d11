import { describe, expect, it } from 'vitest';
import { DESTINATIONS, replay } from '../../cli/findings-replay.ts';
import { emptyEntry } from '../../shared/model/outbox.ts';
import { eventBridgeDestination } from '../../shared/publish/eventbridge/destination.ts';
import { securityHubDestination } from '../../shared/publish/security-hub/destination.ts';
import { slackDestination } from '../../shared/publish/slack/destination.ts';
import { chatDestination } from '../../shared/publish/sns/chat-destination.ts';
import { snsDestination } from '../../shared/publish/sns/destination.ts';
import { webhookDestination } from '../../shared/publish/webhook/destination.ts';
import { memoryOutbox } from '../../shared/store/memory-outbox.ts';
import { announcementOf } from '../publish/announcements.ts';

const nobody = (): Promise<never> => Promise.reject(new Error('nobody is asked'));
const now = (): Date => new Date('2026-11-20T12:00:00.000Z');

it('knows every destination by its own name, and what it wants', () => {
  const hook = { url: 'https://x.test', secret: nobody, fetch: nobody, now } as const;
  const real = [
    securityHubDestination({ clientOf: nobody, companyName: 'x' }),
    eventBridgeDestination({ client: nobody, bus: 'x' }),
    snsDestination({ client: nobody, topicArn: 'x' }),
    webhookDestination({ ...hook, payload: 'finding' }),
    webhookDestination({ ...hook, payload: 'pagerduty' }),
    slackDestination({ form: 'webhook', url: nobody, fetch: nobody }),
    chatDestination({ client: nobody, topicArn: 'x' }),
  ];

  for (const destination of real) {
    expect([destination.name, DESTINATIONS[destination.name]]).toEqual([
      destination.name,
      destination.kind === 'notice' ? 'notice' : destination.wants,
    ]);
  }
});

describe('findings replay', () => {
  const announcement = announcementOf();
  const { id } = announcement.change.finding;
  const withParked = async () => {
    const outbox = memoryOutbox();
    await outbox.write({
      ...emptyEntry('slack', id),
      done: 1,
      parked: [{ announcement, reason: 'channel_not_found \u001b[2J', parkedAt: '2026-11-20T11:00:00.000Z' }],
    });
    return outbox;
  };
  const run = async (outbox: Awaited<ReturnType<typeof withParked>>, names: readonly string[], dryRun: boolean) => {
    let stdout = '';
    const count = await replay(outbox, names, dryRun, { now, stdout: (text) => void (stdout += text) });
    return { count, stdout };
  };

  it('lists what is parked and why, and with a dry run changes nothing', async () => {
    const outbox = await withParked();
    const { count, stdout } = await run(outbox, ['sns', 'slack'], true);

    expect(count).toBe(1);
    expect(stdout).toContain('slack: 1 finding parked\n');
    expect(stdout).toContain(
      'network-policy/node-agent-enabled on ip-10-0-1-5.eu-west-1.compute.internal\n    channel_not_found \\u{1b}[2J\n',
    );
    expect(await outbox.due('slack', now(), 10)).toEqual([]);
    expect(await outbox.parked('slack', 10)).toHaveLength(1);
  });

  it('has it wait again, due at once', async () => {
    const outbox = await withParked();

    expect((await run(outbox, ['slack'], false)).count).toBe(1);
    expect(await outbox.parked('slack', 10)).toEqual([]);
    expect(await outbox.due('slack', now(), 10)).toMatchObject([{ finding: id, waiting: [{ id: announcement.id }] }]);
  });

  it('leaves other destinations alone', async () => {
    const outbox = await withParked();

    expect(await run(outbox, ['sns'], false)).toEqual({ count: 0, stdout: '' });
    expect(await outbox.parked('slack', 10)).toHaveLength(1);
  });
});
