import * as z from 'zod';
import type { ClusterPolicyEndpoint } from '../../model/facts-kubernetes-network.ts';
import { clusterPolicyPriority, clusterPolicySubject, clusterPolicyTier } from './cluster-network-policies.ts';
import { listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

const endpoint = z.object({
  kind: ofKind('ClusterPolicyEndpoint'),
  metadata: z.object({ name: text, creationTimestamp: kubernetesTime }),
  spec: z.object({
    policyRef: z.object({ name: text }),
    tier: clusterPolicyTier,
    priority: clusterPolicyPriority,
    subject: clusterPolicySubject,
    podSelectorEndpoints: listOf(z.object({ namespace: text, name: text, podIP: text, hostIP: text })),
  }),
});

/**
 * One ClusterPolicyEndpoint of networking.k8s.aws/v1alpha1
 * (https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/api/v1alpha1/clusterpolicyendpoint_types.go).
 * @throws MalformedError
 */
export const normaliseClusterPolicyEndpoint = (item: unknown, path = ''): ClusterPolicyEndpoint => {
  const { metadata, spec } = parse(endpoint, item, path);
  return {
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    policy: spec.policyRef.name,
    tier: spec.tier,
    priority: spec.priority,
    subject: spec.subject,
    pods: sortedBy(spec.podSelectorEndpoints, ({ namespace, name, podIP }) => [namespace, name, podIP]),
  };
};

/** `GET /apis/networking.k8s.aws/v1alpha1/clusterpolicyendpoints`, sorted by name. */
export const normaliseClusterPolicyEndpoints = (raw: unknown): readonly ClusterPolicyEndpoint[] =>
  normaliseList(raw, 'ClusterPolicyEndpoint', normaliseClusterPolicyEndpoint, ({ name }) => [name]);
