import { describe, expect, it } from 'vitest';
import { emptyEntry, type OutboxEntry } from '../../../shared/model/outbox.ts';
import type { Delivery } from '../../../shared/publish/port.ts';
import {
  answered,
  backoffMs,
  enqueued,
  MOST_ATTEMPTS,
  MOST_PARKED,
  MOST_WAITING,
  redriven,
  settled,
  type Wants,
} from '../../../shared/publish/outbox/entry.ts';
import { at, became, idOf, NOW } from './scene.ts';

const EMPTY = emptyEntry('sns', idOf());
const DELIVERED: Delivery = { id: 'x', outcome: 'delivered' };
const REFUSED: Delivery = { id: 'x', outcome: 'refused', reason: 'HTTP 400' };
const retry = (retryAfterMs?: number): Delivery => ({
  id: 'x',
  outcome: 'retry',
  reason: 'HTTP 503',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

const waitingFor = (wants: Wants, ...sequences: readonly number[]): OutboxEntry =>
  sequences.reduce((entry, sequence) => enqueued(entry, [became('updated', sequence)], wants, NOW), EMPTY);

const shape = ({ done, waiting, parked, attempts, dueAt }: OutboxEntry) => ({
  done,
  waiting: waiting.map(({ sequence }) => sequence),
  parked: parked.map(({ announcement }) => announcement.sequence),
  attempts,
  dueAt,
});
const WANTS = ['every-change', 'latest', 'difference'] as const;

describe('what is enqueued', () => {
  it.each([
    ['every-change', [1, 2, 3]],
    ['latest', [3]],
    ['difference', [3]],
  ] as const)('for %s is %j of three changes', (wants, waiting) => {
    expect(shape(waitingFor(wants, 1, 2, 3))).toEqual({ done: 0, waiting, parked: [], attempts: 0, dueAt: at(0) });
  });

  it.each(WANTS)('for %s is nothing that waits or is dealt with: the very entry comes back', (wants) => {
    const entry = { ...waitingFor(wants, 4, 5), done: 3 };

    expect(enqueued(entry, [became('opened', 2), became('updated', 5)], wants, NOW)).toBe(entry);
  });

  it('is in order and once each, whatever order it comes in', () => {
    const batch = [3, 1, 3, 2].map((sequence) => became('updated', sequence));

    expect(shape(enqueued(EMPTY, batch, 'every-change', NOW)).waiting).toEqual([1, 2, 3]);
  });

  it('is an older change too where every change counts and it has not arrived', () => {
    expect(shape(enqueued(waitingFor('every-change', 4), [became('updated', 2)], 'every-change', NOW)).waiting).toEqual(
      [2, 4],
    );
    const later = waitingFor('latest', 4);
    expect(enqueued(later, [became('updated', 2)], 'latest', NOW)).toBe(later);
  });

  it('does not shorten the wait of a destination that is down', () => {
    const down = { ...waitingFor('every-change', 1), attempts: 5, dueAt: at(9) };

    expect(shape(enqueued(down, [became('updated', 2)], 'every-change', NOW))).toMatchObject({
      attempts: 5,
      dueAt: at(9),
    });
  });

  it('keeps beside the latest what people may have heard: the newest opening and the newest end that were tried', () => {
    const tried = { ...enqueued(EMPTY, [became('opened', 1)], 'difference', NOW), attempts: 1 };
    const kinds = ['resolved', 'reopened', 'resolved', 'reopened'] as const;
    const after = kinds.reduce(
      (entry, kind, index) => enqueued(entry, [became(kind, index + 2)], 'difference', NOW),
      tried,
    );

    expect(shape(after).waiting).toEqual([3, 4, 5]);
  });

  it('counts openings and endings that are held back, once each', () => {
    const held = { ...waitingFor('difference', 1), held: { flips: 1, since: at(-9), lastAt: at(-9) } };
    const batch = [became('resolved', 2), became('updated', 3), became('reopened', 4)];
    const next = enqueued(held, batch, 'difference', NOW);

    expect(next.held).toEqual({ flips: 3, since: at(-9), lastAt: at(0) });
    expect(enqueued(next, batch, 'difference', new Date(at(5)))).toBe(next);
  });

  it('is bounded: of too many the oldest and the newest stay', () => {
    const all = Array.from({ length: MOST_WAITING + 10 }, (_, index) => became('updated', index + 1));
    const { waiting } = shape(enqueued(EMPTY, all, 'every-change', NOW));

    expect(waiting).toHaveLength(MOST_WAITING);
    expect([waiting[0], waiting[MOST_WAITING / 2 - 1], waiting[MOST_WAITING / 2], waiting.at(-1)]).toEqual([
      1, 200, 211, 410,
    ]);
  });
});

describe('an answer', () => {
  it.each(WANTS)('that it was delivered leaves nothing to do (%s)', (wants) => {
    expect(answered({ ...waitingFor(wants, 1), reason: 'HTTP 503', attempts: 3 }, 1, DELIVERED, wants, NOW)).toEqual({
      ...EMPTY,
      done: 1,
      deliveredAt: at(0),
    });
  });

  it('makes the next change due at once', () => {
    const entry = { ...waitingFor('every-change', 1, 2), attempts: 3, dueAt: at(5), reason: 'being delivered' };

    expect(shape(answered(entry, 1, DELIVERED, 'every-change', NOW))).toEqual({
      done: 1,
      waiting: [2],
      parked: [],
      attempts: 0,
      dueAt: at(0),
    });
  });

  it.each(['latest', 'difference'] as const)(
    'about what was overtaken meanwhile counts, and the newer one stays (%s)',
    (wants) => {
      const entry = waitingFor(wants, 1, 2);

      expect(shape(answered(entry, 1, DELIVERED, wants, NOW))).toMatchObject({ done: 1, waiting: [2], dueAt: at(0) });
      expect(shape(answered({ ...entry, dueAt: at(5) }, 1, REFUSED, wants, NOW))).toEqual({
        done: 1,
        waiting: [2],
        parked: [],
        attempts: 0,
        dueAt: at(0),
      });
    },
  );

  it.each(WANTS)('that comes a second time changes nothing (%s)', (wants) => {
    const entry = answered(waitingFor(wants, 1), 1, DELIVERED, wants, NOW);

    for (const delivery of [DELIVERED, REFUSED, retry()]) expect(answered(entry, 1, delivery, wants, NOW)).toBe(entry);
  });

  it.each([
    [1, undefined, 5],
    [2, undefined, 10],
    [5, undefined, 80],
    [30, undefined, 900],
    [1, 60_000, 60],
    [30, 60_000, 900],
    [1, 1e15, 3600],
    [1, Number.NaN, 5],
    [1, -7, 5],
  ])('to try later, after %i tries and asked for %s ms, waits %i seconds', (attempts, asked, seconds) => {
    const entry = answered({ ...waitingFor('latest', 1), attempts }, 1, retry(asked), 'latest', NOW);

    expect(shape(entry)).toMatchObject({ waiting: [1], attempts, dueAt: at(seconds / 60) });
    expect(entry.reason).toBe('HTTP 503');
  });

  it('to try later is parked after about a week', () => {
    const hours =
      Array.from({ length: MOST_ATTEMPTS }, (_, index) => backoffMs(index + 1)).reduce((a, b) => a + b) / 3_600_000;
    const entry = { ...waitingFor('every-change', 1, 2), attempts: MOST_ATTEMPTS };

    expect(hours).toBeGreaterThan(7 * 24);
    expect(shape(answered(entry, 1, retry(), 'every-change', NOW))).toMatchObject({
      waiting: [2],
      parked: [1],
      attempts: 0,
    });
  });

  it('that it is refused makes way for the next', () => {
    const entry = answered(waitingFor('every-change', 1, 2), 1, REFUSED, 'every-change', NOW);

    expect(shape(entry)).toEqual({ done: 1, waiting: [2], parked: [1], attempts: 0, dueAt: at(0) });
    expect(entry.parked).toEqual([{ announcement: became('updated', 1), reason: 'HTTP 400', parkedAt: at(0) }]);
  });

  it('that a newer one was delivered forgets what was parked, where not every change counts', () => {
    const parkedFirst = (wants: Wants) => answered(waitingFor(wants, 1), 1, REFUSED, wants, NOW);
    const next = (wants: Wants) =>
      answered(enqueued(parkedFirst(wants), [became('updated', 2)], wants, NOW), 2, DELIVERED, wants, NOW);

    expect(shape(next('latest')).parked).toEqual([]);
    expect(shape(next('difference')).parked).toEqual([]);
    expect(shape(next('every-change')).parked).toEqual([1]);
  });

  it('that everything is refused keeps the newest of it', () => {
    const all = Array.from({ length: MOST_PARKED + 5 }, (_, index) => index + 1);
    const entry = all.reduce(
      (sofar, sequence) =>
        answered(
          enqueued(sofar, [became('updated', sequence)], 'every-change', NOW),
          sequence,
          REFUSED,
          'every-change',
          NOW,
        ),
      EMPTY,
    );

    expect(shape(entry).parked).toEqual(all.slice(5));
  });
});

describe('what is parked, sent again,', () => {
  const refusedFirst = (wants: Wants) => answered(waitingFor(wants, 1), 1, REFUSED, wants, NOW);

  it('waits before what waits already, and what is done is not asked for again', () => {
    const entry = enqueued({ ...refusedFirst('every-change'), done: 4 }, [became('updated', 5)], 'every-change', NOW);
    const again = redriven(entry, 'every-change', NOW);

    expect(shape(again)).toEqual({ done: 4, waiting: [1, 5], parked: [], attempts: 0, dueAt: at(0) });
    expect(enqueued(again, [became('updated', 3)], 'every-change', NOW)).toBe(again);
    expect(shape(answered(again, 1, DELIVERED, 'every-change', NOW))).toMatchObject({ done: 4, waiting: [5] });
  });

  it('is overtaken where only the latest counts and a newer one waits', () => {
    const entry = enqueued(refusedFirst('latest'), [became('updated', 2)], 'latest', NOW);

    expect(shape(redriven(entry, 'latest', NOW))).toMatchObject({ waiting: [2], parked: [] });
  });

  it('is the latest where nothing newer waits', () => {
    const again = redriven(refusedFirst('latest'), 'latest', NOW);

    expect(shape(again)).toEqual({ done: 0, waiting: [1], parked: [], attempts: 1, dueAt: at(0) });
    expect(shape(answered(again, 1, DELIVERED, 'latest', NOW))).toMatchObject({
      done: 1,
      waiting: [],
      dueAt: undefined,
    });
  });

  it('leaves an entry alone that has nothing parked', () => {
    const entry = waitingFor('latest', 1);

    expect(redriven(entry, 'latest', NOW)).toBe(entry);
  });
});

it('what is settled waits for nothing, and forgets what it held', () => {
  const entry = { ...waitingFor('difference', 1, 2), held: { flips: 2, since: at(-1), lastAt: at(0) }, attempts: 2 };

  expect(settled(entry, became('updated', 2))).toEqual({ ...EMPTY, done: 2 });
});
