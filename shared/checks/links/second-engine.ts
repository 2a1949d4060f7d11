import type { Fact, Looked } from '../../model/fact.ts';
import type { DaemonSet, NetworkWorkload } from '../../model/facts-kubernetes.ts';
import { CNI_CONTAINER, containerOf, GO_TRUE } from './aws-node.ts';
import { evidence } from './evidence.ts';
import type { Link } from './link.ts';

export const SECOND_ENGINE_MESSAGES = {
  'only-engine': 'No other policy engine runs',
  'second-engine': '{engine} also runs ({workload}): two engines fight over the same packets',
  'bandwidth-plugin': 'ENABLE_BANDWIDTH_PLUGIN is on: it takes the tc hooks that the agent needs',
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

export const secondEngine = (
  workloads: Looked<readonly NetworkWorkload[]>,
  daemonSet: Fact<DaemonSet>,
): Link<keyof typeof SECOND_ENGINE_MESSAGES> => {
  const list = workloads.state === 'observed' ? workloads.value : [];
  const other = list.find(
    ({ kind, name, ready }) => kind === 'DaemonSet' && ready > 0 && Object.hasOwn(ENGINE_DAEMONSETS, name),
  );
  if (other !== undefined) {
    const workload = `${other.namespace}/${other.name}`;
    return {
      state: 'broken',
      message: 'second-engine',
      values: { engine: ENGINE_DAEMONSETS[other.name] ?? other.name, workload },
      evidence: [evidence('kubernetes.network-workloads', workloads, `[${workload}].ready`, String(other.ready))],
    };
  }
  if (daemonSet.state === 'observed') {
    // https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md (ENABLE_BANDWIDTH_PLUGIN)
    const written = containerOf(daemonSet.value, CNI_CONTAINER)?.env['ENABLE_BANDWIDTH_PLUGIN'];
    if (written !== undefined && GO_TRUE.has(written)) {
      const seen = evidence(
        'kubernetes.aws-node',
        daemonSet,
        `containers[name=${CNI_CONTAINER}].env.ENABLE_BANDWIDTH_PLUGIN`,
        written,
      );
      return { state: 'broken', message: 'bandwidth-plugin', evidence: [seen] };
    }
  }
  return {
    state: 'holds',
    message: 'only-engine',
    evidence: [evidence('kubernetes.network-workloads', workloads, '', `${list.length} CNI workloads, none enforces`)],
  };
};
