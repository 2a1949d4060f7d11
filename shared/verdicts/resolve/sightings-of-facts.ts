import type { Facts } from '../../model/snapshot.ts';
import type { SightedKind, Sighting } from './history.ts';

const FACT_OF = {
  pods: 'kubernetes.pods',
  nodes: 'kubernetes.nodes',
  services: 'kubernetes.services',
  endpointSlices: 'kubernetes.endpoint-slices',
  policyEndpoints: 'kubernetes.policy-endpoints',
} as const satisfies { readonly [kind in SightedKind]: keyof Facts };

const KINDS: readonly SightedKind[] = ['pods', 'nodes', 'services', 'endpointSlices', 'policyEndpoints'];

/** A snapshot's lists as sightings: a list fact is complete or unobserved. Those read at the same time are together. */
export const sightingsOfFacts = (facts: Facts): readonly Sighting[] => {
  const byTime = new Map<number, Sighting>();
  for (const kind of KINDS) {
    const fact = facts[FACT_OF[kind]];
    const observedAt = Date.parse(fact.observedAt);
    if (fact.state === 'unobserved' || Number.isNaN(observedAt)) continue;
    const known = byTime.get(observedAt) ?? { observedAt, complete: {} };
    const value = fact.state === 'observed' ? fact.value : [];
    byTime.set(observedAt, { ...known, [kind]: value, complete: { ...known.complete, [kind]: true } });
  }
  return [...byTime.values()];
};

/** Which lists nobody could read, as words, for people: `nodes could not be read (denied)`. */
export const unreadKinds = (facts: Facts): ReadonlyMap<SightedKind, string> => {
  const words: { readonly [kind in SightedKind]: string } = {
    pods: 'pods',
    nodes: 'nodes',
    services: 'Services',
    endpointSlices: 'EndpointSlices',
    policyEndpoints: 'PolicyEndpoints',
  };
  return new Map(
    KINDS.flatMap((kind) => {
      const fact = facts[FACT_OF[kind]];
      return fact.state === 'unobserved' ? [[kind, `${words[kind]} could not be read (${fact.reason})`] as const] : [];
    }),
  );
};
