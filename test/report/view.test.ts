import { FACT_KEYS } from '../../shared/model/snapshot.ts';
import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../shared/model/report.ts';
import type { ClusterView } from '../../shared/report/view.ts';
import { allRows, enforcedCheck, viewReport } from '../../shared/report/view.ts';
import { sampleReport } from '../support/report-sample.ts';

const clusterOf = (name: string, report: AuditReport = sampleReport()): ClusterView => {
  const found = viewReport(report).clusters.find(({ summary }) => summary.cluster.name === name);
  if (found === undefined) throw new Error(`no cluster ${name}`);
  return found;
};

describe('the order of a report', () => {
  it('puts what needs a person first', () => {
    const { clusters } = viewReport(sampleReport());
    expect(clusters.map(({ key, summary }) => [key, summary.cluster.name, summary.answer])).toEqual([
      ['c1', 'payments-prod', 'not-enforced'],
      ['c2', 'search-staging', 'not-enforced'],
      ['c3', 'partner-gov', 'unknown'],
      ['c4', 'batch-dev', 'unknown'],
      ['c5', 'checkout-prod', 'enforced'],
      ['c6', 'ledger-prod', 'enforced'],
    ]);
  });

  it('puts the node chain first among the checks, then the worst severity', () => {
    expect(clusterOf('payments-prod').checks.map(({ id, severity }) => `${severity} ${id}`)).toEqual([
      'critical network-policy/enforced',
      'critical network-policy/controller-enabled',
      'high network-policy/bpffs-mounted',
      'high network-policy/node-agent-enabled',
      'medium security-groups-for-pods/enforcing-mode',
      'low network-policy/event-logs',
      'informational fleet/addon-version',
    ]);
  });
});

describe('a row', () => {
  it('carries its finding and what this run did to it', () => {
    const rows = enforcedCheck(clusterOf('payments-prod'))?.rows.fail ?? [];
    expect(rows.map(({ change, finding }) => [change, finding?.status])).toEqual([
      ['opened', 'open'],
      ['opened', 'open'],
      ['opened', 'open'],
    ]);
  });

  it('carries the exception that is active for it, and no other', () => {
    const owners = (name: string) =>
      clusterOf(name)
        .checks.flatMap(allRows)
        .flatMap(({ exception }) => (exception === undefined ? [] : [exception.owner]));
    expect(owners('checkout-prod')).toEqual(['team-checkout']);
    expect(owners('payments-prod')).toEqual([]);
  });

  it('stands for an open finding that this run did not look at, as unknown', () => {
    const chain = enforcedCheck(clusterOf('partner-gov'));
    expect(chain?.rows['not-evaluated'].map(({ origin, resource }) => [origin, resource.type])).toEqual([
      ['outcome', 'cluster'],
      ['carried', 'node'],
    ]);
    expect(chain?.judged).toBe(1);
  });

  it('is never made of an ended finding alone', () => {
    const rows = clusterOf('checkout-prod').checks.flatMap(allRows);
    expect(rows.filter(({ origin }) => origin === 'carried')).toEqual([]);
    expect(rows).toHaveLength(22);
  });

  it('of a check that nobody rated sorts as the worst', () => {
    const report = sampleReport();
    const { checks } = clusterOf('ledger-prod', { ...report, checks: report.checks.slice(0, -1) });
    expect(checks.slice(0, 2).map(({ id, severity }) => [id, severity])).toEqual([
      ['network-policy/enforced', 'critical'],
      ['fleet/addon-version', 'unrated'],
    ]);
  });
});

describe('a gap', () => {
  it('names the checks that went without an answer for it', () => {
    expect(
      clusterOf('batch-dev').gaps.map(({ fact, unobserved, blocks }) => [fact, unobserved.reason, blocks]),
    ).toEqual([['nodes.probes', 'unreachable', ['network-policy/enforced', 'network-policy/bpffs-mounted']]]);
    expect(clusterOf('partner-gov').gaps).toHaveLength(FACT_KEYS.length);
  });
});
