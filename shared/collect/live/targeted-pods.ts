import { unobserved } from '../../model/fact.ts';
import type { Pod } from '../../model/facts-kubernetes.ts';
import type { PodLookUp } from '../../model/pod-look-up.ts';
import { FACT_KEYS, type Facts } from '../../model/snapshot.ts';
import { type CollectContext, type Collector, NOT_THERE } from './collector.ts';
import { pods, podsOfNode } from './kubernetes-lists.ts';

/** What a list tells may make another node interesting: the one whose network interface has an address. */
const MOST_STEPS = 4;

const factsOf = async (context: CollectContext, { needs }: PodLookUp): Promise<Facts> => {
  const at = context.now().toISOString();
  const read = await Promise.all(needs.map(async (key) => [key, await context.fact(key)] as const));
  const others = FACT_KEYS.map((key) => [key, unobserved('not-collected', 'of no use here', 'nobody', at)] as const);
  // One entry for each of FACT_KEYS, each with the fact of its own key.
  return Object.fromEntries([...others, ...read]) as unknown as Facts;
};

/** Pods are no optional API, so they are always there. */
const listed = async ({ collect }: Collector<'kubernetes.pods'>, context: CollectContext): Promise<readonly Pod[]> => {
  const value = await collect(context);
  return value === NOT_THERE ? [] : value;
};

/**
 * Pods where only some are of interest: those of a few nodes, which the API server finds by its index
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/), and all of them only where the look-up
 * says so. The rest of the value is as old as the look-up lets it be.
 */
export const targetedPods = (lookUp: PodLookUp): Collector<'kubernetes.pods'> => ({
  ...pods,
  source: `${pods.source}, or with fieldSelector=spec.nodeName=… where the others are known`,
  collect: async (context) => {
    const facts = await factsOf(context, lookUp);
    for (let step = 0; step < MOST_STEPS; step++) {
      const wanted = lookUp.next(facts);
      if (wanted.length === 0) break;
      const at = context.now().getTime();
      if (wanted === 'all') {
        lookUp.listedAll({ at, pods: await listed(pods, context) });
        continue;
      }
      const lists = await Promise.all(
        wanted.map(async (node) => ({ node, listing: { at, pods: await listed(podsOfNode(node), context) } })),
      );
      for (const { node, listing } of lists) lookUp.listedNode(node, listing);
    }
    return lookUp.pods();
  },
});
