import type { Labels, LabelSelector, Pod } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';
import { isFinished } from './pod-facts.ts';

/** Labels that say what a workload is, the most telling first. https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
const IDENTITY_KEYS: readonly string[] = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'component',
  'name',
  'role',
  'tier',
];

/** Labels that controllers put on and that change with every rollout, replica, release or place. */
const PASSING_KEYS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'pod-template-generation',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'job-name',
  'controller-uid',
  'app.kubernetes.io/version',
  'helm.sh/chart',
  'chart',
  'version',
  'eks.amazonaws.com/fargate-profile',
]);
const PASSING_PREFIXES: readonly string[] = ['batch.kubernetes.io/', 'topology.kubernetes.io/', 'topology.istio.io/'];

/** A hash, a version number, a date: a value that will be another one after the next release. */
const PASSING_VALUE = /^(?=.*\d)[0-9a-f]{8,}$|^v?\d+\.\d+|^\d{4}-\d{2}-\d{2}/;

const isStable = ([key, value]: readonly [string, string]): boolean =>
  !PASSING_KEYS.has(key) &&
  !PASSING_PREFIXES.some((prefix) => key.startsWith(prefix)) &&
  (IDENTITY_KEYS.includes(key) || !PASSING_VALUE.test(value));

const rank = (key: string): number => {
  const position = IDENTITY_KEYS.indexOf(key);
  return position === -1 ? IDENTITY_KEYS.length : position;
};

const byTelling = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  rank(a) - rank(b) || (a < b ? -1 : Number(a > b));

/** Pods of one workload have one key. A ReplicaSet's name without its hash is its Deployment's, so a rollout does not split one. */
export const workloadKey = ({ namespace, name, owner, labels }: Pod): string => {
  if (owner === undefined) return `${namespace}/Pod/${name}`;
  const hash = Object.hasOwn(labels, 'pod-template-hash') ? labels['pod-template-hash'] : undefined;
  const suffix = `-${hash ?? ''}`;
  return owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(suffix)
    ? `${namespace}/Deployment/${owner.name.slice(0, -suffix.length)}`
    : `${namespace}/${owner.kind}/${owner.name}`;
};

const selectorFor = (labels: readonly (readonly [string, string])[]): LabelSelector => ({
  matchLabels: Object.fromEntries(labels),
  matchExpressions: [],
});

const sharedStableLabels = (pod: Pod, siblings: readonly Pod[]): readonly (readonly [string, string])[] =>
  Object.entries(pod.labels)
    .filter(isStable)
    .filter(([key, value]) => siblings.every(({ labels }) => Object.hasOwn(labels, key) && labels[key] === value))
    .toSorted(byTelling);

export interface WorkloadSelectors {
  /** The fewest lasting labels that set the workload apart from the rest of its namespace, as far as labels can. */
  readonly workload: LabelSelector;
  /** Every lasting label of the workload. */
  readonly exact: LabelSelector;
}

/**
 * Selectors for a pod's workload out of the labels it has. Empty where it has none that last: such a selector means the
 * whole namespace, which the blast radius then shows.
 */
export const workloadSelectors = (pod: Pod, pods: readonly Pod[]): WorkloadSelectors => {
  const neighbours = pods.filter(
    (other) => other.namespace === pod.namespace && !other.hostNetwork && !isFinished(other),
  );
  const key = workloadKey(pod);
  const siblings = neighbours.filter((other) => workloadKey(other) === key);
  const labels = sharedStableLabels(pod, siblings);
  let strangers = neighbours.filter((other) => workloadKey(other) !== key);
  const chosen: (readonly [string, string])[] = [];
  for (const label of labels) {
    if (chosen.length > 0 && strangers.length === 0) break;
    const left = strangers.filter((other) => matchesLabels(selectorFor([label]), other.labels));
    if (chosen.length > 0 && left.length === strangers.length) continue;
    chosen.push(label);
    strangers = left;
  }
  return { workload: selectorFor(chosen), exact: selectorFor(labels) };
};

/** A selector for one namespace: by its automatic name label, else by the labels that tell it from the others. */
export const namespaceSelector = (
  name: string,
  labelsOf: (namespace: string) => Labels,
  names: readonly string[],
  nameLabel: string,
): LabelSelector => {
  const labels = labelsOf(name);
  if (labels[nameLabel] === name) return selectorFor([[nameLabel, name]]);
  let strangers = names.filter((other) => other !== name);
  const chosen: (readonly [string, string])[] = [];
  for (const label of Object.entries(labels).toSorted(byTelling)) {
    const left = strangers.filter((other) => matchesLabels(selectorFor([label]), labelsOf(other)));
    if (left.length === strangers.length) continue;
    chosen.push(label);
    strangers = left;
  }
  return selectorFor(chosen);
};
