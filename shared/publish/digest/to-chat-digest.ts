import { clusterArn } from '../../model/cluster.ts';
import type { Finding } from '../../model/finding.ts';
import { ANSWER_WORD, moment } from '../../report/words.ts';
import { safe } from '../sns/chat-destination.ts';
import type { Digest } from './digest.ts';
import { answerText, couldNotLookText, linesOf, MOST_LINES, movedText, openText } from './words.ts';

const TITLE = 250;
const TEXT = 600;
const DESCRIPTION = 8000;
const KEYWORD = 75;

const group = (title: string, findings: readonly Finding[]): readonly string[] => {
  const lines = linesOf(findings).slice(0, MOST_LINES);
  return lines.length === 0
    ? []
    : [
        `*${title}*`,
        ...lines.map(
          ({ count, check, example, others }) => `• ${safe(`${count}: ${check} on ${example}`, TEXT)}${others}`,
        ),
      ];
};

/**
 * The custom notification of Amazon Q Developer in chat applications.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export const toChatDigest = (digest: Digest) => {
  const { cluster, since, until, answer, appeared, ended, oldest } = digest;
  const blind = couldNotLookText(digest);
  const lines = [
    `*NetworkPolicy enforced on every node?* ${safe(answerText(digest), TEXT)}`,
    safe(`From ${moment(since)} to ${moment(until)}`, TEXT),
    safe(`${openText(digest)}; ${movedText(digest)}`, TEXT),
    ...(blind === undefined ? [] : [safe(blind, TEXT)]),
    ...group('New', appeared),
    ...group('Ended', ended),
    ...group('Open for longest', oldest),
  ];
  // Whole lines: half of an escaped text could be read as markup.
  let description = '';
  for (const each of lines) {
    if (description.length + each.length + 1 > DESCRIPTION) break;
    description += `${description === '' ? '' : '\n'}${each}`;
  }
  return {
    version: '1.0',
    source: 'custom',
    id: digest.id,
    content: {
      textType: 'client-markdown',
      title: safe(`${cluster.name}: ${ANSWER_WORD[answer]}`, TITLE),
      description,
      keywords: [cluster.name, 'digest'].map((word) => safe(word, KEYWORD)),
    },
    metadata: {
      threadId: `${clusterArn(cluster)}#digest`,
      summary: safe(`${cluster.name}: ${ANSWER_WORD[answer]}`, TITLE),
      eventType: 'netpol-warden.digest',
      relatedResources: [clusterArn(cluster)],
      additionalContext: { account: cluster.account, region: cluster.region, cluster: cluster.name },
    },
  };
};
