import type { CaveatKind } from './decision.ts';

/** How the cluster may behave against the decision. */
export type CaveatEffect =
  /** The flow may pass although the decision says denied. */
  | 'may-be-allowed'
  /** The flow may be denied although the decision says allowed. */
  | 'may-be-denied'
  /** Nobody promises either. */
  | 'undetermined'
  /** The decision stands; it surprises. */
  | 'note';

export interface CaveatText {
  readonly effect: CaveatEffect;
  readonly text: string;
  readonly url: string;
}

const KUBERNETES = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';
const USER_GUIDE = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html';
const AGENT = 'https://github.com/aws/aws-network-policy-agent';
const CONTROLLER = 'https://github.com/aws/amazon-network-policy-controller-k8s';

/** The words for every caveat, and the page each rests on. */
export const CAVEATS: { readonly [K in CaveatKind]: CaveatText } = {
  'pod-not-found': { effect: 'undetermined', text: 'The pod is not in the snapshot.', url: KUBERNETES },
  'pod-finished': {
    effect: 'undetermined',
    text: 'The pod has finished: it has no traffic, and its address may belong to another pod.',
    url: CONTROLLER,
  },
  'pod-without-address': {
    effect: 'undetermined',
    text: 'The pod has no address yet: rules on address ranges cannot match it, and no node enforces policies on it.',
    url: CONTROLLER,
  },
  'namespace-not-listed': {
    effect: 'undetermined',
    text: "The pod's namespace was not listed: only its automatic name label is known, so other namespace selectors may match in truth.",
    url: KUBERNETES,
  },
  'node-not-found': { effect: 'undetermined', text: 'The node is not in the snapshot.', url: KUBERNETES },
  'address-of-pod': {
    effect: 'undetermined',
    text: 'The address given as external belongs to a pod: rules that select this pod were not considered.',
    url: KUBERNETES,
  },
  'protocol-undefined': {
    effect: 'undetermined',
    text: 'NetworkPolicy is defined for TCP, UDP and SCTP. For ICMP the VPC CNI agent matches only rules without ports, and lets ICMPv6 pass.',
    url: KUBERNETES,
  },
  'same-pod': {
    effect: 'undetermined',
    text: 'A pod cannot be cut off from itself on localhost; through its own address the behaviour is not specified.',
    url: KUBERNETES,
  },
  'possible-reply': {
    effect: 'undetermined',
    text: 'The reverse connection is allowed: this may be a late reply packet, for which no rule is missing.',
    url: `${AGENT}/issues/462`,
  },
  'domain-name': {
    effect: 'undetermined',
    text: 'A rule on domain names may match this address; an address alone does not tell.',
    url: USER_GUIDE,
  },
  'domain-name-auto-mode': {
    effect: 'may-be-denied',
    text: 'Rules on domain names are enforced on EKS Auto Mode nodes only.',
    url: USER_GUIDE,
  },
  'service-port-differs': {
    effect: 'may-be-denied',
    text: 'The Service port differs from the container port; the VPC CNI supports policies only where they are equal.',
    url: USER_GUIDE,
  },
  'service-selector-differs': {
    effect: 'may-be-denied',
    text: "The rule's pod selector does not match the Service's own selector, so the VPC CNI does not admit the ClusterIP.",
    url: `${CONTROLLER}/issues/224`,
  },
  'too-many-port-combinations': {
    effect: 'may-be-denied',
    text: 'More than 24 port and protocol combinations apply to this peer; the agent drops those past the 24th.',
    url: USER_GUIDE,
  },
  'bare-pod': {
    effect: 'may-be-allowed',
    text: 'The pod has no owner; the VPC CNI does not guarantee enforcement on such pods.',
    url: USER_GUIDE,
  },
  'fargate-pod': {
    effect: 'may-be-allowed',
    text: 'The VPC CNI does not enforce policies on Fargate.',
    url: USER_GUIDE,
  },
  'windows-pod': {
    effect: 'may-be-allowed',
    text: 'The VPC CNI does not enforce policies on Windows nodes.',
    url: USER_GUIDE,
  },
  'branch-eni': {
    effect: 'may-be-allowed',
    text: 'The pod has a branch network interface (security groups for pods); policies need POD_SECURITY_GROUP_ENFORCING_MODE=standard there.',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html',
  },
  'second-address': {
    effect: 'may-be-allowed',
    text: 'The pod has several addresses; policies are enforced on its primary interface and in the cluster family only.',
    url: USER_GUIDE,
  },
  'host-network-peer': {
    effect: 'may-be-allowed',
    text: 'A rule selects a hostNetwork pod on this node. Kubernetes ignores it; the VPC CNI controller admits the whole node address.',
    url: CONTROLLER,
  },
  'except-overrides': {
    effect: 'may-be-denied',
    text: 'The address is under an `except` of one rule and admitted by a shorter prefix of another; the agent lets the longer prefix win.',
    url: `${CONTROLLER}/issues/146`,
  },
  'named-port-union': {
    effect: 'may-be-allowed',
    text: 'A named port stands for another number on a sibling pod; the VPC CNI opens every such number on all selected pods.',
    url: CONTROLLER,
  },
  'named-port-dropped': {
    effect: 'may-be-denied',
    text: 'Only a named port with an address range, or without peers, admits the flow; the VPC CNI controller drops such a port.',
    url: CONTROLLER,
  },
  'unlisted-rules-isolate': {
    effect: 'may-be-denied',
    text: 'A policy has rules for a direction it does not list in policyTypes; the VPC CNI enforces them all the same.',
    url: CONTROLLER,
  },
  'unlisted-rules-allow': {
    effect: 'may-be-allowed',
    text: 'A rule of a direction that its policy does not list in policyTypes admits the flow on the VPC CNI.',
    url: CONTROLLER,
  },
  'baseline-skipped': {
    effect: 'note',
    text: 'A Baseline Deny would match, but Baseline is not consulted for a pod that has any namespaced policy.',
    url: AGENT,
  },
  'strict-opens-direction': {
    effect: 'note',
    text: 'Strict mode: a policy for one direction leaves the other direction of the pod fully open.',
    url: `${AGENT}/issues/319`,
  },
};

/** True of every decision on a VPC CNI cluster, so not repeated on each. */
export const GENERAL_LIMITS: readonly string[] = [
  'Only the primary interface (eth0) of a pod is policed; extra Multus interfaces are not.',
  'A cluster polices one address family; rules of the other are ignored.',
  'What was connected before a policy changed may keep or lose its connection; Kubernetes leaves this open.',
];
