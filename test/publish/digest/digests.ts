import type { Finding } from '../../../shared/model/finding.ts';
import { type Digest, type DigestInput, type DigestRun, digestOf } from '../../../shared/publish/digest/digest.ts';
import { findingId } from '../../../shared/reconcile/identity.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { announcementOf } from '../announcements.ts';

export const SINCE = '2026-11-20T08:00:00.000Z';
export const UNTIL = '2026-11-21T08:00:00.000Z';

export const RUN: DigestRun = {
  takenAt: '2026-11-21T07:00:00.000Z',
  checks: [
    { check: 'network-policy/enforced', population: 'complete', resources: 12 },
    { check: 'network-policy/node-agent-enabled', population: 'complete', resources: 12 },
  ],
  counts: { pass: 20, fail: 4, 'not-applicable': 0, 'not-evaluated': 0 },
};

export const nodeFinding = (name: string, change: Partial<Finding> = {}): Finding => {
  const resource = { type: 'node', id: `${name}/uid`, name } as const;
  const check = change.check ?? 'network-policy/node-agent-enabled';
  return announcementOf({ resource, id: findingId(CLUSTER, check, resource), ...change }).change.finding;
};

export const digest = (change: Partial<DigestInput> = {}): Digest =>
  digestOf({ cluster: CLUSTER, since: SINCE, until: UNTIL, findings: [], excepted: new Set(), run: RUN, ...change });

/** A day on which something was new, something mended, and something could not be looked at. */
export const busyDay = (): Digest =>
  digest({
    findings: [
      nodeFinding('node-1', { openedAt: '2026-11-01T07:00:00.000Z' }),
      ...['node-2', 'node-3'].map((name) => nodeFinding(name, { openedAt: '2026-11-20T09:00:00.000Z' })),
      nodeFinding('node-4', { check: 'network-policy/enforced', openedAt: '2026-11-20T09:00:00.000Z' }),
      nodeFinding('node-5', { status: 'resolved', endedAt: '2026-11-20T12:00:00.000Z' }),
    ],
    run: { ...RUN, counts: { ...RUN.counts, 'not-evaluated': 2 } },
    report: 'https://reports.example.test/shop-prod.html',
  });
