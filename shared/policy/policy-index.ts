import type { ApplicationNetworkPolicy, ClusterNetworkPolicy } from '../model/cluster-policy.ts';
import type { Labels, Namespace, NetworkPolicy, Node, Pod } from '../model/facts-kubernetes.ts';
import type { ClusterRule, NamespacedPolicy } from './compiled.ts';
import type { Caveat, CaveatKind, Decision, PolicyRef } from './decision.ts';
import type { Direction, Endpoint, PodRef } from './flow.ts';
import type { Vocabulary } from './vocabulary.ts';

/** `NETWORK_POLICY_ENFORCING_MODE`, or Auto Mode's DefaultAllow (standard) and DefaultDeny (strict). */
export type EnforcingMode = 'standard' | 'strict';

export type IndexedNode = Pick<Node, 'name' | 'internalIPs' | 'operatingSystem'>;

/** One cluster at one moment. Lists must be complete: what is not in them counts as not there. */
export interface PolicyInputs {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly clusterPolicies?: readonly ClusterNetworkPolicy[];
  readonly applicationPolicies?: readonly ApplicationNetworkPolicy[];
  /** Without it a node's address is taken from its pods' `hostIP`, and Windows nodes go unnoticed. */
  readonly nodes?: readonly IndexedNode[];
  readonly mode: EnforcingMode;
}

export interface NamedPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** Pods that no policy of this index can tell apart: one judgement serves them all. */
export interface PodGroup {
  readonly kind: 'pod';
  readonly id: number;
  readonly namespace: string;
  /** Only the labels that some selector asks for. */
  readonly labels: Labels;
  /** Only the ports whose name some policy uses. */
  readonly namedPorts: readonly NamedPort[];
  readonly addressClass: number;
  /** What limits enforcement on these pods. */
  readonly limits: readonly CaveatKind[];
  /** What is uncertain about these pods themselves. */
  readonly doubts: readonly Caveat[];
  /** Every namespaced policy that selects these pods, sorted by kind, namespace and name. */
  readonly policies: readonly NamespacedPolicy[];
  /** Those of them that isolate, by direction, and their names. */
  readonly isolating: { readonly [D in Direction]: readonly NamespacedPolicy[] };
  readonly isolatedBy: { readonly [D in Direction]: readonly PolicyRef[] };
  /** Rules of cluster policies about these pods, the one that wins first. */
  readonly clusterRules: { readonly [D in Direction]: readonly ClusterRule[] };
}

/** A hostNetwork pod as far as selectors see it. */
export interface HostPod {
  readonly id: number;
  readonly namespace: string;
  readonly labels: Labels;
}

/** Addresses without policies of their own: outside the cluster, nodes, and the hostNetwork pods behind a node's address. */
export interface AddressGroup {
  readonly kind: 'address';
  readonly id: number;
  readonly owner: 'external' | 'node' | 'host-pod';
  readonly addressClass: number;
  readonly domainName?: string;
  readonly hostPods: readonly HostPod[];
  readonly doubts: readonly Caveat[];
}

export type Group = PodGroup | AddressGroup;

/** A pod that has traffic: neither Succeeded nor Failed. */
export interface IndexedPod {
  readonly pod: Pod;
  /** Position in `PolicyIndex.pods`. */
  readonly order: number;
  readonly group: Group;
}

/** Everything that decisions need, prepared once. Read it through the functions of this folder. */
export interface PolicyIndex {
  readonly inputs: PolicyInputs;
  readonly mode: EnforcingMode;
  /** What this index can tell pods apart by. */
  readonly vocabulary: Vocabulary;
  /** Every namespaced policy, sorted by kind, namespace and name. */
  readonly policies: readonly NamespacedPolicy[];
  /** Live pods in the order given. */
  readonly pods: readonly IndexedPod[];
  /** Brings a policy that is not in force into the form of this index, which must know all its words. */
  readonly compile: (policy: NetworkPolicy) => NamespacedPolicy;
  /** A group id that no group of this index has. */
  readonly takeGroupId: () => number;
  /** The groups that a policy of this index selects. */
  readonly groupsOf: (policy: NamespacedPolicy) => readonly PodGroup[];
  readonly podAt: (ref: PodRef) => IndexedPod | 'finished' | 'unknown';
  /** Listed, or seen through a pod that runs there. */
  readonly nodes: ReadonlyMap<string, IndexedNode>;
  readonly nodeGroup: (name: string) => AddressGroup | undefined;
  readonly externalGroup: (ip: string, domainName?: string) => AddressGroup;
  /** The owners of an address; exactly one unless two live pods claim it. @throws PolicyInputError */
  readonly endpointsAt: (ip: string) => readonly Endpoint[];
  readonly namespaceLabels: (name: string) => Labels;
  /** Decisions by pair of groups, port and protocol. Filled as they are asked for; a cache, so invisible to callers. */
  readonly decided: Map<string, Decision>;
}
