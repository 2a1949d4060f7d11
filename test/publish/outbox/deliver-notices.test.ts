import { describe, expect, it } from 'vitest';
import { nodeAnnouncement } from '../notices.ts';
import { at, became, briefly, scene } from './scene.ts';

describe('a storm', () => {
  const storm = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => nodeAnnouncement(from + index));

  it('of 500 nodes that fail one check is one message with all of them', async () => {
    const { enqueue, dispatch, heard, dependencies } = scene('notice');
    await enqueue(...storm(1, 500));
    await dispatch();

    expect(heard).toHaveLength(1);
    expect(heard[0]?.notice).toMatchObject({ kind: 'opened', openNow: 7 });
    expect(heard[0]?.notice.announcements).toHaveLength(500);
    expect(await dependencies.store.due('chat', new Date(at(9999)), 9)).toEqual([]);
  });

  it('that goes on is put together until five minutes after the message before', async () => {
    const { enqueue, dispatch, heard, wait } = scene('notice');
    await enqueue(...storm(1, 3));
    await dispatch();
    for (const index of [4, 5, 6]) {
      wait(1);
      await enqueue(nodeAnnouncement(index));
      await dispatch();
    }
    expect(heard).toHaveLength(1);

    wait(2);
    await dispatch();
    expect(briefly(heard)).toEqual(['opened node-1,node-2,node-3', 'opened node-4,node-5,node-6']);
  });

  it('does not keep another kind, check or cluster from being told', async () => {
    const { enqueue, dispatch, heard } = scene('notice');
    const check = { ...became('opened', 1).check, id: 'fleet/other' };
    const cluster = { ...became('opened', 1).change.finding.cluster, name: 'other' };
    await enqueue(became('opened', 1));
    await dispatch();
    await enqueue(
      became('resolved', 2),
      became('opened', 1, 'b', { check: check.id, id: 'other check' }, { check }),
      became('opened', 1, 'c', { cluster, id: 'other cluster' }),
      became('opened', 1, 'd'),
    );
    await dispatch();

    expect(briefly(heard).toSorted()).toEqual(['opened a', 'opened b', 'opened c', 'resolved a']);
  });
});

describe('net effect', () => {
  it('is told, not every step', async () => {
    const { enqueue, dispatch, heard } = scene('notice');
    await enqueue(became('opened', 1), became('updated', 2), became('opened', 1, 'b'));
    await enqueue(became('resolved', 3, 'b'));
    await dispatch();

    expect(briefly(heard)).toEqual(['opened a']);
  });

  it('is nothing where it ended and came back in one batch, and an old batch given again is no news', async () => {
    const { enqueue, dispatch, heard, wait, entry } = scene('notice');
    const [resolved, reopened] = [became('resolved', 2), became('reopened', 3)];
    await enqueue(became('opened', 1));
    await dispatch();
    await enqueue(resolved, reopened);
    await enqueue(resolved);
    wait(10);
    await dispatch();

    expect(briefly(heard)).toEqual(['opened a']);
    expect(await entry()).toMatchObject({ done: 3, told: { status: 'open' } });
  });

  it('is that nobody can look, once each time that nobody can', async () => {
    const { enqueue, dispatch, heard, wait } = scene('notice');
    const kinds = ['opened', 'unverified', 'unverified', 'refreshed', 'unverified', 'resolved'] as const;
    for (const [index, kind] of kinds.entries()) {
      await enqueue(became(kind, index + 1));
      await dispatch();
      wait(20);
    }

    expect(briefly(heard)).toEqual(['opened a', 'unverified a', 'unverified a', 'resolved a']);
  });

  it('is told when an exception has run out, at the next audit', async () => {
    const { enqueue, dispatch, heard, entry } = scene('notice');
    const exception = { check: 'c', owner: 'o', reason: 'r', expires: '2026-11-20T10:30:00Z' };
    await enqueue(became('opened', 1, 'a', {}, { exception }));
    const before = await entry();
    await enqueue(became('refreshed', 2, 'a', {}, { exception }));

    expect(await entry()).toEqual(before);
    await enqueue(became('refreshed', 3));
    await dispatch();
    expect(briefly(heard)).toEqual(['opened a']);
  });
});

describe('what goes to and fro', () => {
  it('is held, and then said with how often', async () => {
    const { enqueue, dispatch, heard, wait, entry } = scene('notice', { coalesceMs: 0 });
    const kinds = [
      'opened',
      'resolved',
      'reopened',
      'resolved',
      'reopened',
      'resolved',
      'reopened',
      'resolved',
    ] as const;
    for (const [index, kind] of kinds.entries()) {
      await enqueue(became(kind, index + 1));
      await dispatch();
      wait(5);
    }
    expect(briefly(heard)).toEqual(['opened a', 'resolved a', 'reopened a', 'resolved a']);
    expect((await entry()).held).toEqual({ flips: 4, since: at(20), lastAt: at(35) });

    wait(24);
    await dispatch();
    wait(1);
    await dispatch();
    expect(heard).toHaveLength(4);
    expect((await entry()).told?.status).toBe('ended');
    expect((await entry()).held).toBeUndefined();

    await enqueue(became('reopened', 9));
    await dispatch();
    expect(briefly(heard).at(-1)).toBe('reopened a');
  });

  it('and ends otherwise than people know is told, damped', async () => {
    const { enqueue, dispatch, heard, wait } = scene('notice', { coalesceMs: 0 });
    const kinds = ['opened', 'resolved', 'reopened', 'resolved', 'reopened'] as const;
    for (const [index, kind] of kinds.entries()) {
      await enqueue(became(kind, index + 1));
      await dispatch();
      wait(5);
    }
    wait(25);
    await dispatch();

    expect(heard.at(-1)?.notice).toMatchObject({ kind: 'reopened', damped: { flips: 1, since: at(20) } });
  });
});

it('maintenance holds what is new until it is over, and says nothing of what ended meanwhile', async () => {
  const maintenance = [{ from: at(-1), to: at(30) }];
  const { enqueue, dispatch, heard, wait } = scene('notice', { maintenance });
  await enqueue(became('opened', 1), became('opened', 1, 'b'));
  await dispatch();
  await enqueue(became('resolved', 2));
  wait(29);
  await dispatch();
  expect(heard).toEqual([]);

  wait(1);
  await dispatch();
  expect(briefly(heard)).toEqual(['opened b']);
});

describe('a thread', () => {
  it('refers to its first message, also where two kinds come at once', async () => {
    const { enqueue, dispatch, heard, wait, store } = scene('notice');
    await enqueue(became('opened', 1), became('opened', 1, 'b'));
    await dispatch();
    wait(10);
    await enqueue(became('resolved', 2), became('opened', 1, 'c'));
    await dispatch();

    const [first] = heard;
    const reference = `ref ${first?.notice.id}`;
    expect(briefly(heard)).toEqual(['opened a,b', 'resolved a', 'opened c']);
    expect(heard.map(({ before }) => before)).toEqual([
      undefined,
      { sequence: 0, reference },
      { sequence: 0, reference },
    ]);
    expect(await store.readThread('chat', first?.notice.thread ?? '')).toMatchObject({
      reference,
      sentAt: { opened: at(10), resolved: at(10) },
    });
  });

  it('that does not exist yet waits for its first message', async () => {
    const { enqueue, dispatch, heard } = scene('notice');
    await enqueue(became('opened', 1), became('reopened', 1, 'b'));
    await dispatch();

    expect(heard.map(({ before }) => before)).toEqual([
      undefined,
      { sequence: 0, reference: `ref ${heard[0]?.notice.id}` },
    ]);
  });
});
