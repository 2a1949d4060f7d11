import { matchesLabels } from '../model/label-selector.ts';
import { inSpan } from './address-classes.ts';
import type { CompiledPeer, CompiledPort, CompiledRule } from './compiled.ts';
import type { CaveatKind, Side } from './decision.ts';
import { matchPeer, matchPeers, matchPort, matchPorts, matchRule } from './match.ts';
import type { SideQuestion } from './judge-side.ts';
import type { Group, PodGroup, PolicyIndex } from './policy-index.ts';

type Question = SideQuestion & { readonly subject: PodGroup };

/** The rules in force on this side, and rules of selecting policies that list only the other direction. */
const rulesInForce = ({ subject, direction }: Question): readonly CompiledRule[] =>
  subject.isolating[direction].flatMap(({ rules }) => rules[direction]);

const unlistedRules = ({ subject, direction }: Question): readonly CompiledRule[] =>
  subject.policies.flatMap(({ isolates, rules }) => (isolates[direction] ? [] : rules[direction]));

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html: at most 24 per selector and direction. */
const MAX_PORT_COMBINATIONS = 24;

const portKey = (port: CompiledPort): string =>
  port.kind === 'numbers' ? `${port.protocol}:${port.first}-${port.last}` : `${port.protocol ?? ''}:${port.name}`;

const tooManyPorts = (rules: readonly CompiledRule[], { peer }: Question): boolean => {
  const combinations = new Set<string>();
  for (const { peers, ports } of rules) {
    if (matchPeers(peers, peer) !== 'yes') continue;
    if (ports.length === 0) combinations.add('any');
    for (const port of ports) combinations.add(portKey(port));
  }
  return combinations.size > MAX_PORT_COMBINATIONS;
};

const FULL_PREFIX = 128;

/** Length of the longest prefix by which the agent's map would hold the peer's address because of this rule peer. */
const admittingPrefix = (peers: CompiledRule['peers'], end: Group): number => {
  if (peers === 'everybody') return 0;
  const lengths = peers.map((peer) => {
    if (matchPeer(peer, end) !== 'yes') return -1;
    return peer.kind === 'block' ? peer.prefix : FULL_PREFIX;
  });
  return Math.max(-1, ...lengths);
};

const exceptPrefix = (peers: CompiledRule['peers'], end: Group): number => {
  if (peers === 'everybody') return -1;
  const lengths = peers.flatMap((peer: CompiledPeer) =>
    peer.kind === 'block' && inSpan(peer.span, end.addressClass)
      ? peer.except.filter(({ span }) => inSpan(span, end.addressClass)).map(({ prefix }) => prefix)
      : [],
  );
  return Math.max(-1, ...lengths);
};

/** `except` becomes a deny entry in a longest-prefix map, so it beats every shorter allow of any rule or policy. */
const exceptOverrides = (rules: readonly CompiledRule[], { peer }: Question): boolean => {
  const longestExcept = Math.max(-1, ...rules.map(({ peers }) => exceptPrefix(peers, peer)));
  if (longestExcept === -1) return false;
  return longestExcept > Math.max(-1, ...rules.map(({ peers }) => admittingPrefix(peers, peer)));
};

/** The controller resolves an egress port's name on pods that a selector found, and on nothing else. */
const namedPortDropped = (rules: readonly CompiledRule[], { peer, destination }: Question): boolean =>
  !rules.some(({ peers, ports }) => {
    if (ports.length === 0 || ports.some((port) => port.kind === 'numbers' && matchPort(port, destination))) {
      return matchPeers(peers, peer) === 'yes';
    }
    if (peers === 'everybody' || !matchPorts(ports, destination)) return false;
    return peers.some((one) => one.kind === 'pods' && matchPeer(one, peer) === 'yes');
  });

const namesPort = ({ ports }: CompiledRule): boolean => ports.some(({ kind }) => kind === 'name');

/** Kubernetes ignores a hostNetwork pod behind the peer's address; the controller adds the node's address for it. */
const selectsHostPod = (rule: CompiledRule, { peer, destination }: Question): boolean =>
  peer.kind === 'address' &&
  rule.peers !== 'everybody' &&
  matchPorts(rule.ports, destination) &&
  rule.peers.some(
    (one) =>
      one.kind === 'pods' &&
      peer.hostPods.some(
        ({ namespace, labels }) => one.namespaces.has(namespace) && matchesLabels(one.podSelector, labels),
      ),
  );

/** An ingress port's name is resolved over all pods that the policy selects, and opened on each of them. */
const namedPortUnion = (question: Question, groupsOf: PolicyIndex['groupsOf']): boolean =>
  question.subject.isolating.ingress.some((policy) => {
    const named = policy.rules.ingress.filter(
      (rule) => namesPort(rule) && matchPeers(rule.peers, question.peer) === 'yes',
    );
    return (
      named.length > 0 &&
      groupsOf(policy).some((target) =>
        named.some(({ ports }) =>
          ports.some((port) => port.kind === 'name' && matchPort(port, { ...question.destination, target })),
        ),
      )
    );
  });

const baselineSkipped = ({ subject, direction, peer, destination }: Question): boolean =>
  subject.clusterRules[direction].find(
    (rule) => rule.ref.tier === 'Baseline' && matchRule(rule, peer, destination) === 'yes',
  )?.ref.action === 'Deny';

const whereAllowed = (question: Question): readonly CaveatKind[] => {
  const rules = rulesInForce(question);
  const found: CaveatKind[] = [];
  if (tooManyPorts(rules, question)) found.push('too-many-port-combinations');
  if (exceptOverrides(rules, question)) found.push('except-overrides');
  if (question.direction === 'egress' && rules.some(namesPort) && namedPortDropped(rules, question)) {
    found.push('named-port-dropped');
  }
  return found;
};

const whereNoRule = (question: Question, groupsOf: PolicyIndex['groupsOf']): readonly CaveatKind[] => {
  const { peer, destination, direction } = question;
  const found: CaveatKind[] = [];
  if (rulesInForce(question).some((rule) => selectsHostPod(rule, question))) found.push('host-network-peer');
  if (direction === 'ingress' && namedPortUnion(question, groupsOf)) found.push('named-port-union');
  if (unlistedRules(question).some((rule) => matchRule(rule, peer, destination) === 'yes')) {
    found.push('unlisted-rules-allow');
  }
  return found;
};

const whereNotIsolated = (question: Question): readonly CaveatKind[] => {
  const { peer, destination, mode } = question;
  const found: CaveatKind[] = [];
  const unlisted = unlistedRules(question);
  if (unlisted.length > 0 && !unlisted.some((rule) => matchRule(rule, peer, destination) === 'yes')) {
    found.push('unlisted-rules-isolate');
  }
  if (baselineSkipped(question)) found.push('baseline-skipped');
  if (mode === 'strict') found.push('strict-opens-direction');
  return found;
};

/**
 * Where the VPC CNI is known to do something else than the policies say. The verdict stays Kubernetes' own.
 */
export const deviationsOf = (
  question: Question,
  side: Side,
  groupsOf: PolicyIndex['groupsOf'],
): readonly CaveatKind[] => {
  switch (side.because.kind) {
    case 'rule':
      return [...question.subject.limits, ...whereAllowed(question)];
    case 'no-rule':
      return [...question.subject.limits, ...whereNoRule(question, groupsOf)];
    case 'not-isolated':
      return whereNotIsolated(question);
    case 'domain-name':
      return [...question.subject.limits, 'domain-name', 'domain-name-auto-mode'];
    case 'cluster-rule':
    case 'strict-default':
      return question.subject.limits;
    case 'protocol-undefined':
      return ['protocol-undefined'];
    case 'not-a-pod':
    case 'host-network':
    case 'own-node':
    case 'same-pod':
    case 'no-policy':
    case 'no-such-pod':
      return [];
    default:
      return side.because satisfies never;
  }
};
