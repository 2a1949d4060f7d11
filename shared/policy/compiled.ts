import type {
  ApplicationNetworkPolicy,
  ClusterNetworkPolicy,
  ClusterPolicyPeer,
  ClusterPolicyPort,
  DomainNamesPeer,
} from '../model/cluster-policy.ts';
import type { LabelSelector, NetworkPolicy, PolicyPeer, PolicyPort } from '../model/facts-kubernetes.ts';
import type { ClassSpan } from './address-classes.ts';
import type { ClusterRuleRef, PolicyRef, RuleRef } from './decision.ts';
import type { Direction } from './flow.ts';

/** Policies in the form that decisions read: selectors of namespaces as sets of names, ranges as spans of address classes. */
export type CompiledPeer =
  | { readonly kind: 'pods'; readonly namespaces: ReadonlySet<string>; readonly podSelector: LabelSelector }
  | {
      readonly kind: 'block';
      readonly span: ClassSpan;
      /** Length of the CIDR's prefix. */
      readonly prefix: number;
      readonly except: readonly { readonly span: ClassSpan; readonly prefix: number }[];
    }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** A peer with neither selector: the API server refuses it, and it selects nothing. */
  | { readonly kind: 'nothing' };

export type CompiledPort =
  | { readonly kind: 'numbers'; readonly protocol: string; readonly first: number; readonly last: number }
  /** A cluster policy's named port has no protocol of its own: it takes that of the container port. */
  | { readonly kind: 'name'; readonly protocol: string | undefined; readonly name: string };

export interface Matcher {
  /** `everybody` for a NetworkPolicy rule without peers. */
  readonly peers: readonly CompiledPeer[] | 'everybody';
  /** Empty: every port of every protocol. */
  readonly ports: readonly CompiledPort[];
}

export interface CompiledRule extends Matcher {
  readonly ref: RuleRef;
}

export interface NamespacedPolicy {
  readonly ref: PolicyRef;
  /** As it was given, for explanations. */
  readonly source: NetworkPolicy | ApplicationNetworkPolicy;
  readonly podSelector: LabelSelector;
  readonly isolates: { readonly [D in Direction]: boolean };
  readonly rules: { readonly [D in Direction]: readonly CompiledRule[] };
}

export interface ClusterRule extends Matcher {
  readonly ref: ClusterRuleRef;
}

export interface ClusterPolicy {
  readonly policy: ClusterNetworkPolicy;
  readonly namespaces: ReadonlySet<string>;
  readonly podSelector: LabelSelector;
  readonly rules: { readonly [D in Direction]: readonly ClusterRule[] };
}

/** What compiling needs to know of the rest of the cluster. */
export interface CompileContext {
  readonly namespacesMatching: (selector: LabelSelector) => ReadonlySet<string>;
  readonly span: (cidr: string) => { readonly span: ClassSpan; readonly prefix: number };
}

const ALL_PODS: LabelSelector = { matchLabels: {}, matchExpressions: [] };
const LAST_PORT = 65_535;

/** `namespace` is the policy's own, which a peer without namespaceSelector stays in. */
export const compilePeer = (
  peer: PolicyPeer | DomainNamesPeer,
  namespace: string,
  context: CompileContext,
): CompiledPeer => {
  switch (peer.kind) {
    case 'ip-block':
      return { kind: 'block', ...context.span(peer.cidr), except: peer.except.map((cidr) => context.span(cidr)) };
    case 'domain-names':
      return { kind: 'names', names: peer.names };
    case 'selectors':
      if (peer.podSelector === undefined && peer.namespaceSelector === undefined) return { kind: 'nothing' };
      return {
        kind: 'pods',
        namespaces:
          peer.namespaceSelector === undefined
            ? new Set([namespace])
            : context.namespacesMatching(peer.namespaceSelector),
        podSelector: peer.podSelector ?? ALL_PODS,
      };
    default:
      return peer satisfies never;
  }
};

export const compilePort = ({ protocol, port, endPort }: PolicyPort): CompiledPort => {
  if (typeof port === 'string') return { kind: 'name', protocol, name: port };
  if (port === undefined) return { kind: 'numbers', protocol, first: 0, last: LAST_PORT };
  return { kind: 'numbers', protocol, first: port, last: endPort ?? port };
};

const compileClusterPeer = (peer: ClusterPolicyPeer, context: CompileContext): readonly CompiledPeer[] => {
  switch (peer.kind) {
    case 'namespaces':
    case 'pods':
      return [{ kind: 'pods', ...compileSubject(peer, context) }];
    case 'networks':
      return peer.cidrs.map((cidr) => ({ kind: 'block', ...context.span(cidr), except: [] }));
    case 'domain-names':
      return [{ kind: 'names', names: peer.names }];
    default:
      return peer satisfies never;
  }
};

const compileClusterPort = (port: ClusterPolicyPort): CompiledPort => {
  switch (port.kind) {
    case 'number':
      return { kind: 'numbers', protocol: port.protocol, first: port.port, last: port.port };
    case 'range':
      return { kind: 'numbers', protocol: port.protocol, first: port.start, last: port.end };
    case 'name':
      return { kind: 'name', protocol: undefined, name: port.name };
    default:
      return port satisfies never;
  }
};

const compileSubject = (
  subject: ClusterNetworkPolicy['subject'],
  context: CompileContext,
): Pick<ClusterPolicy, 'namespaces' | 'podSelector'> => ({
  namespaces: context.namespacesMatching(subject.namespaceSelector),
  podSelector: subject.kind === 'pods' ? subject.podSelector : ALL_PODS,
});

export const compileClusterPolicy = (policy: ClusterNetworkPolicy, context: CompileContext): ClusterPolicy => {
  const rules = (direction: Direction): readonly ClusterRule[] =>
    policy[direction].map((rule, index) => ({
      ref: {
        policy: policy.name,
        tier: policy.tier,
        priority: policy.priority,
        direction,
        index,
        rule: rule.name,
        action: rule.action,
      },
      peers: rule.peers.flatMap((peer) => compileClusterPeer(peer, context)),
      ports: rule.ports.map(compileClusterPort),
    }));
  return {
    policy,
    ...compileSubject(policy.subject, context),
    rules: { ingress: rules('ingress'), egress: rules('egress') },
  };
};

const ACTION_ORDER = { Deny: 0, Accept: 1, Pass: 2 } as const;

/**
 * Which of two matching rules of one tier wins. The lower priority first; on equal priority, rules of one policy included,
 * Deny before Accept before Pass whatever their order: the agent keys rules by `priority * 10 + action`.
 * Policy name and rule position only make the named reason stable, they decide nothing.
 * https://github.com/aws/aws-network-policy-agent/blob/main/pkg/utils/utils.go
 */
export const byPrecedence = ({ ref: a }: ClusterRule, { ref: b }: ClusterRule): number =>
  a.priority - b.priority ||
  ACTION_ORDER[a.action] - ACTION_ORDER[b.action] ||
  (a.policy < b.policy ? -1 : Number(a.policy > b.policy)) ||
  a.index - b.index;
