import type { PolicyInputs } from '../shared/policy/policy-index.ts';

/** Policies by name: `NetworkPolicy shop/web`, `ClusterNetworkPolicy base`. */
export interface PolicyChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** What a policy says, without who made which copy of it when. */
const substance = (policy: { readonly uid: string; readonly createdAt: string; readonly generation: number }): string =>
  JSON.stringify({ ...policy, uid: '', createdAt: '', generation: 0 });

const named = ({
  networkPolicies,
  applicationPolicies = [],
  clusterPolicies = [],
}: PolicyInputs): ReadonlyMap<string, string> =>
  new Map([
    ...networkPolicies.map((one) => [`NetworkPolicy ${one.namespace}/${one.name}`, substance(one)] as const),
    ...applicationPolicies.map(
      (one) => [`ApplicationNetworkPolicy ${one.namespace}/${one.name}`, substance(one)] as const,
    ),
    ...clusterPolicies.map((one) => [`ClusterNetworkPolicy ${one.name}`, substance(one)] as const),
  ]);

export const policyChanges = (before: PolicyInputs, after: PolicyInputs): PolicyChanges => {
  const was = named(before);
  const is = named(after);
  return {
    added: [...is.keys()].filter((name) => !was.has(name)),
    removed: [...was.keys()].filter((name) => !is.has(name)),
    changed: [...is].flatMap(([name, text]) => {
      const then = was.get(name);
      return then === undefined || then === text ? [] : [name];
    }),
  };
};
