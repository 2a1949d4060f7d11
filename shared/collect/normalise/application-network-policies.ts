import * as z from 'zod';
import type { ApplicationEgressRule, ApplicationNetworkPolicy, DomainNamesPeer } from '../../model/cluster-policy.ts';
import { count, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { EVERYTHING, labelSelector } from './label-selector.ts';
import { policyIngressRule, policyPeer, policyPort } from './network-policies.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

const missing = z.null().optional();

/** Domain names stand alone: a selector beside them must not be overlooked. */
const domainNames = z
  .object({ domainNames: z.array(text).min(1), ipBlock: missing, podSelector: missing, namespaceSelector: missing })
  .transform((peer): DomainNamesPeer => ({ kind: 'domain-names', names: peer.domainNames }));

const withoutNames = z.looseObject({ domainNames: missing }).pipe(policyPeer);

const egressRule = z
  .object({
    to: listOf(z.union([domainNames, withoutNames], 'domainNames alone, ipBlock alone, or selectors')),
    ports: listOf(policyPort),
  })
  .transform(({ to, ports }): ApplicationEgressRule => ({ peers: to, ports }));

const policy = z.object({
  kind: ofKind('ApplicationNetworkPolicy'),
  metadata: z.object({
    namespace: text,
    name: text,
    uid: text,
    creationTimestamp: kubernetesTime,
    generation: count.nullish(),
  }),
  spec: z.object({
    podSelector: labelSelector.nullish(),
    policyTypes: listOf(z.enum(['Ingress', 'Egress'])),
    ingress: listOf(policyIngressRule),
    egress: listOf(egressRule),
  }),
});

/**
 * One ApplicationNetworkPolicy of networking.k8s.aws/v1alpha1
 * (https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/api/v1alpha1/applicationnetworkpolicy_types.go).
 * `policyTypes` stays empty where it was left out: nothing in the API server defaults it for this kind.
 * @throws MalformedError
 */
export const normaliseApplicationNetworkPolicy = (item: unknown, path = ''): ApplicationNetworkPolicy => {
  const { metadata, spec } = parse(policy, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    generation: metadata.generation ?? 0,
    podSelector: spec.podSelector ?? EVERYTHING,
    policyTypes: (['Ingress', 'Egress'] as const).filter((type) => spec.policyTypes.includes(type)),
    ingress: spec.ingress,
    egress: spec.egress,
  };
};

/** `GET /apis/networking.k8s.aws/v1alpha1/applicationnetworkpolicies`, sorted by namespace and name. */
export const normaliseApplicationNetworkPolicies = (raw: unknown): readonly ApplicationNetworkPolicy[] =>
  normaliseList(raw, 'ApplicationNetworkPolicy', normaliseApplicationNetworkPolicy, ({ namespace, name }) => [
    namespace,
    name,
  ]);
