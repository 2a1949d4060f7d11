import type { Node } from '../../model/facts-kubernetes.ts';
import { AGENT_ARGUMENTS_MESSAGES, AGENT_ENABLED_MESSAGES, AGENT_PRESENT_MESSAGES } from './agent.ts';
import { networkingOf } from './aws-node.ts';
import { BRANCH_INTERFACE_MESSAGES } from './branch-interfaces.ts';
import { BOTTLEROCKET_BROKEN, BPFFS_MESSAGES, REPLACE_BOTTLEROCKET } from './bpffs.ts';
import { CNI_VERSION_MESSAGES } from './cni-version.ts';
import { ENFORCING_MODE_MESSAGES } from './enforcing-mode.ts';
import { KERNEL_VERSION_MESSAGES } from './kernel-version.ts';
import { KUBERNETES_VERSION_MESSAGES } from './kubernetes-version.ts';
import type { Link } from './link.ts';
import { nodeClassMode, NODE_CLASS_MESSAGES } from './node-class.ts';
import { CRD_MESSAGES, indexPolicies, POLICY_ENDPOINTS_MESSAGES, type PolicyIndex } from './policy-endpoints.ts';
import { SECOND_ENGINE_MESSAGES } from './second-engine.ts';
import { ADDON_CONFIGURATION_MESSAGES, CONTROLLER_ENABLED_MESSAGES } from './switches.ts';
import {
  agentReady,
  agentRevision,
  branchPods,
  type ChainFacts,
  clusterVersion,
  controllerSwitch,
  crdServed,
  daemonSetArguments,
  declaredConfiguration,
  endpointsFresh,
  type Judge,
  JUDGE_MESSAGES,
  kernel,
  modeOnNode,
  mount,
  onlyEngine,
  runningVersion,
} from './chain-judges.ts';
const MESSAGES = {
  ...JUDGE_MESSAGES,
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
  ...BRANCH_INTERFACE_MESSAGES,
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
  /** Messages of the link that another command mends; such a node's finding has a key of its own. */
  readonly otherwise?: { readonly suffix: string; readonly messages: readonly string[]; readonly fix: string };
  /** Where only one kind of node has it. */
  readonly on?: 'vpc-cni' | 'auto-mode';
  readonly judge: Judge;
}

const CONTROLLER_ON =
  'kubectl -n kube-system patch configmap amazon-vpc-cni --type merge -p \'{"data":{"enable-network-policy-controller":"true"}}\'';

/** In the order in which enforcement breaks. Auto Mode runs the agent inside its own OS image, with no aws-node pod:
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html */
const CHAIN: readonly ChainLink[] = [
  {
    name: 'cluster version',
    fix: 'aws eks update-cluster-version --name <cluster> --kubernetes-version <next minor>',
    judge: clusterVersion,
  },
  {
    name: 'VPC CNI version',
    on: 'vpc-cni',
    fix: 'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --addon-version <version> --resolve-conflicts PRESERVE',
    judge: runningVersion,
  },
  { name: 'add-on configuration', on: 'vpc-cni', fix: SWITCH_ON, judge: declaredConfiguration },
  { name: 'ConfigMap amazon-vpc-cni', fix: CONTROLLER_ON, judge: controllerSwitch },
  { name: 'DaemonSet arguments', on: 'vpc-cni', fix: SWITCH_ON, judge: daemonSetArguments },
  {
    name: 'agent container',
    on: 'vpc-cni',
    fix: 'kubectl -n kube-system logs -c aws-eks-nodeagent --previous $(kubectl -n kube-system get pod -l k8s-app=aws-node --field-selector spec.nodeName=<node> -o name)',
    judge: agentReady,
  },
  {
    name: 'agent revision',
    on: 'vpc-cni',
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
    otherwise: { suffix: 'bottlerocket', messages: BOTTLEROCKET_BROKEN, fix: REPLACE_BOTTLEROCKET },
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
    on: 'vpc-cni',
    fix: 'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"env":{"NETWORK_POLICY_ENFORCING_MODE":"standard"},"enableNetworkPolicy":"true"}\'',
    judge: modeOnNode,
  },
  {
    name: 'NodeClass',
    on: 'auto-mode',
    fix: 'kubectl patch nodeclass <nodeclass> --type merge -p \'{"spec":{"networkPolicy":"DefaultAllow"}}\'',
    judge: (node, facts) => nodeClassMode(node, facts['kubernetes.nodeclasses']),
  },
  {
    name: 'branch interfaces',
    on: 'vpc-cni',
    fix: 'aws eks update-addon --cluster-name <cluster> --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"env":{"POD_SECURITY_GROUP_ENFORCING_MODE":"standard"},"enableNetworkPolicy":"true"}\'',
    judge: branchPods,
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
const keyOf = (name: string): string => `broken-${name.toLowerCase().replaceAll(' ', '-')}`;

/** The key of a node's finding: the link that broke, and where another command mends it, how. */
export const brokenKey = (name: string, message: string): string => {
  const otherwise = CHAIN.find((link) => link.name === name)?.otherwise;
  return otherwise?.messages.includes(message) === true ? `${keyOf(name)}-${otherwise.suffix}` : keyOf(name);
};

/** Every way in which any node breaks, once: for the messages and the commands of `network-policy/enforced`. */
export const CHAIN_BREAKS: readonly { readonly key: string; readonly name: string; readonly fix: string }[] =
  CHAIN.flatMap(({ name, fix, otherwise }) => [
    { key: keyOf(name), name, fix },
    ...(otherwise === undefined ? [] : [{ key: `${keyOf(name)}-${otherwise.suffix}`, name, fix: otherwise.fix }]),
  ]);

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
  const networking = networkingOf(node);
  return CHAIN.filter(({ on }) => on === undefined || on === networking).map(({ name, judge }) => ({
    name,
    link: judge(node, facts, index),
  }));
};
