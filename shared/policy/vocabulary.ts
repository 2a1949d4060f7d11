import type { ApplicationNetworkPolicy, ClusterPolicyPeer, DomainNamesPeer } from '../model/cluster-policy.ts';
import type { LabelSelector, NetworkPolicy, PolicyPeer } from '../model/facts-kubernetes.ts';
import { parseCidr } from './address.ts';
import type { AddressRange } from './address.ts';
import type { PolicyInputs } from './policy-index.ts';
import { requirementsOf } from './selector.ts';

/** All that the policies of a cluster can ask about a pod. Pods that agree on these answers are interchangeable. */
export interface Vocabulary {
  readonly labelKeys: ReadonlySet<string>;
  readonly portNames: ReadonlySet<string>;
  readonly ranges: ReadonlyMap<string, AddressRange>;
}

interface Draft {
  readonly labelKeys: Set<string>;
  readonly portNames: Set<string>;
  readonly ranges: Map<string, AddressRange>;
}

const addSelector = (draft: Draft, selector: LabelSelector | undefined): void => {
  if (selector === undefined) return;
  for (const { key } of requirementsOf(selector)) draft.labelKeys.add(key);
};

const addRange = (draft: Draft, cidr: string, path: string): void => {
  if (!draft.ranges.has(cidr)) draft.ranges.set(cidr, parseCidr(cidr, path));
};

const addPeer = (draft: Draft, peer: PolicyPeer | ClusterPolicyPeer | DomainNamesPeer, path: string): void => {
  switch (peer.kind) {
    case 'ip-block':
      addRange(draft, peer.cidr, `${path}.cidr`);
      for (const [index, cidr] of peer.except.entries()) addRange(draft, cidr, `${path}.except[${index}]`);
      return;
    case 'networks':
      for (const [index, cidr] of peer.cidrs.entries()) addRange(draft, cidr, `${path}.cidrs[${index}]`);
      return;
    case 'selectors':
    case 'pods':
      addSelector(draft, peer.podSelector);
      return;
    case 'namespaces':
    case 'domain-names':
      return;
    default:
      peer satisfies never;
  }
};

const addNamespaced = (
  draft: Draft,
  policies: readonly (NetworkPolicy | ApplicationNetworkPolicy)[],
  list: string,
): void => {
  for (const policy of policies) {
    addSelector(draft, policy.podSelector);
    for (const direction of ['ingress', 'egress'] as const) {
      for (const [index, { peers, ports }] of policy[direction].entries()) {
        const path = `${list}[${policy.namespace}/${policy.name}].${direction}[${index}]`;
        for (const [at, peer] of peers.entries()) addPeer(draft, peer, `${path}.peers[${at}]`);
        for (const { port } of ports) if (typeof port === 'string') draft.portNames.add(port);
      }
    }
  }
};

/** Whether an index with the words of `known` can answer all that `asked` asks. */
export const covers = (known: Vocabulary, asked: Vocabulary): boolean =>
  [...asked.labelKeys].every((key) => known.labelKeys.has(key)) &&
  [...asked.portNames].every((name) => known.portNames.has(name)) &&
  [...asked.ranges.keys()].every((cidr) => known.ranges.has(cidr));

/** @throws PolicyInputError on a CIDR that is none */
export const vocabularyOf = (
  inputs: Pick<PolicyInputs, 'networkPolicies' | 'applicationPolicies' | 'clusterPolicies'>,
): Vocabulary => {
  const draft: Draft = { labelKeys: new Set(), portNames: new Set(), ranges: new Map() };
  addNamespaced(draft, inputs.networkPolicies, 'networkPolicies');
  addNamespaced(draft, inputs.applicationPolicies ?? [], 'applicationPolicies');
  for (const policy of inputs.clusterPolicies ?? []) {
    if (policy.subject.kind === 'pods') addSelector(draft, policy.subject.podSelector);
    for (const direction of ['ingress', 'egress'] as const) {
      for (const [index, { peers, ports }] of policy[direction].entries()) {
        const path = `clusterPolicies[${policy.name}].${direction}[${index}]`;
        for (const [at, peer] of peers.entries()) addPeer(draft, peer, `${path}.peers[${at}]`);
        for (const port of ports) if (port.kind === 'name') draft.portNames.add(port.name);
      }
    }
  }
  return draft;
};
