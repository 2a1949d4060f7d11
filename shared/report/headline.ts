import type { NodeCounts, ReportSummary } from './summary.ts';
import { ENFORCED_CHECK } from './summary.ts';
import { plural } from './words.ts';

/** The answer to the question of the report, in one word and a sentence or two. */
export interface Headline {
  readonly word: 'NO' | 'UNKNOWN' | 'YES' | 'NOTHING AUDITED';
  readonly text: string;
}

export const headline = ({ fleet: { answer, clusters, nodes, unreadable }, checks }: ReportSummary): Headline => {
  const total = clusters.enforced + clusters['not-enforced'] + clusters.unknown + clusters['not-applicable'];
  const asked = checks.some(({ check }) => check === ENFORCED_CHECK)
    ? ''
    : `${ENFORCED_CHECK} was not among the checks of this run.`;
  const blind =
    clusters.unknown === 0 ? '' : `${clusters.unknown} of ${plural(total, 'cluster')} could not be judged in full.`;
  const unknown =
    nodes.unknown === 0
      ? ''
      : `Unknown on ${nodes.population === 'listed' ? '' : 'at least '}${plural(nodes.unknown, 'node')}.`;
  const enforced = nodes.enforced === 0 ? '' : `Enforced on ${plural(nodes.enforced, 'node')}.`;
  const unread = unreadable === 0 ? '' : `${plural(unreadable, 'input')} could not be read.`;
  const sentences = (...all: readonly string[]) => all.filter((sentence) => sentence !== '').join(' ');
  switch (answer) {
    case 'not-enforced': {
      const broken = `Not enforced on ${plural(nodes.notEnforced, 'node')} in ${clusters['not-enforced']} of ${plural(total, 'cluster')}.`;
      return { word: 'NO', text: sentences(broken, blind, unknown, enforced, unread) };
    }
    case 'unknown':
      return { word: 'UNKNOWN', text: sentences(asked, blind, unknown, enforced, unread) };
    case 'enforced':
      return {
        word: 'YES',
        text: `Enforced on every node: ${plural(nodes.enforced, 'node')} in ${plural(clusters.enforced, 'cluster')}.`,
      };
    case 'not-applicable': {
      const none = `The question applies to no node of ${plural(total, 'cluster')}.`;
      return { word: 'NOTHING AUDITED', text: total === 0 ? 'No cluster was audited.' : none };
    }
  }
};

/** Nodes that the question applies to, as far as they are known. */
export const nodeTotal = ({ enforced, notEnforced, unknown }: NodeCounts): number => enforced + notEnforced + unknown;

/** `Enforced on 2 of 5 nodes, not enforced on 3`. */
export const nodesText = (nodes: NodeCounts): string => {
  const total = nodeTotal(nodes);
  const beside = nodes.notApplicable === 0 ? '' : `; ${nodes.notApplicable} not applicable`;
  if (total === 0) {
    return nodes.population === 'unlisted'
      ? 'The nodes could not be listed'
      : `No node that the question applies to${beside}`;
  }
  const parts = [
    `Enforced on ${nodes.enforced} of ${plural(total, 'node')}`,
    ...(nodes.notEnforced === 0 ? [] : [`not enforced on ${nodes.notEnforced}`]),
    ...(nodes.unknown === 0 ? [] : [`unknown on ${nodes.unknown}`]),
    ...(nodes.population === 'unlisted' ? ['more nodes could not be listed'] : []),
  ];
  return parts.join(', ') + beside;
};
