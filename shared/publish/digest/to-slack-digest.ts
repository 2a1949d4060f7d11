import type { KnownBlock, RichTextSection } from '@slack/types';
import type { Finding } from '../../model/finding.ts';
import { singleLine } from '../../model/single-line.ts';
import { ANSWER_WORD, day, moment } from '../../report/words.ts';
import { list, mrkdwn, richText, section, type SlackMessage, text } from '../slack/rich-text.ts';
import type { Digest } from './digest.ts';
import { answerText, couldNotLookText, linesOf, MOST_LINES, movedText, openText } from './words.ts';

const HEADER = 150;
const NAME = 120;
const TEXT = 600;

const item = (finding: readonly Finding[], withSince: boolean): readonly RichTextSection[] => {
  const lines = linesOf(finding);
  const rest = lines.length - MOST_LINES;
  return [
    ...lines
      .slice(0, MOST_LINES)
      .map(({ count, check, example, others, since }) =>
        section(
          text(`${count}: `),
          text(check, 'code'),
          text(' on '),
          text(singleLine(example, NAME), 'code'),
          ...(others === '' ? [] : [text(others)]),
          ...(withSince ? [text(` since ${singleLine(day(since), 40)}`)] : []),
        ),
      ),
    ...(rest > 0 ? [section(text(`and ${rest} more`))] : []),
  ];
};

const group = (title: string, findings: readonly Finding[], withSince: boolean): readonly KnownBlock[] =>
  findings.length === 0 ? [] : [richText(section(text(title, 'bold')), list(item(findings, withSince)))];

/** At most seven blocks of bounded length, in which Slack looks for no markup. */
export const toSlackDigest = (digest: Digest): SlackMessage => {
  const { cluster, since, until, answer, appeared, ended, oldest, report } = digest;
  const headline = `${cluster.name}: ${ANSWER_WORD[answer]}`;
  const blind = couldNotLookText(digest);
  return {
    text: mrkdwn(`${headline}. ${openText(digest)}; ${movedText(digest)} since ${since}`, 3000),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: singleLine(headline, HEADER), emoji: false } },
      richText(
        section(text('NetworkPolicy enforced on every node? ', 'bold'), text(singleLine(answerText(digest), TEXT))),
        section(
          text(singleLine(`${cluster.name} in ${cluster.region}, account ${cluster.account}`, TEXT)),
          text(singleLine(`, from ${moment(since)} to ${moment(until)}`, TEXT)),
        ),
        section(text(`${openText(digest)}; ${movedText(digest)}.`)),
        ...(blind === undefined ? [] : [section(text(singleLine(blind, TEXT)))]),
      ),
      ...group('New', appeared, false),
      ...group('Ended', ended, false),
      ...group('Open for longest', oldest, true),
      ...(report?.startsWith('https://') === true
        ? [richText(section({ type: 'link', url: report, text: 'Report' }))]
        : []),
    ],
  };
};
