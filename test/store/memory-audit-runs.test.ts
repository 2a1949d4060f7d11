import { expect, it } from 'vitest';
import { memoryAuditRuns } from '../../shared/store/memory-audit-runs.ts';
import type { AuditRun } from '../../shared/store/audit-runs.ts';
import { hour } from '../reconcile/scenario.ts';
import { CLUSTER } from '../support/cluster.ts';

const run = (at: number, change: Partial<AuditRun> = {}): AuditRun => ({
  cluster: CLUSTER,
  takenAt: hour(at),
  checks: [],
  counts: { pass: 10, fail: 2, 'not-applicable': 0, 'not-evaluated': 1 },
  durationMs: 1234.5,
  trigger: 'schedule',
  ...change,
});

it('audit runs in memory are one for each cluster and snapshot, newest first', async () => {
  const runs = memoryAuditRuns();
  for (const at of [2, 3, 1]) await runs.recordRun(run(at));
  await runs.recordRun(run(3, { trigger: 'command' }));
  await runs.recordRun(run(9, { cluster: { ...CLUSTER, region: 'eu-west-1' } }));

  expect(await runs.listRuns(CLUSTER, 2)).toEqual([run(3, { trigger: 'command' }), run(2)]);
  expect(await runs.listRuns({ ...CLUSTER, name: 'unknown' }, 2)).toEqual([]);
});
