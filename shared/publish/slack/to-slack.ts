import type { KnownBlock, RichTextBlock, RichTextElement, RichTextList, RichTextSection } from '@slack/types';
import { findingOf, type Notice } from '../../model/announcement.ts';
import { singleLine } from '../../model/single-line.ts';
import { evidencePath } from '../../report/evidence-path.ts';
import { moment } from '../../report/words.ts';
import { commandsOf, messagesOf, NOTICE_WORD, remarksOf, sinceOf, whatText } from '../notice-words.ts';
import { line, list, mrkdwn, richText, section, type SlackMessage, text } from './rich-text.ts';

/**
 * Block Kit of a notice. Everything that a cluster had a say in stands in plain_text or rich_text, in which Slack looks
 * for no markup, mentions or links. https://docs.slack.dev/reference/block-kit/blocks
 */

const HEADER = 150;
const TEXT = 1000;
const COMMAND = 2500;
const FALLBACK = 3000;
const MOST_NAMES = 10;
const MOST_MESSAGES = 3;
const MOST_EVIDENCE = 3;
const MOST_COMMANDS = 2;

/** What changed, how bad it is, and where: `NEW, high: shop-prod, 500 nodes`. */
const headlineOf = (notice: Notice): string => {
  const { cluster, severity } = findingOf(notice.announcements[0]);
  return `${NOTICE_WORD[notice.kind]}, ${severity}: ${cluster.name}, ${whatText(notice)}`;
};

/** A check's title says what holds when it passes: it tells of what is mended, and never stands beside "NEW". */
const summaryOf = (notice: Notice): string => {
  const { check, kind } = notice;
  const [message, ...others] = messagesOf(notice);
  if (kind === 'resolved') return check.title;
  return kind === 'closed' || message === undefined || others.length > 0 ? check.id : message.text;
};

/** What was seen: one text, or each with the number of those it was seen on. */
const seen = (notice: Notice): readonly (RichTextSection | RichTextList)[] => {
  const messages = messagesOf(notice);
  const [only, ...others] = messages;
  if (only !== undefined && others.length === 0) return [section(text(singleLine(only.text, TEXT), 'bold'))];
  const rest = messages.length - MOST_MESSAGES;
  return [
    list([
      ...messages
        .slice(0, MOST_MESSAGES)
        .map(({ text: message, count }) => section(text(`${count}× `, 'bold'), text(singleLine(message, TEXT)))),
      ...(rest > 0 ? [section(text(`and ${rest} other messages`))] : []),
    ]),
  ];
};

const place = (notice: Notice): RichTextSection => {
  const { cluster } = findingOf(notice.announcements[0]);
  return section(
    text('Where: ', 'bold'),
    text(singleLine(cluster.name, TEXT), 'code'),
    text(` in ${singleLine(cluster.region, TEXT)}, account ${singleLine(cluster.account, TEXT)}`),
  );
};

/** By name; each in a code span of its own, so that a name cannot pass for two. */
const names = (notice: Notice): readonly RichTextSection[] => {
  const { announcements } = notice;
  const shown = announcements.slice(0, MOST_NAMES).map(({ change }) => singleLine(change.finding.resource.name, 120));
  const more = announcements.length - shown.length;
  return [
    section(
      text(announcements.length === 1 ? 'On: ' : 'Which: ', 'bold'),
      ...shown.flatMap((name, index) => [...(index === 0 ? [] : [text(', ')]), text(name, 'code')]),
      ...(more === 0 ? [] : [text(` and ${more} more`)]),
    ),
  ];
};

const evidence = (notice: Notice): readonly RichTextBlock['elements'][number][] => {
  const pieces = findingOf(notice.announcements[0]).evidence;
  const rest = pieces.length - MOST_EVIDENCE;
  if (pieces.length === 0) return [];
  const of = notice.announcements.length === 1 ? '' : ', on the first of them';
  return [
    section(text(isEnded(notice) ? `Evidence while it failed${of}:` : `Evidence${of}:`, 'bold')),
    list([
      ...pieces
        .slice(0, MOST_EVIDENCE)
        .map(({ fact, path, value, grade, source }) =>
          section(
            text(singleLine(`${evidencePath({ fact, path })} = ${value}`, TEXT), 'code'),
            text(` ${grade}, ${singleLine(source, 200)}`),
          ),
        ),
      ...(rest > 0 ? [section(text(`and ${rest} more in the finding`))] : []),
    ]),
  ];
};

const isEnded = ({ kind }: Notice): boolean => kind === 'resolved' || kind === 'closed';

const fix = (notice: Notice): readonly KnownBlock[] =>
  isEnded(notice)
    ? []
    : [
        richText(
          section(text('Fix: ', 'bold'), text(singleLine(notice.check.remediation.text, TEXT))),
          ...commandsOf(notice)
            .slice(0, MOST_COMMANDS)
            .map((command) => ({
              type: 'rich_text_preformatted' as const,
              // Line by line, because a line break is one of the characters that singleLine writes out.
              elements: [
                text(
                  command
                    .split('\n')
                    .map((each) => singleLine(each, COMMAND))
                    .join('\n')
                    .slice(0, COMMAND),
                ),
              ],
            })),
        ),
      ];

const links = (notice: Notice): readonly KnownBlock[] => {
  const [{ links: found, owner }] = notice.announcements;
  const { url } = notice.check.remediation;
  const given: readonly (readonly [string, string | undefined])[] = [
    ['Report', found.report],
    ['Runbook', found.runbook],
    ['Documentation', url],
  ];
  const elements = given.flatMap(([label, target]): readonly RichTextElement[] =>
    target?.startsWith('https://') === true ? [{ type: 'link', url: target, text: label }, text('  ')] : [],
  );
  return [
    richText(
      section(
        ...elements,
        text(`netpol-warden explain ${notice.check.id}`, 'code'),
        ...(owner === undefined ? [] : [text('  owner: '), text(singleLine(owner, 100), 'bold')]),
      ),
    ),
  ];
};

/** At most five blocks of bounded length: far below Slack's 50. */
export const toSlack = (notice: Notice): SlackMessage => {
  const headline = headlineOf(notice);
  const { check, kind } = notice;
  return {
    text: mrkdwn(`${headline}: ${summaryOf(notice)}`, FALLBACK),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: singleLine(headline, HEADER), emoji: false } },
      richText(
        ...(isEnded(notice) ? [] : seen(notice)),
        section(
          text(kind === 'resolved' ? 'Holds again: ' : 'Passes when: ', 'bold'),
          text(singleLine(check.title, TEXT)),
        ),
      ),
      richText(
        place(notice),
        line('Since', moment(sinceOf(notice))),
        ...names(notice),
        ...evidence(notice),
        ...remarksOf(notice).map((remark) => section(text(remark))),
      ),
      ...fix(notice),
      ...links(notice),
    ],
  };
};
