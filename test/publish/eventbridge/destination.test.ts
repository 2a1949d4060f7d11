import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { eventBridgeDestination } from '../../../shared/publish/eventbridge/destination.ts';
import { announcementOf } from '../announcements.ts';
import { answering, type Answer } from '../sdk-client.ts';

const bus = (answer: (entries: number) => Answer) => {
  const counts: number[] = [];
  const { config, requests } = answering(({ body }) => {
    const document: unknown = JSON.parse(body);
    const entries =
      typeof document === 'object' && document !== null && 'Entries' in document && Array.isArray(document.Entries)
        ? document.Entries.length
        : 0;
    counts.push(entries);
    return answer(entries);
  });
  const destination = eventBridgeDestination({
    client: () => Promise.resolve(new EventBridgeClient(config)),
    bus: 'b',
  });
  return { destination, counts, requests };
};

const taken = (entries: number): Answer => ({
  body: JSON.stringify({
    FailedEntryCount: 0,
    Entries: Array.from({ length: entries }, (_, index) => ({ EventId: `e${index}` })),
  }),
});

const items = (count: number) =>
  Array.from({ length: count }, (_, index) => announcementOf({}, { sequence: index + 1 }));

describe('EventBridge', () => {
  it('puts at most ten events a call', async () => {
    const { destination, counts } = bus(taken);

    const done = await destination.publish(items(25));

    expect(counts).toEqual([10, 10, 5]);
    expect(done.every(({ outcome }) => outcome === 'delivered')).toBe(true);
    expect(new Set(done.map(({ id }) => id)).size).toBe(25);
  });

  it('carries the message under our own source', async () => {
    const { destination, requests } = bus(taken);
    await destination.publish(items(1));

    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      Entries: [
        {
          EventBusName: 'b',
          Source: 'netpol-warden',
          DetailType: 'Netpol Warden Finding Change',
          Resources: ['arn:aws:eks:us-west-2:111122223333:cluster/shop-prod'],
        },
      ],
    });
  });

  it('tells what one answer took from what it did not', async () => {
    const { destination } = bus(() => ({
      body: JSON.stringify({ FailedEntryCount: 1, Entries: [{ EventId: 'e' }, { ErrorCode: 'ThrottlingException' }] }),
    }));

    expect((await destination.publish(items(3))).map(({ outcome }) => outcome)).toEqual([
      'delivered',
      'retry',
      'retry',
    ]);
  });

  it('answers for every event where the call fails', async () => {
    const { destination } = bus(() => ({ status: 500, body: '{}' }));

    expect((await destination.publish(items(2))).map(({ outcome }) => outcome)).toEqual(['retry', 'retry']);
  });
});
