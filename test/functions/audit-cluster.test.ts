import { describe, expect, it } from 'vitest';
import {
  type AuditClusterDependencies,
  type Collection,
  makeHandler,
} from '../../functions/audit-cluster/audit-cluster.ts';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import type { ClusterUpdate } from '../../shared/model/facts-aws-network.ts';
import type { ClusterRef } from '../../shared/model/cluster.ts';
import type { ClusterState } from '../../shared/publish/metrics.ts';
import type { AuditRun } from '../../shared/store/audit-runs.ts';
import { memoryStore } from '../../shared/store/memory-store.ts';
import { StoreError } from '../../shared/store/port.ts';
import { queuePlaceOf } from '../../shared/trigger/coalesce.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';
import { eksCluster, facts } from '../support/cluster.ts';
import { auditRequest, CLUSTER, context, failedIds, failure, NOW, recorder, sqsEvent } from './process.ts';

const AT = '2026-11-20T09:00:00Z';

/** On Kubernetes 1.24, which has no network policy: one finding. */
const old = (cluster: ClusterRef, updates: readonly ClusterUpdate[] = []): Collection => ({
  kind: 'snapshot',
  snapshot: {
    cluster,
    takenAt: AT,
    facts: facts({ 'eks.cluster': eksCluster({ version: '1.24' }), 'eks.updates': updates }),
  },
});

const update = (change: Partial<ClusterUpdate> = {}): ClusterUpdate => ({
  id: 'u-1',
  type: 'AddonUpdate',
  status: 'InProgress',
  subject: 'addon/vpc-cni',
  createdAt: AT,
  ...change,
});

const started = (change: Partial<AuditClusterDependencies> = {}) => {
  const told = recorder();
  const store = memoryStore();
  const runs: AuditRun[] = [];
  const requested: AuditRequest[] = [];
  const measured: ClusterState[] = [];
  const handler = makeHandler({
    catalogue: CATALOGUE,
    collect: (cluster) => Promise.resolve(old(cluster)),
    store,
    recordRun: (run) => Promise.resolve(void runs.push(run)),
    auditTraffic: () => Promise.resolve(undefined),
    requestAudits: (requests) => Promise.resolve(void requested.push(...requests)),
    measure: (state) => void measured.push(state),
    now: () => NOW,
    ...told,
    ...change,
  });
  return { ...told, store, runs, requested, measured, handle: (event: unknown) => handler(event, context()) };
};

const openChecks = async ({ store }: ReturnType<typeof started>, cluster: ClusterRef = CLUSTER) =>
  Object.values((await store.read(cluster)).findings)
    .filter(({ status }) => status === 'open')
    .map(({ check }) => check);

describe('audit-cluster', () => {
  it('takes a cluster through the pipeline and records the run', async () => {
    const service = started();
    expect(await service.handle(sqsEvent([auditRequest()]))).toEqual({ batchItemFailures: [] });
    expect(await openChecks(service)).toContain('network-policy/kubernetes-version');
    expect(service.runs).toMatchObject([{ cluster: CLUSTER, takenAt: AT, trigger: 'addon-changed' }]);
    expect(service.counts).toMatchObject({ ClustersAudited: 1, FindingsOpened: 1 });
    expect(service.measured).toMatchObject([
      { cluster: CLUSTER, run: { takenAt: AT }, findings: [{ check: 'network-policy/kubernetes-version' }] },
    ]);
    expect(service.measured[0]).not.toHaveProperty('deniedFlows');
  });

  it('answers Step Functions with counts', async () => {
    const { handle } = started();
    expect(await handle({ request: auditRequest({ reason: 'schedule' }) })).toMatchObject({
      cluster: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod',
      outcome: 'audited',
      counts: { fail: 1 },
    });
  });

  it('asks for no verdict logs and judges none', async () => {
    const asked: string[] = [];
    const service = started({
      collect: (cluster, keys) => {
        asked.push(...keys);
        return Promise.resolve(old(cluster));
      },
    });
    await service.handle({ request: auditRequest() });
    expect(asked).toContain('eks.updates');
    expect(asked).not.toContain('verdicts.denied-traffic');
    expect(service.runs[0]?.checks.some(({ check }) => check.startsWith('denied-traffic/'))).toBe(false);
  });

  it('delivered twice is one finding and one run', async () => {
    const service = started();
    await service.handle(sqsEvent([auditRequest()]));
    await service.handle(sqsEvent([auditRequest()]));
    expect((await openChecks(service)).filter((check) => check === 'network-policy/kubernetes-version')).toHaveLength(
      1,
    );
    expect(service.counts['FindingsOpened']).toBe(1);
    expect(new Set(service.runs.map(({ takenAt }) => takenAt)).size).toBe(1);
  });

  describe('where it may not look', () => {
    const denied: Collection = {
      kind: 'gap',
      reason: 'denied',
      detail: 'AccessDenied: is not authorized to perform sts:AssumeRole',
      source: 'sts:AssumeRole of arn:aws:iam::111122223333:role/NetpolWardenReader',
    };

    it('opens one finding that names what is missing, resolves nothing, and says of the others that nobody knows', async () => {
      let isDenied = false;
      const service = started({ collect: (cluster) => Promise.resolve(isDenied ? denied : old(cluster)) });
      await service.handle({ request: auditRequest() });
      isDenied = true;
      const answer = await service.handle({ request: auditRequest() });
      expect(answer).toMatchObject({
        outcome: 'gap',
        reason: 'denied',
        detail: expect.stringContaining('role/NetpolWardenReader'),
      });
      const findings = Object.values((await service.store.read(CLUSTER)).findings);
      expect(Object.fromEntries(findings.map(({ status, check }) => [check, status]))).toEqual({
        'fleet/account-access': 'open',
        'network-policy/kubernetes-version': 'open',
      });
      expect(findings.find(({ check }) => check === 'fleet/account-access')).toMatchObject({
        resource: { type: 'cluster', id: 'shop-prod' },
        message: {
          text: 'AWS refused what an audit needs: sts:AssumeRole of arn:aws:iam::111122223333:role/NetpolWardenReader',
        },
        evidence: [{ value: 'AccessDenied: is not authorized to perform sts:AssumeRole' }],
      });
      expect(service.runs.at(-1)).toMatchObject({ counts: { pass: 0, fail: 1 } });
      expect(service.counts['AuditGaps']).toBe(1);
      expect(service.lines).toContain('error nothing could be read of a cluster');
    });

    it('resolves that finding once the role can be assumed and everything is answered', async () => {
      let isDenied = true;
      const read: Collection = {
        kind: 'snapshot',
        snapshot: {
          cluster: CLUSTER,
          takenAt: AT,
          facts: facts({ 'eks.cluster': eksCluster(), 'eks.vpc-cni-addon': 'absent', 'eks.nodegroups': [] }),
        },
      };
      const service = started({
        collect: () => Promise.resolve(isDenied ? denied : read),
        now: () => new Date('2026-11-20T08:00:00Z'),
      });
      await service.handle({ request: auditRequest() });
      expect(await openChecks(service)).toEqual(['fleet/account-access']);
      isDenied = false;
      await service.handle({ request: auditRequest() });
      expect(await openChecks(service)).not.toContain('fleet/account-access');
      expect(service.counts['FindingsResolved']).toBe(1);
    });
  });

  describe('while EKS is still at work', () => {
    it.each([
      ['the add-on', update(), true],
      ['the cluster', update({ subject: 'cluster', type: 'VersionUpdate' }), true],
      ['a node group', update({ subject: 'nodegroup/workers' }), true],
      ['another add-on', update({ subject: 'addon/coredns' }), false],
      ['an update that is done', update({ status: 'Successful' }), false],
    ])('%s: looks again %#', async (_, running, again) => {
      const service = started({ collect: (cluster) => Promise.resolve(old(cluster, [running])) });
      await service.handle({ request: auditRequest() });
      expect(service.requested).toHaveLength(again ? 1 : 0);
    });

    it('asks under a name of its own, the same for a message that is delivered again', async () => {
      const service = started({ collect: (cluster) => Promise.resolve(old(cluster, [update()])) });
      await service.handle(sqsEvent([auditRequest()]));
      await service.handle(sqsEvent([auditRequest()]));
      expect(service.requested).toMatchObject([{ reason: 'follow-up', attempt: 2 }, { attempt: 2 }]);
      const ids = service.requested.map((request) => queuePlaceOf(request).deduplicationId);
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).not.toBe(queuePlaceOf(auditRequest()).deduplicationId);
    });

    it('gives up after an hour', async () => {
      const service = started({ collect: (cluster) => Promise.resolve(old(cluster, [update()])) });
      await service.handle({ request: auditRequest({ attempt: 12 }) });
      expect(service.requested).toEqual([]);
    });
  });

  describe('in a batch', () => {
    const named = (name: string): AuditRequest => auditRequest({ cluster: { ...CLUSTER, name } });
    const groupOf = (index: number): string => `group-${index}`;

    it('a throttled account slows only itself', async () => {
      const service = started({
        collect: (cluster) =>
          cluster.name === 'throttled'
            ? Promise.reject(failure('ThrottlingException', 'Rate exceeded'))
            : Promise.resolve(old(cluster)),
      });
      const answer = await service.handle(sqsEvent(['a', 'throttled', 'b'].map(named), groupOf));
      expect(failedIds(answer)).toEqual(['m-1']);
      expect(service.runs.map(({ cluster }) => cluster.name)).toEqual(['a', 'b']);
    });

    it('keeps the order of one cluster: after a failure its later messages wait', async () => {
      const service = started({ collect: () => Promise.reject(failure('ThrottlingException')) });
      const answer = await service.handle(sqsEvent(['a', 'a', 'b'].map(named), (index) => (index < 2 ? 'a' : 'b')));
      expect(failedIds(answer)).toEqual(['m-0', 'm-1', 'm-2']);
    });

    it('a poison message is isolated', async () => {
      const service = started();
      const bodies = [named('a'), '{', { ...named('b'), kind: 'other' }, named('c')];
      expect(failedIds(await service.handle(sqsEvent(bodies, groupOf)))).toEqual(['m-1', 'm-2']);
      expect(service.runs.map(({ cluster }) => cluster.name)).toEqual(['a', 'c']);
      expect(service.counts['PoisonMessages']).toBe(2);
    });

    it('waits in the queue while the table is unavailable', async () => {
      const broken = { ...memoryStore(), read: () => Promise.reject(new StoreError('table findings: Query: down')) };
      const service = started({ store: broken });
      expect(failedIds(await service.handle(sqsEvent(['a', 'b'].map(named), groupOf)))).toEqual(['m-0', 'm-1']);
      expect(service.runs).toEqual([]);
    });
  });

  describe('of denied traffic', () => {
    const traffic = auditRequest({ kind: 'traffic', reason: 'denied-traffic' });

    it('does not touch the configuration', async () => {
      let audited = 0;
      const service = started({
        auditTraffic: () => {
          audited += 1;
          return Promise.resolve(undefined);
        },
      });
      expect(await service.handle({ request: traffic })).toMatchObject({ outcome: 'no-news' });
      expect(audited).toBe(1);
      expect(service.runs).toEqual([]);
    });

    it('looks again until the window of the last denial is over, and collapses with news', async () => {
      const service = started();
      await service.handle({ request: traffic });
      await service.handle({ request: { ...traffic, attempt: 3 } });
      expect(service.requested).toMatchObject([{ kind: 'traffic', attempt: 2 }]);
      const [next] = service.requested;
      expect(next && queuePlaceOf(next)).toEqual(queuePlaceOf(traffic));
    });
  });

  it('refuses an event that is neither', async () => {
    await expect(started().handle({})).rejects.toThrow('expected messages of a queue');
  });
});
