import * as z from 'zod';
import { count, labels, list, time } from './values.ts';

/** Mirrors the policies of `model/facts-kubernetes.ts`; `schema.ts` proves that it does. */

export const labelSelector = z
  .object({
    matchLabels: labels,
    matchExpressions: list(
      z.object({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: list(z.string()),
      }),
    ),
  })
  .meta({ id: 'LabelSelector', description: 'Both parts empty: selects everything' });

export const policyPeer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ip-block'), cidr: z.string(), except: list(z.string()) }),
  z.object({
    kind: z.literal('selectors'),
    podSelector: labelSelector.exactOptional(),
    namespaceSelector: labelSelector.exactOptional(),
  }),
]);

export const policyPort = z.object({
  protocol: z.string(),
  port: z.union([z.int(), z.string()], 'number or name').exactOptional(),
  endPort: z.int().exactOptional(),
});

export const policyRule = z
  .object({ peers: list(policyPeer), ports: list(policyPort) })
  .meta({ id: 'PolicyRule', description: 'No peers: every peer. No ports: every port' });

export const networkPolicy = z
  .object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    createdAt: time,
    generation: count,
    podSelector: labelSelector,
    policyTypes: list(z.enum(['Ingress', 'Egress'])),
    ingress: list(policyRule),
    egress: list(policyRule),
  })
  .meta({ id: 'NetworkPolicy', description: 'networking.k8s.io/v1 NetworkPolicy, policyTypes defaulted' });

export const policyEndpoint = z
  .object({
    namespace: z.string(),
    name: z.string(),
    createdAt: time,
    policy: z.object({ namespace: z.string(), name: z.string() }),
    podSelector: labelSelector,
    podIsolation: list(z.string()),
    pods: list(z.object({ namespace: z.string(), name: z.string(), podIP: z.string(), hostIP: z.string() })),
  })
  .meta({ id: 'PolicyEndpoint', description: 'networking.k8s.aws/v1alpha1 PolicyEndpoint' });

export const securityGroupPolicy = z
  .object({
    namespace: z.string(),
    name: z.string(),
    groupIds: list(z.string()),
    podSelector: labelSelector.exactOptional(),
    serviceAccountSelector: labelSelector.exactOptional(),
  })
  .meta({ id: 'SecurityGroupPolicy', description: 'vpcresources.k8s.aws/v1beta1 SecurityGroupPolicy' });
