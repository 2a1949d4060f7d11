import { matchesLabels } from '../model/label-selector.ts';
import { inSpan } from './address-classes.ts';
import type { CompiledPeer, CompiledPort, Matcher } from './compiled.ts';
import type { AddressGroup, Group } from './policy-index.ts';

/** `maybe`: a rule on domain names, and only an address to hold against it. */
export type Match = 'yes' | 'no' | 'maybe';

/** `port` and `protocol` of a connection to `target`. */
export interface Destination {
  readonly target: Group;
  readonly port: number;
  readonly protocol: string;
}

/**
 * A leading `*.` stands for one or more labels: `*.example.com` matches `a.b.example.com`, not `example.com`.
 * https://network-policy-api.sigs.k8s.io/npeps/npep-133-fqdn-egress-selector/
 */
export const matchesDomainName = (pattern: string, name: string): boolean => {
  const wanted = pattern.toLowerCase().replace(/\.$/, '');
  const actual = name.toLowerCase().replace(/\.$/, '');
  return wanted.startsWith('*.')
    ? actual.endsWith(wanted.slice(1)) && actual.length > wanted.length - 1
    : actual === wanted;
};

const matchNames = (names: readonly string[], peer: AddressGroup): Match => {
  // Names stand for what is outside the cluster; a node's address is never the answer to one that a pod looks up on purpose.
  if (peer.owner !== 'external') return 'no';
  const { domainName } = peer;
  if (domainName === undefined) return 'maybe';
  return names.some((pattern) => matchesDomainName(pattern, domainName)) ? 'yes' : 'no';
};

export const matchPeer = (peer: CompiledPeer, end: Group): Match => {
  switch (peer.kind) {
    case 'pods':
      return end.kind === 'pod' && peer.namespaces.has(end.namespace) && matchesLabels(peer.podSelector, end.labels)
        ? 'yes'
        : 'no';
    case 'block':
      return inSpan(peer.span, end.addressClass) && !peer.except.some(({ span }) => inSpan(span, end.addressClass))
        ? 'yes'
        : 'no';
    case 'names':
      return end.kind === 'address' ? matchNames(peer.names, end) : 'no';
    case 'nothing':
      return 'no';
    default:
      return peer satisfies never;
  }
};

export const matchPeers = (peers: Matcher['peers'], end: Group): Match => {
  if (peers === 'everybody') return 'yes';
  let best: Match = 'no';
  for (const peer of peers) {
    const match = matchPeer(peer, end);
    if (match === 'yes') return 'yes';
    if (match === 'maybe') best = 'maybe';
  }
  return best;
};

/** A named port is the destination pod's own; what is no pod has none. */
export const matchPort = (rule: CompiledPort, { target, port, protocol }: Destination): boolean => {
  if (rule.kind === 'numbers') return rule.protocol === protocol && rule.first <= port && port <= rule.last;
  if (rule.protocol !== undefined && rule.protocol !== protocol) return false;
  return (
    target.kind === 'pod' &&
    target.namedPorts.some((named) => named.name === rule.name && named.port === port && named.protocol === protocol)
  );
};

export const matchPorts = (ports: readonly CompiledPort[], destination: Destination): boolean =>
  ports.length === 0 || ports.some((port) => matchPort(port, destination));

/** `end`: the end that the rule names, source of an ingress rule and destination of an egress rule. */
export const matchRule = (rule: Matcher, end: Group, destination: Destination): Match =>
  matchPorts(rule.ports, destination) ? matchPeers(rule.peers, end) : 'no';
