import * as z from 'zod';
import type { Pod } from '../../model/facts-kubernetes.ts';
import { count, given, listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { annotationMap, textMap } from './text-map.ts';
import { kubernetesTime } from './time.ts';

const port = z.object({ name: text.nullish(), containerPort: count, protocol: text.nullish() });

const owner = z.object({ kind: text, name: text, controller: z.boolean().nullish() });

const pod = z.object({
  kind: ofKind('Pod'),
  metadata: z.object({
    namespace: text,
    name: text,
    uid: text,
    creationTimestamp: kubernetesTime,
    labels: textMap,
    annotations: annotationMap,
    ownerReferences: listOf(owner),
  }),
  spec: z.object({
    nodeName: text.nullish(),
    hostNetwork: z.boolean().nullish(),
    containers: listOf(z.object({ ports: listOf(port) })),
    initContainers: listOf(z.object({ ports: listOf(port) })),
  }),
  status: z.object({
    phase: text,
    podIP: text.nullish(),
    podIPs: listOf(z.object({ ip: text.nullish() })),
    hostIP: text.nullish(),
  }),
});

type Raw = z.output<typeof pod>;

/** `podIPs`, primary first; a server that only knows `podIP` gives that one. */
const addressesOf = ({ podIP, podIPs }: Raw['status']): readonly string[] =>
  [...new Set([podIP, ...podIPs.map(({ ip }) => ip)])].filter(
    (address): address is string => typeof address === 'string' && address !== '',
  );

const portsOf = (spec: Raw['spec']): Pod['ports'] =>
  sortedBy(
    [...spec.initContainers, ...spec.containers]
      .flatMap(({ ports }) => ports)
      .map(({ name, containerPort, protocol }) => ({ containerPort, protocol: protocol ?? 'TCP', ...given({ name }) })),
    ({ containerPort, protocol, name }) => [String(containerPort).padStart(5, '0'), protocol, name ?? ''],
  );

const ownerOf = (references: Raw['metadata']['ownerReferences']): Pod['owner'] => {
  const found = references.find(({ controller }) => controller === true) ?? references[0];
  return found && { kind: found.kind, name: found.name };
};

/** https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html: the controller writes it when it gives a branch ENI. */
const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/**
 * One Pod (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/). `hostNetwork` defaults to
 * false and a port's protocol to TCP. The owner is the controller as written: a ReplicaSet, not its Deployment.
 * @throws MalformedError
 */
export const normalisePod = (item: unknown, path = ''): Pod => {
  const { metadata, spec, status } = parse(pod, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    phase: status.phase,
    hostNetwork: spec.hostNetwork ?? false,
    podIPs: addressesOf(status),
    labels: metadata.labels,
    ports: portsOf(spec),
    branchEni: (metadata.annotations[POD_ENI] ?? '') === '' ? 'none' : 'attached',
    ...given({ nodeName: spec.nodeName, hostIP: status.hostIP, owner: ownerOf(metadata.ownerReferences) }),
  };
};

/** `GET /api/v1/pods`, sorted by namespace and name. */
export const normalisePods = (raw: unknown): readonly Pod[] =>
  normaliseList(raw, 'Pod', normalisePod, ({ namespace, name }) => [namespace, name]);
