import type { Finding } from '../../model/finding.ts';
import { ANSWER_WORD, moment, plural, resourceWord, severityText } from '../../report/words.ts';
import type { Digest } from './digest.ts';

/** One line of a digest: so many findings of one check and one end. */
export interface DigestLine {
  readonly count: string;
  readonly check: string;
  /** Of the first; hostile. */
  readonly example: string;
  /** ` and 499 more`, or nothing. */
  readonly others: string;
  /** RFC 3339, of the longest open among them. */
  readonly since: string;
}

export const MOST_LINES = 8;

/** 500 nodes that fail one check are one line. In the order in which each check first comes. */
export const linesOf = (findings: readonly Finding[]): readonly DigestLine[] =>
  [...Map.groupBy(findings, ({ check, status }) => `${check} ${status}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const since = group.reduce((least, { openedAt }) => (openedAt < least ? openedAt : least), first.openedAt);
    const ended = first.status === 'open' ? first.severity : first.status;
    return [
      {
        count: `${ended}, ${group.length} ${resourceWord(first.resource.type, group.length)}`,
        check: first.check,
        example: first.resource.name,
        others: group.length === 1 ? '' : ` and ${group.length - 1} more`,
        since,
      },
    ];
  });

/** `3 high, 1 low open`; says it in full where there is none. */
export const openText = ({ open, excepted, unverified }: Digest): string => {
  const counts = severityText(open);
  return [
    counts === '' ? 'Nothing open' : `${counts} open`,
    ...(unverified === 0 ? [] : [`${unverified} of them could not be looked at again`]),
    ...(excepted === 0 ? [] : [`${excepted} excepted`]),
  ].join(', ');
};

export const movedText = ({ appeared, ended }: Digest): string =>
  `${plural(appeared.length, 'new finding')}, ${ended.length} ended`;

/** `ENFORCED`, or `UNKNOWN: the nodes could not be listed`. */
export const answerText = ({ answer, because }: Digest): string =>
  because === undefined ? ANSWER_WORD[answer] : `${ANSWER_WORD[answer]}: ${because}`;

export const couldNotLookText = ({ couldNotLook: { checks, results }, auditedAt }: Digest): string | undefined => {
  if (auditedAt === undefined) return 'Nobody has looked: no audit is remembered.';
  if (results === 0 && checks.length === 0) return undefined;
  return [
    `Could not look: ${plural(results, 'result')} of the audit of ${moment(auditedAt)}`,
    ...(checks.length === 0
      ? []
      : [`${checks.slice(0, MOST_LINES).join(', ')}${checks.length > MOST_LINES ? ', …' : ''} not at all`]),
  ].join('; ');
};
