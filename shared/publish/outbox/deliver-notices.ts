import { createHash } from 'node:crypto';
import type { Announcement, Notice, NoticeKind } from '../../model/announcement.ts';
import { findingOf } from '../../model/announcement.ts';
import { type ClusterRef, clusterArn } from '../../model/cluster.ts';
import type { OutboxEntry, OutboxStore, OutboxThread } from '../../model/outbox.ts';
import type { Delivered, Delivery, NoticeDestination } from '../port.ts';
import { answered, updateEntry, withWaiting } from './entry.ts';
import { type NoiseRules, rule, toldOf } from './noise.ts';

export interface NoticeDependencies {
  readonly store: OutboxStore;
  readonly rules: NoiseRules;
  readonly now: () => Date;
  /** Open findings of one check on one cluster. */
  readonly openNow: (cluster: ClusterRef, check: string) => Promise<number>;
}

interface Telling {
  readonly entry: OutboxEntry;
  readonly announcement: Announcement;
  readonly kind: NoticeKind;
}

const threadOf = ({ check, change }: Announcement): string => `${clusterArn(change.finding.cluster)}#${check.id}`;

/** What need not be told is settled, what must wait is put off; the rest is told now. */
const sift = async (
  destination: NoticeDestination,
  entries: readonly OutboxEntry[],
  { store, rules, now }: NoticeDependencies,
): Promise<readonly Telling[]> => {
  const tellings: Telling[] = [];
  for (const each of entries) {
    const announcement = each.waiting.at(-1);
    if (announcement === undefined) continue;
    const at = now();
    const ruling = rule(each, announcement, at, rules);
    if (ruling.kind === 'tell') {
      tellings.push({ entry: each, announcement, kind: ruling.notice });
      continue;
    }
    await updateEntry(store, destination.name, each.finding, (fresh) => {
      if (fresh.done >= announcement.sequence) return fresh;
      if (ruling.kind === 'settle') {
        const { held: _held, ...calm } = fresh;
        const rest = fresh.waiting.filter(({ sequence }) => sequence > announcement.sequence);
        return withWaiting({ ...calm, done: announcement.sequence }, rest, at.toISOString());
      }
      const since = at.toISOString();
      const held = ruling.damped ? { held: fresh.held ?? { flips: 1, since, lastAt: since } } : {};
      return { ...fresh, ...held, dueAt: ruling.until.toISOString(), reason: ruling.reason };
    });
  }
  return tellings;
};

const nonEmpty = <T>(items: readonly T[]): readonly [T, ...T[]] | undefined => {
  const [first, ...others] = items;
  return first === undefined ? undefined : [first, ...others];
};

const byResource = (a: Telling, b: Telling): number => {
  const [left, right] = [findingOf(a.announcement).resource.name, findingOf(b.announcement).resource.name];
  return left < right ? -1 : Number(left > right);
};

interface Telegram {
  readonly notice: Notice;
  readonly tellings: readonly Telling[];
  readonly thread: OutboxThread;
}

const noticeOf = async (
  tellings: readonly [Telling, ...Telling[]],
  { openNow }: NoticeDependencies,
): Promise<Notice> => {
  const [{ announcement, kind }] = tellings;
  const sorted = nonEmpty(tellings.toSorted(byResource).map((telling) => telling.announcement)) ?? [announcement];
  const ids = sorted.map(({ id }) => id).join('\n');
  const held = tellings.flatMap(({ entry }) => entry.held ?? []);
  const [firstHeld] = held;
  const { cluster } = findingOf(announcement);
  return {
    id: `${kind}:${createHash('sha256').update(ids, 'utf8').digest('hex').slice(0, 32)}`,
    kind,
    thread: threadOf(announcement),
    check: announcement.check,
    announcements: sorted,
    openNow: await openNow(cluster, announcement.check.id),
    ...(firstHeld === undefined
      ? {}
      : { damped: { flips: held.reduce((sum, { flips }) => sum + flips, 0), since: firstHeld.since } }),
  };
};

/** A kind that was told of this check a moment ago waits for the rest of its storm. */
const stormOver = (thread: OutboxThread, kind: NoticeKind, now: Date, { coalesceMs }: NoiseRules): Date | undefined => {
  const sent = thread.sentAt[kind];
  if (sent === undefined) return undefined;
  const over = new Date(Date.parse(sent) + coalesceMs);
  return over > now ? over : undefined;
};

const publishAll = async (
  destination: NoticeDestination,
  items: readonly { readonly notice: Notice; readonly before?: Delivered }[],
): Promise<ReadonlyMap<string, Delivery>> => {
  try {
    return new Map((await destination.publish(items)).map((each) => [each.id, each]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Map(items.map(({ notice: { id } }) => [id, { id, outcome: 'retry', reason }]));
  }
};

const afterNotice = (
  fresh: OutboxEntry,
  { announcement, kind }: Telling,
  delivery: Delivery,
  now: Date,
): OutboxEntry => {
  if (fresh.done >= announcement.sequence) return fresh;
  // A newer change may have taken its place meanwhile; the answer is about this one all the same.
  const known = fresh.waiting.some(({ sequence }) => sequence === announcement.sequence);
  const entry = known ? fresh : { ...fresh, waiting: [announcement, ...fresh.waiting] };
  const next = answered(entry, announcement.sequence, delivery, now);
  if (delivery.outcome !== 'delivered')
    return known ? next : { ...next, waiting: next.waiting.filter((each) => each !== announcement) };
  const { held: _held, ...calm } = next;
  return { ...calm, told: toldOf(fresh.told, announcement, kind, now) };
};

/** Tells people what they do not know yet: one notice for each check of each cluster and kind of change. */
export const deliverNotices = async (
  destination: NoticeDestination,
  entries: readonly OutboxEntry[],
  dependencies: NoticeDependencies,
): Promise<readonly { readonly entry: OutboxEntry; readonly delivery: Delivery }[]> => {
  const { store, rules, now } = dependencies;
  const { name } = destination;
  const tellings = await sift(destination, entries, dependencies);
  const groups = Map.groupBy(tellings, ({ announcement, kind }) => `${kind} ${threadOf(announcement)}`);
  const telegrams: Telegram[] = [];
  for (const group of groups.values()) {
    const members = nonEmpty(group);
    if (members === undefined) continue;
    const [{ announcement, kind }] = members;
    const key = threadOf(announcement);
    const thread = (await store.readThread(name, key)) ?? { destination: name, thread: key, sentAt: {} };
    const over = stormOver(thread, kind, now(), rules);
    if (over === undefined) {
      telegrams.push({ notice: await noticeOf(members, dependencies), tellings: members, thread });
      continue;
    }
    for (const {
      entry,
      announcement: { sequence },
    } of members) {
      await updateEntry(store, name, entry.finding, (fresh) =>
        fresh.done >= sequence ? fresh : { ...fresh, dueAt: over.toISOString(), reason: 'more of the same may follow' },
      );
    }
  }
  if (telegrams.length === 0) return [];

  const answers = await publishAll(
    destination,
    telegrams.map(({ notice, thread }) => ({
      notice,
      ...(thread.reference === undefined ? {} : { before: { sequence: 0, reference: thread.reference } }),
    })),
  );
  const results: { readonly entry: OutboxEntry; readonly delivery: Delivery }[] = [];
  for (const { notice, tellings: members, thread } of telegrams) {
    const delivery = answers.get(notice.id) ?? {
      id: notice.id,
      outcome: 'retry',
      reason: 'the destination gave no answer',
    };
    const at = now();
    if (delivery.outcome === 'delivered') {
      const reference = thread.reference ?? delivery.reference;
      await store.writeThread({
        ...thread,
        ...(reference === undefined ? {} : { reference }),
        sentAt: { ...thread.sentAt, [notice.kind]: at.toISOString() },
      });
    }
    for (const telling of members) {
      const entry = await updateEntry(store, name, telling.entry.finding, (fresh) =>
        afterNotice(fresh, telling, delivery, at),
      );
      results.push({ entry, delivery });
    }
  }
  return results;
};
