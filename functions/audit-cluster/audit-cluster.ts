import type { Context } from 'aws-lambda';
import type { Check } from '../../shared/model/check.ts';
import { type ClusterRef, clusterArn } from '../../shared/model/cluster.ts';
import type { Status } from '../../shared/model/outcome.ts';
import type { PodLookUp } from '../../shared/model/pod-look-up.ts';
import type { ClusterReport } from '../../shared/model/report.ts';
import type { FactKey, Snapshot } from '../../shared/model/snapshot.ts';
import { auditCluster } from '../../shared/pipeline.ts';
import type { ClusterState } from '../../shared/publish/metrics.ts';
import { eachMessage } from '../../shared/runtime/lambda/batch.ts';
import type { Handler } from '../../shared/runtime/lambda/handler.ts';
import type { Log, Meter } from '../../shared/runtime/lambda/ports.ts';
import type { AuditRun } from '../../shared/store/audit-runs.ts';
import type { FindingsStore } from '../../shared/store/port.ts';
import { auditRequestIn, BadMessageError, jsonIn } from '../../shared/trigger/message.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';
import { wakingEvent } from './event.ts';
import { followUpOf, trafficFollowUpOf } from './follow-up.ts';
import { type Gap, snapshotOfGap } from './gap.ts';

/** `gap`: nobody let us look. What could not be asked for another reason is thrown: it may go well the next time. */
export type Collection = { readonly kind: 'snapshot'; readonly snapshot: Snapshot } | ({ readonly kind: 'gap' } & Gap);

export interface AuditClusterDependencies {
  readonly catalogue: readonly Check[];
  /** `pods`: which to list; by default all. */
  readonly collect: (
    cluster: ClusterRef,
    keys: readonly FactKey[],
    deadlineSeconds: number,
    pods?: PodLookUp,
  ) => Promise<Collection>;
  readonly store: FindingsStore;
  readonly recordRun: (run: AuditRun) => Promise<void>;
  /** The denied traffic since the last time; undefined where there is no news. */
  readonly auditTraffic: (
    cluster: ClusterRef,
    collect: (keys: readonly FactKey[], pods: PodLookUp) => Promise<Snapshot>,
  ) => Promise<ClusterReport | undefined>;
  readonly requestAudits: (requests: readonly AuditRequest[]) => Promise<void>;
  /** Told after each audit, for dashboards. */
  readonly measure: (state: ClusterState) => void;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** What Step Functions is told, and what it writes to the run's results. */
export type AuditAnswer = { readonly cluster: string; readonly takenAt: string } & (
  | { readonly outcome: 'audited'; readonly counts: { readonly [S in Status]: number } }
  | { readonly outcome: 'gap'; readonly reason: string; readonly detail: string }
  | { readonly outcome: 'no-news' }
);

const TRAFFIC: FactKey = 'verdicts.denied-traffic';
/** For judging, storing and answering, after everything has been read or given up. */
const RESERVED_SECONDS = 60;
const SHORTEST_SECONDS = 10;

const keysOf = (checks: readonly Check[]): readonly FactKey[] => [
  ...new Set<FactKey>([
    'eks.updates',
    // Object.keys of `needs` gives fact keys, by its type.
    ...checks.flatMap(({ needs, uses }) => [...(Object.keys(needs) as FactKey[]), ...uses]),
  ]),
];

const countsOf = ({ evaluation: { outcomes } }: ClusterReport): AuditRun['counts'] => {
  const counts = { pass: 0, fail: 0, 'not-applicable': 0, 'not-evaluated': 0 };
  for (const { status } of outcomes) counts[status] += 1;
  return counts;
};

/** One cluster through the pipeline. */
export const makeHandler = (dependencies: AuditClusterDependencies): Handler => {
  const { catalogue, collect, store, recordRun, auditTraffic, requestAudits, measure, now, log, meter } = dependencies;
  // An audit of the configuration reads no verdict logs: their checks are out of its scope.
  const checks = catalogue.filter(({ needs }) => needs[TRAFFIC] === undefined);
  const keys = keysOf(checks);

  const record = async (report: ClusterReport, request: AuditRequest, began: number): Promise<void> => {
    const { snapshot, evaluation, changes } = report;
    const durationMs = now().getTime() - began;
    await recordRun({
      cluster: snapshot.cluster,
      takenAt: snapshot.takenAt,
      checks: evaluation.scope.map(({ check, population, resources }) => ({
        check,
        population,
        resources: resources.length,
      })),
      counts: countsOf(report),
      durationMs,
      trigger: request.reason,
    });
    const opened = changes.filter(({ kind }) => kind === 'opened' || kind === 'reopened').length;
    const resolved = changes.filter(({ kind }) => kind === 'resolved').length;
    const traffic = snapshot.facts[TRAFFIC];
    measure({
      cluster: snapshot.cluster,
      findings: report.findings,
      run: { takenAt: snapshot.takenAt, counts: countsOf(report) },
      ...(traffic.state === 'observed' ? { deniedFlows: traffic.value.counts.denied } : {}),
    });
    meter.seconds('AuditDuration', durationMs / 1000);
    if (opened > 0) meter.count('FindingsOpened', opened);
    if (resolved > 0) meter.count('FindingsResolved', resolved);
  };

  const auditConfiguration = async (
    request: AuditRequest,
    deadlineSeconds: number,
    correlationId: string,
  ): Promise<AuditAnswer> => {
    const began = now().getTime();
    const { cluster } = request;
    const collected = await collect(cluster, keys, deadlineSeconds);
    const isGap = collected.kind === 'gap';
    const snapshot = isGap ? snapshotOfGap(cluster, collected, now().toISOString()) : collected.snapshot;
    const report = await auditCluster(snapshot, { checks, catalogue, store });
    await record(report, request, began);
    const answer = { cluster: clusterArn(cluster), takenAt: snapshot.takenAt };
    if (isGap) {
      const { reason, detail, source } = collected;
      log.error('nothing could be read of a cluster', { correlationId, ...answer, reason, detail, source });
      meter.count('AuditGaps');
      return { ...answer, outcome: 'gap', reason, detail: `${source}: ${detail}` };
    }
    const followUp = followUpOf(request, snapshot);
    if (followUp !== undefined) await requestAudits([followUp]);
    const counts = countsOf(report);
    log.info('audited', { correlationId, ...answer, counts, reason: request.reason, again: followUp !== undefined });
    meter.count('ClustersAudited');
    return { ...answer, outcome: 'audited', counts };
  };

  const auditVerdicts = async (
    request: AuditRequest,
    deadlineSeconds: number,
    correlationId: string,
  ): Promise<AuditAnswer> => {
    const { cluster } = request;
    const began = now().getTime();
    const report = await auditTraffic(cluster, async (wanted, pods) => {
      const collected = await collect(cluster, wanted, deadlineSeconds, pods);
      return collected.kind === 'gap' ? snapshotOfGap(cluster, collected, now().toISOString()) : collected.snapshot;
    });
    const followUp = trafficFollowUpOf(request);
    if (followUp !== undefined) await requestAudits([followUp]);
    const name = clusterArn(cluster);
    if (report === undefined) return { cluster: name, takenAt: now().toISOString(), outcome: 'no-news' };
    await record(report, request, began);
    const counts = countsOf(report);
    log.info('denied traffic audited', { correlationId, cluster: name, counts });
    return { cluster: name, takenAt: report.snapshot.takenAt, outcome: 'audited', counts };
  };

  const audit = (request: AuditRequest, context: Context, correlationId: string): Promise<AuditAnswer> => {
    const left = context.getRemainingTimeInMillis() / 1000 - RESERVED_SECONDS;
    const run = request.kind === 'traffic' ? auditVerdicts : auditConfiguration;
    return run(request, Math.max(SHORTEST_SECONDS, left), correlationId);
  };

  return async (event, context) => {
    const waking = wakingEvent(event);
    if (waking.kind === 'step') return audit(waking.request, context, context.awsRequestId);
    return eachMessage(waking.messages, 'fifo', log, async ({ messageId, body }) => {
      try {
        await audit(auditRequestIn(jsonIn(body)), context, messageId);
      } catch (error) {
        if (error instanceof BadMessageError) meter.count('PoisonMessages');
        throw error;
      }
    });
  };
};
