import type { Announcement, NoticeKind } from '../../model/announcement.ts';
import { findingOf } from '../../model/announcement.ts';
import { SEVERITIES, type Severity } from '../../model/check.ts';
import { clusterArn } from '../../model/cluster.ts';
import type { OutboxEntry, Told } from '../../model/outbox.ts';

/** A time in which people work on a cluster and know why things fail. What still fails afterwards is told then. */
export interface MaintenanceWindow {
  /** Cluster name or ARN; every cluster where absent. */
  readonly cluster?: string;
  readonly account?: string;
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
}

/** When people are told, and of what. */
export interface NoiseRules {
  /** By name of the destination; everything where absent. */
  readonly severityAtLeast: { readonly [destination: string]: Severity };
  readonly maintenance: readonly MaintenanceWindow[];
  /** So many openings and endings within `withinMs` are too many; then people hear of it once it was quiet for `quietMs`. */
  readonly flapping: { readonly flips: number; readonly withinMs: number; readonly quietMs: number };
  /** After a notice about one check of one cluster, more of the same kind is put together for so long. */
  readonly coalesceMs: number;
}

export const DEFAULT_NOISE_RULES: NoiseRules = {
  severityAtLeast: {},
  maintenance: [],
  flapping: { flips: 4, withinMs: 3_600_000, quietMs: 1_800_000 },
  coalesceMs: 300_000,
};

const MOST_FLIPS = 16;

const isEnded = (announcement: Announcement): boolean => findingOf(announcement).status !== 'open';

/** The difference between what people were told and how it is now; undefined where there is none. */
export const noticeKindOf = (announcement: Announcement, told: Told | undefined): NoticeKind | undefined => {
  const { status, severity, unverifiedSince, reopenCount } = findingOf(announcement);
  const wasOpen = told?.status === 'open';
  if (status !== 'open') {
    if (!wasOpen) return undefined;
    return status === 'resolved' ? 'resolved' : 'closed';
  }
  if (!wasOpen) return told !== undefined || reopenCount > 0 ? 'reopened' : 'opened';
  if (SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(told.severity)) return 'worse';
  if (unverifiedSince !== undefined && !told.isUnverified) return 'unverified';
  return undefined;
};

/** What a change says of its finding. */
export const asTold = (announcement: Announcement): Pick<Told, 'status' | 'severity' | 'isUnverified'> => {
  const { severity, unverifiedSince } = findingOf(announcement);
  return {
    status: isEnded(announcement) ? 'ended' : 'open',
    severity,
    isUnverified: unverifiedSince !== undefined,
  };
};

/** What was handed over and may have been heard, although no answer said so. */
const mayBeTold = ({ waiting, parked }: OutboxEntry): readonly Told[] =>
  [...parked.map(({ announcement }) => announcement), ...waiting.slice(0, -1)].map((each) => ({
    ...asTold(each),
    flips: [],
  }));

/** As `noticeKindOf`, for whatever people may have heard last: what they may not know, they are told. */
const newsOf = (entry: OutboxEntry, announcement: Announcement): NoticeKind | undefined =>
  [entry.told, ...mayBeTold(entry)].map((told) => noticeKindOf(announcement, told)).find((kind) => kind !== undefined);

export type Ruling =
  | { readonly kind: 'tell'; readonly notice: NoticeKind }
  /** There is nothing to tell, or nobody here wants to hear it. */
  | { readonly kind: 'settle'; readonly reason: string }
  | { readonly kind: 'hold'; readonly until: Date; readonly reason: string; readonly damped: boolean };

const windowOver = (announcement: Announcement, now: Date, windows: readonly MaintenanceWindow[]): Date | undefined => {
  const { cluster } = findingOf(announcement);
  const ends = windows
    .filter(
      ({ cluster: which, account, from, to }) =>
        (which === undefined || which === cluster.name || which === clusterArn(cluster)) &&
        (account === undefined || account === cluster.account) &&
        Date.parse(from) <= now.getTime() &&
        now.getTime() < Date.parse(to),
    )
    .map(({ to }) => Date.parse(to));
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
};

/** Nobody is left without word for longer than so many quiet times, however long it goes on. */
const LONGEST_HOLD = 4;

/** When people may hear of it again; undefined where it does not go to and fro, or has been quiet for long enough. */
const calmAt = ({ told, held }: OutboxEntry, now: Date, { flapping }: NoiseRules): Date | undefined => {
  const flips = (told?.flips ?? []).map((flip) => Date.parse(flip));
  if (held === undefined) {
    const recent = flips.filter((flip) => now.getTime() - flip < flapping.withinMs);
    return recent.length < flapping.flips ? undefined : new Date(now.getTime() + flapping.quietMs);
  }
  const quiet = Date.parse(held.lastAt) + flapping.quietMs;
  const longest = Date.parse(held.since) + LONGEST_HOLD * flapping.quietMs;
  const calm = new Date(Math.min(quiet, longest));
  return calm > now ? calm : undefined;
};

/** What becomes of the change that waits for people. Nobody is told that something is as they know it. */
export const rule = (entry: OutboxEntry, announcement: Announcement, now: Date, rules: NoiseRules): Ruling => {
  const notice = newsOf(entry, announcement);
  const calm = calmAt(entry, now, rules);
  if (notice === undefined) {
    // It went back to where it was: whether it stays there is seen when it has been quiet.
    if (entry.held !== undefined && calm !== undefined)
      return { kind: 'hold', until: calm, reason: 'flapping', damped: true };
    return { kind: 'settle', reason: 'people know' };
  }
  const least = rules.severityAtLeast[entry.destination];
  const { severity } = findingOf(announcement);
  // Who was told of it opening is told of its end, whatever the rules say by then.
  if (!isEnded(announcement)) {
    if (least !== undefined && SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(least)) {
      return { kind: 'settle', reason: `below ${least}` };
    }
    if (announcement.exception !== undefined) return { kind: 'settle', reason: 'excepted' };
    const until = windowOver(announcement, now, rules.maintenance);
    if (until !== undefined) return { kind: 'hold', until, reason: 'maintenance', damped: false };
  }
  if (calm !== undefined) return { kind: 'hold', until: calm, reason: 'flapping', damped: true };
  return { kind: 'tell', notice };
};

/** What people know once they were told of this. */
export const toldOf = (before: Told | undefined, announcement: Announcement, kind: NoticeKind, now: Date): Told => ({
  ...asTold(announcement),
  flips: [...(before?.flips ?? []), ...(kind === 'worse' ? [] : [now.toISOString()])].slice(-MOST_FLIPS),
});

/** What people know once it was decided that they are not told of this: at most that it is open. */
export const toldAfterSettling = (entry: OutboxEntry, announcement: Announcement): Told | undefined => {
  const { unverifiedSince } = findingOf(announcement);
  const { told } = entry;
  const heardOpen = [...mayBeTold(entry), ...(told === undefined ? [] : [told])].findLast(
    ({ status }) => status === 'open',
  );
  const heard =
    told?.status === 'ended' && heardOpen !== undefined ? { ...heardOpen, flips: told.flips } : (heardOpen ?? told);
  if (heard === undefined || !heard.isUnverified || unverifiedSince !== undefined) return heard;
  // Somebody could look again: the next time that nobody can is news.
  return { ...heard, isUnverified: false };
};
