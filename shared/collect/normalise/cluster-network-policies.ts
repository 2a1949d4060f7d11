import * as z from 'zod';
import type {
  ClusterNetworkPolicy,
  ClusterPolicyPeer,
  ClusterPolicyPort,
  ClusterPolicySubject,
} from '../../model/cluster-policy.ts';
import { count, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { labelSelector } from './label-selector.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Exactly one of the members is there: what the API server checks for all of these unions. */
const oneOf = (members: { readonly [name: string]: unknown }): boolean =>
  Object.values(members).filter(isGiven).length === 1;

const selectors = {
  namespaces: labelSelector.nullish(),
  pods: z.object({ namespaceSelector: labelSelector, podSelector: labelSelector }).nullish(),
};

/** Which pods a policy is about; also of what became of it, a ClusterPolicyEndpoint. */
export const clusterPolicySubject = z
  .object(selectors)
  .transform(({ namespaces, pods }, context): ClusterPolicySubject => {
    if (pods && !namespaces) return { kind: 'pods', ...pods };
    if (namespaces && !pods) return { kind: 'namespaces', namespaceSelector: namespaces };
    context.issues.push({ code: 'custom', message: 'namespaces or pods', input: namespaces });
    return z.NEVER;
  });

const egressPeer = z
  .object({ ...selectors, networks: z.array(text).nullish(), domainNames: z.array(text).nullish() })
  .transform(({ namespaces, pods, networks, domainNames }, context): ClusterPolicyPeer => {
    if (oneOf({ namespaces, pods, networks, domainNames })) {
      if (pods) return { kind: 'pods', ...pods };
      if (namespaces) return { kind: 'namespaces', namespaceSelector: namespaces };
      if (networks) return { kind: 'networks', cidrs: networks };
      if (domainNames) return { kind: 'domain-names', names: domainNames };
    }
    const message = 'one of namespaces, pods, networks and domainNames';
    context.issues.push({ code: 'custom', message, input: namespaces });
    return z.NEVER;
  });

const port = z
  .object({
    portNumber: z.object({ protocol: text.nullish(), port: z.int() }).nullish(),
    portRange: z.object({ protocol: text.nullish(), start: z.int(), end: z.int() }).nullish(),
    namedPort: text.nullish(),
  })
  .transform(({ portNumber, portRange, namedPort }, context): ClusterPolicyPort => {
    if (oneOf({ portNumber, portRange, namedPort })) {
      if (portNumber) return { kind: 'number', protocol: portNumber.protocol ?? 'TCP', port: portNumber.port };
      if (portRange) return { ...portRange, kind: 'range', protocol: portRange.protocol ?? 'TCP' };
      if (namedPort) return { kind: 'name', name: namedPort };
    }
    const message = 'one of portNumber, portRange and namedPort';
    context.issues.push({ code: 'custom', message, input: namedPort });
    return z.NEVER;
  });

const rule = { name: text.nullish(), action: z.enum(['Accept', 'Deny', 'Pass']), ports: listOf(port) };

const ingressRule = z.object({ ...rule, from: z.array(clusterPolicySubject).min(1) });
const egressRule = z.object({ ...rule, to: z.array(egressPeer).min(1) });

export const clusterPolicyTier = z.enum(['Admin', 'Baseline']);

/** 0-1000; what lies outside, the API server refuses. */
export const clusterPolicyPriority = z.int().min(0).max(1000);

const policy = z.object({
  kind: ofKind('ClusterNetworkPolicy'),
  metadata: z.object({ name: text, uid: text, creationTimestamp: kubernetesTime, generation: count.nullish() }),
  spec: z.object({
    tier: clusterPolicyTier,
    priority: clusterPolicyPriority,
    subject: clusterPolicySubject,
    ingress: listOf(ingressRule),
    egress: listOf(egressRule),
  }),
});

/**
 * One ClusterNetworkPolicy of networking.k8s.aws/v1alpha1
 * (https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/api/v1alpha1/clusternetworkpolicy_types.go).
 * A port's protocol defaults to TCP. Rules keep their order: people find them by index.
 * @throws MalformedError also for a union of which several members are there, or none
 */
export const normaliseClusterNetworkPolicy = (item: unknown, path = ''): ClusterNetworkPolicy => {
  const { metadata, spec } = parse(policy, item, path);
  return {
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    generation: metadata.generation ?? 0,
    tier: spec.tier,
    priority: spec.priority,
    subject: spec.subject,
    ingress: spec.ingress.map(({ name, action, from, ports }) => ({ name: name ?? '', action, peers: from, ports })),
    egress: spec.egress.map(({ name, action, to, ports }) => ({ name: name ?? '', action, peers: to, ports })),
  };
};

/** `GET /apis/networking.k8s.aws/v1alpha1/clusternetworkpolicies`, sorted by name. */
export const normaliseClusterNetworkPolicies = (raw: unknown): readonly ClusterNetworkPolicy[] =>
  normaliseList(raw, 'ClusterNetworkPolicy', normaliseClusterNetworkPolicy, ({ name }) => [name]);
