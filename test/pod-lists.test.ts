import { describe, expect, it } from 'vitest';
import type { ClusterRef } from '../shared/model/cluster.ts';
import type { Pod } from '../shared/model/facts-kubernetes.ts';
import type { FlowAggregate } from '../shared/model/flow.ts';
import { PodCache, trafficPods } from '../shared/pod-lists.ts';
import type { TrafficPods } from '../shared/pod-lists.ts';
import { EMPTY_HISTORY } from '../shared/verdicts/resolve/index.ts';
import { AT, CLUSTER } from './support/cluster.ts';
import { factsOf, N1, N2, ORDERS, PODS, replica, WEB } from './verdicts/attribute/world.ts';

const NOON = Date.parse(AT);
const MINUTE = 60_000;
const FACTS = factsOf({ pods: [] });

const flow = (change: Partial<FlowAggregate> = {}): FlowAggregate => ({
  windowStart: NOON - 5 * MINUTE,
  source: WEB,
  destination: ORDERS,
  destinationPort: 5432,
  protocol: 'TCP',
  verdict: 'DENY',
  count: 1,
  uncounted: 0,
  firstSeenAt: NOON - 4 * MINUTE,
  lastSeenAt: NOON - 3 * MINUTE,
  nodes: [N2],
  sampleEventIds: [],
  tiers: [],
  repaired: [],
  ...change,
});

const CACHE = { ageMs: 15 * MINUTE, mostPods: 1000 };

const look = (
  cache: PodCache,
  flows: readonly FlowAggregate[],
  at = NOON,
  cluster: ClusterRef = CLUSTER,
): TrafficPods => trafficPods({ cluster, cache, flows, history: EMPTY_HISTORY, now: () => new Date(at) });

/** A cache that has everything as it was at `at`. */
const filled = (at: number, pods: readonly Pod[] = PODS, limits = CACHE): PodCache => {
  const cache = new PodCache(limits);
  look(cache, [], at).listedAll({ at, pods });
  return cache;
};

const names = (pods: readonly Pod[]): readonly string[] => pods.map(({ name }) => name).toSorted();
const onNode = (node: string): readonly Pod[] => PODS.filter(({ nodeName }) => nodeName === node);

describe('pods for denied traffic', () => {
  it('are all listed while nothing is known, and then nothing more', () => {
    const pods = look(new PodCache(CACHE), [flow()]);
    expect(pods.next(FACTS)).toBe('all');
    pods.listedAll({ at: NOON, pods: PODS });
    expect(pods.next(FACTS)).toEqual([]);
    expect(pods.pods()).toBe(PODS);
    expect(pods.sightings()).toEqual([{ observedAt: NOON, pods: PODS, complete: { pods: true } }]);
  });

  it('are listed of the nodes that reported, where the others are known from before', () => {
    const pods = look(filled(NOON - 10 * MINUTE), [flow()]);
    expect(pods.next(FACTS)).toEqual([N2]);
    pods.listedNode(N2, { at: NOON, pods: onNode(N2) });
    // The other end was seen on its node ten minutes ago: that is asked again.
    expect(pods.next(FACTS)).toEqual([N1]);
    pods.listedNode(N1, { at: NOON, pods: onNode(N1) });
    expect(pods.next(FACTS)).toEqual([]);
    expect(names(pods.pods())).toEqual(names(PODS));
    expect(pods.sightings()?.map(({ observedAt, podsOfNodes }) => [observedAt, podsOfNodes])).toEqual([
      [NOON - 10 * MINUTE, undefined],
      [NOON, [N2]],
      [NOON, [N1]],
    ]);
  });

  it('are those of a node as it was listed last: gone, come, and moved', () => {
    const cache = filled(NOON - 10 * MINUTE);
    const [moved] = onNode(N1);
    const come = replica('shop/web-9', 'web', { ip: '10.0.2.99', node: N2 });
    const pods = look(cache, [flow()]);
    pods.listedNode(N2, { at: NOON, pods: [come, ...(moved === undefined ? [] : [{ ...moved, nodeName: N2 }])] });
    expect(names(pods.pods())).toEqual(names([...onNode(N1), come]));
    expect(pods.pods().find(({ name }) => name === moved?.name)?.nodeName).toBe(N2);
    // The next audit knows it too.
    expect(names(look(cache, []).pods())).toEqual(names([...onNode(N1), come]));
  });

  it('are not asked for where nothing was denied', () => {
    expect(look(filled(NOON - 10 * MINUTE), []).next(FACTS)).toEqual([]);
    expect(look(filled(NOON - 10 * MINUTE), [flow({ verdict: 'ACCEPT' })]).next(FACTS)).toEqual([]);
  });

  it('are all listed past a number of nodes', () => {
    const flows = Array.from({ length: 21 }, (_, i) => flow({ source: `10.9.0.${i}`, nodes: [`node-${i}`] }));
    expect(look(filled(NOON - 10 * MINUTE), flows).next(FACTS)).toBe('all');
    expect(look(filled(NOON - 10 * MINUTE), flows.slice(1)).next(FACTS)).not.toBe('all');
    // Not again so soon.
    expect(look(filled(NOON - 4 * MINUTE), flows).next(FACTS)).toHaveLength(20);
  });

  it('are all listed again when they are too old to be believed', () => {
    const [young, old] = [filled(NOON - 15 * MINUTE), filled(NOON - 15 * MINUTE - 1)];
    expect([look(young, []).next(FACTS), look(old, []).next(FACTS)]).toEqual([[], 'all']);
    // A clock that ran back proves nothing.
    expect(look(filled(NOON + 1), []).next(FACTS)).toBe('all');
  });

  it('were not asked for by a collection that knows all of them', () => {
    expect(look(filled(NOON), [flow()]).sightings()).toBeUndefined();
  });
});

describe('the cache of pods', () => {
  const named = (name: string): ClusterRef => ({ ...CLUSTER, name });
  const knows = (cache: PodCache, name: string): boolean => look(cache, [], NOON, named(name)).next(FACTS) !== 'all';

  it('keeps clusters apart, and drops the one that was used longest ago', () => {
    const cache = new PodCache({ ...CACHE, mostPods: 2 * PODS.length });
    for (const name of ['a', 'b']) look(cache, [], NOON, named(name)).listedAll({ at: NOON, pods: PODS });
    expect(knows(cache, 'a')).toBe(true);
    look(cache, [], NOON, named('c')).listedAll({ at: NOON, pods: PODS });
    expect(['a', 'b', 'c'].map((name) => knows(cache, name))).toEqual([true, false, true]);
  });

  it('keeps no cluster that alone is larger than it', () => {
    const cache = filled(NOON, PODS, { ...CACHE, mostPods: PODS.length - 1 });
    expect(look(cache, []).next(FACTS)).toBe('all');
  });
});
