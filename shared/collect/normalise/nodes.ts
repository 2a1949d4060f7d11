import * as z from 'zod';
import type { Node } from '../../model/facts-kubernetes.ts';
import { given, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { annotationMap, textMap } from './text-map.ts';
import { kubernetesTime } from './time.ts';

const conditionStatus = z.enum(['True', 'False', 'Unknown']);

const node = z.object({
  kind: ofKind('Node'),
  metadata: z.object({
    name: text,
    uid: text,
    creationTimestamp: kubernetesTime,
    labels: textMap,
    annotations: annotationMap,
  }),
  spec: z.object({ providerID: text.nullish(), taints: listOf(z.object({ key: text, effect: text })) }),
  status: z.object({
    nodeInfo: z.object({
      operatingSystem: text,
      architecture: text,
      osImage: text,
      kernelVersion: text,
      kubeletVersion: text,
    }),
    conditions: listOf(z.object({ type: text, status: conditionStatus, reason: text.nullish() })),
    allocatable: textMap,
    addresses: listOf(z.object({ type: text, address: text })),
  }),
});

/**
 * One Node (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/). A node that has not
 * reported a Ready condition yet is `Unknown`: that is what the node controller says of a silent node
 * (https://kubernetes.io/docs/reference/node/node-status/#condition). Internal addresses keep the kubelet's order,
 * primary first.
 * @throws MalformedError
 */
export const normaliseNode = (item: unknown, path = ''): Node => {
  const { metadata, spec, status } = parse(node, item, path);
  const conditions = status.conditions.map(({ type, status, reason }) => ({ type, status, reason: reason ?? '' }));
  return {
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ...status.nodeInfo,
    ready: conditions.find(({ type }) => type === 'Ready')?.status ?? 'Unknown',
    conditions: sortedBy(conditions, ({ type }) => [type]),
    allocatable: status.allocatable,
    internalIPs: status.addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address),
    taints: sortedBy(spec.taints, ({ key, effect }) => [key, effect]),
    ...given({ providerId: spec.providerID }),
  };
};

/** `GET /api/v1/nodes`, sorted by name. */
export const normaliseNodes = (raw: unknown): readonly Node[] =>
  normaliseList(raw, 'Node', normaliseNode, ({ name }) => [name]);
