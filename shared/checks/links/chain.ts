import type { FactsOf } from '../../model/check.ts';
import type { Node } from '../../model/facts-kubernetes.ts';
import type { MissingFact } from '../../model/outcome.ts';
import type { FactKey } from '../../model/snapshot.ts';
import {
  AGENT_ARGUMENTS_MESSAGES,
  AGENT_ENABLED_MESSAGES,
  AGENT_PRESENT_MESSAGES,
  agentArguments,
  agentEnabled,
  agentPresent,
} from './agent.ts';
import { AGENT_CONTAINER, awsNodePodOf, CNI_CONTAINER, containerOf, networkingOf } from './aws-node.ts';
import { bpffs, BPFFS_MESSAGES } from './bpffs.ts';
import { cniVersion, CNI_VERSION_MESSAGES, runningCni } from './cni-version.ts';
import { enforcingMode, ENFORCING_MODE_MESSAGES } from './enforcing-mode.ts';
import { evidence, isUnobserved, missing } from './evidence.ts';
import { kernelVersion, KERNEL_VERSION_MESSAGES } from './kernel-version.ts';
import { kubernetesVersion, KUBERNETES_VERSION_MESSAGES } from './kubernetes-version.ts';
import type { Link } from './link.ts';
import { nodeClassMode, NODE_CLASS_MESSAGES } from './node-class.ts';
import {
  CRD_MESSAGES,
  indexPolicies,
  POLICY_ENDPOINTS_MESSAGES,
  policyEndpointsFresh,
  policyEndpointsServed,
  type PolicyIndex,
} from './policy-endpoints.ts';
import { SECOND_ENGINE_MESSAGES, secondEngine } from './second-engine.ts';
import {
  ADDON_CONFIGURATION_MESSAGES,
  addonConfiguration,
  CONTROLLER_ENABLED_MESSAGES,
  controllerEnabled,
} from './switches.ts';

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

const OWN_MESSAGES = {
  'not-read': 'What decides this could not be read',
  'not-in-eks': 'EKS knows no such cluster',
  'no-daemonset': 'There is no DaemonSet aws-node',
  'add-on-overridden':
    'The add-on is not configured for NetworkPolicy, but the DaemonSet and the ConfigMap have been switched on',
  'no-pods-api': 'The API lists no pods',
} as const;

const MESSAGES = {
  ...OWN_MESSAGES,
  ...KUBERNETES_VERSION_MESSAGES,
  ...CNI_VERSION_MESSAGES,
  ...ADDON_CONFIGURATION_MESSAGES,
  ...CONTROLLER_ENABLED_MESSAGES,
  ...AGENT_ARGUMENTS_MESSAGES,
  ...AGENT_PRESENT_MESSAGES,
  ...AGENT_ENABLED_MESSAGES,
  ...KERNEL_VERSION_MESSAGES,
  ...BPFFS_MESSAGES,
  ...CRD_MESSAGES,
  ...POLICY_ENDPOINTS_MESSAGES,
  ...ENFORCING_MODE_MESSAGES,
  ...NODE_CLASS_MESSAGES,
  ...SECOND_ENGINE_MESSAGES,
} as const;

/** Templates of every link's messages, for the sentence that names a broken one. */
export const CHAIN_MESSAGES: { readonly [key: string]: string } = MESSAGES;

/** The configuration that switches NetworkPolicy on in both places at once. */
const SWITCH_ON =
  'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"enableNetworkPolicy":"true"}\'';

interface ChainLink {
  readonly name: string;
  /** The exact command that mends it. */
  readonly fix: string;
  readonly judge: (node: Node, facts: ChainFacts, index: PolicyIndex) => Link;
}

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

const skip = (message: keyof typeof OWN_MESSAGES): Link => ({ state: 'not-applicable', message });

const clusterVersion: ChainLink['judge'] = (_node, facts) => {
  const eks = facts['eks.cluster'];
  if (eks.state === 'unobserved')
    return { state: 'unknown', message: 'not-read', missing: [missing('eks.cluster', eks)] };
  return eks.state === 'absent' ? skip('not-in-eks') : kubernetesVersion(eks);
};

/** Of the pod on this node where there is one: during a rollout nodes differ. */
const runningVersion: ChainLink['judge'] = (node, facts) => {
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
const declaredConfiguration: ChainLink['judge'] = (_node, facts) => {
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
  return link.state === 'holds' || link.state === 'not-applicable' || !overridden ? link : skip('add-on-overridden');
};

const controllerSwitch: ChainLink['judge'] = (_node, facts) => {
  const configMap = facts['kubernetes.amazon-vpc-cni'];
  return configMap.state === 'unobserved'
    ? { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.amazon-vpc-cni', configMap)] }
    : controllerEnabled(configMap);
};

const daemonSetArguments: ChainLink['judge'] = (_node, facts) => {
  const daemonSet = facts['kubernetes.aws-node'];
  if (daemonSet.state === 'unobserved') {
    return { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.aws-node', daemonSet)] };
  }
  if (daemonSet.state === 'absent') return skip('no-daemonset');
  return agentArguments(daemonSet);
};

const agentReady: ChainLink['judge'] = (node, facts) => {
  const pods = facts['kubernetes.aws-node-pods'];
  if (pods.state === 'unobserved')
    return { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.aws-node-pods', pods)] };
  return pods.state === 'absent' ? skip('no-pods-api') : agentPresent(node, pods);
};

const agentRevision: ChainLink['judge'] = (node, facts) => {
  const { 'kubernetes.aws-node-pods': pods, 'eks.cluster': eks } = facts;
  const gap = gapsIn(facts, ['kubernetes.aws-node-pods', 'eks.cluster']);
  if (gap !== undefined) return gap;
  return pods.state === 'observed' && eks.state === 'observed' ? agentEnabled(node, pods, eks) : skip('no-pods-api');
};

const crdServed: ChainLink['judge'] = (_node, facts) => {
  const crds = facts['kubernetes.crds'];
  return crds.state === 'unobserved'
    ? { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.crds', crds)] }
    : policyEndpointsServed(crds);
};

const endpointsFresh: ChainLink['judge'] = (node, facts, index) => {
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

const modeOnNode: ChainLink['judge'] = (node, facts) => {
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

const onlyEngine: ChainLink['judge'] = (_node, facts) => {
  const workloads = facts['kubernetes.network-workloads'];
  return workloads.state === 'unobserved'
    ? { state: 'unknown', message: 'not-read', missing: [missing('kubernetes.network-workloads', workloads)] }
    : secondEngine(workloads, facts['kubernetes.aws-node']);
};

const kernel: ChainLink['judge'] = (node, facts) => kernelVersion(node, facts['kubernetes.nodes']);
const mount: ChainLink['judge'] = (node, facts) => bpffs(node, facts['kubernetes.nodes'], facts);

const CONTROLLER_ON =
  'kubectl -n kube-system patch configmap amazon-vpc-cni --type merge -p \'{"data":{"enable-network-policy-controller":"true"}}\'';

const VPC_CNI_CHAIN: readonly ChainLink[] = [
  {
    name: 'cluster version',
    fix: 'aws eks update-cluster-version --name <cluster> --kubernetes-version <next minor>',
    judge: clusterVersion,
  },
  {
    name: 'VPC CNI version',
    fix: 'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --addon-version <version> --resolve-conflicts PRESERVE',
    judge: runningVersion,
  },
  { name: 'add-on configuration', fix: SWITCH_ON, judge: declaredConfiguration },
  { name: 'ConfigMap amazon-vpc-cni', fix: CONTROLLER_ON, judge: controllerSwitch },
  { name: 'DaemonSet arguments', fix: SWITCH_ON, judge: daemonSetArguments },
  {
    name: 'agent container',
    fix: 'kubectl -n kube-system logs -c aws-eks-nodeagent --previous $(kubectl -n kube-system get pod -l k8s-app=aws-node --field-selector spec.nodeName=<node> -o name)',
    judge: agentReady,
  },
  {
    name: 'agent revision',
    fix: 'kubectl -n kube-system delete pod -l k8s-app=aws-node --field-selector spec.nodeName=<node>',
    judge: agentRevision,
  },
  {
    name: 'kernel',
    fix: 'aws eks update-nodegroup-version --cluster-name <cluster> --nodegroup-name <node group>',
    judge: kernel,
  },
  {
    name: 'bpffs',
    fix: 'sudo mount -t bpf bpffs /sys/fs/bpf   # persist it with a systemd unit sys-fs-bpf.mount in user data',
    judge: mount,
  },
  {
    name: 'PolicyEndpoint API',
    fix: 'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --addon-version <version> --resolve-conflicts OVERWRITE',
    judge: crdServed,
  },
  {
    name: 'PolicyEndpoints',
    fix: 'kubectl get policyendpoints.networking.k8s.aws -A   # then touch the policy: kubectl -n <namespace> annotate networkpolicy <name> touched=1',
    judge: endpointsFresh,
  },
  {
    name: 'enforcing mode',
    fix: 'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"env":{"NETWORK_POLICY_ENFORCING_MODE":"standard"},"enableNetworkPolicy":"true"}\'',
    judge: modeOnNode,
  },
  {
    name: 'single policy engine',
    fix: 'kubectl get daemonsets -A | grep -Ei "calico|canal|cilium|weave|kube-router|antrea"',
    judge: onlyEngine,
  },
];

/** Auto Mode runs the agent inside its own OS image, with no aws-node pod: https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html */
const AUTO_MODE_CHAIN: readonly ChainLink[] = [
  {
    name: 'cluster version',
    fix: 'aws eks update-cluster-version --name <cluster> --kubernetes-version <next minor>',
    judge: clusterVersion,
  },
  { name: 'ConfigMap amazon-vpc-cni', fix: CONTROLLER_ON, judge: controllerSwitch },
  {
    name: 'kernel',
    fix: 'aws eks update-nodegroup-version --cluster-name <cluster> --nodegroup-name <node group>',
    judge: kernel,
  },
  {
    name: 'bpffs',
    fix: 'sudo mount -t bpf bpffs /sys/fs/bpf   # persist it with a systemd unit sys-fs-bpf.mount in user data',
    judge: mount,
  },
  {
    name: 'PolicyEndpoint API',
    fix: 'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --addon-version <version> --resolve-conflicts OVERWRITE',
    judge: crdServed,
  },
  {
    name: 'PolicyEndpoints',
    fix: 'kubectl get policyendpoints.networking.k8s.aws -A   # then touch the policy: kubectl -n <namespace> annotate networkpolicy <name> touched=1',
    judge: endpointsFresh,
  },
  {
    name: 'NodeClass',
    fix: 'kubectl patch nodeclass <nodeclass> --type merge -p \'{"spec":{"networkPolicy":"DefaultAllow"}}\'',
    judge: (node, facts) => nodeClassMode(node, facts['kubernetes.nodeclasses']),
  },
  {
    name: 'single policy engine',
    fix: 'kubectl get daemonsets -A | grep -Ei "calico|canal|cilium|weave|kube-router|antrea"',
    judge: onlyEngine,
  },
];

/** A declaration: what runs does not rest on it once it runs. */
export const DECLARATION = 'add-on configuration';

/** `agent revision` → `broken-agent-revision`. */
export const brokenKey = (name: string): string => `broken-${name.toLowerCase().replaceAll(' ', '-')}`;

/** Every link of any node, once: for the messages and the commands of `network-policy/enforced`. */
export const CHAIN_LINKS: readonly { readonly name: string; readonly fix: string }[] = [
  ...new Map([...VPC_CNI_CHAIN, ...AUTO_MODE_CHAIN].map((link) => [link.name, link])).values(),
];

export interface JudgedLink {
  readonly name: string;
  readonly link: Link;
}

/** Reads the policies once for all nodes. */
export const chainIndex = (facts: ChainFacts): PolicyIndex => {
  const {
    'kubernetes.network-policies': policies,
    'kubernetes.policy-endpoints': endpoints,
    'kubernetes.pods': pods,
  } = facts;
  return indexPolicies(
    policies.state === 'observed' ? policies.value : [],
    endpoints.state === 'observed' ? endpoints.value : [],
    pods.state === 'observed' ? pods.value : [],
  );
};

/** Every link of a node, in the order in which enforcement breaks. */
export const judgeChain = (node: Node, facts: ChainFacts, index: PolicyIndex): readonly JudgedLink[] => {
  const chain = networkingOf(node) === 'auto-mode' ? AUTO_MODE_CHAIN : VPC_CNI_CHAIN;
  return chain.map(({ name, judge }) => ({ name, link: judge(node, facts, index) }));
};
