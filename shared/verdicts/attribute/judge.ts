import type { DenialClass, ResolvedAddress } from '../../model/denied-traffic.ts';
import type { FlowDirection } from '../../model/flow.ts';
import type { FactKey } from '../../model/snapshot.ts';
import { CAVEATS } from '../../policy/caveats.ts';
import { decide } from '../../policy/decide.ts';
import type { Because, Caveat, Decision, PolicyRef, Side } from '../../policy/decision.ts';
import type { PolicyIndex } from '../../policy/policy-index.ts';
import type { Cluster } from './cluster.ts';
import type { Entry } from './entry.ts';
import { flowOf } from './flow-of.ts';
import type { Judgeable } from './flow-of.ts';
import type { Group } from './group.ts';

/** What the policies of the snapshot say of a flow. */
export type Reading =
  | { readonly kind: 'unread'; readonly facts: readonly FactKey[] }
  /** The objects themselves cannot be judged: the engine's own words. */
  | { readonly kind: 'malformed'; readonly why: string }
  /** `isolation`: of the ends that are pods all the same. */
  | { readonly kind: 'unknown-end'; readonly why: string; readonly isolation: Isolation }
  | Judged;

/** The policies that isolate each end. */
export type Isolation = { readonly [D in FlowDirection]: Pick<Side, 'isolatedBy'> };

export type Judged = Extract<Judgeable, { kind: 'flow' }> & {
  readonly index: PolicyIndex;
  readonly decision: Decision;
};

const isolationAt = (end: ResolvedAddress, direction: FlowDirection, index: PolicyIndex): Pick<Side, 'isolatedBy'> => {
  const [owner, ...others] = end.owners;
  const found = owner?.kind === 'pod' && others.length === 0 ? index.podAt(owner) : 'unknown';
  return typeof found === 'object' && found.group.kind === 'pod'
    ? { isolatedBy: found.group.isolatedBy[direction] }
    : { isolatedBy: [] };
};

/** How many of a pair's flows are judged. */
const TRIED = 3;

/** Flows between distinct pods, the best known first. */
const samplesOf = ({ entries }: Group): readonly Entry[] =>
  [
    ...new Map(
      entries.toReversed().map((entry) => [`${entry.aggregate.source}>${entry.aggregate.destination}`, entry] as const),
    ).values(),
  ]
    .toReversed()
    .slice(0, TRIED);

/**
 * Judges a few flows whose ends are known: one that policies deny tells more than one that they allow, for replicas of
 * two releases may differ in their labels. A log that says DEFAULT comes from a node in strict mode, whatever others are in.
 */
export const readingOf = (group: Group, cluster: Cluster): Reading => {
  if (cluster.unread.length > 0) return { kind: 'unread', facts: cluster.unread };
  const index = cluster.index(group.pair.tiers.includes('DEFAULT') ? 'strict' : undefined);
  const samples = samplesOf(group).map((entry) => flowOf(entry, cluster));
  const judged = samples.flatMap((found): readonly Judged[] =>
    found.kind === 'flow' ? [{ ...found, index, decision: decide(index, found.flow) }] : [],
  );
  const telling = judged.find(({ decision }) => decision.allowed === 'denied') ?? judged[0];
  if (telling !== undefined) return telling;
  const [{ from, to }] = group.entries;
  return {
    kind: 'unknown-end',
    why: samples.flatMap((found) => (found.kind === 'unknown-end' ? [found.why] : []))[0] ?? '',
    isolation: { egress: isolationAt(from, 'egress', index), ingress: isolationAt(to, 'ingress', index) },
  };
};

/** The sides that the log's denial can be about. */
export const sidesOf = ({ pair: { direction } }: Group): readonly FlowDirection[] =>
  direction === undefined ? ['egress', 'ingress'] : [direction];

/** Caveats that make a denial likely where the policies allow. */
export const deviations = ({ decision }: Pick<Judged, 'decision'>, group: Group): readonly Caveat[] => {
  const sides = sidesOf(group);
  return decision.caveats.filter(
    ({ kind, on }) => CAVEATS[kind].effect === 'may-be-denied' && (on === 'flow' || sides.includes(on)),
  );
};

const createdAt = (index: PolicyIndex, { kind, namespace, name }: PolicyRef): number => {
  const list = (kind === 'NetworkPolicy' ? index.inputs.networkPolicies : index.inputs.applicationPolicies) ?? [];
  return Date.parse(list.find((policy) => policy.namespace === namespace && policy.name === name)?.createdAt ?? '');
};

const policiesBehind = ({ because, isolatedBy }: Side): readonly PolicyRef[] => {
  if (because.kind === 'rule') return [because.rule.policy];
  return because.kind === 'no-rule' ? isolatedBy : [];
};

/** The policies that decide a side today, all of which came after the last of the flows. */
export const youngerPolicies = ({ index, decision }: Judged, group: Group): readonly PolicyRef[] => {
  const last = Date.parse(group.pair.lastSeenAt);
  return sidesOf(group).flatMap((side) => {
    const refs = policiesBehind(decision[side]);
    return refs.length > 0 && refs.every((ref) => createdAt(index, ref) > last) ? refs : [];
  });
};

const whereDenied = (because: Because): DenialClass => {
  if (because.kind === 'cluster-rule') return 'cluster-policy-denied';
  return because.kind === 'strict-default' ? 'strict-default-deny' : 'policy-denied';
};

/** Kubernetes gives no answer: the protocol has none, or the client's domain name would have to be known. */
const whereUnknown = (sides: readonly Side[]): DenialClass =>
  sides.some(({ because, isolated }) => because.kind === 'protocol-undefined' && isolated)
    ? 'policy-denied'
    : 'unattributed';

const whereAllowed = (judged: Judged, sides: readonly Side[], group: Group, cluster: Cluster): DenialClass => {
  const { tiers } = group.pair;
  const noPolicy = sides.some(({ because }) => because.kind === 'no-policy');
  if (noPolicy && tiers.includes('NETWORK_POLICY')) return 'policies-changed';
  if (noPolicy && cluster.mode === 'undecided') return 'unattributed';
  return deviations(judged, group).length > 0 ? 'vpc-cni-deviation' : 'enforcement-anomaly';
};

const byPolicies = (judged: Judged, group: Group, cluster: Cluster): DenialClass => {
  const { decision } = judged;
  const isLogged = group.pair.directionFrom === 'log';
  const sides = sidesOf(group).map((direction) => decision[direction]);
  const own = sides.find(({ verdict }) => verdict === 'denied');
  // A direction that was only inferred gives way to what the policies say.
  const other = isLogged ? undefined : [decision.egress, decision.ingress].find(({ verdict }) => verdict === 'denied');
  const denied = own ?? other;
  if (denied !== undefined) {
    return youngerPolicies(judged, group).length > 0 ? 'policies-changed' : whereDenied(denied.because);
  }
  if (sides.some(({ verdict }) => verdict === 'unknown')) return whereUnknown(sides);
  if (youngerPolicies(judged, group).length > 0) return 'policies-changed';
  return whereAllowed(judged, sides, group, cluster);
};

const CLUSTER_TIERS: ReadonlySet<string> = new Set(['ADMIN', 'BASELINE']);

/**
 * What a denial comes down to: what the agent says of itself first, then what policies cannot decide, then the policies.
 * Tiers of the log: https://github.com/aws/aws-network-policy-agent/blob/main/pkg/utils/utils.go
 */
export const classOf = (group: Group, reading: Reading, cluster: Cluster): DenialClass => {
  const { pair, source, destination, isReply } = group;
  if (pair.tiers.length > 0 && pair.tiers.every((tier) => tier === 'ERROR')) return 'agent-defect';
  if (source.id === 'node:own' || destination.id === 'node:own') return 'agent-defect';
  if (isReply) return 'reply';
  if (reading.kind === 'unread' || reading.kind === 'malformed') return 'unattributed';
  if (pair.tiers.some((tier) => CLUSTER_TIERS.has(tier))) return 'cluster-policy-denied';
  return reading.kind === 'unknown-end' ? 'unattributed' : byPolicies(reading, group, cluster);
};
