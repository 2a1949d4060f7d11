import type { Labels, Pod } from '../model/facts-kubernetes.ts';
import type { CaveatKind } from './decision.ts';
import type { IndexedNode, NamedPort } from './policy-index.ts';

/** Finished pods have no traffic and no policies; the VPC CNI controller leaves them out too (`pkg/k8s/pod_utils.go`). */
export const isFinished = ({ phase }: Pod): boolean => phase === 'Succeeded' || phase === 'Failed';

/**
 * What limits enforcement on a pod.
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html ("Considerations")
 */
export const limitsOf = (pod: Pod, node: IndexedNode | undefined): readonly CaveatKind[] => {
  const limits: CaveatKind[] = [];
  if (pod.owner === undefined) limits.push('bare-pod');
  if (Object.hasOwn(pod.labels, 'eks.amazonaws.com/fargate-profile') || pod.nodeName?.startsWith('fargate-') === true) {
    limits.push('fargate-pod');
  }
  if (node?.operatingSystem === 'windows') limits.push('windows-pod');
  if (pod.branchEni === 'attached') limits.push('branch-eni');
  if (pod.podIPs.length > 1) limits.push('second-address');
  return limits;
};

/** The labels that some selector asks for, keys sorted. */
export const relevantLabels = (labels: Labels, keys: ReadonlySet<string>): Labels =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([key]) => keys.has(key))
      .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))),
  );

/** The ports whose name some policy uses, sorted. */
export const relevantPorts = (pod: Pod, names: ReadonlySet<string>): readonly NamedPort[] =>
  pod.ports
    .flatMap(({ name, protocol, containerPort }) =>
      name !== undefined && names.has(name) ? [{ name, protocol, port: containerPort }] : [],
    )
    .toSorted((a, b) => (a.name === b.name ? a.port - b.port : a.name < b.name ? -1 : 1));
