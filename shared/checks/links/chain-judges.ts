import type { FactsOf } from '../../model/check.ts';
import { absent } from '../../model/fact.ts';
import type { Node } from '../../model/facts-kubernetes.ts';
import type { MissingFact } from '../../model/outcome.ts';
import type { FactKey } from '../../model/snapshot.ts';
import { agentArguments, agentEnabled, agentPresent } from './agent.ts';
import { AGENT_CONTAINER, awsNodePodOf, CNI_CONTAINER, containerOf, networkingOf } from './aws-node.ts';
import { branchInterfaces } from './branch-interfaces.ts';
import { bpffs } from './bpffs.ts';
import { cniVersion, runningCni } from './cni-version.ts';
import { enforcingMode } from './enforcing-mode.ts';
import { evidence, isUnobserved, missing } from './evidence.ts';
import { kernelVersion } from './kernel-version.ts';
import { kubernetesVersion } from './kubernetes-version.ts';
import type { Link } from './link.ts';
import { policyEndpointsFresh, policyEndpointsServed, type PolicyIndex } from './policy-endpoints.ts';
import { secondEngine } from './second-engine.ts';
import { addonConfiguration, controllerEnabled } from './switches.ts';

/** What the chain reads besides the nodes themselves; any of it may be unobserved. */
export const CHAIN_USES = [
  'eks.cluster',
  'eks.vpc-cni-addon',
  'eks.nodegroups',
  'ec2.instances',
  'ec2.images',
  'ec2.launch-templates',
  'kubernetes.aws-node',
  'kubernetes.aws-node-pods',
  'kubernetes.amazon-vpc-cni',
  'kubernetes.crds',
  'kubernetes.network-workloads',
  'kubernetes.network-policies',
  'kubernetes.policy-endpoints',
  'kubernetes.pods',
  'kubernetes.nodeclasses',
  'nodes.probes',
] as const satisfies readonly FactKey[];

export type ChainFacts = FactsOf<'kubernetes.nodes', (typeof CHAIN_USES)[number]>;

export const JUDGE_MESSAGES = {
  'not-read': 'What decides this could not be read',
  'not-in-eks': 'EKS knows no such cluster',
  'no-daemonset': 'There is no DaemonSet aws-node',
  'add-on-overridden':
    'The add-on is not configured for NetworkPolicy, but the DaemonSet and the ConfigMap have been switched on',
  'no-pods-api': 'The API lists no pods',
} as const;

/** One link of the chain: what it says of one node. */
export type Judge = (node: Node, facts: ChainFacts, index: PolicyIndex) => Link;

/** A link that needs facts which could not be read is unknown, and says which. */
const gapsIn = (facts: ChainFacts, keys: readonly (typeof CHAIN_USES)[number][]): Link | undefined => {
  const gaps: MissingFact[] = [];
  for (const key of keys) {
    const fact = facts[key];
    if (isUnobserved(fact)) gaps.push(missing(key, fact));
  }
  const [first, ...rest] = gaps;
  return first === undefined ? undefined : { state: 'unknown', message: 'not-read', missing: [first, ...rest] };
};

const skip = (message: keyof typeof JUDGE_MESSAGES): Link => ({ state: 'not-applicable', message });

export const clusterVersion: Judge = (_node, facts) => {
  const eks = facts['eks.cluster'];
  if (eks.state === 'unobserved')
    return { state: 'unknown', message: 'not-read', missing: [missing('eks.cluster', eks)] };
  return eks.state === 'absent' ? skip('not-in-eks') : kubernetesVersion(eks);
};

/** Of the pod on this node where there is one: during a rollout nodes differ. */
export const runningVersion: Judge = (node, facts) => {
  const { 'kubernetes.aws-node-pods': pods, 'kubernetes.aws-node': daemonSet, 'eks.vpc-cni-addon': addon } = facts;
  const pod = pods.state === 'observed' ? awsNodePodOf(node, pods.value) : undefined;
  if (pod !== undefined && pods.state === 'observed') {
    const path = `[name=${pod.name}].containers[name=${CNI_CONTAINER}]`;
    return cniVersion(containerOf(pod, CNI_CONTAINER), addon, { key: 'kubernetes.aws-node-pods', fact: pods, path });
  }
  if (daemonSet.state === 'observed') {
    const path = `containers[name=${CNI_CONTAINER}]`;
    return cniVersion(containerOf(daemonSet.value, CNI_CONTAINER), addon, {
      key: 'kubernetes.aws-node',
      fact: daemonSet,
      path,
    });
  }
  if (daemonSet.state === 'absent') {
    const seen = evidence('kubernetes.aws-node', daemonSet, '', 'DaemonSet kube-system/aws-node not found');
    return { state: 'broken', message: 'no-daemonset', evidence: [seen] };
  }
  return { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.aws-node', daemonSet)] };
};

const isOn = (link: Link): boolean => link.state === 'holds';

/**
 * The add-on is the root cause where it is off and the cluster follows it. Where somebody switched the cluster on by
 * hand, enforcement is real today, and the disagreement is `network-policy/configuration-drift`'s to report.
 */
export const declaredConfiguration: Judge = (_node, facts) => {
  const {
    'eks.vpc-cni-addon': addon,
    'kubernetes.aws-node': daemonSet,
    'kubernetes.amazon-vpc-cni': configMap,
  } = facts;
  const overridden =
    daemonSet.state === 'observed' &&
    configMap.state === 'observed' &&
    isOn(agentArguments(daemonSet)) &&
    isOn(controllerEnabled(configMap));
  if (addon.state === 'unobserved') {
    return overridden
      ? skip('add-on-overridden')
      : { state: 'unknown', message: 'not-read', missing: [missing('eks.vpc-cni-addon', addon)] };
  }
  const link = addonConfiguration(addon);
  if (link.state === 'holds' || link.state === 'not-applicable') return link;
  if (overridden) return skip('add-on-overridden');
  const ran = daemonSet.state === 'observed' ? agentArguments(daemonSet) : undefined;
  if (ran?.state === 'unknown') return ran;
  // Whether somebody switched the cluster on by hand is not known where either switch could not be read.
  const switches = gapsIn(facts, ['kubernetes.aws-node', 'kubernetes.amazon-vpc-cni']);
  return link.state === 'broken' ? (switches ?? link) : link;
};

export const controllerSwitch: Judge = (_node, facts) => {
  const configMap = facts['kubernetes.amazon-vpc-cni'];
  return configMap.state === 'unobserved'
    ? { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.amazon-vpc-cni', configMap)] }
    : controllerEnabled(configMap);
};

export const daemonSetArguments: Judge = (_node, facts) => {
  const daemonSet = facts['kubernetes.aws-node'];
  if (daemonSet.state === 'unobserved') {
    return { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.aws-node', daemonSet)] };
  }
  if (daemonSet.state === 'absent') return skip('no-daemonset');
  return agentArguments(daemonSet);
};

export const agentReady: Judge = (node, facts) => {
  const pods = facts['kubernetes.aws-node-pods'];
  if (pods.state === 'unobserved')
    return { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.aws-node-pods', pods)] };
  return pods.state === 'absent' ? skip('no-pods-api') : agentPresent(node, pods);
};

export const agentRevision: Judge = (node, facts) => {
  const { 'kubernetes.aws-node-pods': pods, 'eks.cluster': eks } = facts;
  const gap = gapsIn(facts, ['kubernetes.aws-node-pods', 'eks.cluster']);
  if (gap !== undefined) return gap;
  return pods.state === 'observed' && eks.state === 'observed' ? agentEnabled(node, pods, eks) : skip('no-pods-api');
};

export const crdServed: Judge = (_node, facts) => {
  const crds = facts['kubernetes.crds'];
  return crds.state === 'unobserved'
    ? { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.crds', crds)] }
    : policyEndpointsServed(crds);
};

export const endpointsFresh: Judge = (node, facts, index) => {
  const gap = gapsIn(facts, ['kubernetes.pods', 'kubernetes.network-policies', 'kubernetes.policy-endpoints']);
  if (gap !== undefined) return gap;
  const {
    'kubernetes.pods': pods,
    'kubernetes.network-policies': policies,
    'kubernetes.policy-endpoints': endpoints,
  } = facts;
  if (pods.state !== 'observed' || policies.state === 'unobserved' || endpoints.state === 'unobserved')
    return skip('no-pods-api');
  return policyEndpointsFresh(node, index, { policies, endpoints, pods });
};

export const modeOnNode: Judge = (node, facts) => {
  const pods = facts['kubernetes.aws-node-pods'];
  if (pods.state === 'unobserved')
    return { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.aws-node-pods', pods)] };
  const pod = pods.state === 'observed' ? awsNodePodOf(node, pods.value) : undefined;
  if (pod === undefined || pods.state !== 'observed') return skip('no-pods-api');
  const containers = { cni: containerOf(pod, CNI_CONTAINER), agent: containerOf(pod, AGENT_CONTAINER) };
  const running = runningCni(containers.cni, facts['eks.vpc-cni-addon'])?.version;
  return enforcingMode(containers, running, {
    key: 'kubernetes.aws-node-pods',
    fact: pods,
    path: `[name=${pod.name}].containers`,
  });
};

export const branchPods: Judge = (node, facts) => {
  const { 'kubernetes.pods': pods, 'kubernetes.aws-node-pods': agents } = facts;
  const gap = gapsIn(facts, ['kubernetes.pods', 'kubernetes.aws-node-pods']);
  if (gap !== undefined) return gap;
  return pods.state === 'observed' && agents.state === 'observed'
    ? branchInterfaces(node, pods, agents)
    : skip('no-pods-api');
};

export const onlyEngine: Judge = (node, facts) => {
  const {
    'kubernetes.network-workloads': workloads,
    'kubernetes.pods': pods,
    'kubernetes.aws-node': daemonSet,
  } = facts;
  if (workloads.state === 'unobserved') {
    return { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.network-workloads', workloads)] };
  }
  // The bandwidth plugin belongs to aws-node, which Auto Mode nodes do not run.
  const own = networkingOf(node) === 'auto-mode' ? absent(daemonSet.source, daemonSet.observedAt) : daemonSet;
  return secondEngine(node, workloads, pods, own);
};

export const kernel: Judge = (node, facts) => kernelVersion(node, facts['kubernetes.nodes']);
export const mount: Judge = (node, facts) => bpffs(node, facts['kubernetes.nodes'], facts);
