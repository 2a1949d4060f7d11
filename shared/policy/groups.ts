import type { Labels, Pod } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';
import { byPrecedence } from './compiled.ts';
import type { ClusterPolicy, ClusterRule, NamespacedPolicy } from './compiled.ts';
import type { Caveat } from './decision.ts';
import type { Direction } from './flow.ts';
import { isFinished, limitsOf, relevantLabels, relevantPorts } from './pod-facts.ts';
import type { AddressGroup, Group, HostPod, IndexedNode, PodGroup, PolicyInputs } from './policy-index.ts';
import { SelectorLookup } from './selector-lookup.ts';
import type { Vocabulary } from './vocabulary.ts';

interface Sources {
  readonly inputs: PolicyInputs;
  readonly nodes: ReadonlyMap<string, IndexedNode>;
  readonly vocabulary: Vocabulary;
  readonly policies: readonly NamespacedPolicy[];
  readonly clusterPolicies: readonly ClusterPolicy[];
  readonly classOf: (ip: string | undefined, path: string) => number;
}

interface GroupFactory {
  readonly takeId: () => number;
  readonly ofPod: (pod: Pod) => Group;
  readonly ofNode: (name: string) => AddressGroup | undefined;
  readonly ofExternal: (ip: string, domainName?: string) => AddressGroup;
}

const perDirection = <T>(make: (direction: Direction) => T): { readonly [D in Direction]: T } => ({
  ingress: make('ingress'),
  egress: make('egress'),
});

/** A group's part that its namespaced policies determine. */
export const selectedBy = (
  policies: readonly NamespacedPolicy[],
): Pick<PodGroup, 'policies' | 'isolating' | 'isolatedBy'> => {
  const isolating = perDirection((direction) => policies.filter(({ isolates }) => isolates[direction]));
  return {
    policies,
    isolating,
    isolatedBy: perDirection((direction) => isolating[direction].map(({ ref }) => ref)),
  };
};

/** Remembers one value per key, so that equal things become the same object. */
const interner = <T>(): ((key: string, make: (id: number) => T) => T) => {
  const known = new Map<string, T>();
  return (key, make) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(known.size);
    known.set(key, made);
    return made;
  };
};

const policyLookups = (
  policies: readonly NamespacedPolicy[],
): ReadonlyMap<string, SelectorLookup<NamespacedPolicy>> => {
  const byNamespace = Map.groupBy(policies, ({ ref }) => ref.namespace);
  return new Map(
    [...byNamespace].map(([namespace, own]) => [namespace, new SelectorLookup(own, ({ podSelector }) => podSelector)]),
  );
};

const doubtsOf = (pod: Pod, listed: ReadonlySet<string>): readonly Caveat[] => {
  const doubts: Caveat[] = [];
  if (pod.podIPs.length === 0) doubts.push({ kind: 'pod-without-address', on: 'flow' });
  if (!listed.has(pod.namespace)) doubts.push({ kind: 'namespace-not-listed', on: 'flow' });
  return doubts;
};

/** @throws PolicyInputError where an address is none */
export const groupFactory = ({
  inputs,
  nodes,
  vocabulary,
  policies,
  clusterPolicies,
  classOf,
}: Sources): GroupFactory => {
  const listed = new Set(inputs.namespaces.map(({ name }) => name));
  const lookups = policyLookups(policies);
  const podGroups = interner<PodGroup>();
  const hostPods = interner<HostPod>();
  const addressGroups = interner<AddressGroup>();
  // One sequence for both kinds of group, so that an id names a group by itself.
  let nextId = 0;
  const takeId = (): number => nextId++;

  const rulesAbout = (namespace: string, labels: Labels): PodGroup['clusterRules'] => {
    const about = clusterPolicies.filter(
      (policy) => policy.namespaces.has(namespace) && matchesLabels(policy.podSelector, labels),
    );
    return perDirection((direction): readonly ClusterRule[] =>
      about.flatMap(({ rules }) => rules[direction]).toSorted(byPrecedence),
    );
  };

  const podGroup = (pod: Pod): PodGroup => {
    const labels = relevantLabels(pod.labels, vocabulary.labelKeys);
    const namedPorts = relevantPorts(pod, vocabulary.portNames);
    const addressClass = classOf(pod.podIPs[0], `pods[${pod.namespace}/${pod.name}].podIPs[0]`);
    const limits = limitsOf(pod, pod.nodeName === undefined ? undefined : nodes.get(pod.nodeName));
    const doubts = doubtsOf(pod, listed);
    const key = JSON.stringify([pod.namespace, labels, namedPorts, addressClass, limits]);
    return podGroups(key, () => {
      const selecting = lookups.get(pod.namespace)?.matching(labels) ?? [];
      return {
        kind: 'pod',
        id: takeId(),
        namespace: pod.namespace,
        labels,
        namedPorts,
        addressClass,
        limits,
        doubts,
        ...selectedBy(selecting),
        clusterRules: rulesAbout(pod.namespace, labels),
      };
    });
  };

  const addressGroup = (about: Omit<AddressGroup, 'kind' | 'id'>): AddressGroup => {
    const { owner, addressClass, domainName = '' } = about;
    const key = JSON.stringify([owner, addressClass, domainName, about.hostPods.map(({ id }) => id)]);
    return addressGroups(key, () => ({ kind: 'address', id: takeId(), ...about }));
  };

  const hostPod = ({ namespace, labels }: Pod): HostPod => {
    const relevant = relevantLabels(labels, vocabulary.labelKeys);
    return hostPods(JSON.stringify([namespace, relevant]), (id) => ({ id, namespace, labels: relevant }));
  };

  const hostPodsByNode = new Map<string, Set<HostPod>>();
  for (const pod of inputs.pods) {
    if (!pod.hostNetwork || isFinished(pod) || pod.nodeName === undefined) continue;
    const known = hostPodsByNode.get(pod.nodeName);
    if (known === undefined) hostPodsByNode.set(pod.nodeName, new Set([hostPod(pod)]));
    else known.add(hostPod(pod));
  }
  const hostPodsOf = (node: string): readonly HostPod[] =>
    [...(hostPodsByNode.get(node) ?? [])].toSorted((a, b) => a.id - b.id);

  return {
    takeId,
    ofPod: (pod) => {
      if (!pod.hostNetwork) return podGroup(pod);
      const ip = pod.podIPs[0] ?? pod.hostIP;
      return addressGroup({
        owner: 'host-pod',
        addressClass: classOf(ip, `pods[${pod.namespace}/${pod.name}].podIPs[0]`),
        hostPods: pod.nodeName === undefined ? [hostPod(pod)] : hostPodsOf(pod.nodeName),
        doubts: ip === undefined ? [{ kind: 'pod-without-address', on: 'flow' }] : [],
      });
    },
    ofNode: (name) => {
      const node = nodes.get(name);
      if (node === undefined) return undefined;
      return addressGroup({
        owner: 'node',
        addressClass: classOf(node.internalIPs[0], `nodes[${name}].internalIPs[0]`),
        hostPods: hostPodsOf(name),
        doubts: [],
      });
    },
    ofExternal: (ip, domainName) =>
      addressGroup({
        owner: 'external',
        addressClass: classOf(ip, 'flow.ip'),
        ...(domainName === undefined ? {} : { domainName }),
        hostPods: [],
        doubts: [],
      }),
  };
};
