import type { KnownBlock, RichTextBlock, RichTextElement, RichTextSection, RichTextText } from '@slack/types';
import { findingOf, type Notice } from '../../model/announcement.ts';
import { singleLine } from '../../model/single-line.ts';
import { commandsOf, headlineOf, messagesOf, placeOf, remarksOf, sinceOf } from '../notice-words.ts';

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

export interface SlackMessage {
  /** For notifications and screen readers; mrkdwn, so escaped. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping: these three, ampersand first. */
const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cut before it is escaped, so that no entity is cut in two; escaped text may be five times as long. */
export const mrkdwn = (text: string, limit: number): string => {
  for (let length = limit; ; length = Math.floor(length * 0.8)) {
    const escaped = escapeMrkdwn(singleLine(text, length));
    if (escaped.length <= limit || length < 1) return escaped.slice(0, limit);
  }
};

const text = (value: string, style?: 'bold' | 'code'): RichTextText => ({
  type: 'text',
  // Slack refuses an element without text.
  text: value === '' ? ' ' : value,
  ...(style === undefined ? {} : { style: { [style]: true } }),
});

const section = (...elements: RichTextElement[]): RichTextSection => ({ type: 'rich_text_section', elements });

const line = (label: string, value: string, style?: 'code'): RichTextSection =>
  section(text(`${label}: `, 'bold'), text(singleLine(value, TEXT), style));

const richText = (...elements: RichTextBlock['elements']): RichTextBlock => ({ type: 'rich_text', elements });

const names = (notice: Notice): readonly RichTextSection[] => {
  const { announcements } = notice;
  if (announcements.length === 1) return [];
  const shown = announcements.slice(0, MOST_NAMES).map(({ change }) => singleLine(change.finding.resource.name, 120));
  const more = announcements.length - shown.length;
  return [line('Which', shown.join(', ') + (more === 0 ? '' : ` and ${more} more`), 'code')];
};

const evidence = (notice: Notice): readonly RichTextSection[] =>
  findingOf(notice.announcements[0])
    .evidence.slice(0, MOST_EVIDENCE)
    .map(({ fact, path, value, grade }) => line(`Evidence (${grade})`, `${fact}${path} = ${value}`, 'code'));

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
        ...(owner === undefined ? [] : [text(`  owner: ${singleLine(owner, 100)}`)]),
      ),
    ),
  ];
};

/** At most eight blocks of bounded length: far below Slack's 50 blocks. */
export const toSlack = (notice: Notice): SlackMessage => {
  const headline = headlineOf(notice);
  const messages = messagesOf(notice);
  const rest = messages.length - MOST_MESSAGES;
  return {
    text: mrkdwn(headline, FALLBACK),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: singleLine(headline, HEADER), emoji: false } },
      richText(
        ...messages
          .slice(0, MOST_MESSAGES)
          .map(({ text: message, count }) =>
            section(text(messages.length === 1 ? '' : `${count}× `, 'bold'), text(singleLine(message, TEXT))),
          ),
        ...(rest > 0 ? [section(text(`and ${rest} other messages`))] : []),
      ),
      richText(
        line('Where', placeOf(notice)),
        line('Since', sinceOf(notice)),
        ...names(notice),
        ...evidence(notice),
        ...remarksOf(notice).map((remark) => section(text(remark))),
      ),
      ...fix(notice),
      ...links(notice),
    ],
  };
};
