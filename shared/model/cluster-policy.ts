import type { LabelSelector, PolicyPeer, PolicyPort, PolicyRule } from './facts-kubernetes.ts';

/**
 * The policy kinds of Amazon EKS beside NetworkPolicy, both `networking.k8s.aws/v1alpha1`.
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 * Field types: https://github.com/aws/amazon-network-policy-controller-k8s/tree/main/api/v1alpha1
 *
 * Not to be confused with the upstream kinds of `policy.networking.k8s.io`: same name, another port schema, another tie break.
 */

export type ClusterPolicyTier = 'Admin' | 'Baseline';

/** `Pass` leaves the decision to the next tier. */
export type ClusterPolicyAction = 'Accept' | 'Deny' | 'Pass';

/** Exact, or with a leading `*.`. */
export interface DomainNamesPeer {
  readonly kind: 'domain-names';
  readonly names: readonly string[];
}

/** Which pods a cluster policy is about. */
export type ClusterPolicySubject =
  | { readonly kind: 'namespaces'; readonly namespaceSelector: LabelSelector }
  | { readonly kind: 'pods'; readonly namespaceSelector: LabelSelector; readonly podSelector: LabelSelector };

/** `networks` and `domain-names` appear under `egress` only. */
export type ClusterPolicyPeer =
  | ClusterPolicySubject
  | { readonly kind: 'networks'; readonly cidrs: readonly string[] }
  | DomainNamesPeer;

/** `portNumber`, `portRange` (both ends included) or `namedPort` (which carries no protocol). */
export type ClusterPolicyPort =
  | { readonly kind: 'number'; readonly protocol: string; readonly port: number }
  | { readonly kind: 'range'; readonly protocol: string; readonly start: number; readonly end: number }
  | { readonly kind: 'name'; readonly name: string };

export interface ClusterPolicyRule {
  /** Empty where none is given. */
  readonly name: string;
  readonly action: ClusterPolicyAction;
  /** At least one: a cluster rule has no "everybody" by omission. */
  readonly peers: readonly ClusterPolicyPeer[];
  /** Empty: all. */
  readonly ports: readonly ClusterPolicyPort[];
}

/** Cluster-scoped. Needs EKS ≥ 1.29 and VPC CNI ≥ 1.21.1. */
export interface ClusterNetworkPolicy {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly generation: number;
  readonly tier: ClusterPolicyTier;
  /** 0-1000, the lower first. */
  readonly priority: number;
  readonly subject: ClusterPolicySubject;
  readonly ingress: readonly ClusterPolicyRule[];
  readonly egress: readonly ClusterPolicyRule[];
}

export interface ApplicationEgressRule {
  /** Empty: all. */
  readonly peers: readonly (PolicyPeer | DomainNamesPeer)[];
  readonly ports: readonly PolicyPort[];
}

/** Namespaced, allows only. Domain names are enforced by EKS Auto Mode alone. */
export interface ApplicationNetworkPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly generation: number;
  readonly podSelector: LabelSelector;
  /** As written: no API server defaults it, so it may be empty. */
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly ApplicationEgressRule[];
}
