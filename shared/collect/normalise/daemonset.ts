import * as z from 'zod';
import type { DaemonSet } from '../../model/facts-kubernetes.ts';
import { containerSpec, readContainers } from './containers.ts';
import { count, text } from './field.ts';
import { ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';
import { textMap } from './text-map.ts';
import { kubernetesTime } from './time.ts';

const daemonSet = z.object({
  kind: ofKind('DaemonSet'),
  metadata: z.object({
    namespace: text,
    name: text,
    creationTimestamp: kubernetesTime,
    generation: count,
    labels: textMap,
  }),
  spec: z.object({
    template: z.object({ spec: containerSpec }),
    updateStrategy: z.object({ type: text.nullish() }).nullish(),
  }),
  status: z.object({
    desiredNumberScheduled: count,
    numberReady: count,
    observedGeneration: count.nullish(),
    updatedNumberScheduled: count.nullish(),
  }),
});

/**
 * One DaemonSet (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/). The API leaves
 * `observedGeneration` and `updatedNumberScheduled` out where they are 0, and `updateStrategy` defaults to
 * RollingUpdate.
 * @throws MalformedError
 */
export const normaliseDaemonSet = (item: unknown, path = ''): DaemonSet => {
  const { metadata, spec, status } = parse(daemonSet, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    generation: metadata.generation,
    observedGeneration: status.observedGeneration ?? 0,
    labels: metadata.labels,
    ...readContainers(spec.template.spec),
    updateStrategy: spec.updateStrategy?.type ?? 'RollingUpdate',
    desired: status.desiredNumberScheduled,
    ready: status.numberReady,
    updated: status.updatedNumberScheduled ?? 0,
  };
};
