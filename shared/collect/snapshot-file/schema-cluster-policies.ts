import * as z from 'zod';
import { labelSelector, policyPeer, policyPort, policyRule } from './schema-policies.ts';
import { count, list, time } from './values.ts';

/** Mirrors `model/cluster-policy.ts`; `schema.ts` proves that it does. */

export const clusterPolicyTier = z.enum(['Admin', 'Baseline']);

const namespaces = z.object({ kind: z.literal('namespaces'), namespaceSelector: labelSelector });
const pods = z.object({ kind: z.literal('pods'), namespaceSelector: labelSelector, podSelector: labelSelector });
const networks = z.object({ kind: z.literal('networks'), cidrs: list(z.string()) });
const domainNames = z.object({ kind: z.literal('domain-names'), names: list(z.string()) });

export const clusterPolicySubject = z
  .discriminatedUnion('kind', [namespaces, pods])
  .meta({ id: 'ClusterPolicySubject', description: 'Which pods a cluster policy is about' });

const clusterPolicyPort = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), protocol: z.string(), port: z.int() }),
  z.object({ kind: z.literal('range'), protocol: z.string(), start: z.int(), end: z.int() }),
  z.object({ kind: z.literal('name'), name: z.string() }),
]);

const clusterPolicyRule = z
  .object({
    name: z.string(),
    action: z.enum(['Accept', 'Deny', 'Pass']),
    peers: list(z.discriminatedUnion('kind', [namespaces, pods, networks, domainNames])),
    ports: list(clusterPolicyPort),
  })
  .meta({ id: 'ClusterPolicyRule', description: 'No ports: every port' });

export const clusterNetworkPolicy = z
  .object({
    name: z.string(),
    uid: z.string(),
    createdAt: time,
    generation: count,
    tier: clusterPolicyTier,
    priority: z.int(),
    subject: clusterPolicySubject,
    ingress: list(clusterPolicyRule),
    egress: list(clusterPolicyRule),
  })
  .meta({ id: 'ClusterNetworkPolicy', description: 'networking.k8s.aws/v1alpha1 ClusterNetworkPolicy' });

export const applicationNetworkPolicy = z
  .object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    createdAt: time,
    generation: count,
    podSelector: labelSelector,
    policyTypes: list(z.enum(['Ingress', 'Egress'])),
    ingress: list(policyRule),
    egress: list(z.object({ peers: list(z.union([policyPeer, domainNames])), ports: list(policyPort) })),
  })
  .meta({ id: 'ApplicationNetworkPolicy', description: 'networking.k8s.aws/v1alpha1 ApplicationNetworkPolicy' });

export const clusterPolicyEndpoint = z
  .object({
    name: z.string(),
    createdAt: time,
    policy: z.string(),
    tier: clusterPolicyTier,
    priority: z.int(),
    subject: clusterPolicySubject,
    pods: list(z.object({ namespace: z.string(), name: z.string(), podIP: z.string(), hostIP: z.string() })),
  })
  .meta({ id: 'ClusterPolicyEndpoint', description: 'networking.k8s.aws/v1alpha1 ClusterPolicyEndpoint' });
