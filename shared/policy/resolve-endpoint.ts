import type { CaveatKind } from './decision.ts';
import type { Endpoint } from './flow.ts';
import type { AddressGroup, Group, IndexedPod, PolicyIndex } from './policy-index.ts';

/** An end of a flow, found in the index. */
export type ResolvedEnd =
  | { readonly kind: 'pod'; readonly indexed: IndexedPod; readonly group: Group }
  | { readonly kind: 'address'; readonly endpoint: Exclude<Endpoint, { kind: 'pod' }>; readonly group: AddressGroup }
  | { readonly kind: 'missing'; readonly caveat: CaveatKind };

export type FoundEnd = Exclude<ResolvedEnd, { kind: 'missing' }>;

/** @throws PolicyInputError where an external address is none */
export const resolveEndpoint = (index: PolicyIndex, endpoint: Endpoint): ResolvedEnd => {
  switch (endpoint.kind) {
    case 'pod': {
      const indexed = index.podAt(endpoint);
      if (indexed === 'unknown') return { kind: 'missing', caveat: 'pod-not-found' };
      if (indexed === 'finished') return { kind: 'missing', caveat: 'pod-finished' };
      return { kind: 'pod', indexed, group: indexed.group };
    }
    case 'node': {
      const group = index.nodeGroup(endpoint.name);
      return group === undefined ? { kind: 'missing', caveat: 'node-not-found' } : { kind: 'address', endpoint, group };
    }
    case 'external':
      return { kind: 'address', endpoint, group: index.externalGroup(endpoint.ip, endpoint.name) };
    default:
      return endpoint satisfies never;
  }
};

const hasAddress = (index: PolicyIndex, endpoint: Exclude<Endpoint, { kind: 'pod' }>, ip: string): boolean =>
  endpoint.kind === 'external'
    ? endpoint.ip === ip
    : (index.nodes.get(endpoint.name)?.internalIPs.includes(ip) ?? false);

const runsOn = (index: PolicyIndex, pod: FoundEnd, other: FoundEnd): boolean => {
  if (pod.kind !== 'pod' || pod.group.kind !== 'pod') return false;
  const { nodeName, hostIP } = pod.indexed.pod;
  if (other.kind === 'pod') {
    return other.group.kind === 'address' && nodeName !== undefined && other.indexed.pod.nodeName === nodeName;
  }
  if (other.endpoint.kind === 'node' && other.endpoint.name === nodeName) return true;
  return hostIP !== undefined && hasAddress(index, other.endpoint, hostIP);
};

/**
 * Whether one end is a pod and the other the node it runs on, or a hostNetwork process there: traffic between a pod and its
 * own node is always allowed in both directions, and the agent lets it pass before every tier.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export const isOwnNode = (index: PolicyIndex, from: FoundEnd, to: FoundEnd): boolean =>
  runsOn(index, from, to) || runsOn(index, to, from);

export const isSamePod = (from: FoundEnd, to: FoundEnd): boolean =>
  from.kind === 'pod' && to.kind === 'pod' && from.indexed === to.indexed;

/** Whether an end given as external is a pod's address after all. */
export const isPodAddress = (index: PolicyIndex, end: FoundEnd): boolean =>
  end.kind === 'address' &&
  end.endpoint.kind === 'external' &&
  index.endpointsAt(end.endpoint.ip).some(({ kind }) => kind === 'pod');
