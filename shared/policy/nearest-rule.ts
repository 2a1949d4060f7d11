import type { ApplicationNetworkPolicy, DomainNamesPeer } from '../model/cluster-policy.ts';
import type { Labels, LabelSelector, NetworkPolicy, PolicyPeer, PolicyPort } from '../model/facts-kubernetes.ts';
import { contains, parseAddress, parseCidr } from './address.ts';
import type { NamespacedPolicy } from './compiled.ts';
import type { RuleRef } from './decision.ts';
import type { Direction } from './flow.ts';
import { matchPeers, matchPort } from './match.ts';
import type { Destination } from './match.ts';
import type { Group } from './policy-index.ts';
import { compilePort } from './compiled.ts';
import { unmetRequirements } from './selector.ts';
import type { Requirement } from './selector.ts';

/** The end that a rule names, with all that a mismatch may have to be told about. */
export interface NamedEnd {
  readonly group: Group;
  /** Present for a pod with an address of its own. */
  readonly pod?: { readonly namespace: string; readonly labels: Labels; readonly namespaceLabels: Labels };
  readonly ip?: string;
}

/** One part of a rule's peer that keeps it from matching. */
export type PeerMismatch =
  | { readonly part: 'namespace-labels'; readonly requirement: Requirement; readonly actual?: string }
  | { readonly part: 'pod-labels'; readonly requirement: Requirement; readonly actual?: string }
  /** A peer without namespaceSelector means the policy's own namespace. */
  | { readonly part: 'own-namespace-only'; readonly policyNamespace: string; readonly actual: string }
  /** Selectors select pods; the end is an address, a node or a hostNetwork pod. */
  | { readonly part: 'selector-for-address' }
  | { readonly part: 'cidr'; readonly cidr: string }
  | { readonly part: 'except'; readonly cidr: string; readonly except: string }
  | { readonly part: 'domain-names'; readonly names: readonly string[] }
  | { readonly part: 'no-selector' };

/** One port entry that does not match, and by what. */
export type PortMismatch =
  | { readonly part: 'protocol'; readonly port: PolicyPort }
  | { readonly part: 'port'; readonly port: PolicyPort }
  /** `declared`: what the destination pod calls by this name; empty where it has no such port. */
  | {
      readonly part: 'named-port';
      readonly port: PolicyPort;
      readonly declared: readonly { readonly port: number; readonly protocol: string }[];
    };

/** The rule that comes nearest to admitting a flow, and exactly what it lacks. */
export interface NearestRule {
  readonly rule: RuleRef;
  /** Absent where the rule's peers match. */
  readonly peer?: { readonly index: number; readonly mismatches: readonly [PeerMismatch, ...PeerMismatch[]] };
  /** Every port entry, none of which matches; absent where one does. */
  readonly ports?: readonly PortMismatch[];
}

const labelMismatches = (
  part: 'namespace-labels' | 'pod-labels',
  selector: LabelSelector,
  labels: Labels,
): readonly PeerMismatch[] =>
  unmetRequirements(selector, labels).map((requirement) => {
    const actual = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    return actual === undefined ? { part, requirement } : { part, requirement, actual };
  });

const selectorMismatches = (
  { podSelector, namespaceSelector }: Extract<PolicyPeer, { kind: 'selectors' }>,
  { pod }: NamedEnd,
  policyNamespace: string,
): readonly PeerMismatch[] => {
  if (podSelector === undefined && namespaceSelector === undefined) return [{ part: 'no-selector' }];
  if (pod === undefined) return [{ part: 'selector-for-address' }];
  const inPods = podSelector === undefined ? [] : labelMismatches('pod-labels', podSelector, pod.labels);
  if (namespaceSelector !== undefined) {
    return [...labelMismatches('namespace-labels', namespaceSelector, pod.namespaceLabels), ...inPods];
  }
  return pod.namespace === policyNamespace
    ? inPods
    : [{ part: 'own-namespace-only', policyNamespace, actual: pod.namespace }, ...inPods];
};

const blockMismatches = (
  { cidr, except }: Extract<PolicyPeer, { kind: 'ip-block' }>,
  { ip }: NamedEnd,
): readonly PeerMismatch[] => {
  const address = ip === undefined ? undefined : parseAddress(ip, 'ip');
  if (address === undefined || !contains(parseCidr(cidr, 'cidr'), address)) return [{ part: 'cidr', cidr }];
  const excluding = except.find((range) => contains(parseCidr(range, 'except'), address));
  return excluding === undefined ? [] : [{ part: 'except', cidr, except: excluding }];
};

const peerMismatches = (
  peer: PolicyPeer | DomainNamesPeer,
  end: NamedEnd,
  policyNamespace: string,
): readonly PeerMismatch[] => {
  switch (peer.kind) {
    case 'ip-block':
      return blockMismatches(peer, end);
    case 'selectors':
      return selectorMismatches(peer, end, policyNamespace);
    case 'domain-names':
      return [{ part: 'domain-names', names: peer.names }];
    default:
      return peer satisfies never;
  }
};

const portMismatch = (port: PolicyPort, destination: Destination): PortMismatch => {
  if (typeof port.port === 'string') {
    const { target } = destination;
    const declared = target.kind === 'pod' ? target.namedPorts.filter(({ name }) => name === port.port) : [];
    return {
      part: 'named-port',
      port,
      declared: declared.map(({ port: number, protocol }) => ({ port: number, protocol })),
    };
  }
  return { part: port.protocol === destination.protocol ? 'port' : 'protocol', port };
};

/** How far a peer is from matching: an address can never become a pod, so such a peer is the farthest. */
const distance = (mismatches: readonly PeerMismatch[]): number =>
  mismatches.reduce((sum, { part }) => sum + (part === 'selector-for-address' || part === 'no-selector' ? 4 : 1), 0);

const nearestPeer = (
  peers: readonly (PolicyPeer | DomainNamesPeer)[],
  end: NamedEnd,
  policyNamespace: string,
): NearestRule['peer'] => {
  const ranked = peers
    .map((peer, index) => ({ index, mismatches: peerMismatches(peer, end, policyNamespace) }))
    .toSorted((a, b) => distance(a.mismatches) - distance(b.mismatches));
  const nearest = ranked[0];
  const [first, ...others] = nearest?.mismatches ?? [];
  return nearest === undefined || first === undefined
    ? undefined
    : { index: nearest.index, mismatches: [first, ...others] };
};

const examine = (
  { ref, source, rules }: NamespacedPolicy,
  direction: Direction,
  end: NamedEnd,
  destination: Destination,
): readonly NearestRule[] =>
  sourceRules(source, direction).map(({ peers, ports }, index) => {
    const compiled = rules[direction][index];
    const peerMatches = compiled !== undefined && matchPeers(compiled.peers, end.group) === 'yes';
    const peer = peerMatches ? undefined : nearestPeer(peers, end, ref.namespace);
    const portMatches = ports.length === 0 || ports.some((port) => matchPort(compilePort(port), destination));
    return {
      rule: { policy: ref, direction, index },
      ...(peer === undefined ? {} : { peer }),
      ...(portMatches ? {} : { ports: ports.map((port) => portMismatch(port, destination)) }),
    };
  });

const sourceRules = (source: NetworkPolicy | ApplicationNetworkPolicy, direction: Direction) =>
  direction === 'ingress' ? source.ingress : source.egress;

const score = ({ peer, ports }: NearestRule): number =>
  (peer === undefined ? 0 : distance(peer.mismatches)) + (ports === undefined ? 0 : 1);

/** Every rule of the isolating policies, the one with the fewest parts that do not match first; ties by policy and position. */
export const rulesByNearness = (
  policies: readonly NamespacedPolicy[],
  direction: Direction,
  end: NamedEnd,
  destination: Destination,
): readonly NearestRule[] =>
  policies.flatMap((policy) => examine(policy, direction, end, destination)).toSorted((a, b) => score(a) - score(b));
