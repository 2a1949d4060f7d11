import * as z from 'zod';
import type { NetworkWorkload } from '../../model/facts-kubernetes.ts';
import { count, listOf, text } from './field.ts';
import { kubernetesItems } from './kubernetes-list.ts';
import { isNetworkWorkload } from './network-workload-names.ts';
import { distinct, sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

type Kind = NetworkWorkload['kind'];

const named = (kind: Kind) => z.object({ kind: z.literal(kind).nullish(), metadata: z.object({ name: text }) });

/** Made once: a cluster has thousands of ConfigMaps, and to make a schema costs more than to use it. */
const NAMED = {
  DaemonSet: named('DaemonSet'),
  Deployment: named('Deployment'),
  ConfigMap: named('ConfigMap'),
} satisfies { readonly [K in Kind]: z.ZodType };

const described = z.object({
  metadata: z.object({ namespace: text, name: text, creationTimestamp: kubernetesTime }),
});
const template = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: listOf(z.object({ image: text })) }) }) }),
});
const daemonSetStatus = z.object({ status: z.object({ numberReady: count }) });
const deploymentStatus = z.object({ status: z.object({ readyReplicas: count.nullish() }).nullish() });

const imagesOf = (item: unknown, path: string): readonly string[] =>
  distinct(parse(template, item, path).spec.template.spec.containers.map(({ image }) => image));

const runningOf = (kind: Kind, item: unknown, path: string): Pick<NetworkWorkload, 'images' | 'ready'> => {
  switch (kind) {
    case 'DaemonSet':
      return { images: imagesOf(item, path), ready: parse(daemonSetStatus, item, path).status.numberReady };
    case 'Deployment':
      return { images: imagesOf(item, path), ready: parse(deploymentStatus, item, path).status?.readyReplicas ?? 0 };
    case 'ConfigMap':
      return { images: [], ready: 0 };
  }
};

/**
 * One DaemonSet, Deployment or ConfigMap, or nothing where its name is not one of a network product's: only the name is
 * read of those. A Deployment's `readyReplicas` is left out where it is 0
 * (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus).
 * @throws MalformedError
 */
export const normaliseNetworkWorkload = (kind: Kind, item: unknown, path = ''): NetworkWorkload | undefined => {
  if (!isNetworkWorkload(kind, parse(NAMED[kind], item, path).metadata.name)) return undefined;
  const read = parse(described, item, path).metadata;
  return {
    kind,
    namespace: read.namespace,
    name: read.name,
    createdAt: read.creationTimestamp,
    ...runningOf(kind, item, path),
  };
};

const sorted = (workloads: readonly NetworkWorkload[]): readonly NetworkWorkload[] =>
  sortedBy(workloads, ({ kind, namespace, name }) => [kind, namespace, name]);

const readList = (kind: Kind, raw: unknown): readonly NetworkWorkload[] =>
  kubernetesItems(raw, kind)
    .map((item, index) => normaliseNetworkWorkload(kind, item, `items[${index}]`))
    .filter((workload) => workload !== undefined);

/** The network products among one kind's list, sorted by namespace and name. */
export const normaliseNetworkWorkloads = (kind: Kind, raw: unknown): readonly NetworkWorkload[] =>
  sorted(readList(kind, raw));

/** The three kinds together, sorted by kind, namespace and name. */
export const mergeNetworkWorkloads = (...lists: readonly (readonly NetworkWorkload[])[]): readonly NetworkWorkload[] =>
  sorted(lists.flat());
