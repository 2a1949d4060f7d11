import * as z from 'zod';
import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '../../model/facts-kubernetes.ts';
import { count, given, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { EVERYTHING, labelSelector } from './label-selector.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

const PEER = 'ipBlock alone, or podSelector and namespaceSelector';

/** A peer of a rule; ApplicationNetworkPolicy has the same. */
export const policyPeer = z
  .object({
    ipBlock: z.object({ cidr: text, except: listOf(text) }).nullish(),
    podSelector: labelSelector.nullish(),
    namespaceSelector: labelSelector.nullish(),
  })
  .transform(({ ipBlock, podSelector, namespaceSelector }, context): PolicyPeer => {
    const selectors = given({ podSelector, namespaceSelector });
    const selects = Object.keys(selectors).length > 0;
    // The API server accepts neither an empty peer nor a mixed one.
    if (ipBlock === undefined || ipBlock === null ? !selects : selects) {
      context.issues.push({ code: 'custom', message: PEER, input: ipBlock });
      return z.NEVER;
    }
    return ipBlock ? { kind: 'ip-block', ...ipBlock } : { kind: 'selectors', ...selectors };
  });

export const policyPort = z
  .object({
    protocol: text.nullish(),
    port: z.union([z.int(), text], 'number or name').nullish(),
    endPort: z.int().nullish(),
  })
  .transform(({ protocol, port, endPort }): PolicyPort => ({
    protocol: protocol ?? 'TCP',
    ...given({ port, endPort }),
  }));

export const policyIngressRule = z
  .object({ from: listOf(policyPeer), ports: listOf(policyPort) })
  .transform(({ from, ports }): PolicyRule => ({ peers: from, ports }));

const egressRule = z
  .object({ to: listOf(policyPeer), ports: listOf(policyPort) })
  .transform(({ to, ports }): PolicyRule => ({ peers: to, ports }));

const policy = z.object({
  kind: ofKind('NetworkPolicy'),
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

/** `SetDefaults_NetworkPolicy` in https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/networking/v1/defaults.go */
const typesOf = ({ policyTypes, egress }: z.output<typeof policy>['spec']): NetworkPolicy['policyTypes'] => {
  if (policyTypes.length === 0) return egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return (['Ingress', 'Egress'] as const).filter((type) => policyTypes.includes(type));
};

/**
 * One NetworkPolicy of networking.k8s.io/v1
 * (https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/). Documented defaults taken:
 * `policyTypes`, a port's protocol (TCP), a missing `spec.podSelector` (everything) and a `generation` left out (0). A
 * selector that a peer does not have stays missing. Rules, peers and ports keep their order: people find them by index.
 * @throws MalformedError
 */
export const normaliseNetworkPolicy = (item: unknown, path = ''): NetworkPolicy => {
  const { metadata, spec } = parse(policy, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    generation: metadata.generation ?? 0,
    podSelector: spec.podSelector ?? EVERYTHING,
    policyTypes: typesOf(spec),
    ingress: spec.ingress,
    egress: spec.egress,
  };
};

/** `GET /apis/networking.k8s.io/v1/networkpolicies`, sorted by namespace and name. */
export const normaliseNetworkPolicies = (raw: unknown): readonly NetworkPolicy[] =>
  normaliseList(raw, 'NetworkPolicy', normaliseNetworkPolicy, ({ namespace, name }) => [namespace, name]);
