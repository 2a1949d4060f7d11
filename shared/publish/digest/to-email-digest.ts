import { clusterArn } from '../../model/cluster.ts';
import type { Finding } from '../../model/finding.ts';
import { singleLine } from '../../model/single-line.ts';
import { ANSWER_WORD, day, moment, severityText } from '../../report/words.ts';
import type { Digest } from './digest.ts';
import { answerText, couldNotLookText, linesOf, MOST_LINES, movedText, openText } from './words.ts';

/**
 * "ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control characters;
 * and must be less than 100 characters long": https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const SUBJECT = 99;
const NAME = 40;
const LINE = 400;

/** What SNS sends by e-mail: `Subject` and `Message` of one publication. */
export interface EmailDigest {
  readonly subject: string;
  /** Plain text, lines of bounded length. */
  readonly body: string;
}

const ascii = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?');

const subjectOf = (digest: Digest): string => {
  const counts = severityText(digest.open);
  const name = singleLine(digest.cluster.name, NAME);
  return ascii(
    singleLine(
      `[Netpol Warden] ${name}: ${ANSWER_WORD[digest.answer]}, ${counts === '' ? 'nothing' : counts} open`,
      SUBJECT - 3,
    ),
  )
    .trim()
    .slice(0, SUBJECT);
};

const group = (title: string, findings: readonly Finding[], withSince: boolean): readonly string[] => {
  const lines = linesOf(findings);
  if (lines.length === 0) return [];
  const rest = lines.length - MOST_LINES;
  return [
    '',
    title,
    ...lines
      .slice(0, MOST_LINES)
      .map(({ count, check, example, others, since }) =>
        singleLine(
          `  - ${count}: ${check} on ${singleLine(example, 200)}${others}${withSince ? ` since ${day(since)}` : ''}`,
          LINE,
        ),
      ),
    ...(rest > 0 ? [`  - and ${rest} more`] : []),
  ];
};

export const toEmailDigest = (digest: Digest): EmailDigest => {
  const { cluster, since, until, appeared, ended, oldest, report } = digest;
  const blind = couldNotLookText(digest);
  const one = (text: string): string => singleLine(text, LINE);
  return {
    subject: subjectOf(digest),
    body: [
      `Is NetworkPolicy enforced on every node?`,
      one(answerText(digest)),
      '',
      one(clusterArn(cluster)),
      one(`From ${moment(since)} to ${moment(until)}`),
      '',
      one(`${openText(digest)}.`),
      one(`${movedText(digest)}.`),
      ...(blind === undefined ? [] : [one(`${blind}.`)]),
      ...group('New', appeared, false),
      ...group('Ended', ended, false),
      ...group('Open for longest', oldest, true),
      '',
      ...(report?.startsWith('https://') === true ? [one(`Report: ${report}`)] : []),
      'More: netpol-warden findings list',
      '',
    ].join('\n'),
  };
};
