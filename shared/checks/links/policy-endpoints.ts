import type { Looked, Observed } from '../../model/fact.ts';
import type {
  CustomResourceDefinition,
  NetworkPolicy,
  Node,
  Pod,
  PolicyEndpoint,
} from '../../model/facts-kubernetes.ts';
import { matchesLabels } from '../../model/label-selector.ts';
import { evidence } from './evidence.ts';
import type { Link } from './link.ts';

export const CRD_MESSAGES = {
  'crd-served': 'The cluster serves policyendpoints.networking.k8s.aws',
  'crd-missing': 'The cluster does not serve policyendpoints.networking.k8s.aws: no policy can reach an agent',
} as const;

const POLICY_ENDPOINTS = 'policyendpoints.networking.k8s.aws';

export const policyEndpointsServed = (
  crds: Looked<readonly CustomResourceDefinition[]>,
): Link<keyof typeof CRD_MESSAGES> => {
  const crd = crds.state === 'observed' ? crds.value.find(({ name }) => name === POLICY_ENDPOINTS) : undefined;
  const served = crd?.servedVersions.join(', ') ?? '';
  const seen = evidence(
    'kubernetes.crds',
    crds,
    `[name=${POLICY_ENDPOINTS}].servedVersions`,
    served === '' ? 'none' : served,
  );
  return served === ''
    ? { state: 'broken', message: 'crd-missing', evidence: [seen] }
    : { state: 'holds', message: 'crd-served', evidence: [seen] };
};

export const POLICY_ENDPOINTS_MESSAGES = {
  'endpoints-fresh': 'PolicyEndpoints list {pods} policed pods of this node under {policies} policies',
  'no-policed-pods':
    'No NetworkPolicy selects a pod of this node; {policies} policies in the cluster have been looked at',
  'endpoints-missing':
    'Policy {policy} selects pod {pod} on this node, but no PolicyEndpoint lists the pod ({count} such pairs)',
} as const;

/**
 * The controller batches for a second and the API has its own delays; a pod or policy younger than this is not yet
 * held against it. https://github.com/aws/amazon-network-policy-controller-k8s
 */
const SETTLING_MS = 120_000;

const settled = (createdAt: string, observedAt: string): boolean =>
  Date.parse(observedAt) - Date.parse(createdAt) > SETTLING_MS;

/** Pods that policies act on: not hostNetwork, with an address, still running, past their first two minutes. */
const policed = (pod: Pod, observedAt: string): boolean =>
  !pod.hostNetwork &&
  pod.podIPs.length > 0 &&
  pod.phase !== 'Succeeded' &&
  pod.phase !== 'Failed' &&
  settled(pod.createdAt, observedAt);

/** The agent takes only the entries whose hostIP is its own node's: an entry of a pod's former node is none. */
const pairKey = (
  policy: { readonly namespace: string; readonly name: string },
  pod: { readonly name: string; readonly hostIP: string },
): string => JSON.stringify([policy.namespace, policy.name, pod.name, pod.hostIP]);

export interface PolicyIndex {
  readonly byNamespace: ReadonlyMap<string, readonly NetworkPolicy[]>;
  readonly listed: ReadonlySet<string>;
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
}

const groupBy = <T>(list: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
};

/** Built once per cluster: nodes × pods × policies would be too much work to repeat for each node. */
export const indexPolicies = (
  policies: readonly NetworkPolicy[],
  endpoints: readonly PolicyEndpoint[],
  pods: readonly Pod[],
): PolicyIndex => ({
  byNamespace: groupBy(policies, ({ namespace }) => namespace),
  listed: new Set(endpoints.flatMap(({ policy, pods: listed }) => listed.map((pod) => pairKey(policy, pod)))),
  podsByNode: groupBy(pods, ({ nodeName }) => nodeName ?? ''),
});

/** Every (policy, pod) pair of this node that the control plane should have handed to the agent, and has. */
export const policyEndpointsFresh = (
  node: Node,
  index: PolicyIndex,
  facts: {
    readonly policies: Looked<readonly NetworkPolicy[]>;
    readonly endpoints: Looked<readonly PolicyEndpoint[]>;
    readonly pods: Observed<readonly Pod[]>;
  },
): Link<keyof typeof POLICY_ENDPOINTS_MESSAGES> => {
  const missing: { readonly policy: NetworkPolicy; readonly pod: Pod }[] = [];
  const pods = new Set<string>();
  const policies = new Set<string>();
  for (const pod of index.podsByNode.get(node.name) ?? []) {
    if (!policed(pod, facts.pods.observedAt)) continue;
    for (const policy of index.byNamespace.get(pod.namespace) ?? []) {
      if (!matchesLabels(policy.podSelector, pod.labels) || !settled(policy.createdAt, facts.pods.observedAt)) continue;
      const hosts = pod.hostIP === undefined ? node.internalIPs : [pod.hostIP];
      if (hosts.some((hostIP) => index.listed.has(pairKey(policy, { name: pod.name, hostIP })))) {
        pods.add(`${pod.namespace}/${pod.name}`);
        policies.add(`${policy.namespace}/${policy.name}`);
      } else missing.push({ policy, pod });
    }
  }
  const first = missing[0];
  if (first !== undefined) {
    const policy = `${first.policy.namespace}/${first.policy.name}`;
    const pod = `${first.pod.namespace}/${first.pod.name}`;
    const seen = evidence(
      'kubernetes.policy-endpoints',
      facts.endpoints,
      `[policy=${policy}].pods`,
      `does not list ${pod}`,
    );
    return {
      state: 'broken',
      message: 'endpoints-missing',
      values: { policy, pod, count: missing.length },
      evidence: [seen],
    };
  }
  if (pods.size === 0) {
    const total = facts.policies.state === 'observed' ? facts.policies.value.length : 0;
    const seen = evidence(
      'kubernetes.network-policies',
      facts.policies,
      '',
      `${total} policies, none selects a pod of ${node.name}`,
    );
    return { state: 'holds', message: 'no-policed-pods', values: { policies: total }, evidence: [seen] };
  }
  const seen = evidence(
    'kubernetes.policy-endpoints',
    facts.endpoints,
    '',
    `lists ${[...pods].toSorted().slice(0, 5).join(', ')}`,
  );
  return {
    state: 'holds',
    message: 'endpoints-fresh',
    values: { pods: pods.size, policies: policies.size },
    evidence: [seen],
  };
};
