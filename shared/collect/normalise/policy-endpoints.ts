import * as z from 'zod';
import type { PolicyEndpoint } from '../../model/facts-kubernetes.ts';
import { listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { EVERYTHING, labelSelector } from './label-selector.ts';
import { distinct, sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

const endpoint = z.object({
  kind: ofKind('PolicyEndpoint'),
  metadata: z.object({ namespace: text, name: text, creationTimestamp: kubernetesTime }),
  spec: z.object({
    policyRef: z.object({ namespace: text, name: text }),
    podSelector: labelSelector.nullish(),
    podIsolation: listOf(text),
    podSelectorEndpoints: listOf(z.object({ namespace: text, name: text, podIP: text, hostIP: text })),
  }),
});

/**
 * One PolicyEndpoint of networking.k8s.aws/v1alpha1: a slice, up to 200 pods, of what one policy became
 * (https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/api/v1alpha1/policyendpoint_types.go).
 * `podSelector` is the policy's own; where the controller wrote none, none narrows the pods: everything.
 * @throws MalformedError
 */
export const normalisePolicyEndpoint = (item: unknown, path = ''): PolicyEndpoint => {
  const { metadata, spec } = parse(endpoint, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    policy: spec.policyRef,
    podSelector: spec.podSelector ?? EVERYTHING,
    podIsolation: distinct(spec.podIsolation),
    pods: sortedBy(spec.podSelectorEndpoints, ({ namespace, name, podIP }) => [namespace, name, podIP]),
  };
};

/** `GET /apis/networking.k8s.aws/v1alpha1/policyendpoints`, sorted by namespace and name. */
export const normalisePolicyEndpoints = (raw: unknown): readonly PolicyEndpoint[] =>
  normaliseList(raw, 'PolicyEndpoint', normalisePolicyEndpoint, ({ namespace, name }) => [namespace, name]);
