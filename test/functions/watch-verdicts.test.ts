import { describe, expect, it } from 'vitest';
import { makeHandler, type WatchVerdictsDependencies } from '../../functions/watch-verdicts/watch-verdicts.ts';
import { StaleVerdictStateError, type VerdictState, type VerdictStates } from '../../shared/store/verdict-states.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';
import { readShard, SHARDS } from '../../shared/verdict-watch.ts';
import { recordedEvent, subscriptionData } from '../recorded/event.ts';
import { CLUSTER, context, failedIds, failure, NOW, recorder } from './process.ts';

const memoryStates = (): VerdictStates => {
  const stored = new Map<string, VerdictState>();
  const keyOf = (cluster: object, shard: string): string => JSON.stringify([cluster, shard]);
  return {
    get: (cluster, shard) => Promise.resolve(stored.get(keyOf(cluster, shard))),
    put: (cluster, shard, state, revision) => {
      const key = keyOf(cluster, shard);
      if ((stored.get(key)?.revision ?? 0) !== revision) return Promise.reject(new StaleVerdictStateError(key));
      stored.set(key, { state, revision: revision + 1 });
      return Promise.resolve(revision + 1);
    },
  };
};

const started = (change: Partial<WatchVerdictsDependencies> = {}) => {
  const told = recorder();
  const states = memoryStates();
  const requested: AuditRequest[] = [];
  const handler = makeHandler({
    region: 'us-west-2',
    isEnrolled: (account) => Promise.resolve(account === CLUSTER.account),
    states,
    requestAudits: (requests) => Promise.resolve(void requested.push(...requests)),
    now: () => NOW,
    ...told,
    ...change,
  });
  return { ...told, states, requested, handle: (event: unknown) => handler(event, context()) };
};

const DENIED = recordedEvent('logs-denied-flows.decoded');
const logs = (document: unknown): unknown => ({ awslogs: { data: subscriptionData(document) } });
const kinesis = (documents: readonly unknown[], region = 'us-west-2'): unknown => ({
  Records: documents.map((document, index) => ({
    eventSource: 'aws:kinesis',
    eventSourceARN: `arn:aws:kinesis:${region}:999988887777:stream/netpol-warden`,
    kinesis: {
      sequenceNumber: `s-${index}`,
      data: typeof document === 'string' ? document : subscriptionData(document),
    },
  })),
});

const deniedIn = async (states: VerdictStates, cluster = CLUSTER): Promise<number> => {
  const shards = await Promise.all(SHARDS.map(async (shard) => readShard(states, cluster, shard)));
  return shards.reduce((sum, { state }) => sum + state.counts.denied, 0);
};

describe('watch-verdicts', () => {
  it('keeps denied flows of the cluster that the log group names, and asks for a traffic audit', async () => {
    const { handle, states, requested } = started();
    await handle(logs(DENIED));
    expect(await deniedIn(states)).toBe(3);
    expect(requested).toMatchObject([{ cluster: CLUSTER, kind: 'traffic', reason: 'denied-traffic' }]);
  });

  it('counts a payload once that is delivered twice, and asks again: whoever counted it may have died', async () => {
    const { handle, states, requested } = started();
    await handle(logs(DENIED));
    await handle(logs(DENIED));
    expect(await deniedIn(states)).toBe(3);
    expect(requested).toHaveLength(2);
  });

  it('takes the Region of a Kinesis stream', async () => {
    const { handle, states } = started();
    await handle(kinesis([DENIED], 'eu-west-1'));
    expect(await deniedIn(states)).toBe(0);
    expect(await deniedIn(states, { ...CLUSTER, region: 'eu-west-1' } as unknown as typeof CLUSTER)).toBe(3);
  });

  it.each([
    ["CloudWatch's own probe", recordedEvent('logs-control-message.decoded')],
    ['a log of no cluster', { ...DENIED, logGroup: '/aws/lambda/x' }],
    ['an account that is none', { ...DENIED, owner: 'somebody' }],
    ['an account that is not in the settings', { ...DENIED, owner: '444455556666' }],
    ['a cluster name that is a path', { ...DENIED, logGroup: '/aws/eks/../cluster' }],
  ])('keeps nothing of %s', async (_, document) => {
    const { handle, states, requested } = started();
    expect(await handle(logs(document))).toEqual({ batchItemFailures: [] });
    expect(await deniedIn(states)).toBe(0);
    expect(requested).toEqual([]);
  });

  it('isolates a poison payload: it is said, counted and not tried again', async () => {
    const { handle, states, lines, counts } = started();
    const answer = await handle(kinesis(['not base64!', DENIED]));
    expect(failedIds(answer)).toEqual([]);
    expect(await deniedIn(states)).toBe(3);
    expect(lines).toContain('error a payload is damaged');
    expect(counts['VerdictsUnreadable']).toBe(1);
  });

  it('says when an event is not as documented', async () => {
    const { handle, counts } = started();
    await handle({ hello: 'world' });
    await handle(null);
    expect(counts).toEqual({ PoisonMessages: 2 });
  });

  describe('while the table is unavailable', () => {
    const broken: VerdictStates = {
      get: () => Promise.reject(failure('ProvisionedThroughputExceededException')),
      put: () => Promise.reject(failure('ProvisionedThroughputExceededException')),
    };

    it('gives Kinesis back what it could not keep', async () => {
      const { handle } = started({ states: broken });
      expect(failedIds(await handle(kinesis([DENIED, DENIED])))).toEqual(['s-0', 's-1']);
    });

    it('fails an invocation of CloudWatch Logs, which Lambda then repeats', async () => {
      const { handle } = started({ states: broken });
      await expect(handle(logs(DENIED))).rejects.toThrow('ProvisionedThroughputExceededException');
    });
  });
});
