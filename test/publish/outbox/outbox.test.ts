import { describe, expect, it } from 'vitest';
import { type OutboxStore, StaleEntryError } from '../../../shared/model/outbox.ts';
import { dispatchAll, enqueue, type OutboxDependencies, redrive } from '../../../shared/publish/outbox/outbox.ts';
import type { Delivery, Destination, RecordDestination } from '../../../shared/publish/port.ts';
import { DEFAULT_NOISE_RULES } from '../../../shared/publish/outbox/noise.ts';
import { memoryOutbox } from '../../../shared/store/memory-outbox.ts';
import { at, became, idOf, NOW, scene } from './scene.ts';

interface Taking {
  readonly destination: RecordDestination;
  readonly took: string[];
}

const taking = (name: string, says: (id: string) => Delivery): Taking => {
  const took: string[] = [];
  const publish: RecordDestination['publish'] = async (items) => {
    took.push(...items.map(({ id }) => id.replace(/^.*#/, '')));
    return items.map(({ id }) => says(id));
  };
  return { destination: { kind: 'record', name, wants: 'every-change', publish }, took };
};

const dependenciesOf = (store: OutboxStore, destinations: readonly Destination[], now = NOW): OutboxDependencies => ({
  store,
  destinations,
  rules: DEFAULT_NOISE_RULES,
  now: () => now,
  openNow: async () => 1,
});

const delivered = (id: string): Delivery => ({ id, outcome: 'delivered' });
const down = (id: string): Delivery => ({ id, outcome: 'retry', reason: 'HTTP 503' });

describe('a destination that is down for a day', () => {
  it('delays only itself, and has everything in order when it is back', async () => {
    const store = memoryOutbox();
    const [up, broken] = [taking('up', delivered), taking('broken', down)];
    for (let hour = 0; hour < 24; hour += 1) {
      const dependencies = dependenciesOf(store, [up.destination, broken.destination], new Date(at(60 * hour)));
      expect((await enqueue(dependencies, [became('updated', hour + 1)])).size).toBe(0);
      await dispatchAll(dependencies);
    }
    const sequences = Array.from({ length: 24 }, (_, index) => String(index + 1));
    expect(up.took).toEqual(sequences);
    expect(new Set(broken.took)).toEqual(new Set(['1']));

    const back = taking('broken', delivered);
    await dispatchAll(dependenciesOf(store, [up.destination, back.destination], new Date(at(1440))));
    expect(back.took).toEqual(sequences);
    expect(up.took).toEqual(sequences);
  });

  it('says so, and is counted', async () => {
    const troubles: string[] = [];
    const dependencies = {
      ...dependenciesOf(memoryOutbox(), [taking('up', delivered).destination, taking('broken', down).destination]),
      onTrouble: (name: string, { outcome }: Delivery) => void troubles.push(`${name} ${outcome}`),
    };
    await enqueue(dependencies, [became('opened', 1), became('opened', 1, 'b')]);

    expect(await dispatchAll(dependencies)).toEqual(
      new Map([
        ['up', { delivered: 2, retry: 0, refused: 0, skipped: 0 }],
        ['broken', { delivered: 0, retry: 2, refused: 0, skipped: 0 }],
      ]),
    );
    expect(troubles).toEqual(['broken retry', 'broken retry']);
  });
});

describe('what cannot be written down', () => {
  it('is named, and only that must be given again', async () => {
    const store = memoryOutbox();
    const failing: OutboxStore = {
      ...store,
      write: async (entry) =>
        entry.finding === idOf('b') ? Promise.reject(new Error('throttled')) : store.write(entry),
    };
    const { destination, took } = taking('up', delivered);
    const failed = await enqueue(dependenciesOf(failing, [destination]), [
      became('opened', 1),
      became('opened', 2, 'b'),
    ]);

    expect([...failed]).toEqual([[idOf('b'), new Error('throttled')]]);
    await dispatchAll(dependenciesOf(store, [destination]));
    expect(took).toEqual(['1']);
  });

  it('is everything where the outbox cannot be read', async () => {
    const store: OutboxStore = { ...memoryOutbox(), read: async () => Promise.reject(new Error('no table')) };
    const failed = await enqueue(dependenciesOf(store, [taking('up', delivered).destination]), [
      became('opened', 1),
      became('opened', 1, 'b'),
    ]);

    expect([...failed.keys()]).toEqual([idOf(), idOf('b')]);
  });

  it('after it was delivered is delivered again, and the rest is not', async () => {
    const store = memoryOutbox();
    let writes = 0;
    const failing: OutboxStore = {
      ...store,
      write: async (entry) => {
        if (entry.finding === idOf('b')) writes += 1;
        return writes === 2 ? Promise.reject(new Error('throttled')) : store.write(entry);
      },
    };
    const { destination, took } = taking('up', delivered);
    await enqueue(dependenciesOf(store, [destination]), [became('opened', 1), became('opened', 2, 'b')]);

    expect((await dispatchAll(dependenciesOf(failing, [destination]))).get('up')).toEqual(new Error('throttled'));
    await dispatchAll(dependenciesOf(store, [destination], new Date(at(5))));
    expect(took).toEqual(['1', '2', '2']);
  });

  it('because somebody always comes in between is said, and not tried for ever', async () => {
    let writes = 0;
    const store: OutboxStore = {
      ...memoryOutbox(),
      write: async () => {
        writes += 1;
        return Promise.reject(new StaleEntryError('another'));
      },
    };
    const failed = await enqueue(dependenciesOf(store, [taking('up', delivered).destination]), [became('opened', 1)]);

    expect(failed.get(idOf())).toBeInstanceOf(StaleEntryError);
    expect(writes).toBe(8);
  });
});

it('giving the same changes again does nothing', async () => {
  const store = memoryOutbox();
  const { destination, took } = taking('up', delivered);
  const dependencies = dependenciesOf(store, [destination]);
  const batch = [became('opened', 1), became('updated', 2)];
  for (let index = 0; index < 3; index += 1) {
    await enqueue(dependencies, batch);
    await dispatchAll(dependencies);
  }

  expect(took).toEqual(['1', '2']);
  expect(await store.read('up', [idOf()])).toMatchObject([{ revision: 5 }]);
});

it('two processes at once send each change once', async () => {
  const store = memoryOutbox();
  const { destination, took } = taking('up', delivered);
  const dependencies = dependenciesOf(store, [destination]);
  await enqueue(dependencies, [became('opened', 1), became('updated', 2), became('opened', 3, 'b')]);
  await Promise.all([dispatchAll(dependencies), dispatchAll(dependencies), dispatchAll(dependencies)]);

  expect(took.toSorted()).toEqual(['1', '2', '3']);
});

it('nothing is begun when there is no time left', async () => {
  const its = scene('every-change');
  await its.enqueue(became('opened', 1));
  await dispatchAll(its.dependencies, () => false);

  expect(its.records).toEqual([]);
});

describe('what was parked, sent again by command,', () => {
  it('arrives, and is parked no more', async () => {
    const store = memoryOutbox();
    const refusing = taking('up', (id) => ({ id, outcome: 'refused', reason: 'HTTP 403' }));
    await enqueue(dependenciesOf(store, [refusing.destination]), [became('opened', 1), became('opened', 2, 'b')]);
    await dispatchAll(dependenciesOf(store, [refusing.destination]));
    const { destination, took } = taking('up', delivered);

    expect(await redrive(dependenciesOf(store, [destination]), destination)).toBe(2);
    await dispatchAll(dependenciesOf(store, [destination]));
    expect(took.toSorted()).toEqual(['1', '2']);
    expect(await store.parked('up', 9)).toEqual([]);
    expect(await redrive(dependenciesOf(store, [destination]), destination)).toBe(0);
  });

  it('is not sent to people who have heard what came after it', async () => {
    const its = scene('notice');
    const [destination] = its.dependencies.destinations;
    if (destination === undefined) throw new Error('expected a destination');
    its.answers.says = (id) => ({ id, outcome: 'refused', reason: 'channel_not_found' });
    await its.enqueue(became('opened', 1));
    await its.dispatch();
    its.answers.says = delivered;
    await its.enqueue(became('updated', 2));
    await its.dispatch();

    expect(await redrive(its.dependencies, destination)).toBe(0);
    expect(its.heard.map(({ notice: { announcements } }) => announcements[0].sequence)).toEqual([1, 2]);
  });

  it('is tried once by the command, however often it is refused meanwhile', async () => {
    const store = memoryOutbox();
    const refusing = taking('up', (id) => ({ id, outcome: 'refused', reason: 'HTTP 403' }));
    const dependencies = dependenciesOf(store, [refusing.destination]);
    await enqueue(dependencies, [became('opened', 1)]);
    await dispatchAll(dependencies);
    const busy: OutboxStore = {
      ...store,
      parked: async (name, limit) => {
        await dispatchAll(dependencies);
        return store.parked(name, limit);
      },
    };

    expect(await redrive(dependenciesOf(busy, [refusing.destination]), refusing.destination)).toBe(1);
  });
});
