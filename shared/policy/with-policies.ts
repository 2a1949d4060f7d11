import type { NetworkPolicy } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';
import { buildPolicyIndex, byPolicyRef, groupsByPolicy } from './build-policy-index.ts';
import type { NamespacedPolicy } from './compiled.ts';
import { samePolicy } from './decision.ts';
import { selectedBy } from './groups.ts';
import type { Group, PodGroup, PolicyIndex } from './policy-index.ts';
import { covers, vocabularyOf } from './vocabulary.ts';

/** The index itself where it already knows every word of the planned policies, else a new one that does. */
export const indexKnowing = (index: PolicyIndex, planned: readonly NetworkPolicy[]): PolicyIndex =>
  covers(index.vocabulary, vocabularyOf({ networkPolicies: planned }))
    ? index
    : buildPolicyIndex(index.inputs, planned);

const put = (
  policies: readonly NamespacedPolicy[],
  changed: readonly NamespacedPolicy[],
): readonly NamespacedPolicy[] =>
  [...policies.filter(({ ref }) => !changed.some((one) => samePolicy(one.ref, ref))), ...changed].toSorted(byPolicyRef);

/** The group with the changes; itself where none of them concerns it, so that a change costs what it changes. */
const regroup = (group: PodGroup, changed: readonly NamespacedPolicy[], takeId: () => number): PodGroup => {
  const selecting = changed.filter(
    ({ ref, podSelector }) => ref.namespace === group.namespace && matchesLabels(podSelector, group.labels),
  );
  // A replaced policy keeps its selector, so whatever it selected it still selects.
  return selecting.length === 0 ? group : { ...group, id: takeId(), ...selectedBy(put(group.policies, selecting)) };
};

/**
 * The same cluster with NetworkPolicies added, or replaced where one of that name exists; the pod selector of a replaced one
 * must not change. Only the groups that a change selects are made anew, so this costs next to nothing.
 * The index must know every word of the policies: see `indexKnowing`.
 */
export const withPolicies = (index: PolicyIndex, policies: readonly NetworkPolicy[]): PolicyIndex => {
  const changed = policies.map((policy) => index.compile(policy));
  const namespaces = new Set(policies.map(({ namespace }) => namespace));
  const anew = new Map<Group, Group>();
  const groupOf = (group: Group): Group => {
    if (group.kind === 'address' || !namespaces.has(group.namespace)) return group;
    const known = anew.get(group);
    if (known !== undefined) return known;
    const made = regroup(group, changed, index.takeGroupId);
    anew.set(group, made);
    return made;
  };
  const pods = index.pods.map((indexed) => {
    const group = groupOf(indexed.group);
    return group === indexed.group ? indexed : { ...indexed, group };
  });
  const unchanged = index.inputs.networkPolicies.filter(
    ({ namespace, name }) => !policies.some((policy) => policy.namespace === namespace && policy.name === name),
  );
  return {
    ...index,
    inputs: { ...index.inputs, networkPolicies: [...unchanged, ...policies] },
    policies: put(index.policies, changed),
    pods,
    groupsOf: groupsByPolicy(pods),
    podAt: (ref) => {
      const indexed = index.podAt(ref);
      return typeof indexed === 'string' ? indexed : (pods[indexed.order] ?? indexed);
    },
    decided: new Map(),
  };
};
