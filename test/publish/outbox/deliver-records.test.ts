import { describe, expect, it } from 'vitest';
import type { ChangeKind } from '../../../shared/model/finding.ts';
import type { RecordDestination } from '../../../shared/publish/port.ts';
import { dispatchAll, redrive } from '../../../shared/publish/outbox/outbox.ts';
import { at, became, type Scene, scene } from './scene.ts';

const sent = ({ records }: Scene): readonly string[] =>
  records.map(({ sequence, change }) => `${sequence} ${change.kind}`);

const redriveAll = async ({ dependencies }: Scene): Promise<void> => {
  for (const destination of dependencies.destinations) await redrive(dependencies, destination);
};

const told = async (wants: RecordDestination['wants'], ...kinds: readonly ChangeKind[]): Promise<Scene> => {
  const its = scene(wants);
  for (const [index, kind] of kinds.entries()) {
    await its.enqueue(became(kind, index + 1));
    await its.dispatch();
  }
  return its;
};

describe('a destination of every change', () => {
  it('gets each in order, one at a time, and not what only was seen again', async () => {
    const its = scene('every-change');
    await its.enqueue(
      became('opened', 1),
      became('refreshed', 2),
      became('updated', 3),
      became('backdated', 4),
      became('resolved', 5),
    );
    await its.dispatch();

    expect(sent(its)).toEqual(['1 opened', '3 updated', '4 backdated', '5 resolved']);
    expect(await its.entry()).toMatchObject({ done: 5, waiting: [], deliveredAt: at(0) });
  });

  it.each(['every-change', 'latest'] as const)(
    'hears that somebody could look again (as does one of: %s)',
    async (wants) => {
      const its = await told(wants, 'opened', 'unverified', 'refreshed');
      await its.enqueue(became('refreshed', 4));
      await its.dispatch();

      expect(sent(its)).toEqual(['1 opened', '2 unverified', '3 refreshed']);
      expect((await its.entry()).told).toMatchObject({ status: 'open', isUnverified: false });
    },
  );

  it('hears it also where both wait', async () => {
    const its = await told('every-change', 'opened');
    await its.enqueue(became('unverified', 2), became('refreshed', 3), became('refreshed', 4));
    await its.dispatch();

    expect(sent(its)).toEqual(['1 opened', '2 unverified', '3 refreshed']);
  });

  it('gets nothing after what it did not take, until it takes it', async () => {
    const its = scene('every-change');
    its.answers.says = () => new Error('down');
    await its.enqueue(became('opened', 1), became('resolved', 2));
    await its.dispatch();
    its.wait(1 / 12);
    await its.dispatch();
    expect(sent(its)).toEqual(['1 opened', '1 opened']);
    expect(await its.entry()).toMatchObject({ attempts: 2, reason: 'down', done: 0 });

    its.answers.says = (id) => ({ id, outcome: 'delivered' });
    its.wait(1);
    await its.dispatch();
    expect(sent(its).slice(2)).toEqual(['1 opened', '2 resolved']);
  });

  it('gets what comes after a refused one', async () => {
    const its = scene('every-change');
    its.answers.says = (id) =>
      id.endsWith('#1') ? { id, outcome: 'refused', reason: 'HTTP 400' } : { id, outcome: 'delivered' };
    await its.enqueue(became('opened', 1), became('updated', 2));
    await its.dispatch();

    expect(sent(its)).toEqual(['1 opened', '2 updated']);
    expect((await its.entry()).parked).toMatchObject([{ announcement: { sequence: 1 }, reason: 'HTTP 400' }]);
  });
});

describe('a destination of the latest', () => {
  it('gets only the present state of what waited', async () => {
    const its = scene('latest');
    await its.enqueue(became('opened', 1), became('updated', 2));
    await its.enqueue(became('refreshed', 3));
    await its.dispatch();

    expect(sent(its)).toEqual(['3 refreshed']);
  });

  it('gets what was only seen again after a week, before it is forgotten there', async () => {
    const its = await told('latest', 'opened', 'refreshed');
    its.wait(7 * 1440);
    await its.enqueue(became('refreshed', 3));
    await its.dispatch();
    expect(sent(its)).toEqual(['1 opened']);

    its.wait(1);
    await its.enqueue(became('refreshed', 4));
    await its.dispatch();
    expect(sent(its)).toEqual(['1 opened', '4 refreshed']);
  });

  it('is not tried with what it refused at every audit', async () => {
    const its = scene('latest');
    its.answers.says = (id) => ({ id, outcome: 'refused', reason: 'HTTP 400' });
    await its.enqueue(became('opened', 1));
    await its.dispatch();
    await its.enqueue(became('refreshed', 2));
    await its.dispatch();
    expect(sent(its)).toEqual(['1 opened']);

    await its.enqueue(became('updated', 3));
    await its.dispatch();
    expect(sent(its)).toEqual(['1 opened', '3 updated']);
    expect((await its.entry()).parked).toMatchObject([{ announcement: { sequence: 3 } }]);
  });
});

it.each(['every-change', 'latest'] as const)(
  'what was refused while nobody could look is put right as soon as somebody can (%s)',
  async (wants) => {
    const its = scene(wants);
    its.answers.says = (id) => ({ id, outcome: 'refused', reason: 'HTTP 400' });
    await its.enqueue(became('unverified', 1));
    await its.dispatch();
    its.answers.says = (id) => ({ id, outcome: 'delivered' });
    await its.enqueue(became('refreshed', 2));
    await its.enqueue(became('refreshed', 3));
    await its.dispatch();
    await its.enqueue(became('refreshed', 4));
    await its.dispatch();

    expect(sent(its)).toEqual(wants === 'latest' ? ['1 unverified', '3 refreshed'] : ['1 unverified', '2 refreshed']);
  },
);

it('what is sent again after newer changes does not make them forgotten', async () => {
  const its = scene('every-change');
  its.answers.says = (id) =>
    id.endsWith('#1') ? { id, outcome: 'refused', reason: 'HTTP 400' } : { id, outcome: 'delivered' };
  await its.enqueue(became('opened', 1), became('unverified', 2));
  await its.dispatch();
  its.answers.says = (id) => ({ id, outcome: 'delivered' });
  await redriveAll(its);
  await its.enqueue(became('refreshed', 3));
  await its.dispatch();
  await its.enqueue(became('refreshed', 4));
  await its.dispatch();

  expect(sent(its)).toEqual(['1 opened', '2 unverified', '1 opened', '3 refreshed']);
  expect((await its.entry()).told?.isUnverified).toBe(false);
});

it('an answer about one item is none about another', async () => {
  const its = scene('every-change');
  its.answers.says = (id) => (id.endsWith('#1') ? { id, outcome: 'delivered' } : undefined);
  await its.enqueue(became('opened', 1), became('opened', 2, 'b'));
  await its.dispatch();

  expect(await its.entry()).toMatchObject({ done: 1, waiting: [] });
  expect(await its.entry('b')).toMatchObject({ done: 0, attempts: 1, reason: 'the destination gave no answer' });
});

it('no call has more than 100 items, or two of one finding', async () => {
  const its = scene('every-change');
  const calls: (readonly string[])[] = [];
  const [destination] = its.dependencies.destinations;
  if (destination?.kind !== 'record') throw new Error('expected a destination of records');
  const publish: RecordDestination['publish'] = async (items) => {
    calls.push(items.map(({ change }) => change.finding.id));
    return destination.publish(items);
  };
  const dependencies = { ...its.dependencies, destinations: [{ ...destination, publish }] };
  await its.enqueue(
    ...Array.from({ length: 130 }, (_, index) => [
      became('opened', 1, `n${index}`),
      became('updated', 2, `n${index}`),
    ]).flat(),
  );
  await dispatchAll(dependencies);

  expect(calls.map((ids) => new Set(ids).size)).toEqual(calls.map(({ length }) => length));
  expect(Math.max(...calls.map(({ length }) => length))).toBe(100);
  expect(its.records).toHaveLength(260);
});
