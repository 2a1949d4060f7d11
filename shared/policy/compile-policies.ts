import type { ApplicationNetworkPolicy } from '../model/cluster-policy.ts';
import type { NetworkPolicy } from '../model/facts-kubernetes.ts';
import { compilePeer, compilePort } from './compiled.ts';
import type { CompileContext, CompiledRule, NamespacedPolicy } from './compiled.ts';
import type { PolicyRef } from './decision.ts';
import type { Direction } from './flow.ts';

const LISTED = { ingress: 'Ingress', egress: 'Egress' } as const;

const compileRules = (
  policy: NetworkPolicy | ApplicationNetworkPolicy,
  ref: PolicyRef,
  direction: Direction,
  context: CompileContext,
): readonly CompiledRule[] =>
  policy[direction].map((rule, index) => ({
    ref: { policy: ref, direction, index },
    peers:
      rule.peers.length === 0 ? 'everybody' : rule.peers.map((peer) => compilePeer(peer, policy.namespace, context)),
    ports: rule.ports.map(compilePort),
  }));

const compile = (
  policy: NetworkPolicy | ApplicationNetworkPolicy,
  ref: PolicyRef,
  isolates: (direction: Direction) => boolean,
  context: CompileContext,
): NamespacedPolicy => ({
  ref,
  source: policy,
  podSelector: policy.podSelector,
  isolates: { ingress: isolates('ingress'), egress: isolates('egress') },
  rules: {
    ingress: compileRules(policy, ref, 'ingress', context),
    egress: compileRules(policy, ref, 'egress', context),
  },
});

/** `policyTypes` decides alone: rules of a direction that it does not list are not in force. */
export const compileNetworkPolicy = (policy: NetworkPolicy, context: CompileContext): NamespacedPolicy =>
  compile(
    policy,
    { kind: 'NetworkPolicy', namespace: policy.namespace, name: policy.name },
    (direction) => policy.policyTypes.includes(LISTED[direction]),
    context,
  );

/**
 * Nothing defaults `policyTypes` of this kind, and the agent enforces whatever rules reach it: a direction is isolated
 * where it is listed or has rules.
 * https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go
 */
export const compileApplicationPolicy = (policy: ApplicationNetworkPolicy, context: CompileContext): NamespacedPolicy =>
  compile(
    policy,
    { kind: 'ApplicationNetworkPolicy', namespace: policy.namespace, name: policy.name },
    (direction) => policy.policyTypes.includes(LISTED[direction]) || policy[direction].length > 0,
    context,
  );
