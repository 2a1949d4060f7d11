import { describe, expect, it } from 'vitest';
import type { ExitPolicy } from '../../shared/report/exit-code.ts';
import { exitCode } from '../../shared/report/exit-code.ts';
import { clusterAt, sampleReport } from '../support/report-sample.ts';

const LAB = { cluster: clusterAt('lab', 'us-west-2'), version: '1.33', cni: 'v1.23.0-eksbuild.1' };
const UNREADABLE = [{ path: 'dumps/lab', problem: 'no gather.json' }];

const clean = sampleReport([{ ...LAB, nodes: ['enforced'] }], []);
const low = sampleReport([{ ...LAB, nodes: ['enforced'], eventLogs: 'off' }], []);
const high = sampleReport([{ ...LAB, nodes: ['no-bpffs'] }], []);
const unknown = sampleReport([{ ...LAB, nodes: ['unread'] }], []);
const excepted = {
  ...low,
  exceptions: [
    {
      exception: { check: 'network-policy/event-logs', owner: 'a', reason: 'b', expires: '2027-01-01' },
      state: 'active' as const,
      findings: low.clusters.flatMap(({ findings }) => findings.map(({ id }) => id)),
    },
  ],
};
const expired = { ...excepted, exceptions: excepted.exceptions.map((use) => ({ ...use, state: 'expired' as const })) };
const unanswered = {
  ...clean,
  clusters: clean.clusters.map((cluster) => ({ ...cluster, evaluation: { ...cluster.evaluation, outcomes: [] } })),
};
const unverified = sampleReport([{ ...LAB, nodes: [], access: 'denied', changes: { gone: 'unverified' } }], []);

const policy = (failOn: ExitPolicy['failOn'], unknown: ExitPolicy['unknown'] = 'ignore'): ExitPolicy => ({
  failOn,
  unknown,
});

describe('exitCode', () => {
  it.each([
    ['nothing wrong', clean, policy('informational', 'fail'), 0],
    ['a finding below the level', low, policy('medium'), 0],
    ['a finding at the level', low, policy('low'), 1],
    ['a finding above the level', high, policy('low'), 1],
    ['a critical finding, level never', high, policy('never'), 0],
    ['a finding under an active exception', excepted, policy('informational'), 0],
    ['a finding under an expired exception', expired, policy('informational'), 1],
    ['an outcome that is unknown, ignored', unknown, policy('informational'), 0],
    ['an outcome that is unknown, failing', unknown, policy('never', 'fail'), 1],
    ['a cluster without any outcome, ignored', unanswered, policy('informational'), 0],
    ['a cluster without any outcome, failing', unanswered, policy('never', 'fail'), 1],
    ['an open finding that could not be verified', unverified, policy('critical'), 1],
    ['no cluster', sampleReport([], []), policy('informational', 'fail'), 0],
    ['an unreadable input beside clean clusters', { ...clean, unreadable: UNREADABLE }, policy('never'), 2],
    ['an unreadable input beside findings', { ...high, unreadable: UNREADABLE }, policy('low', 'fail'), 2],
  ])('%s', (_, report, given, expected) => {
    expect(exitCode(report, given)).toBe(expected);
  });
});
