import type { ClusterPolicyAction, ClusterPolicyTier } from '../model/cluster-policy.ts';
import type { Direction } from './flow.ts';

/** `unknown`: what was given does not determine it, and the caveats say why. Never to be read as either of the others. */
export type Verdict = 'allowed' | 'denied' | 'unknown';

/** A namespaced policy. */
export interface PolicyRef {
  readonly kind: 'NetworkPolicy' | 'ApplicationNetworkPolicy';
  readonly namespace: string;
  readonly name: string;
}

/** A rule of a namespaced policy; `index` counts in `spec.ingress` or `spec.egress`. */
export interface RuleRef {
  readonly policy: PolicyRef;
  readonly direction: Direction;
  readonly index: number;
}

/** A rule of a ClusterNetworkPolicy. */
export interface ClusterRuleRef {
  readonly policy: string;
  readonly tier: ClusterPolicyTier;
  readonly priority: number;
  readonly direction: Direction;
  readonly index: number;
  /** The rule's own name; may be empty. */
  readonly rule: string;
  readonly action: ClusterPolicyAction;
}

/** Why a side came out as it did. */
export type Because =
  /** The end is no pod: no policy applies to it. */
  | { readonly kind: 'not-a-pod' }
  /** Its traffic is its node's. */
  | { readonly kind: 'host-network' }
  /** A pod cannot be cut off from the node it runs on, nor the node from it. */
  | { readonly kind: 'own-node' }
  | { readonly kind: 'same-pod' }
  /** No policy of any kind decides, and standard mode allows by default. */
  | { readonly kind: 'no-policy' }
  /** The pod has policies; none isolates it in this direction. */
  | { readonly kind: 'not-isolated' }
  | { readonly kind: 'rule'; readonly rule: RuleRef }
  /** Isolated, and no rule admits the flow. No single policy denied it. */
  | { readonly kind: 'no-rule' }
  | { readonly kind: 'cluster-rule'; readonly rule: ClusterRuleRef }
  /** Strict mode, and the pod has no policy. */
  | { readonly kind: 'strict-default' }
  /** Rests on a rule on domain names, and the flow carries an address alone. */
  | { readonly kind: 'domain-name' }
  /** Policies decide here, and they have no meaning for this protocol. */
  | { readonly kind: 'protocol-undefined' }
  /** The pod is not in the snapshot, or has finished. */
  | { readonly kind: 'no-such-pod' };

/** What decided: a tier of cluster policies, the namespaced policies, the mode's default; `None` where nothing was evaluated. */
export type DecidingTier = ClusterPolicyTier | 'NetworkPolicy' | 'Default' | 'None';

/** One end's judgement: egress at the source, ingress at the destination. */
export interface Side {
  readonly verdict: Verdict;
  readonly tier: DecidingTier;
  readonly because: Because;
  /** Whether a namespaced policy isolates the pod in this direction. */
  readonly isolated: boolean;
  /** Which ones, sorted by namespace and name. */
  readonly isolatedBy: readonly PolicyRef[];
}

export type CaveatKind =
  | 'pod-not-found'
  | 'pod-finished'
  | 'pod-without-address'
  | 'namespace-not-listed'
  | 'node-not-found'
  | 'address-of-pod'
  | 'protocol-undefined'
  | 'same-pod'
  | 'possible-reply'
  | 'domain-name'
  | 'domain-name-auto-mode'
  | 'service-port-differs'
  | 'service-selector-differs'
  | 'too-many-port-combinations'
  | 'bare-pod'
  | 'fargate-pod'
  | 'windows-pod'
  | 'branch-eni'
  | 'second-address'
  | 'host-network-peer'
  | 'except-overrides'
  | 'named-port-union'
  | 'named-port-dropped'
  | 'unlisted-rules-isolate'
  | 'unlisted-rules-allow'
  | 'baseline-skipped'
  | 'strict-opens-direction';

/** Something the reader of a decision must know before relying on it. `CAVEATS` has the words and the source. */
export interface Caveat {
  readonly kind: CaveatKind;
  /** `flow`: about the question itself rather than one side of the answer. */
  readonly on: Direction | 'flow';
}

export interface Decision {
  /** Allowed where every side is; denied where any is. */
  readonly allowed: Verdict;
  readonly egress: Side;
  readonly ingress: Side;
  readonly caveats: readonly Caveat[];
}

export const verdictOf = (egress: Verdict, ingress: Verdict): Verdict => {
  if (egress === 'denied' || ingress === 'denied') return 'denied';
  return egress === 'unknown' || ingress === 'unknown' ? 'unknown' : 'allowed';
};

export const samePolicy = (a: PolicyRef, b: PolicyRef): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
