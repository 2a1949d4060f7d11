import type { Observed } from '../../model/fact.ts';
import type { AwsNodePod, Node, Pod } from '../../model/facts-kubernetes.ts';
import { awsNodePodOf, CNI_CONTAINER, containerOf } from './aws-node.ts';
import { UNRESOLVED } from './argument.ts';
import { isUnresolved } from '../../model/unresolved-env.ts';
import { evidence, notRead } from './evidence.ts';
import type { Link } from './link.ts';

export const BRANCH_INTERFACE_MESSAGES = {
  'no-branch-pods': 'No pod of this node has a branch interface',
  'branch-pods-policed': 'POD_SECURITY_GROUP_ENFORCING_MODE is standard: pods with branch interfaces are policed too',
  'branch-pods-open':
    'Pod {pod} has a branch interface and POD_SECURITY_GROUP_ENFORCING_MODE is {mode}: NetworkPolicy does not reach it',
  'branch-mode-unresolved':
    'Pod {pod} has a branch interface; POD_SECURITY_GROUP_ENFORCING_MODE is set from elsewhere, and its value was not read',
} as const;

const MODE = 'POD_SECURITY_GROUP_ENFORCING_MODE';

/**
 * In strict mode, the default, a pod with a branch interface bypasses the node's hooks; only standard mode combines
 * security groups for pods with NetworkPolicy.
 * https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html
 */
export const branchInterfaces = (
  node: Node,
  pods: Observed<readonly Pod[]>,
  agents: Observed<readonly AwsNodePod[]>,
): Link<keyof typeof BRANCH_INTERFACE_MESSAGES> => {
  const branch = pods.value.find(
    ({ nodeName, branchEni, phase }) => nodeName === node.name && branchEni === 'attached' && phase === 'Running',
  );
  if (branch === undefined) return { state: 'not-applicable', message: 'no-branch-pods' };
  const agent = awsNodePodOf(node, agents.value);
  const container = agent === undefined ? undefined : containerOf(agent, CNI_CONTAINER);
  const env = container?.env ?? {};
  const written = Object.hasOwn(env, MODE) ? (env[MODE] ?? '') : '';
  const mode = written === '' ? 'unset (default strict)' : written;
  const path = `[name=${agent?.name ?? ''}].containers[name=${CNI_CONTAINER}].env.${MODE}`;
  const pod = `${branch.namespace}/${branch.name}`;
  if (isUnresolved(container, MODE)) {
    const gap = notRead('kubernetes.aws-node-pods', agents, `${path}: ${UNRESOLVED}`);
    return { state: 'unknown', message: 'branch-mode-unresolved', values: { pod }, missing: [gap] };
  }
  const seen = evidence('kubernetes.aws-node-pods', agents, path, mode);
  if (written === 'standard') return { state: 'holds', message: 'branch-pods-policed', evidence: [seen] };
  const attached = evidence('kubernetes.pods', pods, `[${pod}].branchEni`, 'attached');
  return { state: 'broken', message: 'branch-pods-open', values: { pod, mode }, evidence: [seen, attached] };
};
