import type { NetworkPolicy, PolicyPeer, PolicyPort } from '../model/facts-kubernetes.ts';
import type { PolicyRef } from './decision.ts';
import type { Direction } from './flow.ts';
import { networkPolicyManifest, peerManifest, peersField, portManifest } from './manifest.ts';
import type { NetworkPolicyManifest, PeerManifest, PortManifest } from './manifest.ts';

/** RFC 6902, for `kubectl patch --type=json`. The tests refuse the patch where the object is no longer the one examined. */
export type PatchOperation =
  | { readonly op: 'test'; readonly path: '/metadata/uid' | '/metadata/generation'; readonly value: string | number }
  | { readonly op: 'add'; readonly path: string; readonly value: PeerManifest | PortManifest };

/** One step of a suggestion. */
export type PolicyChange =
  | { readonly kind: 'create'; readonly direction: Direction; readonly manifest: NetworkPolicyManifest }
  | {
      readonly kind: 'patch';
      readonly direction: Direction;
      readonly policy: PolicyRef;
      /** Position in `spec.ingress` or `spec.egress`. */
      readonly ruleIndex: number;
      /** Which of the rule's lists grows. */
      readonly list: 'peers' | 'ports';
      readonly patch: readonly PatchOperation[];
    };

/** A change, and the policy that is in force after it. */
export interface PlannedChange {
  readonly change: PolicyChange;
  readonly after: NetworkPolicy;
}

export const creation = (direction: Direction, after: NetworkPolicy): PlannedChange => ({
  change: { kind: 'create', direction, manifest: networkPolicyManifest(after) },
  after,
});

/** What a patch adds to one list of one rule. */
export type Addition =
  | { readonly list: 'peers'; readonly value: PolicyPeer }
  | { readonly list: 'ports'; readonly value: PolicyPort };

const patched = (
  policy: NetworkPolicy,
  direction: Direction,
  ruleIndex: number,
  addition: Addition,
): NetworkPolicy => ({
  ...policy,
  [direction]: policy[direction].map((rule, index) => {
    if (index !== ruleIndex) return rule;
    return addition.list === 'peers'
      ? { ...rule, peers: [...rule.peers, addition.value] }
      : { ...rule, ports: [...rule.ports, addition.value] };
  }),
});

/** The rule must already have an entry in the list it is added to: an empty list means everything, and `-` needs a list. */
export const addition = (
  policy: NetworkPolicy,
  direction: Direction,
  ruleIndex: number,
  added: Addition,
): PlannedChange => {
  const field = added.list === 'ports' ? 'ports' : peersField(direction);
  return {
    change: {
      kind: 'patch',
      direction,
      policy: { kind: 'NetworkPolicy', namespace: policy.namespace, name: policy.name },
      ruleIndex,
      list: added.list,
      patch: [
        { op: 'test', path: '/metadata/uid', value: policy.uid },
        { op: 'test', path: '/metadata/generation', value: policy.generation },
        {
          op: 'add',
          path: `/spec/${direction}/${ruleIndex}/${field}/-`,
          value: added.list === 'ports' ? portManifest(added.value) : peerManifest(added.value),
        },
      ],
    },
    after: patched(policy, direction, ruleIndex, added),
  };
};
