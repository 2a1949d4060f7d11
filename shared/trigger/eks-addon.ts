import type { WireEvent } from './envelope.ts';
import { textOf } from './envelope.ts';
import { clusterIn, clusterOfArn, samePlace, sourceText } from './place.ts';
import { forCluster, type Intent, nothing, type Triggered } from './request.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-eks.html */
const ADDON_EVENT = /^EKS Addon (?:Creation|Update|Deletion|Health) /;

/** AWS does not document the body, so every spelling that it uses elsewhere is tried. */
const CLUSTER_KEYS = ['clusterName', 'cluster-name', 'cluster_name', 'cluster'] as const;

/**
 * EKS' own events: an add-on operation ended, or an add-on's health changed. Where neither `resources` nor `detail` names
 * a cluster, all clusters of the account and region may be meant.
 */
export const fromEks = (event: WireEvent): readonly Triggered[] => {
  const { detailType, place, resources, detail, time, id } = event;
  if (!ADDON_EVENT.test(detailType)) return nothing(`EKS event not about an add-on: ${sourceText(detailType)}`);
  const intents: readonly Intent[] = [
    { do: 'audit', reason: 'addon-changed', source: sourceText('aws.eks', detailType, id), at: time },
  ];
  const arns = [...resources, ...['addonArn', 'clusterArn', 'arn'].flatMap((key) => textOf(detail, key) ?? [])];
  const named = arns.map(clusterOfArn).find((cluster) => cluster !== undefined && samePlace(cluster, place));
  const found = named ?? clusterIn(place, CLUSTER_KEYS.flatMap((key) => textOf(detail, key) ?? [])[0]);
  return found === undefined
    ? [{ do: 'look-up', lookUp: { need: 'clusters', place, intents } }]
    : forCluster(found, intents);
};
