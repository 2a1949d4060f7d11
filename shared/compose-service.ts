/**
 * Wires the edges of each Lambda. What a function needs only sometimes (SDK clients, stores, settings) is loaded when it is
 * first used, so that it costs no cold start. No decisions live here.
 */
import type { AuditClusterDependencies } from '../functions/audit-cluster/audit-cluster.ts';
import type { AuditFleetDependencies } from '../functions/audit-fleet/audit-fleet.ts';
import type { AuditOnChangeDependencies } from '../functions/audit-on-change/audit-on-change.ts';
import type { VerifyNodeDependencies } from '../functions/verify-node/verify-node.ts';
import type { WatchVerdictsDependencies } from '../functions/watch-verdicts/watch-verdicts.ts';
import {
  accountsOf,
  auditRequester,
  awsRangesOf,
  collectorOf,
  isEnrolledIn,
  lazyFindings,
  lazyStates,
  settingsOf,
  storesOf,
  verificationSender,
} from './compose-service-parts.ts';
import { clusterArn } from './model/cluster.ts';
import type { Snapshot } from './model/snapshot.ts';
import { clusterMetrics, emit } from './publish/metrics.ts';
import { readConfig } from './runtime/config.ts';
import type { Process } from './runtime/lambda/handler.ts';
import { cachedByKey, once } from './runtime/service/cached.ts';
import type { NodeVerification, Place } from './trigger/request.ts';

const MINUTES = 60_000;
/** Tags of a group say whose nodes it makes; that does not change. */
const LOOK_UP_MS = 10 * MINUTES;

type Without<T> = Omit<T, 'catalogue'>;

export const auditOnChangeServices = ({ env, now, log, meter }: Process): AuditOnChangeDependencies => {
  const config = readConfig(env, [
    'AWS_REGION',
    'TABLE_NAME',
    'AUDIT_QUEUE_URL',
    'VERIFY_QUEUE_URL',
    'BUCKET_NAME',
    'SETTINGS_KEY',
  ]);
  const settings = settingsOf(config, now);
  const accounts = accountsOf(now);
  const stores = storesOf(config, now);
  const verify = verificationSender(config);
  const tags = cachedByKey<Awaited<ReturnType<AuditOnChangeDependencies['lookUp']>>>(LOOK_UP_MS, now);
  return {
    region: config.AWS_REGION,
    isEnrolled: isEnrolledIn(settings),
    lookUp: async (wanted) => {
      const ask = async () => {
        const { lookUp } = await import('./compose-look-up.ts');
        return lookUp(await (await accounts()).session(await settings(), wanted.place), wanted);
      };
      if (wanted.need !== 'auto-scaling-group') return ask();
      return tags(JSON.stringify([wanted.place, wanted.name]), ask);
    },
    requestAudits: auditRequester(config),
    requestVerifications: async (verifications) => verify(verifications, 0),
    act: async (action) => {
      const [{ actOnFinding }, { CATALOGUE }, { writeNote }] = await Promise.all([
        import('../functions/audit-on-change/act-on-finding.ts'),
        import('./checks/catalogue.generated.ts'),
        import('./publish/security-hub/note.ts'),
      ]);
      const { findings, exceptions } = await stores();
      await actOnFinding({
        findingOf: async (cluster, id) => (await findings.read(cluster)).findings[id],
        checkOf: async (id) => CATALOGUE.find((check) => check.id === id),
        putException: async (exception) => exceptions.put(exception),
        writeNote: async (finding, text) =>
          writeNote(await (await accounts()).hubClient(await settings(), finding.cluster), finding, text),
        log,
      })(action);
    },
    log,
    meter,
  };
};

export const auditClusterServices = ({ env, now, log, meter, metrics }: Process): Without<AuditClusterDependencies> => {
  const config = readConfig(env, ['AWS_REGION', 'TABLE_NAME', 'AUDIT_QUEUE_URL', 'BUCKET_NAME', 'SETTINGS_KEY']);
  const settings = settingsOf(config, now);
  const stores = storesOf(config, now, settings);
  const store = lazyFindings(stores);
  const states = lazyStates(config);
  const awsRanges = awsRangesOf(config, settings, now, log);
  const podCache = once(async () => new (await import('./pod-lists.ts')).PodCache());
  return {
    collect: collectorOf(config, settings, now),
    store,
    recordRun: async (run) => (await stores()).runs.recordRun(run),
    auditTraffic: async (cluster, collect) => {
      const [{ auditTraffic }, { CATALOGUE: catalogue }, cache] = await Promise.all([
        import('./traffic-audit.ts'),
        import('./checks/catalogue.generated.ts'),
        podCache(),
      ]);
      return auditTraffic({ cluster, states, store, catalogue, collect, podCache: cache, awsRanges, now });
    },
    requestAudits: auditRequester(config),
    measure: (state) => emit(metrics, clusterMetrics(state, now())),
    now,
    log,
    meter,
  };
};

const HOOK_TTL_SECONDS = 3600;

export const verifyNodeServices = ({ env, now, log, meter }: Process): Without<VerifyNodeDependencies> => {
  const config = readConfig(env, [
    'AWS_REGION',
    'TABLE_NAME',
    'AUDIT_QUEUE_URL',
    'VERIFY_QUEUE_URL',
    'BUCKET_NAME',
    'SETTINGS_KEY',
  ]);
  const settings = settingsOf(config, now);
  const accounts = accountsOf(now);
  const collect = collectorOf(config, settings, now);
  const verify = verificationSender(config);
  const autoScaling = async (place: Place) => (await (await accounts()).session(await settings(), place)).autoScaling();
  const waitingOf = ({ instanceId, lifecycle }: NodeVerification) =>
    lifecycle === undefined ? undefined : { instanceId, ...lifecycle };
  const idempotent = once(async () => {
    const { openOnce } = await import('./runtime/service/run-once.ts');
    return openOnce(config.TABLE_NAME, config.AWS_REGION, HOOK_TTL_SECONDS);
  });
  return {
    collect: async (cluster, keys, deadlineSeconds): Promise<Snapshot> => {
      const collected = await collect(cluster, keys, deadlineSeconds);
      if (collected.kind === 'snapshot') return collected.snapshot;
      throw new Error(`${collected.source}: ${collected.detail}`);
    },
    resend: async (verification, delaySeconds) => verify([verification], delaySeconds),
    requestAudits: auditRequester(config),
    answerHook: async (verification, answer) => {
      const waiting = waitingOf(verification);
      if (waiting === undefined) return;
      const { completeLifecycle } = await import('./runtime/service/lifecycle.ts');
      await completeLifecycle(await autoScaling(verification.cluster), waiting, answer);
    },
    keepWaiting: async (verification) => {
      const waiting = waitingOf(verification);
      if (waiting === undefined) return;
      const { keepLifecycleWaiting } = await import('./runtime/service/lifecycle.ts');
      await keepLifecycleWaiting(await autoScaling(verification.cluster), waiting);
    },
    isEnforced: async (cluster) => {
      const { enforce } = await settings();
      return enforce.includes(cluster.name) || enforce.includes(clusterArn(cluster));
    },
    once: async (key, run) => (await idempotent())(key, run),
    now,
    log,
    meter,
  };
};

export const watchVerdictsServices = ({ env, now, log, meter }: Process): WatchVerdictsDependencies => {
  const config = readConfig(env, ['AWS_REGION', 'TABLE_NAME', 'AUDIT_QUEUE_URL', 'BUCKET_NAME', 'SETTINGS_KEY']);
  return {
    region: config.AWS_REGION,
    isEnrolled: isEnrolledIn(settingsOf(config, now)),
    states: lazyStates(config),
    requestAudits: auditRequester(config),
    now,
    log,
    meter,
  };
};

export const auditFleetServices = ({ env, now, log, meter }: Process): AuditFleetDependencies => {
  const config = readConfig(env, ['AWS_REGION', 'TABLE_NAME', 'BUCKET_NAME', 'SETTINGS_KEY']);
  const settings = settingsOf(config, now);
  const accounts = accountsOf(now);
  const stores = storesOf(config, now);
  const bucket = once(async () => (await import('./runtime/service/bucket.ts')).jsonBucket(config.AWS_REGION));
  return {
    bucket: config.BUCKET_NAME,
    accounts: async () => (await settings()).accounts,
    listClusters: async (place) => {
      const { listClusters } = await import('./compose-look-up.ts');
      return listClusters(await (await accounts()).session(await settings(), place));
    },
    putJson: async (key, value) => (await bucket()).put(config.BUCKET_NAME, key, value),
    getJson: async (from, key) => (await bucket()).get(from, key),
    lastAudit: async (cluster) => (await (await stores()).runs.listRuns(cluster, 1))[0]?.takenAt,
    now,
    log,
    meter,
  };
};
