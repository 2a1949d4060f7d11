import type { Notice, NoticeKind } from '../model/announcement.ts';
import { findingOf } from '../model/announcement.ts';
import { clusterArn } from '../model/cluster.ts';
import { fixes } from '../report/fix-command.ts';
import { resourceWord } from '../report/words.ts';

export const NOTICE_WORD: { readonly [K in NoticeKind]: string } = {
  opened: 'NEW',
  worse: 'WORSE',
  reopened: 'BACK AGAIN',
  resolved: 'RESOLVED',
  closed: 'CLOSED',
  unverified: 'NOT VERIFIED',
};

/** `500 nodes` or the one resource's own name. */
export const whatText = ({ announcements }: Notice): string => {
  const [{ change }] = announcements;
  const { type, name } = change.finding.resource;
  return announcements.length === 1 ? name : `${announcements.length} ${resourceWord(type, announcements.length)}`;
};

/** `NEW, high: shop-prod, 500 nodes: The network policy agent …`. */
export const headlineOf = (notice: Notice): string => {
  const { cluster } = findingOf(notice.announcements[0]);
  const { check, kind } = notice;
  return `${NOTICE_WORD[kind]}, ${check.severity}: ${cluster.name}, ${whatText(notice)}: ${check.title}`;
};

/** Cluster, region and account in one line. */
export const placeOf = (notice: Notice): string => {
  const { cluster } = findingOf(notice.announcements[0]);
  return clusterArn(cluster);
};

/** The earliest first sight among its findings, RFC 3339. */
export const sinceOf = ({ announcements }: Notice): string =>
  announcements.reduce((earliest, { change }) => {
    const { firstSeenAt } = change.finding;
    return firstSeenAt < earliest ? firstSeenAt : earliest;
  }, announcements[0].change.finding.firstSeenAt);

/** What was seen, each text once, the most frequent first. */
export const messagesOf = ({ announcements }: Notice): readonly { readonly text: string; readonly count: number }[] =>
  [...Map.groupBy(announcements, ({ change }) => change.finding.message.text)]
    .map(([text, same]) => ({ text, count: same.length }))
    .toSorted((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));

/** The exact commands, filled in where a name is safe in a shell. */
export const commandsOf = ({ check, announcements }: Notice): readonly string[] => {
  const findings = announcements.map(findingOf);
  return fixes(check.remediation, findingOf(announcements[0]).cluster, findings).map(({ command }) => command);
};

/** What is left open of the check on this cluster, and what was held back. */
export const remarksOf = ({ openNow, damped, kind }: Notice): readonly string[] => [
  kind === 'resolved' || kind === 'closed'
    ? openNow === 0
      ? 'Nothing of this check is open on the cluster any more.'
      : `${openNow} of this check still open on the cluster.`
    : `${openNow} of this check open on the cluster.`,
  ...(kind === 'unverified'
    ? ['It was failing when it was last looked at, and could not be looked at since: this is not a pass.']
    : []),
  ...(damped === undefined
    ? []
    : [`It went to and fro ${damped.flips} times since ${damped.since}; those messages were held back.`]),
];
