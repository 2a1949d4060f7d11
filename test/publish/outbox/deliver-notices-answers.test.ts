import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../shared/publish/outbox/write-entry.ts';
import { at, became, briefly, idOf, scene } from './scene.ts';

const LEASE = LEASE_MS / 60_000;

describe('where the answer is', () => {
  it('missing, the message is sent again, with the same id', async () => {
    const { enqueue, dispatch, heard, wait, answers } = scene('notice');
    answers.says = () => undefined;
    await enqueue(became('opened', 1, 'b'), became('opened', 1));
    await dispatch();
    wait(1);
    answers.says = (id) => ({ id, outcome: 'delivered' });
    await dispatch();

    expect(briefly(heard)).toEqual(['opened a,b', 'opened a,b']);
    expect(new Set(heard.map(({ notice }) => notice.id)).size).toBe(1);
  });

  it('missing, and it has ended meanwhile, people hear of the end: they may have heard of the opening', async () => {
    const { enqueue, dispatch, heard, wait, answers } = scene('notice');
    answers.says = () => new Error('socket hang up');
    await enqueue(became('opened', 1));
    await dispatch();
    answers.says = (id) => ({ id, outcome: 'delivered' });
    await enqueue(became('resolved', 2));
    wait(1);
    await dispatch();

    expect(briefly(heard)).toEqual(['opened a', 'resolved a']);
  });

  it('a refusal, all of its findings are parked and nothing is told at every audit', async () => {
    const { enqueue, dispatch, heard, answers, entry } = scene('notice');
    answers.says = (id) => ({ id, outcome: 'refused', reason: 'channel_not_found' });
    await enqueue(became('opened', 1), became('opened', 1, 'b'));
    await dispatch();
    await enqueue(became('refreshed', 2));
    await dispatch();

    expect(heard).toHaveLength(1);
    expect((await entry('b')).parked).toMatchObject([{ reason: 'channel_not_found' }]);
    expect((await entry()).told).toBeUndefined();
  });

  it('a refusal, what is sent again later says how it is by then', async () => {
    const its = scene('notice');
    its.answers.says = (id) => ({ id, outcome: 'refused', reason: 'channel_not_found' });
    await its.enqueue(became('unverified', 1));
    await its.dispatch();
    await its.enqueue(became('refreshed', 2));
    const { parked, done } = await its.entry();

    expect({ parked, done }).toEqual({
      parked: [{ announcement: became('refreshed', 2), reason: 'channel_not_found', parkedAt: at(0) }],
      done: 2,
    });
  });

  it('that nobody wants it, it is as if they knew', async () => {
    const { enqueue, dispatch, heard, answers, entry } = scene('notice');
    answers.says = (id) => ({ id, outcome: 'skipped', reason: 'no route' });
    await enqueue(became('opened', 1));
    await dispatch();
    await enqueue(became('refreshed', 2));
    await dispatch();

    expect(heard).toHaveLength(1);
    expect(await entry()).toMatchObject({ done: 1, waiting: [], told: { status: 'open' } });
  });
});

it('a cluster whose findings cannot be counted does not keep the others from being heard of', async () => {
  const { enqueue, dispatch, heard, answers, store } = scene('notice');
  const cluster = { ...became('opened', 1).change.finding.cluster, name: 'broken' };
  answers.openNow = async ({ name }) => {
    if (name === 'broken') throw new Error('unreadable record');
    return 1;
  };
  await enqueue(became('opened', 1, 'b', { cluster, id: 'there' }), became('opened', 1));
  await dispatch();

  expect(briefly(heard)).toEqual(['opened a']);
  expect(await store.read('chat', ['there'])).toMatchObject([
    { attempts: 1, reason: 'open findings could not be counted: unreadable record' },
  ]);
});

it('what another process is delivering is left alone, and taken over when that one must be dead', async () => {
  const { enqueue, dispatch, heard, store, wait } = scene('notice');
  await enqueue(became('opened', 1));
  const [entry] = await store.read('chat', [idOf()]);
  if (entry === undefined) throw new Error('nothing was read');
  await store.write({ ...entry, attempts: 1, dueAt: at(LEASE) });
  await dispatch();
  expect(heard).toEqual([]);

  wait(LEASE);
  await dispatch();
  expect(briefly(heard)).toEqual(['opened a']);
});
