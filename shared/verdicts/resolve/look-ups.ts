import type { AddressOwner, ResolvedAddress } from '../../model/denied-traffic.ts';
import { readAddress } from './address-key.ts';
import type { AddressBook } from './address-book.ts';
import { compareText } from './compare-text.ts';
import type { AddressHistory } from './history.ts';
import { podsListedAt } from './listings.ts';

/** An address that a denied flow names. */
export interface AddressUse {
  readonly address: string;
  /** Milliseconds since 1970: the flow's time. */
  readonly at: number;
  /** The reporting node. */
  readonly node?: string;
}

export interface LookUpLimits {
  /** A listing this long before the flow still answers for a pod that it shows. Milliseconds; default 2 minutes. */
  readonly cacheMs: number;
  /** More nodes than this to list: list everything instead. Default 20. */
  readonly maxNodes: number;
  /** More addresses than this that no node's list can explain: list everything instead. Default 100. */
  readonly maxInterfaces: number;
  /** The least time between two lists of everything. Milliseconds; default 5 minutes. */
  readonly fullListEveryMs: number;
  /** The least time between two questions to EC2 about one address. Milliseconds; default 10 minutes. */
  readonly askAgainMs: number;
}

export const DEFAULT_LOOK_UP_LIMITS: LookUpLimits = {
  cacheMs: 120_000,
  maxNodes: 20,
  maxInterfaces: 100,
  fullListEveryMs: 300_000,
  askAgainMs: 600_000,
};

/** What to ask, the cheapest first. All lists sorted; empty: nothing. */
export interface LookUpPlan {
  /** `GET /api/v1/pods?fieldSelector=spec.nodeName=<node>`. */
  readonly nodes: readonly string[];
  /** `GET /api/v1/pods`: then `nodes` is empty. */
  readonly fullList: boolean;
  /** ec2:DescribeNetworkInterfaces, filter `addresses.private-ip-address` or, for IPv6, `ipv6-addresses.ipv6-address`. */
  readonly interfaces: readonly string[];
}

export interface LookUpKnowledge {
  readonly book: AddressBook;
  readonly history: Pick<AddressHistory, 'listings'>;
  /** When EC2 was last asked for the interface of an address (canonical), whether it had one or not. */
  readonly interfaceAskedAt: ReadonlyMap<string, number>;
  /** Milliseconds since 1970, as everywhere here. */
  readonly now: number;
}

const podOf = ({ owners }: ResolvedAddress): Extract<AddressOwner, { readonly kind: 'pod' }> | undefined =>
  owners.find((owner) => owner.kind === 'pod');

const listedAt = ({ history }: LookUpKnowledge, node?: string): number => {
  const everything = podsListedAt(history) ?? -Infinity;
  return node === undefined ? everything : Math.max(everything, podsListedAt(history, node) ?? -Infinity);
};

type Question = { readonly node: string } | { readonly interfaceOf: string } | undefined;

/** The one question whose answer would tell most about one address; undefined: none would. */
const questionFor = (use: AddressUse, known: LookUpKnowledge, limits: LookUpLimits): Question => {
  if (readAddress(use.address) === undefined) return undefined;
  const resolved = known.book.resolve(use.address, use.at, use.node === undefined ? undefined : { node: use.node });
  const pod = podOf(resolved);
  if (resolved.certainty === 'exact') {
    const isFresh = pod?.node === undefined || listedAt(known, pod.node) >= use.at - limits.cacheMs;
    return isFresh ? undefined : { node: pod.node };
  }
  if (use.node !== undefined && listedAt(known, use.node) < use.at) return { node: use.node };
  // Nobody looked since it was seen there: its own node tells whether it still is.
  if (pod?.node !== undefined && listedAt(known, pod.node) < use.at) return { node: pod.node };
  if (resolved.certainty !== 'unknown' || listedAt(known) >= use.at) return undefined;
  const host = known.book.nodeOfInterface(use.address);
  if (host !== undefined) return listedAt(known, host) < use.at ? { node: host } : undefined;
  const asked = known.interfaceAskedAt.get(resolved.address) ?? -Infinity;
  return known.now - asked < limits.askAgainMs ? undefined : { interfaceOf: resolved.address };
};

/**
 * What to look up so that flows can be given names. The reporting node hosts one end of each of its flows, so its pods
 * come first: one short list answers for many lines. What a list taken after the flow does not show is not on that node:
 * it is asked of EC2, whose interfaces name the node or the service. Everything is listed only when so many nodes or
 * addresses are open that single questions would cost more, and not again before `fullListEveryMs`.
 */
export const planLookUps = (
  uses: readonly AddressUse[],
  known: LookUpKnowledge,
  limits: LookUpLimits = DEFAULT_LOOK_UP_LIMITS,
): LookUpPlan => {
  const nodes = new Set<string>();
  const interfaces = new Set<string>();
  for (const use of uses) {
    const question = questionFor(use, known, limits);
    if (question === undefined) continue;
    if ('node' in question) nodes.add(question.node);
    else interfaces.add(question.interfaceOf);
  }
  const isTooMany = nodes.size > limits.maxNodes || interfaces.size > limits.maxInterfaces;
  const lastFull = listedAt(known);
  const fullList = isTooMany && known.now - lastFull >= limits.fullListEveryMs;
  const sorted = (texts: ReadonlySet<string>, limit: number): readonly string[] =>
    [...texts].toSorted(compareText).slice(0, limit);
  return {
    nodes: fullList ? [] : sorted(nodes, limits.maxNodes),
    fullList,
    interfaces: fullList ? [] : sorted(interfaces, limits.maxInterfaces),
  };
};
