import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { collectFacts } from '../../../shared/collect/live/collect-facts.ts';
import { targetedPods } from '../../../shared/collect/live/targeted-pods.ts';
import type { Fact } from '../../../shared/model/fact.ts';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import type { PodListing, PodLookUp } from '../../../shared/model/pod-look-up.ts';
import type { Facts } from '../../../shared/model/snapshot.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { clientOf } from '../../support/kubernetes-endpoint/client.ts';
import { startKubernetesEndpoint } from '../../support/kubernetes-endpoint/endpoint.ts';
import type { RecordedRequest, Reply } from '../../support/kubernetes-endpoint/replies.ts';
import { COLLECTORS, REFUSING } from './live-run.ts';
import { servedCluster } from './served-cluster.ts';

const { collections, objects } = await servedCluster('shop-prod');
const NOW = Date.parse('2026-11-20T08:12:40Z');
const PODS = '/api/v1/pods';
const onNode = z.object({ spec: z.object({ nodeName: z.string().optional() }) });
const nodeOf = (pod: unknown): string | undefined => onNode.parse(pod).spec.nodeName;
const served = collections[PODS]?.items ?? [];
const NODES = [...new Set(served.flatMap((pod) => nodeOf(pod) ?? []))].toSorted();

/** As an API server does it. */
const selected = ({ path, query }: RecordedRequest): Reply | undefined => {
  const [, node] = /^spec\.nodeName=(.+)$/.exec(query['fieldSelector'] ?? '') ?? [];
  if (path !== PODS || node === undefined) return undefined;
  const items = served.filter((pod) => nodeOf(pod) === node);
  const body = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items });
  return { kind: 'raw', code: 200, body };
};

/** Asks for what it is told to, and remembers what came. */
const scripted = (...steps: ('all' | readonly string[])[]) => {
  const given: Facts[] = [];
  const listed: [string, PodListing][] = [];
  const lookUp: PodLookUp = {
    needs: ['kubernetes.nodes', 'ec2.subnets'],
    next: (facts) => {
      given.push(facts);
      return steps[given.length - 1] ?? [];
    },
    listedAll: (listing) => listed.push(['all', listing]),
    listedNode: (node, listing) => listed.push([node, listing]),
    pods: () => listed.flatMap(([, { pods }]) => pods),
  };
  return { lookUp, given, listed };
};

interface Collected {
  readonly fact: Fact<readonly Pod[]>;
  readonly asked: readonly (string | undefined)[];
}

const collect = async (
  lookUp: PodLookUp,
  fault: (request: RecordedRequest) => Reply | undefined = selected,
): Promise<Collected> => {
  const endpoint = await startKubernetesEndpoint({
    collections,
    answer: (request) => {
      const object = objects.get(request.path);
      return fault(request) ?? (object === undefined ? undefined : { kind: 'raw', code: 200, body: object });
    },
  });
  const { client } = clientOf(endpoint);
  try {
    const { facts } = await collectFacts({
      cluster: CLUSTER,
      keys: ['kubernetes.pods'],
      collectors: { ...COLLECTORS, 'kubernetes.pods': targetedPods(lookUp) },
      aws: REFUSING,
      kubernetes: () => Promise.resolve(client),
      now: () => new Date(NOW),
      signal: new AbortController().signal,
      extent: 'lean',
    });
    const asked = endpoint.requests.filter(({ path }) => path === PODS).map(({ query }) => query['fieldSelector']);
    return { fact: facts['kubernetes.pods'], asked };
  } finally {
    client.close();
    await endpoint.close();
  }
};

describe('pods of which only some are of interest', () => {
  it('are listed by node, each node in a question of its own', async () => {
    const [a = '', b = ''] = NODES;
    const { lookUp, listed } = scripted([a, b]);
    const { fact, asked } = await collect(lookUp);
    expect(new Set(asked)).toEqual(new Set([`spec.nodeName=${a}`, `spec.nodeName=${b}`]));
    expect(asked).toHaveLength(2);
    expect(listed.map(([node, { at }]) => [node, at])).toEqual([
      [a, NOW],
      [b, NOW],
    ]);
    for (const [node, { pods }] of listed) {
      expect(pods.length).toBeGreaterThan(0);
      expect(new Set(pods.map(({ nodeName }) => nodeName))).toEqual(new Set([node]));
    }
    expect(fact).toMatchObject({ state: 'observed', value: lookUp.pods() });
  });

  it('are all listed where the look-up says so, and asked for further', async () => {
    const [a = ''] = NODES;
    const { lookUp, listed } = scripted('all', [a]);
    const { asked } = await collect(lookUp);
    expect(asked).toEqual([undefined, `spec.nodeName=${a}`]);
    expect(listed[0]?.[1].pods).toHaveLength(served.length);
  });

  it('are not asked for where enough is known, and are not asked for without end', async () => {
    expect((await collect(scripted().lookUp)).asked).toEqual([]);
    const [a = ''] = NODES;
    const endless = scripted(...Array.from({ length: 50 }, () => [a]));
    expect((await collect(endless.lookUp)).asked.length).toBeLessThan(10);
  });

  it('are looked up by the facts that the look-up needs, read or not', async () => {
    const { lookUp, given } = scripted();
    await collect(lookUp);
    const [facts] = given;
    expect(facts?.['kubernetes.nodes'].state).toBe('observed');
    expect(facts?.['ec2.subnets']).toMatchObject({ state: 'unobserved', reason: 'denied' });
    expect(facts?.['kubernetes.services']).toMatchObject({ state: 'unobserved', reason: 'not-collected' });
  });

  it('are not observed where one of the lists is refused', async () => {
    const [a = '', b = ''] = NODES;
    const refuse = (request: RecordedRequest): Reply | undefined =>
      request.query['fieldSelector'] === `spec.nodeName=${b}`
        ? { kind: 'status', code: 403, reason: 'Forbidden', message: 'pods is forbidden' }
        : selected(request);
    const { fact } = await collect(scripted([a, b]).lookUp, refuse);
    expect(fact).toMatchObject({ state: 'unobserved', reason: 'denied' });
  });
});
