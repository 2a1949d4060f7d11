import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../shared/checks/catalogue.generated.ts';
import type { ClusterRef } from '../shared/model/cluster.ts';
import { observed } from '../shared/model/fact.ts';
import type { NetworkPolicy, Pod } from '../shared/model/facts-kubernetes.ts';
import type { FactKey } from '../shared/model/snapshot.ts';
import { PodCache } from '../shared/pod-lists.ts';
import { memoryStore } from '../shared/store/memory-store.ts';
import { StaleVerdictStateError, type VerdictState, type VerdictStates } from '../shared/store/verdict-states.ts';
import { auditTraffic } from '../shared/traffic-audit.ts';
import { absorbVerdicts, shardOf, SHARDS } from '../shared/verdict-watch.ts';
import type { AwsRange } from '../shared/verdicts/resolve/index.ts';
import { PayloadDecoder } from '../shared/verdicts/decode/index.ts';
import { AT, CLUSTER } from './support/cluster.ts';
import { factsOf, N1, N2, ORDERS, PODS, WEB } from './verdicts/attribute/world.ts';

const memoryStates = (): VerdictStates & { readonly puts: string[] } => {
  const stored = new Map<string, VerdictState>();
  const puts: string[] = [];
  return {
    puts,
    get: (_, shard) => Promise.resolve(stored.get(shard)),
    put: (_: ClusterRef, shard, state, revision) => {
      if ((stored.get(shard)?.revision ?? 0) !== revision) return Promise.reject(new StaleVerdictStateError(shard));
      puts.push(shard);
      stored.set(shard, { state, revision: revision + 1 });
      return Promise.resolve(revision + 1);
    },
  };
};

const DEFAULT_DENY: NetworkPolicy = {
  namespace: 'payments',
  name: 'default-deny',
  uid: 'default-deny',
  createdAt: '2026-11-01T00:00:00Z',
  generation: 1,
  podSelector: { matchLabels: {}, matchExpressions: [] },
  policyTypes: ['Ingress'],
  ingress: [],
  egress: [],
};
const FACTS = factsOf({ policies: [DEFAULT_DENY] });

const NOON = Date.parse(AT);
const MINUTE = 60_000;

/** A subscription document as CloudWatch Logs sends it, base64 of gzip. */
const payload = (stream: string, at: number, count: number, destination = ORDERS): string => {
  const logEvents = Array.from({ length: count }, (_, index) => ({
    id: `${stream}-${at}-${index}`.padStart(56, '0'),
    timestamp: at + index * 1000,
    message: `Node: ${N2};SIP: ${WEB};SPORT: 41022;DIP: ${destination};DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: DENY`,
  }));
  const document = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/eks/shop-prod/cluster',
    logStream: stream,
    subscriptionFilters: ['f'],
    logEvents,
  };
  return gzipSync(JSON.stringify(document)).toString('base64');
};

/** `live`: the pods there are, from an API server that lists those of a node. Default: a dump, which knows all at once. */
const service = (live?: readonly Pod[], podCache = new PodCache(), ranges?: readonly AwsRange[]) => {
  const lists: ('all' | readonly string[])[] = [];
  const states = memoryStates();
  const store = memoryStore();
  let clock = NOON;
  const asked: (readonly FactKey[])[] = [];
  const batch = async (stream: string, at: number, count: number, to?: string): Promise<boolean> =>
    absorbVerdicts(states, CLUSTER, await new PayloadDecoder().decode(payload(stream, at, count, to)), new Date(clock));
  const audit = async () =>
    auditTraffic({
      cluster: CLUSTER,
      states,
      store,
      catalogue: CATALOGUE,
      now: () => new Date(clock),
      podCache,
      awsRanges: () => Promise.resolve(ranges),
      collect: (keys, pods) => {
        asked.push(keys);
        const takenAt = new Date(clock).toISOString();
        if (live === undefined) return Promise.resolve({ cluster: CLUSTER, takenAt, facts: FACTS });
        for (let wanted = pods.next(FACTS); wanted.length > 0; wanted = pods.next(FACTS)) {
          lists.push(wanted);
          if (wanted === 'all') pods.listedAll({ at: clock, pods: live });
          else
            for (const node of wanted)
              pods.listedNode(node, { at: clock, pods: live.filter(({ nodeName }) => nodeName === node) });
        }
        const facts = { ...FACTS, 'kubernetes.pods': observed(pods.pods(), 'lists', takenAt) };
        return Promise.resolve({ cluster: CLUSTER, takenAt, facts });
      },
    });
  const pass = (ms: number): void => {
    clock += ms;
  };
  const open = async () =>
    Object.values((await store.read(CLUSTER)).findings)
      .filter(({ status }) => status === 'open')
      .map(({ check, resource }) => [check, resource.name]);
  return { states, batch, audit, pass, open, asked, lists };
};

describe('watching verdicts', () => {
  it('counts a batch once, however often it is delivered', async () => {
    const { batch, states } = service();

    expect(await batch('agent-a', NOON, 3)).toBe(true);
    expect(await batch('agent-a', NOON, 3)).toBe(false);
    expect(states.puts).toEqual([shardOf('agent-a')]);
  });

  it('loses nothing where several write at once', async () => {
    const { batch, pass, audit } = service();
    await Promise.all(Array.from({ length: 12 }, (_, index) => batch(`agent-${index}`, NOON, 2)));
    pass(10 * MINUTE);

    const report = await audit();
    const fact = report?.snapshot.facts['verdicts.denied-traffic'];
    expect(fact?.state === 'observed' ? fact.value.counts : undefined).toMatchObject({ lines: 24, denied: 24 });
  });

  it('spreads log streams over the shards, always alike', () => {
    const used = new Set(Array.from({ length: 100 }, (_, index) => shardOf(`stream-${index}`)));

    expect([...used].toSorted()).toEqual(SHARDS);
    expect(shardOf('stream-1')).toBe(shardOf('stream-1'));
  });
});

describe('auditing traffic', () => {
  it('asks nothing of a cluster that denied nothing', async () => {
    const { audit, asked } = service();

    expect(await audit()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('opens a finding for a pair that is newly denied, with policies named', async () => {
    const { batch, pass, audit, open } = service();
    await batch('agent-a', NOON, 5);
    pass(10 * MINUTE);

    const report = await audit();

    const [pair] =
      report?.snapshot.facts['verdicts.denied-traffic'].state === 'observed'
        ? report.snapshot.facts['verdicts.denied-traffic'].value.pairs
        : [];
    expect(pair?.count).toBe(5);
    expect(pair?.explanation.suggestions.length).toBeGreaterThan(0);
    expect((await open()).map(([check]) => check)).toContain('denied-traffic/new-pair');
  });

  it('counts no window twice, and keeps the finding while nothing new comes', async () => {
    const { batch, pass, audit, open } = service();
    await batch('agent-a', NOON, 5);
    pass(10 * MINUTE);
    await audit();
    const before = await open();
    pass(5 * MINUTE);

    const second = await audit();

    const fact = second?.snapshot.facts['verdicts.denied-traffic'];
    expect(fact?.state === 'observed' ? [fact.value.counts.denied, fact.value.pairs] : undefined).toEqual([0, []]);
    expect(await open()).toEqual(before);
  });

  it('waits for a window to settle before it reads it', async () => {
    const { batch, pass, audit } = service();
    await batch('agent-a', NOON, 5);
    pass(MINUTE);
    const early = await audit();
    pass(9 * MINUTE);
    const late = await audit();

    const pairs = (report: typeof early): number => {
      const fact = report?.snapshot.facts['verdicts.denied-traffic'];
      return fact?.state === 'observed' ? fact.value.pairs.length : -1;
    };
    expect([pairs(early), pairs(late)]).toEqual([0, 1]);
  });

  it('tells of what an audit had read that died before its findings were stored', async () => {
    const { batch, pass, states, audit, open } = service();
    await batch('agent-a', NOON, 5);
    pass(10 * MINUTE);
    const dying = auditTraffic({
      cluster: CLUSTER,
      states,
      store: { ...memoryStore(), commit: () => Promise.reject(new Error('killed')) },
      catalogue: CATALOGUE,
      now: () => new Date(NOON + 10 * MINUTE),
      podCache: new PodCache(),
      awsRanges: () => Promise.resolve(undefined),
      collect: () => Promise.resolve({ cluster: CLUSTER, takenAt: new Date(NOON).toISOString(), facts: FACTS }),
    });
    await expect(dying).rejects.toThrow('killed');
    expect(await open()).toEqual([]);

    await audit();

    expect((await open()).map(([check]) => check)).toContain('denied-traffic/new-pair');
  });

  it('lists every pod once, then those of the nodes concerned, and comes to what it would with all of them', async () => {
    const reports = await Promise.all(
      [new PodCache({ ageMs: 0 }), new PodCache()].map(async (cache) => {
        const { batch, pass, audit, lists } = service(PODS, cache);
        const pairs: unknown[] = [];
        for (let round = 0; round < 3; round += 1) {
          pass(10 * MINUTE);
          await batch('agent-a', NOON + (10 * round + 4) * MINUTE, 3);
          const fact = (await audit())?.snapshot.facts['verdicts.denied-traffic'];
          if (fact?.state === 'observed') pairs.push(...fact.value.pairs);
        }
        return { pairs, lists };
      }),
    );
    const [whole, targeted] = reports;
    // Twenty minutes after the first audit, its list is too old.
    expect(targeted?.lists).toEqual(['all', [N1, N2], 'all']);
    expect(whole?.lists).toEqual(['all', 'all', 'all']);
    expect(whole?.pairs).toHaveLength(3);
    expect(targeted?.pairs).toEqual(whole?.pairs);
  });

  it('names the AWS service that an address is of, where Amazon said so', async () => {
    const ranges = [{ cidr: '203.0.113.0/24', service: 'S3', region: 'us-west-2' }];
    const ownersOf = async (known?: readonly AwsRange[]): Promise<unknown> => {
      const { batch, pass, audit } = service(undefined, new PodCache(), known);
      await batch('agent-a', NOON, 5, '203.0.113.9');
      pass(10 * MINUTE);
      const fact = (await audit())?.snapshot.facts['verdicts.denied-traffic'];
      return fact?.state === 'observed' ? fact.value.pairs.map(({ destination }) => destination.owner?.kind) : fact;
    };
    expect([await ownersOf(ranges), await ownersOf()]).toEqual([['aws-service'], ['external']]);
  });
});
