import { type Announcement, findingOf, type Notice } from '../shared/model/announcement.ts';
import { SEVERITIES } from '../shared/model/check.ts';
import { emptyEntry } from '../shared/model/outbox.ts';
import { noticeKindOf } from '../shared/publish/outbox/noise.ts';
import { nonEmpty, noticeOf, type Telling } from '../shared/publish/outbox/notice-of.ts';
import { slackPreview } from '../shared/publish/slack/preview.ts';
import { toSlack } from '../shared/publish/slack/to-slack.ts';

const told = (announcement: Announcement): readonly Telling[] => {
  const { status, severity, unverifiedSince, id } = findingOf(announcement);
  // Who is told of an end, or of what nobody can look at any more, had been told of the beginning.
  const before =
    status === 'open' && unverifiedSince === undefined
      ? undefined
      : ({ status: 'open', severity, isUnverified: false, flips: [] } as const);
  const kind = announcement.exception === undefined ? noticeKindOf(announcement, before) : undefined;
  return kind === undefined ? [] : [{ entry: emptyEntry('slack', id), announcement, kind }];
};

const worst = ({ check }: Notice): number => SEVERITIES.indexOf(check.severity);

/** What people would be told of these, the worst first: one notice for each check, cluster and kind. */
export const noticesOf = (announcements: readonly Announcement[]): readonly Notice[] => {
  const openOf = (cluster: string, check: string): number =>
    announcements.filter((each) => {
      const finding = findingOf(each);
      return finding.status === 'open' && JSON.stringify(finding.cluster) === cluster && finding.check === check;
    }).length;
  const groups = Map.groupBy(announcements.flatMap(told), ({ announcement, kind }) =>
    JSON.stringify([findingOf(announcement).cluster, announcement.check.id, kind]),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const tellings = nonEmpty(group);
      if (tellings === undefined) return [];
      const { cluster, check } = findingOf(tellings[0].announcement);
      return [noticeOf(tellings, openOf(JSON.stringify(cluster), check))];
    })
    .toSorted((a, b) => worst(b) - worst(a));
};

export const slackPage = (
  channel: string,
  notices: readonly { readonly notice: Notice; readonly time: string }[],
): string =>
  slackPreview(
    channel,
    notices.map(({ notice, time }) => ({ message: toSlack(notice), isReply: false, time })),
  );
