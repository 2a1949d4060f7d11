import { clustersOfTags, isOfAutoScalingGroup, type Tags } from './cluster-of-tags.ts';
import { clusterIn } from './place.ts';
import { forCluster, type LookUp, nothing, type Triggered } from './request.ts';

/** What AWS said: the tags of what was asked about (none: it is gone), or names of clusters. */
export type LookedUp =
  | { readonly of: 'tags'; readonly tags: readonly Tags[] }
  | { readonly of: 'clusters'; readonly names: readonly string[] };

/** What the look-up's event asks for, now that it is known whose the thing is. */
export const answerLookUp = (lookUp: LookUp, found: LookedUp): readonly Triggered[] => {
  const { place, intents, need } = lookUp;
  if (need === 'instance' && found.of === 'tags' && found.tags.some(isOfAutoScalingGroup)) {
    return nothing('the Auto Scaling group of this instance sends events of its own');
  }
  const names = found.of === 'clusters' ? found.names : found.tags.flatMap(clustersOfTags);
  const clusters = [...new Set(names)].toSorted().flatMap((name) => clusterIn(place, name) ?? []);
  return clusters.length === 0
    ? nothing(`the ${need} belongs to no cluster`)
    : clusters.flatMap((cluster) => forCluster(cluster, intents));
};
