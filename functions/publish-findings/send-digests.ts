import type { ClusterRef } from '../../shared/model/cluster.ts';
import { clusterArn } from '../../shared/model/cluster.ts';
import type { Exception } from '../../shared/model/exception.ts';
import type { ClusterRecord } from '../../shared/model/finding.ts';
import { type Digest, digestOf, type DigestRun, isQuiet } from '../../shared/publish/digest/digest.ts';
import type { DigestSender } from '../../shared/publish/digest/sender.ts';
import type { Delivery } from '../../shared/publish/port.ts';
import { applyExceptions } from '../../shared/reconcile/exceptions.ts';
import type { Log, Meter } from '../../shared/runtime/lambda/ports.ts';

/** What digests are made of, and who is sent them. */
export interface DigestSources {
  readonly records: () => Promise<readonly ClusterRecord[]>;
  readonly lastRun: (cluster: ClusterRef) => Promise<DigestRun | undefined>;
  readonly exceptions: () => Promise<readonly Exception[]>;
  readonly senders: readonly DigestSender[];
  /** Https. */
  readonly report?: string;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface DigestTask {
  readonly hours: number;
  readonly skipQuiet: boolean;
  readonly correlationId: string;
  /** Unix time in milliseconds: nothing is begun after it. */
  readonly deadline: number;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const ATTEMPTS = 3;
const DEFAULT_WAIT_MS = 2000;

/**
 * One digest of each stored cluster to each sender. What fails for one cluster or one sender is said, counted as
 * `DeliveryRefused`, and stops no other. Nothing is remembered: the next digest is the next one.
 * @throws what `records` and `exceptions` throw: then nobody was told anything
 */
export const sendDigests = async (sources: DigestSources, task: DigestTask): Promise<void> => {
  const { correlationId, deadline, now, log, meter } = task;
  // A schedule is some seconds late, each time others: whole minutes leave no gap between one digest and the next.
  const until = Math.floor(now().getTime() / MINUTE_MS) * MINUTE_MS;
  const period = {
    since: new Date(until - task.hours * HOUR_MS).toISOString(),
    until: new Date(until).toISOString(),
  };

  const digest = async (
    { cluster, findings: stored }: ClusterRecord,
    exceptions: readonly Exception[],
  ): Promise<Digest> => {
    const findings = Object.values(stored);
    const held = applyExceptions(exceptions, findings, period.until);
    const run = await sources.lastRun(cluster);
    return digestOf({
      cluster,
      ...period,
      findings,
      excepted: new Set(held.flatMap(({ findings: ids }) => ids)),
      ...(run === undefined ? {} : { run }),
      ...(sources.report === undefined ? {} : { report: sources.report }),
    });
  };

  const attempt = async (sender: DigestSender, { id }: Digest, send: () => Promise<Delivery>): Promise<Delivery> => {
    try {
      return await send();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { id, outcome: 'retry', reason: `${sender.name}: ${reason}` };
    }
  };

  /** Undefined where time was up before anything was tried. */
  const deliver = async (sender: DigestSender, each: Digest): Promise<Delivery | undefined> => {
    let answer: Delivery | undefined;
    for (let attempts = 0; attempts < ATTEMPTS; attempts += 1) {
      if (answer?.outcome === 'retry') {
        const pause = answer.retryAfterMs ?? DEFAULT_WAIT_MS;
        if (now().getTime() + pause >= deadline) return answer;
        meter.count('DeliveryRetries');
        await sources.wait(pause);
      }
      if (now().getTime() >= deadline) return answer;
      answer = await attempt(sender, each, async () => sender.send(each));
      if (answer.outcome !== 'retry') return answer;
    }
    return answer;
  };

  const exceptions = await sources.exceptions();
  const digests: Digest[] = [];
  for (const record of await sources.records()) {
    try {
      digests.push(await digest(record, exceptions));
    } catch (error) {
      log.error('no digest of a cluster could be made', { correlationId, cluster: clusterArn(record.cluster), error });
      meter.count('DeliveryRefused');
    }
  }
  const wanted = digests.filter((each) => !task.skipQuiet || !isQuiet(each));
  await Promise.all(
    sources.senders.map(async (sender) => {
      for (const each of wanted) {
        const answer = await deliver(sender, each);
        if (answer?.outcome === 'delivered') {
          meter.count('Delivered');
          continue;
        }
        const { id, cluster } = each;
        const reason = answer === undefined ? 'no time was left' : answer.reason;
        const fields = { correlationId, destination: sender.name, id, cluster: clusterArn(cluster), reason };
        log.error('a destination did not take a digest: it is not sent again', fields);
        meter.count('DeliveryRefused');
      }
    }),
  );
  log.info('digests sent', { correlationId, ...period, clusters: digests.length, told: wanted.length });
};
