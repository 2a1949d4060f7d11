import type { Pod } from '../../model/facts-kubernetes.ts';
import { sortedBy } from '../normalise/order.ts';
import { hasPod, WORKLOADS } from './workloads.ts';
import type { Workload, WorkloadKind } from './workloads.ts';

export interface TemplatePod {
  readonly kind: WorkloadKind;
  readonly pod: Pod;
}

const ORDER: readonly string[] = Object.keys(WORKLOADS);

/**
 * One pod for every workload that has none listed, under the workload's name; where that is taken, with the kind behind it
 * (`web.cronjob`).
 */
export const podsOfWorkloads = (workloads: readonly Workload[], pods: readonly Pod[]): readonly TemplatePod[] => {
  const byNamespace = Map.groupBy(pods, ({ namespace }) => namespace);
  const taken = new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`));
  const free = ({ namespace, name }: Pod, kind: WorkloadKind): string => {
    let candidate = name;
    while (taken.has(`${namespace}/${candidate}`)) candidate = `${candidate}.${kind.toLowerCase()}`;
    taken.add(`${namespace}/${candidate}`);
    return candidate;
  };
  const alone = workloads.filter(
    (workload) => !workload.owned && !hasPod(workload, byNamespace.get(workload.namespace) ?? []),
  );
  return sortedBy(alone, ({ namespace, name, kind }) => [namespace, name, String(ORDER.indexOf(kind))]).map(
    ({ kind, pod }) => ({ kind, pod: { ...pod, name: free(pod, kind) } }),
  );
};
