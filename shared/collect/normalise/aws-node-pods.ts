import * as z from 'zod';
import type { AwsNodePod } from '../../model/facts-kubernetes.ts';
import { containerStatus, readContainerStatus } from './container-statuses.ts';
import { containerSpec, readContainers } from './containers.ts';
import { listOf, text } from './field.ts';
import { normaliseList, ofKind } from './kubernetes-list.ts';
import { parse } from './parse.ts';
import { textMap } from './text-map.ts';
import { kubernetesTime } from './time.ts';

const affinity = z.object({
  nodeAffinity: z
    .object({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .object({
          nodeSelectorTerms: listOf(z.object({ matchFields: listOf(z.object({ key: text, values: listOf(text) })) })),
        })
        .nullish(),
    })
    .nullish(),
});

const pod = z.object({
  kind: ofKind('Pod'),
  metadata: z.object({ name: text, uid: text, creationTimestamp: kubernetesTime, labels: textMap }),
  spec: containerSpec.extend({ nodeName: text.nullish(), affinity: affinity.nullish() }),
  status: z.object({
    phase: text,
    initContainerStatuses: listOf(containerStatus),
    containerStatuses: listOf(containerStatus),
  }),
});

type Spec = z.output<typeof pod>['spec'];

/**
 * A pod of a DaemonSet that no scheduler has placed yet names its node in an affinity that the controller wrote
 * (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#how-daemon-pods-are-scheduled).
 */
const intendedNode = (spec: Spec): string | undefined =>
  spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
    .flatMap(({ matchFields }) => matchFields)
    .find(({ key }) => key === 'metadata.name')?.values[0];

/**
 * One pod of the aws-node DaemonSet (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/).
 * `nodeName` is the node it runs on or is meant for, empty where neither is written; `revision` is empty for a pod that
 * the DaemonSet controller did not make.
 * @throws MalformedError
 */
export const normaliseAwsNodePod = (item: unknown, path = ''): AwsNodePod => {
  const { metadata, spec, status } = parse(pod, item, path);
  return {
    name: metadata.name,
    uid: metadata.uid,
    nodeName: spec.nodeName ?? intendedNode(spec) ?? '',
    createdAt: metadata.creationTimestamp,
    phase: status.phase,
    revision: metadata.labels['controller-revision-hash'] ?? '',
    ...readContainers(spec),
    statuses: [...status.initContainerStatuses, ...status.containerStatuses].map(readContainerStatus),
  };
};

/** `GET /api/v1/namespaces/kube-system/pods?labelSelector=k8s-app=aws-node`, sorted by node and name. */
export const normaliseAwsNodePods = (raw: unknown): readonly AwsNodePod[] =>
  normaliseList(raw, 'Pod', normaliseAwsNodePod, ({ nodeName, name }) => [nodeName, name]);
