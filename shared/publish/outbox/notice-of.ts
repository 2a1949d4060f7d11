import { createHash } from 'node:crypto';
import type { Announcement, Notice, NoticeKind } from '../../model/announcement.ts';
import { findingOf } from '../../model/announcement.ts';
import { clusterArn } from '../../model/cluster.ts';
import type { OutboxEntry } from '../../model/outbox.ts';

/** One finding that people are told of now. */
export interface Telling {
  readonly entry: OutboxEntry;
  readonly announcement: Announcement;
  readonly kind: NoticeKind;
}

export type Tellings = readonly [Telling, ...Telling[]];

/** The conversation that it belongs to. */
export const threadOf = ({ check, change }: Announcement): string =>
  `${clusterArn(change.finding.cluster)}#${check.id}`;

export const nonEmpty = <T>(items: readonly T[]): readonly [T, ...T[]] | undefined => {
  const [first, ...others] = items;
  return first === undefined ? undefined : [first, ...others];
};

const byResource = (a: Announcement, b: Announcement): number => {
  const [left, right] = [findingOf(a).resource, findingOf(b).resource];
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return left.id < right.id ? -1 : 1;
};

const dampedOf = (tellings: Tellings): Pick<Notice, 'damped'> => {
  const held = tellings.flatMap(({ entry }) => entry.held ?? []);
  const [since] = held.map((each) => each.since).toSorted();
  return since === undefined ? {} : { damped: { flips: held.reduce((sum, { flips }) => sum + flips, 0), since } };
};

/** Of the same set of announcements, whatever order they come in. */
export const noticeIdOf = (kind: NoticeKind, announcements: readonly Announcement[]): string => {
  const ids = announcements.map(({ id }) => id).toSorted();
  return `${kind}:${createHash('sha256').update(ids.join('\n'), 'utf8').digest('hex').slice(0, 32)}`;
};

/** All of one check, one cluster and one kind. */
export const noticeOf = (tellings: Tellings, openNow: number): Notice => {
  const [{ announcement, kind }] = tellings;
  const announcements = nonEmpty(tellings.map((telling) => telling.announcement).toSorted(byResource)) ?? [
    announcement,
  ];
  return {
    id: noticeIdOf(kind, announcements),
    kind,
    thread: threadOf(announcement),
    check: announcement.check,
    announcements,
    openNow,
    ...dampedOf(tellings),
  };
};
