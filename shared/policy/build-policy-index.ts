import type { Labels, LabelSelector, NetworkPolicy } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';
import { addressClasses, NO_ADDRESS } from './address-classes.ts';
import { parseAddress, parseCidr } from './address.ts';
import { addressOwners } from './address-owners.ts';
import { groupFactory } from './groups.ts';
import { compileApplicationPolicy, compileNetworkPolicy } from './compile-policies.ts';
import { compileClusterPolicy } from './compiled.ts';
import type { CompileContext, NamespacedPolicy } from './compiled.ts';
import { nodesOf } from './nodes.ts';
import { isFinished } from './pod-facts.ts';
import type { IndexedPod, PodGroup, PolicyIndex, PolicyInputs } from './policy-index.ts';
import { vocabularyOf } from './vocabulary.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const byPolicyRef = ({ ref: a }: NamespacedPolicy, { ref: b }: NamespacedPolicy): number =>
  byText(a.namespace, b.namespace) || byText(a.name, b.name) || byText(b.kind, a.kind);

/** Set automatically on every namespace and immutable, so known even where the namespace itself was not listed. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

const namespaceIndex = ({ namespaces, pods }: PolicyInputs): ReadonlyMap<string, Labels> => {
  const labels = new Map<string, Labels>(namespaces.map((namespace) => [namespace.name, namespace.labels]));
  for (const { namespace } of pods) {
    if (!labels.has(namespace)) labels.set(namespace, { [NAMESPACE_NAME_LABEL]: namespace });
  }
  return labels;
};

const namespaceMatcher = (namespaces: ReadonlyMap<string, Labels>): CompileContext['namespacesMatching'] => {
  const known = new Map<string, ReadonlySet<string>>();
  return (selector: LabelSelector) => {
    const key = JSON.stringify(selector);
    const found = known.get(key);
    if (found !== undefined) return found;
    const names = new Set<string>();
    for (const [name, labels] of namespaces) if (matchesLabels(selector, labels)) names.add(name);
    known.set(key, names);
    return names;
  };
};

/** @throws PolicyInputError where an address or CIDR is none */
const addressSpace = (inputs: PolicyInputs, planned: readonly NetworkPolicy[]) => {
  const vocabulary = vocabularyOf({ ...inputs, networkPolicies: [...inputs.networkPolicies, ...planned] });
  const classes = addressClasses([...vocabulary.ranges.values()]);
  return {
    vocabulary,
    span: (cidr: string) => {
      const range = vocabulary.ranges.get(cidr) ?? parseCidr(cidr, 'cidr');
      return { span: classes.spanOf(range), prefix: range.prefix };
    },
    classOf: (ip: string | undefined, path: string): number =>
      ip === undefined ? NO_ADDRESS : classes.classOf(parseAddress(ip, path)),
  };
};

/** Found at the first question: few decisions ask. */
export const groupsByPolicy = (pods: readonly IndexedPod[]): PolicyIndex['groupsOf'] => {
  let known: Map<NamespacedPolicy, PodGroup[]> | undefined;
  return (policy) => {
    if (known === undefined) {
      known = new Map();
      for (const group of new Set(pods.map(({ group }) => group))) {
        if (group.kind === 'address') continue;
        for (const one of group.policies) {
          const groups = known.get(one);
          if (groups === undefined) known.set(one, [group]);
          else groups.push(group);
        }
      }
    }
    return known.get(policy) ?? [];
  };
};

/**
 * Prepares a cluster for `decide`, `explain`, `connectivityMatrix` and `diffPolicies`.
 * Work grows with pods × labels and with groups × policies that may select them; 5,000 policies and 50,000 pods take about a second.
 * `planned` policies are not in force; the index only learns their words, so that `withPolicies` can put them in force.
 * @throws PolicyInputError where an address or CIDR is none
 */
export const buildPolicyIndex = (inputs: PolicyInputs, planned: readonly NetworkPolicy[] = []): PolicyIndex => {
  const { vocabulary, span, classOf } = addressSpace(inputs, planned);
  const namespaces = namespaceIndex(inputs);
  const context: CompileContext = { namespacesMatching: namespaceMatcher(namespaces), span };
  const policies = [
    ...inputs.networkPolicies.map((policy) => compileNetworkPolicy(policy, context)),
    ...(inputs.applicationPolicies ?? []).map((policy) => compileApplicationPolicy(policy, context)),
  ].toSorted(byPolicyRef);
  const nodes = nodesOf(inputs);
  const groups = groupFactory({
    inputs,
    nodes,
    vocabulary,
    policies,
    clusterPolicies: (inputs.clusterPolicies ?? []).map((policy) => compileClusterPolicy(policy, context)),
    classOf,
  });

  const pods: IndexedPod[] = [];
  const byName = new Map<string, Map<string, IndexedPod | 'finished'>>();
  for (const pod of inputs.pods) {
    const indexed = isFinished(pod) ? 'finished' : { pod, order: pods.length, group: groups.ofPod(pod) };
    if (indexed !== 'finished') pods.push(indexed);
    const own = byName.get(pod.namespace);
    if (own === undefined) byName.set(pod.namespace, new Map([[pod.name, indexed]]));
    else own.set(pod.name, indexed);
  }

  return {
    inputs,
    mode: inputs.mode,
    vocabulary,
    policies,
    pods,
    compile: (policy) => compileNetworkPolicy(policy, context),
    takeGroupId: groups.takeId,
    groupsOf: groupsByPolicy(pods),
    nodes,
    podAt: ({ namespace, name }) => byName.get(namespace)?.get(name) ?? 'unknown',
    nodeGroup: groups.ofNode,
    externalGroup: groups.ofExternal,
    endpointsAt: addressOwners(inputs, nodes),
    namespaceLabels: (name) => namespaces.get(name) ?? { [NAMESPACE_NAME_LABEL]: name },
    decided: new Map(),
  };
};
