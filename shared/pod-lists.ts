/**
 * Which pods an audit of denied traffic lists. Everything once, for a suggestion must be tried against every pod there is;
 * after that only the pods of nodes that reported denials, as long as the rest is young enough to be believed.
 */
import { type ClusterRef, clusterArn } from './model/cluster.ts';
import type { Pod } from './model/facts-kubernetes.ts';
import type { FlowAggregate } from './model/flow.ts';
import type { PodListing, PodLookUp } from './model/pod-look-up.ts';
import type { FactKey } from './model/snapshot.ts';
import {
  addressBook,
  type AddressHistory,
  type AddressUse,
  type LookUpLimits,
  listingsWith,
  planLookUps,
  type Sighting,
} from './verdicts/resolve/index.ts';

interface KnownPods {
  readonly full: PodListing;
  /** Younger than `full`. */
  readonly nodes: ReadonlyMap<string, PodListing>;
}

export interface PodCacheLimits {
  /** Milliseconds after which a list of everything is no longer believed. */
  readonly ageMs: number;
  /** Pods kept, of all clusters together. A cluster with more is listed in full each time. */
  readonly mostPods: number;
}

/** As long as a policy's suggestion may be blind for a pod elsewhere: the age up to which checks believe facts, too. */
const AGE_MS = 15 * 60_000;
/** A pod's fact takes about a kilobyte, and the function has 1.7 GB. */
const MOST_PODS = 200_000;

/** Lists of pods kept from one invocation to the next; who was used last stays longest. */
export class PodCache {
  private readonly limits: PodCacheLimits;
  private readonly byCluster = new Map<string, KnownPods>();

  constructor(limits: Partial<PodCacheLimits> = {}) {
    this.limits = { ageMs: AGE_MS, mostPods: MOST_PODS, ...limits };
  }

  /** `now`: milliseconds. */
  get(cluster: ClusterRef, now: number): KnownPods | undefined {
    const key = clusterArn(cluster);
    const known = this.byCluster.get(key);
    if (known === undefined) return undefined;
    this.byCluster.delete(key);
    const age = now - known.full.at;
    if (age < 0 || age > this.limits.ageMs) return undefined;
    this.byCluster.set(key, known);
    return known;
  }

  set(cluster: ClusterRef, known: KnownPods): void {
    const key = clusterArn(cluster);
    this.byCluster.delete(key);
    this.byCluster.set(key, known);
    let pods = 0;
    for (const { full } of this.byCluster.values()) pods += full.pods.length;
    for (const [oldest, { full }] of this.byCluster) {
      if (pods <= this.limits.mostPods) break;
      pods -= full.pods.length;
      this.byCluster.delete(oldest);
    }
  }
}

/** What `addressBook` reads of a snapshot. */
const BOOK_FACTS: readonly FactKey[] = [
  'eks.cluster',
  'kubernetes.nodes',
  'kubernetes.services',
  'kubernetes.endpoint-slices',
  'kubernetes.policy-endpoints',
  'ec2.network-interfaces',
  'ec2.subnets',
];

/** Each end of each denied flow, with each node that reported it, at the last time. */
const usesOf = (flows: readonly FlowAggregate[]): readonly AddressUse[] => {
  const uses = new Map<string, AddressUse>();
  for (const { source, destination, nodes, lastSeenAt, verdict } of flows) {
    if (verdict !== 'DENY') continue;
    for (const address of [source, destination]) {
      for (const node of nodes.length === 0 ? [undefined] : nodes) {
        const key = `${address} ${node ?? ''}`;
        const at = Math.max(lastSeenAt, uses.get(key)?.at ?? 0);
        uses.set(key, { address, at, ...(node !== undefined && { node }) });
      }
    }
  }
  return [...uses.values()];
};

const nameOf = ({ namespace, name }: Pod): string => `${namespace}/${name}`;

/** The pods of nodes as they were listed last, and of the others as they stood in the list of everything. */
const mergedPods = ({ full, nodes }: KnownPods): readonly Pod[] => {
  if (nodes.size === 0) return full.pods;
  const pods = new Map(
    full.pods
      .filter(({ nodeName }) => nodeName === undefined || !nodes.has(nodeName))
      .map((pod) => [nameOf(pod), pod] as const),
  );
  const lists = [...nodes.values()].toSorted((a, b) => a.at - b.at);
  for (const { pods: listed } of lists) for (const pod of listed) pods.set(nameOf(pod), pod);
  return [...pods.values()];
};

const sightingsOf = ({ full, nodes }: KnownPods): readonly Sighting[] => [
  { observedAt: full.at, pods: full.pods, complete: { pods: true } },
  ...[...nodes].map(([node, { at, pods }]) => ({ observedAt: at, pods, podsOfNodes: [node], complete: {} })),
];

export interface PodQuestion {
  readonly cluster: ClusterRef;
  readonly cache: PodCache;
  readonly flows: readonly FlowAggregate[];
  readonly history: AddressHistory;
  readonly now: () => Date;
  readonly limits?: LookUpLimits;
}

export interface TrafficPods extends PodLookUp {
  /** What was seen and when. Undefined: nobody asked `next`, and the pods came another way. */
  readonly sightings: () => readonly Sighting[] | undefined;
}

/** For one audit of `flows`. What it learns stays in the cache. */
export const trafficPods = ({ cluster, cache, flows, history, now, limits }: PodQuestion): TrafficPods => {
  const uses = usesOf(flows);
  const asked = new Set<string>();
  let known = cache.get(cluster, now().getTime());
  let isAsked = false;
  let isListed = false;
  const learn = (learnt: KnownPods): void => {
    known = learnt;
    cache.set(cluster, learnt);
  };
  return {
    needs: BOOK_FACTS,
    next: (facts) => {
      isAsked = true;
      if (known === undefined) return 'all';
      // Just now, so after every flow: to build a book would tell nothing more.
      if (isListed) return [];
      const sightings = sightingsOf(known);
      const book = addressBook({ facts, history, sightings });
      const listings = sightings.reduce(listingsWith, history.listings);
      const knowledge = { book, history: { listings }, interfaceAskedAt: new Map(), now: now().getTime() };
      const plan = planLookUps(uses, knowledge, limits);
      return plan.fullList ? 'all' : plan.nodes.filter((node) => !asked.has(node));
    },
    listedAll: (full) => {
      isListed = true;
      learn({ full, nodes: new Map() });
    },
    listedNode: (node, listing) => {
      asked.add(node);
      if (known !== undefined) learn({ full: known.full, nodes: new Map([...known.nodes, [node, listing]]) });
    },
    pods: () => (known === undefined ? [] : mergedPods(known)),
    sightings: () => (isAsked && known !== undefined ? sightingsOf(known) : undefined),
  };
};
