import { describe, expect, it } from 'vitest';
import { emptyEntry, type OutboxEntry, type OutboxStore, StaleEntryError } from '../../shared/model/outbox.ts';
import { announcementOf } from '../publish/announcements.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');

const at = (minutes: number): string => new Date(NOW.getTime() + minutes * 60_000).toISOString();

/** What waits since, or until, so many minutes. */
export const waitingEntry = (finding: string, minutes: number, destination = 'sns'): OutboxEntry => ({
  ...emptyEntry(destination, finding),
  waiting: [announcementOf({ id: finding })],
  dueAt: at(minutes),
  reason: 'HTTP 503',
  attempts: 3,
});

const parkedEntry = (finding: string, destination = 'sns'): OutboxEntry => ({
  ...emptyEntry(destination, finding),
  done: 1,
  parked: [{ announcement: announcementOf({ id: finding }), reason: 'HTTP 400', parkedAt: at(0) }],
});

/** With everything that an entry may have. */
const fullEntry = (finding: string): OutboxEntry => ({
  ...waitingEntry(finding, -1),
  done: 7,
  waiting: [
    announcementOf(
      { id: finding, unverifiedSince: at(-9), reopenCount: 2 },
      {
        sequence: 8,
        kind: 'unverified',
        owner: 'platform',
        exception: { check: 'c', owner: 'o', reason: 'r', expires: '2027-01-01' },
      },
    ),
  ],
  parked: parkedEntry(finding).parked,
  held: { flips: 3, since: at(-30), lastAt: at(-1) },
  deliveredAt: at(-60),
  told: { status: 'open', severity: 'high', isUnverified: false, flips: [at(-90), at(-60)] },
});

const names = (entries: readonly OutboxEntry[]): readonly string[] => entries.map(({ finding }) => finding);

/** What every store of the outbox promises. `fresh` gives an empty one. */
export const outboxContract = (name: string, fresh: () => Promise<OutboxStore>): void => {
  describe(`${name} keeps the promises of the outbox`, () => {
    it('reads an entry that was never written as empty, and in the order asked for', async () => {
      const store = await fresh();
      await store.write(waitingEntry('b', 0));

      expect(await store.read('sns', ['c', 'b', 'a'])).toEqual([
        emptyEntry('sns', 'c'),
        { ...waitingEntry('b', 0), revision: 1 },
        emptyEntry('sns', 'a'),
      ]);
      expect(await store.read('sns', [])).toEqual([]);
    });

    it('reads everything that was written', async () => {
      const store = await fresh();
      await store.write(fullEntry('a'));

      expect(await store.read('sns', ['a'])).toEqual([{ ...fullEntry('a'), revision: 1 }]);
    });

    it('keeps destinations apart', async () => {
      const store = await fresh();
      await store.write(waitingEntry('a', 0));
      await store.write(parkedEntry('a', 'slack'));

      expect(await store.read('webhook', ['a'])).toEqual([emptyEntry('webhook', 'a')]);
      expect(names(await store.due('slack', NOW, 9))).toEqual([]);
      expect(names(await store.parked('sns', 9))).toEqual([]);
      expect(names(await store.due('sns', NOW, 9))).toEqual(['a']);
      expect(names(await store.parked('slack', 9))).toEqual(['a']);
    });

    it('refuses what was based on another revision, and keeps what is there', async () => {
      const store = await fresh();
      await store.write(waitingEntry('a', 0));
      const [read] = await store.read('sns', ['a']);
      if (read === undefined) throw new Error('nothing was read');
      await store.write({ ...read, attempts: 4 });

      await expect(store.write({ ...read, attempts: 5 })).rejects.toThrow(StaleEntryError);
      await expect(store.write(waitingEntry('a', 0))).rejects.toThrow(StaleEntryError);
      await expect(store.write({ ...waitingEntry('b', 0), revision: 1 })).rejects.toThrow(StaleEntryError);
      expect(await store.read('sns', ['a', 'b'])).toEqual([
        { ...read, attempts: 4, revision: 2 },
        emptyEntry('sns', 'b'),
      ]);
    });

    it('lets exactly one of many writers through', async () => {
      const store = await fresh();
      const ended = await Promise.allSettled(
        [1, 2, 3, 4, 5].map(async (attempts) => store.write({ ...waitingEntry('a', 0), attempts })),
      );

      expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('gives what is due, the longest waiting first, and not what waits for later or for nothing', async () => {
      const store = await fresh();
      await store.write(waitingEntry('now', 0));
      await store.write(waitingEntry('a minute', -1));
      await store.write(waitingEntry('a day', -1440));
      await store.write(waitingEntry('later', 1));
      await store.write(parkedEntry('parked'));
      await store.write({ ...emptyEntry('sns', 'done'), done: 3 });

      expect(names(await store.due('sns', NOW, 9))).toEqual(['a day', 'a minute', 'now']);
      expect(await store.due('sns', NOW, 2)).toHaveLength(2);
      expect(names(await store.due('sns', new Date(at(1)), 9))).toHaveLength(4);
      expect(await store.due('sns', new Date(at(-1441)), 9)).toEqual([]);
    });

    it('gives no more what was delivered, or put off', async () => {
      const store = await fresh();
      await store.write(waitingEntry('a', 0));
      await store.write(waitingEntry('b', 0));
      const [a, b] = await store.due('sns', NOW, 9);
      if (a === undefined || b === undefined) throw new Error('nothing is due');
      const { dueAt: _dueAt, reason: _reason, ...rest } = a;
      await store.write({ ...rest, waiting: [], attempts: 0, done: 1 });
      await store.write({ ...b, dueAt: at(5) });

      expect(await store.due('sns', NOW, 9)).toEqual([]);
      expect(names(await store.due('sns', new Date(at(5)), 9))).toEqual(['b']);
    });

    it('gives what is parked until it is no more', async () => {
      const store = await fresh();
      for (const finding of ['a', 'b', 'c']) await store.write(parkedEntry(finding));
      const [first] = await store.read('sns', ['a']);
      if (first === undefined) throw new Error('nothing was read');

      expect(names(await store.parked('sns', 9)).toSorted()).toEqual(['a', 'b', 'c']);
      expect(await store.parked('sns', 2)).toHaveLength(2);
      await store.write({ ...first, parked: [] });
      expect(names(await store.parked('sns', 9)).toSorted()).toEqual(['b', 'c']);
    });

    it('holds 250 entries at once', async () => {
      const store = await fresh();
      const findings = Array.from({ length: 250 }, (_, index) => `finding-${index}`);
      for (const finding of findings) await store.write(waitingEntry(finding, -1));

      expect(names(await store.read('sns', findings))).toEqual(findings);
      expect(names(await store.due('sns', NOW, 500)).toSorted()).toEqual(findings.toSorted());
      expect(new Set(names(await store.due('sns', NOW, 120))).size).toBe(120);
    });

    it('remembers threads, the last writer wins', async () => {
      const store = await fresh();
      const thread = { destination: 'slack', thread: 'arn:…#check', sentAt: { opened: at(0) } };

      expect(await store.readThread('slack', thread.thread)).toBeUndefined();
      await store.writeThread(thread);
      await store.writeThread({ ...thread, reference: '17.42', sentAt: { opened: at(0), resolved: at(1) } });
      expect(await store.readThread('slack', thread.thread)).toEqual({
        ...thread,
        reference: '17.42',
        sentAt: { opened: at(0), resolved: at(1) },
      });
      expect(await store.readThread('chat', thread.thread)).toBeUndefined();
    });
  });
};
