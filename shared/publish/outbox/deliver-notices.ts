import type { Announcement, Notice, NoticeKind } from '../../model/announcement.ts';
import { findingOf } from '../../model/announcement.ts';
import type { ClusterRef } from '../../model/cluster.ts';
import type { OutboxEntry, OutboxStore, OutboxThread } from '../../model/outbox.ts';
import type { Delivered, Delivery, NoticeDestination } from '../port.ts';
import { answered, enqueued, reparked, settled, unseen } from './entry.ts';
import { type NoiseRules, rule, type Ruling, toldAfterSettling, toldOf } from './noise.ts';
import { nonEmpty, noticeIdOf, noticeOf, type Telling, type Tellings, threadOf } from './notice-of.ts';
import { attemptEach, type Ended, leased, throwFirst, updateEntry, writeUnchanged } from './write-entry.ts';

export interface NoticeDependencies {
  readonly store: OutboxStore;
  readonly rules: NoiseRules;
  readonly now: () => Date;
  /** Open findings of one check on one cluster. */
  readonly openNow: (cluster: ClusterRef, check: string) => Promise<number>;
}

/** Messages in one call: a chat takes about one a second, and the lease must outlast the call. */
const MOST_TELEGRAMS = 20;

const settle = (entry: OutboxEntry, announcement: Announcement): OutboxEntry => {
  const told = toldAfterSettling(entry, announcement);
  return { ...settled(entry, announcement), ...(told === undefined ? {} : { told }) };
};

const isSubstantial = ({ change: { kind } }: Announcement): boolean => kind !== 'refreshed' && kind !== 'backdated';

/** The entry with what people may have to hear of these changes; the very entry where that is nothing new. */
export const enqueuedNotices = (
  entry: OutboxEntry,
  announcements: readonly Announcement[],
  rules: NoiseRules,
  now: Date,
): OutboxEntry => {
  const fresh = unseen(entry, announcements, 'difference');
  const latest = fresh.at(-1);
  if (latest === undefined) return entry;
  // What waits may be overtaken by it, so then it counts whatever it is.
  if (entry.waiting.length > 0) return enqueued(entry, fresh, 'difference', now);
  const isNew = fresh.some(isSubstantial);
  if (rule(entry, latest, now, rules).kind !== 'settle') {
    const isTried = isNew || entry.parked.length === 0;
    return isTried ? enqueued(entry, fresh, 'difference', now) : reparked(entry, latest);
  }
  // Noted, although there is nothing to tell: an older change that comes again must not be taken for news.
  const next = settle(entry, latest);
  return isNew || next.told?.isUnverified !== entry.told?.isUnverified ? next : entry;
};

/** The entry after a ruling that nobody is told now. */
const ruled = (
  entry: OutboxEntry,
  announcement: Announcement,
  ruling: Exclude<Ruling, { kind: 'tell' }>,
  now: Date,
): OutboxEntry => {
  if (ruling.kind === 'settle') return settle(entry, announcement);
  const since = now.toISOString();
  const held = ruling.damped ? { held: entry.held ?? { flips: 1, since, lastAt: since } } : {};
  return { ...entry, ...held, dueAt: ruling.until.toISOString(), reason: ruling.reason };
};

/** What need not be told is settled, what must wait is put off; the rest is given back. */
const sift = async (
  entries: readonly OutboxEntry[],
  { store, rules, now }: NoticeDependencies,
): Promise<Ended<Telling | undefined>> =>
  attemptEach(entries, async (entry) => {
    const announcement = entry.waiting.at(-1);
    if (announcement === undefined) return undefined;
    const ruling = rule(entry, announcement, now(), rules);
    if (ruling.kind === 'tell') return { entry, announcement, kind: ruling.notice };
    // Where somebody else wrote it meanwhile, the next round rules on what it is then.
    await writeUnchanged(store, ruled(entry, announcement, ruling, now()));
    return undefined;
  });

/** A kind that was told of this check a moment ago waits for the rest of its storm. */
const stormOver = (
  { sentAt }: OutboxThread,
  kind: NoticeKind,
  now: Date,
  { coalesceMs }: NoiseRules,
): Date | undefined => {
  const sent = sentAt[kind];
  if (sent === undefined) return undefined;
  const over = new Date(Date.parse(sent) + coalesceMs);
  return over > now ? over : undefined;
};

interface Telegram {
  readonly id: string;
  readonly tellings: Tellings;
  readonly thread: OutboxThread;
  /** Undefined with `problem`: it could not be written. */
  readonly notice?: Notice;
  readonly problem?: string;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The group as one message, with those findings that nobody else delivers; undefined where it waits for its storm. */
const telegramOf = async (
  destination: NoticeDestination,
  group: Tellings,
  dependencies: NoticeDependencies,
): Promise<Ended<Telegram>> => {
  const { store, rules, now, openNow } = dependencies;
  const [{ announcement, kind }] = group;
  const key = threadOf(announcement);
  const thread = (await store.readThread(destination.name, key)) ?? {
    destination: destination.name,
    thread: key,
    sentAt: {},
  };
  const over = stormOver(thread, kind, now(), rules);
  if (over !== undefined) {
    const until = { dueAt: over.toISOString(), reason: 'more of the same may follow' };
    const { failures } = await attemptEach(group, async ({ entry }) => writeUnchanged(store, { ...entry, ...until }));
    return { results: [], failures };
  }
  const { results: mine, failures } = await leased(
    store,
    group.map(({ entry }) => entry),
    now(),
  );
  const byFinding = new Map(mine.map((entry) => [entry.finding, entry]));
  const tellings = nonEmpty(
    group.flatMap((telling) => {
      const entry = byFinding.get(telling.entry.finding);
      return entry === undefined ? [] : [{ ...telling, entry }];
    }),
  );
  if (tellings === undefined) return { results: [], failures };
  const base = {
    id: noticeIdOf(
      kind,
      tellings.map((telling) => telling.announcement),
    ),
    tellings,
    thread,
  };
  try {
    const open = await openNow(findingOf(announcement).cluster, announcement.check.id);
    return { results: [{ ...base, notice: noticeOf(tellings, open) }], failures };
  } catch (error) {
    // One cluster that cannot be counted must not keep the others from being heard of.
    return { results: [{ ...base, problem: `open findings could not be counted: ${reasonOf(error)}` }], failures };
  }
};

const publishAll = async (
  destination: NoticeDestination,
  telegrams: readonly Telegram[],
): Promise<ReadonlyMap<string, Delivery>> => {
  const items = telegrams.flatMap(({ notice, thread: { reference } }): { notice: Notice; before?: Delivered }[] => {
    if (notice === undefined) return [];
    return [reference === undefined ? { notice } : { notice, before: { sequence: 0, reference } }];
  });
  if (items.length === 0) return new Map();
  try {
    return new Map((await destination.publish(items)).map((each) => [each.id, each]));
  } catch (error) {
    const reason = reasonOf(error);
    return new Map(items.map(({ notice: { id } }) => [id, { id, outcome: 'retry', reason }]));
  }
};

const afterNotice = (
  fresh: OutboxEntry,
  { announcement, kind }: Telling,
  delivery: Delivery,
  now: Date,
): OutboxEntry => {
  const next = answered(fresh, announcement.sequence, delivery, 'difference', now);
  // Who does not want to hear of it knows as much as who has heard of it.
  const isTold = next !== fresh && (delivery.outcome === 'delivered' || delivery.outcome === 'skipped');
  return isTold ? { ...next, told: toldOf(fresh.told, announcement, kind, now) } : next;
};

const noted = async (
  destination: NoticeDestination,
  { id, tellings, thread, problem }: Telegram,
  answers: ReadonlyMap<string, Delivery>,
  { store, now }: NoticeDependencies,
): Promise<Ended<Delivery>> => {
  const reason = problem ?? 'the destination gave no answer';
  const delivery = answers.get(id) ?? { id, outcome: 'retry', reason };
  const at = now();
  if (delivery.outcome === 'delivered') {
    const [{ kind }] = tellings;
    const present = (await store.readThread(destination.name, thread.thread)) ?? thread;
    const reference = present.reference ?? delivery.reference;
    await store.writeThread({
      ...present,
      ...(reference === undefined ? {} : { reference }),
      sentAt: { ...present.sentAt, [kind]: at.toISOString() },
    });
  }
  return attemptEach(tellings, async (telling) => {
    const { finding } = telling.entry;
    await updateEntry(store, destination.name, finding, (fresh) => afterNotice(fresh, telling, delivery, at));
    return delivery;
  });
};

/** One group of each thread: the first message of a thread has to be there before the next can refer to it. */
const firstOfEachThread = (tellings: readonly Telling[]): readonly Tellings[] => {
  const groups = Map.groupBy(tellings, ({ announcement, kind }) => `${kind} ${threadOf(announcement)}`);
  const byThread = new Map<string, Tellings>();
  for (const group of [...groups.values()].map(nonEmpty)) {
    if (group === undefined) continue;
    const [{ announcement }] = group;
    const key = threadOf(announcement);
    if (!byThread.has(key)) byThread.set(key, group);
  }
  return [...byThread.values()].slice(0, MOST_TELEGRAMS);
};

/**
 * Tells people what they do not know yet: one notice for each check of each cluster and kind of change. What finds no
 * place in this call stays due.
 * @throws what the store threw, when everything that could be done is done
 */
export const deliverNotices = async (
  destination: NoticeDestination,
  entries: readonly OutboxEntry[],
  dependencies: NoticeDependencies,
): Promise<readonly Delivery[]> => {
  const sifted = await sift(entries, dependencies);
  const groups = firstOfEachThread(sifted.results.filter((telling) => telling !== undefined));
  const written = await attemptEach(groups, async (group) => telegramOf(destination, group, dependencies));
  const telegrams = written.results.flatMap(({ results }) => results);
  const answers = await publishAll(destination, telegrams);
  const ended = await attemptEach(telegrams, async (each) => noted(destination, each, answers, dependencies));
  throwFirst([
    ...sifted.failures,
    ...written.failures,
    ...written.results.flatMap(({ failures }) => failures),
    ...ended.failures,
    ...ended.results.flatMap(({ failures }) => failures),
  ]);
  return ended.results.flatMap(({ results }) => results);
};
