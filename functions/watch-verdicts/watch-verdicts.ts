import type { ClusterRef } from '../../shared/model/cluster.ts';
import type { Handler } from '../../shared/runtime/lambda/handler.ts';
import type { Log, Meter } from '../../shared/runtime/lambda/ports.ts';
import type { VerdictStates } from '../../shared/store/verdict-states.ts';
import { ACCOUNT, clusterIn, placeOf } from '../../shared/trigger/place.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';
import { absorbVerdicts } from '../../shared/verdict-watch.ts';
import type { DecodedBatch } from '../../shared/verdicts/decode/batch.ts';
import { PayloadDecoder } from '../../shared/verdicts/decode/payload.ts';
import { type Payload, wakingEvent } from './event.ts';

export interface WatchVerdictsDependencies {
  readonly region: string;
  readonly isEnrolled: (account: string) => Promise<boolean>;
  readonly states: VerdictStates;
  readonly requestAudits: (requests: readonly AuditRequest[]) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

interface BatchFailures {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html: the agent writes into the cluster's own group. */
const GROUP = /^\/aws\/eks\/([^/]+)\/cluster$/;

const clusterOf = ({ head }: DecodedBatch, region: string): ClusterRef | undefined => {
  const [, name] = GROUP.exec(head?.logGroup ?? '') ?? [];
  return ACCOUNT.test(head?.owner ?? '') ? clusterIn(placeOf(head?.owner ?? '', region), name) : undefined;
};

/** Denied flows from a log subscription into the cluster's state; a traffic audit makes findings of them. */
export const makeHandler = (dependencies: WatchVerdictsDependencies): Handler => {
  const { region, isEnrolled, states, requestAudits, now, log, meter } = dependencies;
  // One for the life of the process: it learns the layout of the lines.
  const decoder = new PayloadDecoder();

  /** @returns the cluster that has news */
  const absorb = async (data: string, where: string, correlationId: string): Promise<ClusterRef | undefined> => {
    const batch = await decoder.decode(data);
    if (batch.kind === 'control') return undefined;
    if (batch.counts.unreadable > 0) meter.count('VerdictsUnreadable', batch.counts.unreadable);
    for (const problem of batch.problems) log.error('a payload is damaged', { correlationId, problem: problem.kind });
    const cluster = clusterOf(batch, where);
    if (cluster === undefined) {
      log.warn('a log of no cluster', { correlationId, counts: batch.counts });
      return undefined;
    }
    // The owner is a claim of the sender.
    if (!(await isEnrolled(cluster.account))) {
      log.warn('a log of an account that is not in the settings', { correlationId, account: cluster.account });
      meter.count('UnknownAccounts');
      return undefined;
    }
    const isNew = await absorbVerdicts(states, cluster, batch, now());
    if (isNew) meter.count('VerdictBatches');
    // Also where it was known: whoever absorbed it may have died before the audit was asked for.
    return batch.counts.denied > 0 ? cluster : undefined;
  };

  const request = async (cluster: ClusterRef, correlationId: string): Promise<void> =>
    requestAudits([
      {
        cluster,
        kind: 'traffic',
        reason: 'denied-traffic',
        source: `watch-verdicts ${correlationId}`,
        at: now().toISOString(),
        attempt: 1,
      },
    ]);

  const watch = async ({ data }: Payload, where: string, correlationId: string): Promise<void> => {
    const cluster = await absorb(data, where, correlationId);
    if (cluster !== undefined) await request(cluster, correlationId);
  };

  return async (event, context): Promise<BatchFailures> => {
    const correlationId = context.awsRequestId;
    const { form, payloads, faults, region: where = region } = wakingEvent(event);
    for (const fault of faults) {
      log.error('an event that is not as documented', { correlationId, fault });
      meter.count('PoisonMessages');
    }
    const failed: { readonly itemIdentifier: string }[] = [];
    // One after the other: payloads of one cluster write the same item.
    for (const payload of payloads) {
      try {
        await watch(payload, where, correlationId);
      } catch (error) {
        log.error('a payload failed and will come again', { correlationId, sequence: payload.id, error });
        // CloudWatch Logs invokes asynchronously: Lambda tries again, and then keeps the event for an operator.
        if (form !== 'kinesis' || payload.id === undefined) throw error;
        failed.push({ itemIdentifier: payload.id });
      }
    }
    return { batchItemFailures: failed };
  };
};
