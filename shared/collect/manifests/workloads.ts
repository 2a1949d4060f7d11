import * as z from 'zod';
import type { LabelSelector, Pod } from '../../model/facts-kubernetes.ts';
import { matchesLabels } from '../../model/label-selector.ts';
import { listOf, text } from '../normalise/field.ts';
import { joinPath } from '../normalise/expectation.ts';
import { labelSelector } from '../normalise/label-selector.ts';
import { parse } from '../normalise/parse.ts';
import { normalisePod } from '../normalise/pods.ts';
import { annotationMap, textMap } from '../normalise/text-map.ts';

/** Kinds with a pod template, the group of each and the path to its template. */
export const WORKLOADS = {
  Deployment: { group: 'apps', template: 'spec.template' },
  StatefulSet: { group: 'apps', template: 'spec.template' },
  DaemonSet: { group: 'apps', template: 'spec.template' },
  ReplicaSet: { group: 'apps', template: 'spec.template' },
  Job: { group: 'batch', template: 'spec.template' },
  CronJob: { group: 'batch', template: 'spec.jobTemplate.spec.template' },
} as const;

export type WorkloadKind = keyof typeof WORKLOADS;

/** A workload, and the pod it would make: no address, no node. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** Controlled by another workload, whose pods its pods are. */
  readonly owned: boolean;
  /** Which pods are its own; absent where labels do not tell. */
  readonly selector?: LabelSelector;
  readonly pod: Pod;
}

const metadata = z.object({
  namespace: text,
  name: text,
  creationTimestamp: text,
  ownerReferences: listOf(z.object({ controller: z.boolean().nullish() })),
});

const template = z.object({
  metadata: z.object({ labels: textMap, annotations: annotationMap }).nullish(),
  spec: z.looseObject({}),
});

const withTemplate = z.object({ metadata, spec: z.object({ selector: labelSelector.nullish(), template }) });
const cronJob = z.object({
  metadata,
  spec: z.object({ jobTemplate: z.object({ spec: z.object({ template }) }) }),
});

const read = (kind: WorkloadKind, item: unknown, path: string) => {
  if (kind !== 'CronJob') {
    const { metadata: own, spec } = parse(withTemplate, item, path);
    return { own, template: spec.template, selector: spec.selector };
  }
  const { metadata: own, spec } = parse(cronJob, item, path);
  return { own, template: spec.jobTemplate.spec.template, selector: undefined };
};

/** A Job's selector is written by the API server; its template's labels are what the pods will have. */
const byTemplate = (labels: LabelSelector['matchLabels']): LabelSelector | undefined =>
  Object.keys(labels).length === 0 ? undefined : { matchLabels: labels, matchExpressions: [] };

/**
 * One workload of apps/v1 or batch/v1 and the pod of its template
 * (https://kubernetes.io/docs/concepts/workloads/pods/#pod-templates).
 * @throws MalformedError
 */
export const normaliseWorkload = (kind: WorkloadKind, item: unknown, path = ''): Workload => {
  const { own, template: found, selector } = read(kind, item, path);
  const { namespace, name, creationTimestamp, ownerReferences } = own;
  const pod = normalisePod(
    {
      metadata: {
        namespace,
        name,
        uid: '',
        creationTimestamp,
        labels: found.metadata?.labels,
        annotations: found.metadata?.annotations,
        ownerReferences: [{ kind, name, controller: true }],
      },
      spec: found.spec,
      status: { phase: 'Running' },
    },
    joinPath(path, WORKLOADS[kind].template),
  );
  const chosen = selector ?? byTemplate(pod.labels);
  return {
    kind,
    namespace,
    name,
    owned: ownerReferences.some(({ controller }) => controller === true),
    ...(chosen === undefined ? {} : { selector: chosen }),
    pod,
  };
};

const isOwnedBy = ({ owner }: Pod, { kind, name }: Workload): boolean => {
  if (owner === undefined) return false;
  if (owner.kind === kind && owner.name === name) return true;
  const between = { Deployment: 'ReplicaSet', CronJob: 'Job' } as const;
  const step = kind === 'Deployment' || kind === 'CronJob' ? between[kind] : undefined;
  return owner.kind === step && owner.name.startsWith(`${name}-`);
};

/**
 * Whether one of these pods is the workload's: by its owner, or by the labels that the workload selects.
 * @param pods those of the workload's namespace
 */
export const hasPod = (workload: Workload, pods: readonly Pod[]): boolean =>
  pods.some(
    (pod) =>
      isOwnedBy(pod, workload) || (workload.selector !== undefined && matchesLabels(workload.selector, pod.labels)),
  );
