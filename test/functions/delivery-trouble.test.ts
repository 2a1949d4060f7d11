import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { HttpResponse } from '@smithy/core/protocols';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/publish-findings/publish-findings.ts';
import { memoryOutbox } from '../../shared/store/memory-outbox.ts';
import { DEFAULT_NOISE_RULES } from '../../shared/publish/outbox/noise.ts';
import { securityHubDestination } from '../../shared/publish/security-hub/destination.ts';
import { announcementOf } from '../publish/announcements.ts';
import { context, recorder } from './process.ts';

const MINUTE_MS = 60_000;

/** One change on its way to a Security Hub that gives this answer. */
const published = (status: number, type: string, Message: string) => {
  const clientOf = (): Promise<SecurityHubClient> =>
    Promise.resolve(
      new SecurityHubClient({
        region: 'us-west-2',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
        maxAttempts: 1,
        requestHandler: {
          handle: () => {
            const headers = { 'content-type': 'application/json', 'x-amzn-errortype': type };
            const body = new TextEncoder().encode(JSON.stringify({ Message }));
            return Promise.resolve({ response: new HttpResponse({ statusCode: status, headers, body }) });
          },
        },
      }),
    );
  const announcement = announcementOf();
  const { change, sequence, at } = announcement;
  const store = memoryOutbox();
  const told = recorder();
  let clock = new Date(at);
  const handler = makeHandler({
    changeOf: () => Promise.resolve({ change, sequence, at }),
    announce: () => Promise.resolve([announcement]),
    outbox: () =>
      Promise.resolve({
        store,
        destinations: [securityHubDestination({ clientOf, companyName: 'Example' })],
        rules: DEFAULT_NOISE_RULES,
        now: () => clock,
        openNow: () => Promise.resolve(1),
      }),
    digests: () => Promise.reject(new Error('no digest is asked for')),
    now: () => clock,
    ...told,
  });
  return {
    ...told,
    store,
    arrives: () => handler({ Records: [{ dynamodb: { SequenceNumber: '1', NewImage: {} } }] }, context()),
    minuteAfterMinute: async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        clock = new Date(clock.getTime() + MINUTE_MS);
        await handler({ dispatch: true }, context());
      }
    },
  };
};

describe('what the operators are told of Security Hub', () => {
  it('not enabled: a warning says so and where, and the lag that the alarm DeliveryLag watches grows', async () => {
    const hub = published(401, 'InvalidAccessException', 'Account 111122223333 is not subscribed to AWS Security Hub');
    await hub.arrives();
    expect(hub.lines).toEqual(['warn a destination did not take a change yet']);
    expect(hub.fields[0]).toMatchObject({
      destination: 'security-hub',
      reason: expect.stringMatching(
        /^account 111122223333, us-west-2: Security Hub is not enabled in this account and region.*not subscribed/,
      ) as string,
    });
    await hub.minuteAfterMinute(31);
    expect(hub.counts['DeliveryRetries']).toBeGreaterThan(1);
    expect(hub.counts['DeliveryLag']).toBe(31 * 60);
    expect(hub.counts).not.toHaveProperty('DeliveryRefused');
    expect(await hub.store.parked('security-hub', 10)).toEqual([]);
  });

  it('a finding that it calls invalid: an error, counted for the alarm DeliveryRefused, parked and not tried again', async () => {
    const hub = published(400, 'InvalidInputException', 'Title is too long');
    await hub.arrives();
    await hub.minuteAfterMinute(31);
    expect(hub.lines).toEqual(['error a destination refused a change: it is parked']);
    expect(hub.fields[0]).toMatchObject({ reason: expect.stringContaining('Title is too long') as string });
    expect(hub.counts['DeliveryRefused']).toBe(1);
    expect(hub.counts['DeliveryLag']).toBe(0);
    expect(await hub.store.parked('security-hub', 10)).toHaveLength(1);
  });
});
