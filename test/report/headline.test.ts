import { describe, expect, it } from 'vitest';
import { headline, nodesText } from '../../shared/report/headline.ts';
import { summarise } from '../../shared/report/summary.ts';
import { clusterAt, sampleReport } from '../support/report-sample.ts';

const LAB = { cluster: clusterAt('lab', 'us-west-2'), version: '1.33', cni: 'v1.23.0-eksbuild.1' };
const enforced = sampleReport([{ ...LAB, nodes: ['enforced'] }], []);
const unlisted = { ...LAB, nodes: [], access: 'denied' } as const;

describe('headline', () => {
  it.each([
    [
      'NO',
      'Not enforced on 6 nodes in 2 of 6 clusters. 2 of 6 clusters could not be judged in full. Unknown on at least 2 nodes. Enforced on 15 nodes.',
      sampleReport(),
    ],
    ['YES', 'Enforced on every node: 1 node in 1 cluster.', enforced],
    [
      'UNKNOWN',
      'Enforced on 1 node. 1 input could not be read.',
      { ...enforced, unreadable: [{ path: 'a', problem: 'b' }] },
    ],
    ['UNKNOWN', '1 of 1 cluster could not be judged in full.', sampleReport([unlisted], [])],
    [
      'UNKNOWN',
      'network-policy/enforced was not among the checks of this run. 1 of 1 cluster could not be judged in full.',
      {
        ...enforced,
        checks: enforced.checks.slice(1),
        clusters: enforced.clusters.map((cluster) => ({
          ...cluster,
          evaluation: { ...cluster.evaluation, outcomes: cluster.evaluation.outcomes.slice(1) },
          snapshot: {
            ...cluster.snapshot,
            facts: {
              ...cluster.snapshot.facts,
              'kubernetes.nodes': { state: 'absent' as const, source: 'x', observedAt: 'y' },
            },
          },
        })),
      },
    ],
    ['NOTHING AUDITED', 'No cluster was audited.', sampleReport([], [])],
    [
      'NOTHING AUDITED',
      'The question applies to no node of 1 cluster.',
      sampleReport([{ ...LAB, nodes: ['windows'] }], []),
    ],
  ])('says %s: %s', (word, text, report) => {
    expect(headline(summarise(report))).toEqual({ word, text });
  });
});

describe('nodesText', () => {
  const nodes = { enforced: 0, notEnforced: 0, unknown: 0, notApplicable: 0, population: 'listed' } as const;

  it.each([
    ['Enforced on 2 of 5 nodes, not enforced on 3', { ...nodes, enforced: 2, notEnforced: 3 }],
    [
      'Enforced on 3 of 5 nodes, unknown on 2; 1 not applicable',
      { ...nodes, enforced: 3, unknown: 2, notApplicable: 1 },
    ],
    [
      'Enforced on 1 of 1 node, more nodes could not be listed',
      { ...nodes, enforced: 1, population: 'unlisted' as const },
    ],
    ['The nodes could not be listed', { ...nodes, population: 'unlisted' as const }],
    ['No node that the question applies to; 2 not applicable', { ...nodes, notApplicable: 2 }],
  ])('%s', (text, counts) => {
    expect(nodesText(counts)).toBe(text);
  });
});
