import { describe, expect, it } from 'vitest';
import { unobserved } from '../../shared/model/fact.ts';
import type { AuditReport, ClusterReport } from '../../shared/model/report.ts';
import { exceptedCount, exceptedIds, openCount, summarise, worstOpenSeverity } from '../../shared/report/summary.ts';
import type { ClusterSpec } from './sample/spec.ts';
import { clusterAt, sampleReport } from '../support/report-sample.ts';

const NONE = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
const summaryOf = (name: string, report = sampleReport()) => {
  const found = summarise(report).clusters.find(({ cluster }) => cluster.name === name);
  expect(found).toBeDefined();
  return found;
};

/** A report on one cluster with these changes to its one cluster. */
const one = (specs: readonly ClusterSpec[], change: (of: ClusterReport) => Partial<ClusterReport>): AuditReport => {
  const report = sampleReport(specs, []);
  return { ...report, clusters: report.clusters.map((cluster) => ({ ...cluster, ...change(cluster) })) };
};
const LAB = { cluster: clusterAt('lab', 'us-west-2'), version: '1.33', cni: 'v1.23.0-eksbuild.1' };

describe('a cluster', () => {
  it('is counted by outcome, by node and by open finding', () => {
    expect(summaryOf('payments-prod')).toEqual({
      cluster: clusterAt('payments-prod', 'us-west-2'),
      outcomes: { pass: 12, fail: 7, notApplicable: 0, notEvaluated: 0 },
      nodes: { enforced: 2, notEnforced: 3, unknown: 0, notApplicable: 0, population: 'listed' },
      answer: 'not-enforced',
      open: { ...NONE, critical: 3, high: 3, low: 1 },
      excepted: NONE,
      unverified: 0,
    });
  });

  it('with unknown nodes beside enforcing ones is unknown, not enforced', () => {
    expect(summaryOf('batch-dev')).toMatchObject({
      nodes: { enforced: 3, notEnforced: 0, unknown: 2, notApplicable: 1, population: 'listed' },
      answer: 'unknown',
    });
  });

  it('whose nodes could not be listed has no known number of unknown nodes', () => {
    expect(summaryOf('partner-gov')).toMatchObject({
      outcomes: { pass: 0, fail: 0, notApplicable: 0, notEvaluated: 7 },
      nodes: { enforced: 0, notEnforced: 0, unknown: 0, notApplicable: 0, population: 'unlisted' },
      answer: 'unknown',
      open: { ...NONE, critical: 1 },
      unverified: 1,
    });
  });

  it('counts listed nodes as unknown where the check could not run at all', () => {
    const report = one([{ ...LAB, nodes: ['enforced', 'enforced'] }], ({ evaluation }) => ({
      evaluation: {
        ...evaluation,
        outcomes: evaluation.outcomes.slice(0, 1).map(({ check, message }) => ({
          check,
          message,
          resource: { type: 'cluster', id: 'lab', name: 'lab' },
          status: 'not-evaluated' as const,
          missing: [],
          evidence: [],
        })),
      },
    }));
    expect(summaryOf('lab', report)).toMatchObject({
      nodes: { enforced: 0, notEnforced: 0, unknown: 2, population: 'listed' },
      answer: 'unknown',
    });
  });

  it('about which nothing was evaluated is unknown', () => {
    const nothing = one([{ ...LAB, nodes: ['enforced'] }], ({ evaluation, snapshot }) => ({
      evaluation: { ...evaluation, outcomes: [] },
      snapshot: {
        ...snapshot,
        facts: {
          ...snapshot.facts,
          'kubernetes.nodes': unobserved('throttled', '429', 'GET /api/v1/nodes', snapshot.takenAt),
        },
      },
    }));
    expect(summaryOf('lab', nothing)).toMatchObject({
      nodes: { unknown: 0, population: 'unlisted' },
      answer: 'unknown',
    });
  });

  it('with only nodes that the question does not apply to has no answer to give', () => {
    expect(summaryOf('lab', sampleReport([{ ...LAB, nodes: ['windows'] }], []))).toMatchObject({
      nodes: { enforced: 0, notApplicable: 1, population: 'listed' },
      answer: 'not-applicable',
    });
  });
});

describe('exceptions', () => {
  it('take a finding out of what is open only while they are active', () => {
    expect(summaryOf('checkout-prod')).toMatchObject({ open: NONE, excepted: { ...NONE, low: 1 } });
    const report = sampleReport();
    const expired: AuditReport = {
      ...report,
      exceptions: report.exceptions.map((use) => ({ ...use, state: 'expired' as const })),
    };
    expect([...exceptedIds(expired)]).toEqual([]);
    expect(summaryOf('checkout-prod', expired)).toMatchObject({ open: { ...NONE, low: 1 }, excepted: NONE });
  });
});

describe('the fleet', () => {
  it('adds the clusters up', () => {
    expect(summarise(sampleReport()).fleet).toEqual({
      clusters: { 'not-enforced': 2, unknown: 2, enforced: 2, 'not-applicable': 0 },
      outcomes: { pass: 70, fail: 12, notApplicable: 6, notEvaluated: 11 },
      nodes: { enforced: 15, notEnforced: 6, unknown: 2, notApplicable: 1, population: 'unlisted' },
      open: { ...NONE, critical: 8, high: 3, low: 1 },
      excepted: { ...NONE, low: 1 },
      unverified: 1,
      unreadable: 0,
      answer: 'not-enforced',
    });
  });

  it('is not enforced everywhere where an input could not be read', () => {
    const report = sampleReport([{ ...LAB, nodes: ['enforced'] }], []);
    expect(summarise(report).fleet.answer).toBe('enforced');
    const unreadable = [{ path: 'dumps/other', problem: 'no gather.json' }];
    expect(summarise({ ...report, unreadable }).fleet.answer).toBe('unknown');
  });

  it('of no clusters has no answer', () => {
    expect(summarise(sampleReport([], [])).fleet.answer).toBe('not-applicable');
  });
});

describe('a check', () => {
  it('is counted over all clusters', () => {
    expect(summarise(sampleReport()).checks.find(({ check }) => check === 'network-policy/enforced')).toEqual({
      check: 'network-policy/enforced',
      outcomes: { pass: 15, fail: 6, notApplicable: 1, notEvaluated: 3 },
      clustersFailing: 2,
      clustersUnknown: 2,
      open: { ...NONE, critical: 7 },
      excepted: NONE,
      unverified: 1,
    });
  });

  it('that is no longer in the catalogue stays while a finding of it is open', () => {
    const report = sampleReport();
    const without = { ...report, checks: report.checks.filter(({ id }) => id !== 'network-policy/event-logs') };
    expect(summarise(without).checks.map(({ check }) => check)).toContain('network-policy/event-logs');
  });
});

describe('what is open', () => {
  it('has a worst severity, or none', () => {
    const { clusters, fleet } = summarise(sampleReport());
    expect(clusters.map((cluster) => [cluster.cluster.name, worstOpenSeverity(cluster), openCount(cluster)])).toEqual([
      ['checkout-prod', 'none', 0],
      ['payments-prod', 'critical', 7],
      ['search-staging', 'critical', 4],
      ['batch-dev', 'none', 0],
      ['ledger-prod', 'none', 0],
      ['partner-gov', 'critical', 1],
    ]);
    expect(exceptedCount(fleet)).toBe(1);
  });
});
