import type { Fact, Looked, Observed } from '../../model/fact.ts';
import type { DaemonSet, NetworkWorkload, Node, Pod } from '../../model/facts-kubernetes.ts';
import { CNI_CONTAINER, containerOf, GO_TRUE } from './aws-node.ts';
import { UNRESOLVED } from './argument.ts';
import { isUnresolved } from '../../model/unresolved-env.ts';
import { evidence, isUnobserved, missing, notRead, unreadable } from './evidence.ts';
import type { Link } from './link.ts';

export const SECOND_ENGINE_MESSAGES = {
  'only-engine': 'No other policy engine runs on this node',
  'engine-elsewhere': '{engine} runs in the cluster; whether also on this node is not known',
  'second-engine': '{engine} also runs ({workload}): two engines fight over the same packets',
  'bandwidth-plugin': 'ENABLE_BANDWIDTH_PLUGIN is on: it takes the tc hooks that the agent needs',
  'bandwidth-unresolved': 'ENABLE_BANDWIDTH_PLUGIN is set from elsewhere, and its value was not read',
} as const;

/**
 * DaemonSets that enforce NetworkPolicy by themselves. Left-over Deployments and ConfigMaps do not: they are
 * `calico-migration/calico-resources`' matter. Names: each project's own manifests, e.g.
 * https://github.com/projectcalico/calico/blob/master/manifests/calico.yaml
 */
export const ENGINE_DAEMONSETS: Readonly<Record<string, string>> = {
  'calico-node': 'Calico',
  canal: 'Canal',
  cilium: 'Cilium',
  'weave-net': 'Weave Net',
  'kube-router': 'kube-router',
  'antrea-agent': 'Antrea',
};

type SecondEngineLink = Link<keyof typeof SECOND_ENGINE_MESSAGES>;

const engineName = (name: string): string => ENGINE_DAEMONSETS[name] ?? name;

/** Pods of an engine's DaemonSet on this node: clusters with hybrid nodes run another engine there by design. */
const engineOnNode = (node: Node, pods: Observed<readonly Pod[]>): Pod | undefined =>
  pods.value.find(
    ({ nodeName, owner, phase }) =>
      nodeName === node.name &&
      phase === 'Running' &&
      owner?.kind === 'DaemonSet' &&
      Object.hasOwn(ENGINE_DAEMONSETS, owner.name),
  );

const bandwidthPlugin = (daemonSet: Fact<DaemonSet>): SecondEngineLink | undefined => {
  if (daemonSet.state !== 'observed') return undefined;
  // https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md (ENABLE_BANDWIDTH_PLUGIN)
  const container = containerOf(daemonSet.value, CNI_CONTAINER);
  const path = `containers[name=${CNI_CONTAINER}].env.ENABLE_BANDWIDTH_PLUGIN`;
  if (isUnresolved(container, 'ENABLE_BANDWIDTH_PLUGIN')) {
    const gap = notRead('kubernetes.aws-node', daemonSet, `${path}: ${UNRESOLVED}`);
    return { state: 'unknown', message: 'bandwidth-unresolved', missing: [gap] };
  }
  const written = container?.env['ENABLE_BANDWIDTH_PLUGIN'];
  if (written === undefined || !GO_TRUE.has(written)) return undefined;
  return {
    state: 'broken',
    message: 'bandwidth-plugin',
    evidence: [evidence('kubernetes.aws-node', daemonSet, path, written)],
  };
};

/** Whether something else acts on this node's packets too. Left-overs that run no pod here do not. */
export const secondEngine = (
  node: Node,
  workloads: Looked<readonly NetworkWorkload[]>,
  pods: Fact<readonly Pod[]>,
  daemonSet: Fact<DaemonSet>,
): SecondEngineLink => {
  const list = workloads.state === 'observed' ? workloads.value : [];
  const other = list.find(
    ({ kind, name, ready }) => kind === 'DaemonSet' && ready > 0 && Object.hasOwn(ENGINE_DAEMONSETS, name),
  );
  if (other !== undefined && pods.state !== 'observed') {
    const gap = isUnobserved(pods)
      ? missing('kubernetes.pods', pods)
      : unreadable('kubernetes.pods', pods, 'there is no list of pods');
    return {
      state: 'unknown',
      message: 'engine-elsewhere',
      values: { engine: engineName(other.name) },
      missing: [gap],
    };
  }
  const pod = pods.state === 'observed' ? engineOnNode(node, pods) : undefined;
  if (pod !== undefined && pods.state === 'observed') {
    const workload = `${pod.namespace}/${pod.name}`;
    const seen = evidence('kubernetes.pods', pods, `[${workload}].nodeName`, node.name);
    return {
      state: 'broken',
      message: 'second-engine',
      values: { engine: engineName(pod.owner?.name ?? ''), workload },
      evidence: [seen],
    };
  }
  return (
    bandwidthPlugin(daemonSet) ?? {
      state: 'holds',
      message: 'only-engine',
      evidence: [
        evidence(
          'kubernetes.network-workloads',
          workloads,
          '',
          `${list.length} CNI workloads, none enforces on this node`,
        ),
      ],
    }
  );
};
