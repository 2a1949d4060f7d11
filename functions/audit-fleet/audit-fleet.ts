import type { ClusterRef } from '../../shared/model/cluster.ts';
import type { Handler } from '../../shared/runtime/lambda/handler.ts';
import type { Log, Meter } from '../../shared/runtime/lambda/ports.ts';
import { CLUSTER_NAME, placeOf } from '../../shared/trigger/place.ts';
import type { AuditRequest, Place } from '../../shared/trigger/request.ts';
import { fleetEventIn, type FleetEvent, type FleetPlan } from './event.ts';
import { type ClusterResult, filesOf, resultsIn } from './results.ts';

/** One account of the settings. */
export interface FleetAccount {
  readonly id: string;
  readonly regions: readonly string[];
  /** Only these clusters; all of them where absent. */
  readonly clusters?: readonly string[];
}

export interface AuditFleetDependencies {
  readonly bucket: string;
  readonly accounts: () => Promise<readonly FleetAccount[]>;
  /** eks:ListClusters with the member role. */
  readonly listClusters: (place: Place) => Promise<readonly string[]>;
  readonly putJson: (key: string, value: unknown) => Promise<void>;
  readonly getJson: (bucket: string, key: string) => Promise<unknown>;
  /** When the cluster was last audited, RFC 3339; undefined: never. */
  readonly lastAudit: (cluster: ClusterRef) => Promise<string | undefined>;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** What the state machine ends with, and what is written beside the results. */
export interface FleetSummary {
  readonly run: string;
  readonly clusters: number;
  readonly audited: number;
  readonly gaps: readonly ClusterResult[];
  /** Accounts and Regions whose clusters nobody could list. */
  readonly unlisted: FleetPlan['gaps'];
}

const AT_ONCE = 8;
const MOST_SHOWN = 50;

const inParallel = async <T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(run))));
  }
  return results;
};

const folderOf = (run: string): string => `fleet/${run.replaceAll(':', '-')}`;

/** Account × Region × cluster of the settings, and what came of auditing each. */
export const makeHandler = (dependencies: AuditFleetDependencies): Handler => {
  const { bucket, accounts, listClusters, putJson, getJson, lastAudit, now, log, meter } = dependencies;

  const plan = async (run: string, correlationId: string): Promise<FleetPlan> => {
    const places = (await accounts()).flatMap(({ id, regions, clusters }) =>
      regions.map((region) => ({ place: placeOf(id, region), wanted: clusters })),
    );
    const listed = await inParallel(places, async ({ place, wanted }) => {
      try {
        const names = await listClusters(place);
        // A cluster of the settings that is not there would be missed by nobody: it is audited, and that says so.
        return { place, names: wanted ?? names, reason: undefined };
      } catch (error) {
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        log.error('clusters could not be listed', { correlationId, ...place, error });
        return { place, names: wanted ?? [], reason };
      }
    });
    const requests = listed.flatMap(({ place, names }) =>
      names
        .filter((name) => CLUSTER_NAME.test(name))
        .map((name): { readonly request: AuditRequest } => ({
          request: {
            cluster: { ...place, name },
            kind: 'audit',
            reason: 'schedule',
            source: 'audit-fleet',
            at: run,
            attempt: 1,
          },
        })),
    );
    const gaps = listed.flatMap(({ place: { account, region }, reason }) =>
      reason === undefined ? [] : [{ account, region, reason: reason.slice(0, 300) }],
    );
    const key = `${folderOf(run)}/items.json`;
    await putJson(key, requests);
    log.info('fleet planned', { correlationId, run, clusters: requests.length, gaps: gaps.length });
    return { run, bucket, key, clusters: requests.length, gaps };
  };

  /** Seconds since each cluster was last audited; one that never was has waited since the run began. */
  const measureAges = async (results: readonly ClusterResult[], run: string): Promise<void> => {
    const ages = await inParallel(results, async ({ account, region, cluster, outcome, takenAt }) => {
      const known = outcome === 'audited' ? takenAt : await lastAudit({ ...placeOf(account, region), name: cluster });
      return (now().getTime() - Date.parse(known ?? run)) / 1000;
    });
    for (const age of ages) if (Number.isFinite(age)) meter.seconds('AuditAge', Math.max(0, age));
  };

  const summarise = async (
    { plan: { run, clusters, gaps: unlisted }, results: { Bucket, Key } }: FleetEvent & { readonly step: 'summarise' },
    correlationId: string,
  ): Promise<FleetSummary> => {
    const { succeeded, failed } = filesOf(await getJson(Bucket, Key));
    const results: ClusterResult[] = [];
    for (const file of succeeded) results.push(...resultsIn(await getJson(Bucket, file), true));
    for (const file of failed) results.push(...resultsIn(await getJson(Bucket, file), false));
    const gaps = results.filter(({ outcome }) => outcome === 'gap');
    const audited = results.length - gaps.length;
    // What is in no file was not audited either.
    const missing = Math.max(0, clusters - results.length);
    const summary: FleetSummary = { run, clusters, audited, gaps, unlisted };
    await putJson(`${folderOf(run)}/summary.json`, { ...summary, missing });
    await measureAges(results, run);
    meter.count('FleetClusters', audited);
    meter.count('FleetGaps', gaps.length + unlisted.length + missing);
    for (const gap of gaps) log.error('a cluster was not audited', { correlationId, run, ...gap });
    log.info('fleet audited', { correlationId, run, clusters, audited, gaps: gaps.length, missing });
    // Step Functions takes 262,144 bytes; the whole is in the bucket.
    return { ...summary, gaps: gaps.slice(0, MOST_SHOWN) };
  };

  return async (event, context) => {
    const step = fleetEventIn(event);
    return step.step === 'plan' ? plan(step.run, context.awsRequestId) : summarise(step, context.awsRequestId);
  };
};
