import type { Observed } from '../../model/fact.ts';
import type { EksCluster } from '../../model/facts-aws.ts';
import type { AwsNodePod, DaemonSet, Node } from '../../model/facts-kubernetes.ts';
import type { Evidence } from '../../model/outcome.ts';
import type { FactKey } from '../../model/snapshot.ts';
import { AGENT_CONTAINER, awsNodePodOf, booleanFlag, containerOf } from './aws-node.ts';
import { evidence, tooEarly, unreadable } from './evidence.ts';
import { joiningFor } from './joining.ts';
import type { Link } from './link.ts';

export const AGENT_PRESENT_MESSAGES = {
  'agent-running': 'Container aws-eks-nodeagent runs and is ready',
  'no-aws-node-pod': 'No aws-node pod runs on this node: its pods get no policy',
  'no-agent-container': 'The aws-node pod {pod} has no container aws-eks-nodeagent',
  'agent-not-ready': 'Container aws-eks-nodeagent of pod {pod} is not ready: {reason}, {restarts} restarts',
  'agent-starting': 'The node joined {seconds} s before and its agent is still starting: {reason}',
} as const;

/** Too early to tell: the node has not had its time yet, and nothing has failed on it. */
const stillStarting = (
  pods: Observed<readonly AwsNodePod[]>,
  seconds: number,
  reason: string,
  seen: Evidence,
): Link<keyof typeof AGENT_PRESENT_MESSAGES> => ({
  state: 'unknown',
  message: 'agent-starting',
  values: { seconds, reason },
  missing: [tooEarly('kubernetes.aws-node-pods', pods, seconds)],
  evidence: [seen],
});

/** The container is there even where NetworkPolicy is off; kubelet has no probe on it, so ready proves only that it runs. */
export const agentPresent = (
  node: Node,
  pods: Observed<readonly AwsNodePod[]>,
): Link<keyof typeof AGENT_PRESENT_MESSAGES> => {
  const pod = awsNodePodOf(node, pods.value);
  const at = (path: string, value: string) => evidence('kubernetes.aws-node-pods', pods, path, value);
  const joining = joiningFor(node, pods.observedAt);
  if (pod === undefined) {
    const seen = at(`[nodeName=${node.name}]`, 'none');
    return joining === undefined
      ? { state: 'broken', message: 'no-aws-node-pod', evidence: [seen] }
      : stillStarting(pods, joining, 'no aws-node pod yet', seen);
  }
  const path = `[name=${pod.name}]`;
  if (containerOf(pod, AGENT_CONTAINER) === undefined) {
    const names = pod.containers.map(({ name }) => name).join(', ');
    return {
      state: 'broken',
      message: 'no-agent-container',
      values: { pod: pod.name },
      evidence: [at(`${path}.containers`, names)],
    };
  }
  const status = pod.statuses.find(({ name }) => name === AGENT_CONTAINER);
  const reason = status === undefined ? 'no status yet' : status.reason || status.state;
  const seen = at(
    `${path}.statuses[name=${AGENT_CONTAINER}]`,
    `ready=${String(status?.ready ?? false)} state=${status?.state ?? 'unknown'} restarts=${status?.restartCount ?? 0}`,
  );
  if (status?.ready === true && status.state === 'running') {
    return { state: 'holds', message: 'agent-running', evidence: [seen] };
  }
  const restarts = status?.restartCount ?? 0;
  // A container that has ended once has been started: what is wrong with it is not that the node is new.
  if (joining !== undefined && restarts === 0 && status?.state !== 'terminated') {
    return stillStarting(pods, joining, reason, seen);
  }
  return { state: 'broken', message: 'agent-not-ready', values: { pod: pod.name, reason, restarts }, evidence: [seen] };
};

export const AGENT_ENABLED_MESSAGES = {
  'agent-enabled': 'The agent on this node runs with {flag}',
  'agent-disabled': 'The agent on this node runs with {flag}: it enforces nothing',
  'agent-wrong-family':
    'The agent on this node runs with {flag} in an {family} cluster: it skips the rules of that family',
  'agent-flag-unresolved': 'The agent on this node runs with {flag}, and the value of that variable was not read',
  'no-agent': 'There is no agent container on this node to switch on (see network-policy/node-agent-present)',
} as const;

const unresolved = (key: FactKey, fact: Observed<unknown>, path: string, flag: string) =>
  ({
    state: 'unknown',
    message: 'agent-flag-unresolved',
    values: { flag },
    missing: [unreadable(key, fact, `${path}: ${flag} takes its value from a variable that was not read`)],
  }) as const;

/** The switch as the pod on this node really runs it, not as the DaemonSet's template would next. */
export const agentEnabled = (
  node: Node,
  pods: Observed<readonly AwsNodePod[]>,
  cluster: Observed<EksCluster>,
): Link<keyof typeof AGENT_ENABLED_MESSAGES> => {
  const pod = awsNodePodOf(node, pods.value);
  const container = pod === undefined ? undefined : containerOf(pod, AGENT_CONTAINER);
  if (pod === undefined || container === undefined) return { state: 'not-applicable', message: 'no-agent' };
  const path = `[name=${pod.name}].containers[name=${AGENT_CONTAINER}].args`;
  const policy = booleanFlag(container, 'enable-network-policy');
  const seen = evidence('kubernetes.aws-node-pods', pods, path, policy.written);
  if (policy.is === 'unknown') return unresolved('kubernetes.aws-node-pods', pods, path, policy.written);
  if (policy.is === 'off')
    return { state: 'broken', message: 'agent-disabled', values: { flag: policy.written }, evidence: [seen] };
  const family = booleanFlag(container, 'enable-ipv6');
  if (family.is === 'unknown') return unresolved('kubernetes.aws-node-pods', pods, path, family.written);
  if ((family.is === 'on') !== (cluster.value.ipFamily === 'ipv6')) {
    const written = evidence('kubernetes.aws-node-pods', pods, path, family.written);
    const values = { flag: family.written, family: cluster.value.ipFamily };
    return { state: 'broken', message: 'agent-wrong-family', values, evidence: [written] };
  }
  return { state: 'holds', message: 'agent-enabled', values: { flag: policy.written }, evidence: [seen] };
};

export const AGENT_ARGUMENTS_MESSAGES = {
  'arguments-on': 'DaemonSet aws-node runs the agent with {flag}',
  'arguments-off': 'DaemonSet aws-node runs the agent with {flag}',
  'agent-flag-unresolved': 'DaemonSet aws-node runs the agent with {flag}, and the value of that variable was not read',
  'no-agent-in-daemonset': 'DaemonSet aws-node has no container aws-eks-nodeagent',
} as const;

/** The switch in the DaemonSet's template: what every new aws-node pod will get. */
export const agentArguments = (daemonSet: Observed<DaemonSet>): Link<keyof typeof AGENT_ARGUMENTS_MESSAGES> => {
  const container = containerOf(daemonSet.value, AGENT_CONTAINER);
  if (container === undefined) {
    const names = daemonSet.value.containers.map(({ name }) => name).join(', ');
    const seen = evidence('kubernetes.aws-node', daemonSet, 'containers', names);
    return { state: 'broken', message: 'no-agent-in-daemonset', evidence: [seen] };
  }
  const flag = booleanFlag(container, 'enable-network-policy');
  const path = `containers[name=${AGENT_CONTAINER}].args`;
  if (flag.is === 'unknown') return unresolved('kubernetes.aws-node', daemonSet, path, flag.written);
  const seen = evidence('kubernetes.aws-node', daemonSet, path, flag.written);
  return {
    state: flag.is === 'on' ? 'holds' : 'broken',
    message: flag.is === 'on' ? 'arguments-on' : 'arguments-off',
    values: { flag: flag.written },
    evidence: [seen],
  };
};
