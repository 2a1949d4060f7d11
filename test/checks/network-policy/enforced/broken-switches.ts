import type { Case } from '../../../support/check-tester.ts';
import {
  addon,
  agentContainer,
  awsNodePod,
  cniContainer,
  daemonSet,
  eksCluster,
  node,
} from '../../../support/cluster.ts';
import {
  addonKey,
  agentFlags,
  agentOff,
  cluster,
  controllerKey,
  crashing,
  name,
  OFF,
  oldCni,
  oldKernel,
  podImage,
} from './cluster.ts';

/** Links 1 to 7, what is switched on and rolled out: each with the next link broken too, where one can be. */
export const SWITCHES: readonly [Case, ...Case[]] = [
  {
    name: 'link 1, cluster version, before link 2',
    facts: cluster({
      'eks.cluster': eksCluster({ version: '1.24' }),
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [oldCni, agentContainer()] })],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-cluster-version',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: cluster version. Kubernetes 1.24 is older than 1.25, the first that the VPC CNI enforces NetworkPolicy on',
        evidence: ['eks.cluster:version'],
        grades: ['observed'],
      },
    ],
  },
  {
    name: 'link 2, VPC CNI version of the pod on this node, before link 3',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), agentOff] }),
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [oldCni, agentOff] })],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-vpc-cni-version',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: VPC CNI version. VPC CNI 1.13.4 is older than 1.14.0, the first that can enforce NetworkPolicy',
        evidence: [podImage],
      },
    ],
  },
  {
    name: 'link 2, where the pods could not be listed the DaemonSet tells the version',
    facts: cluster({
      'kubernetes.aws-node': daemonSet({ containers: [oldCni, agentContainer()] }),
      'kubernetes.aws-node-pods': 'denied',
    }),
    expected: [
      {
        resource: name,
        message: 'broken-vpc-cni-version',
        evidence: ['kubernetes.aws-node:containers[name=aws-node].image'],
      },
    ],
  },
  {
    name: 'link 2, a node for the VPC CNI in a cluster without it',
    facts: cluster({
      'eks.vpc-cni-addon': 'absent',
      'kubernetes.aws-node': 'absent',
      'kubernetes.aws-node-pods': 'absent',
      'kubernetes.amazon-vpc-cni': 'absent',
    }),
    expected: [
      {
        resource: name,
        message: 'broken-vpc-cni-version',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: VPC CNI version. There is no DaemonSet aws-node',
        evidence: ['kubernetes.aws-node:'],
      },
    ],
  },
  {
    name: 'link 3, add-on configuration unset and the cluster follows it, before link 4',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
      'kubernetes.amazon-vpc-cni': OFF,
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), agentOff] }),
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer(), agentOff] })],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-add-on-configuration',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: add-on configuration. The vpc-cni add-on v1.21.1-eksbuild.1 has no enableNetworkPolicy in its configuration: the default is off',
        evidence: [addonKey],
        grades: ['declared'],
      },
    ],
  },
  {
    name: 'link 3, enableNetworkPolicy "false"',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'values', values: { enableNetworkPolicy: 'false' } } }),
      'kubernetes.amazon-vpc-cni': OFF,
    }),
    expected: [
      {
        resource: name,
        message: 'broken-add-on-configuration',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: add-on configuration. The vpc-cni add-on is configured with enableNetworkPolicy "false"',
        evidence: [addonKey],
      },
    ],
  },
  {
    name: 'link 3, the boolean false, and only one of the two switches is on by hand',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'values', values: { enableNetworkPolicy: false } } }),
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), agentOff] }),
    }),
    expected: [
      {
        resource: name,
        message: 'broken-add-on-configuration',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: add-on configuration. The vpc-cni add-on is configured with enableNetworkPolicy false',
      },
    ],
  },
  {
    name: 'link 3, null in the configuration is as good as nothing',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'values', values: { enableNetworkPolicy: null } } }),
      'kubernetes.amazon-vpc-cni': 'absent',
    }),
    expected: [{ resource: name, message: 'broken-add-on-configuration', evidence: [addonKey] }],
  },
  {
    name: 'link 3, a configuration of other things than enableNetworkPolicy',
    facts: cluster({
      'eks.vpc-cni-addon': addon({
        configuration: { form: 'values', values: { env: { ENABLE_PREFIX_DELEGATION: 'true' } } },
      }),
      'kubernetes.amazon-vpc-cni': OFF,
    }),
    expected: [{ resource: name, message: 'broken-add-on-configuration', evidence: [addonKey] }],
  },
  {
    name: 'link 4, ConfigMap amazon-vpc-cni, before link 5',
    facts: cluster({
      'kubernetes.amazon-vpc-cni': OFF,
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), agentOff] }),
    }),
    expected: [
      {
        resource: name,
        message: 'broken-configmap-amazon-vpc-cni',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: ConfigMap amazon-vpc-cni. ConfigMap amazon-vpc-cni has enable-network-policy-controller "false": no PolicyEndpoint is made',
        evidence: [controllerKey],
      },
    ],
  },
  {
    name: 'link 5, DaemonSet arguments, before link 6',
    facts: cluster({
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), agentOff] }),
      'kubernetes.aws-node-pods': [],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-daemonset-arguments',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: DaemonSet arguments. DaemonSet aws-node runs the agent with --enable-network-policy=false',
        evidence: ['kubernetes.aws-node:containers[name=aws-eks-nodeagent].args'],
      },
    ],
  },
  {
    name: 'link 5, the DaemonSet has no agent container',
    facts: cluster({
      'eks.vpc-cni-addon': 'absent',
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer()] }),
    }),
    expected: [
      {
        resource: name,
        message: 'broken-daemonset-arguments',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: DaemonSet arguments. DaemonSet aws-node has no container aws-eks-nodeagent',
        evidence: ['kubernetes.aws-node:containers'],
      },
    ],
  },
  {
    name: 'link 6, the agent container of this node crashes, before link 7',
    facts: cluster({
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer(), agentOff], statuses: [crashing] })],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-agent-container',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: agent container. Container aws-eks-nodeagent of pod aws-node-x7k2p is not ready: CrashLoopBackOff, 17 restarts',
        evidence: ['kubernetes.aws-node-pods:[name=aws-node-x7k2p].statuses[name=aws-eks-nodeagent]'],
      },
    ],
  },
  {
    name: 'link 6, no aws-node pod on this node',
    facts: cluster({ 'kubernetes.aws-node-pods': [] }),
    expected: [
      {
        resource: name,
        message: 'broken-agent-container',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: agent container. No aws-node pod runs on this node: its pods get no policy',
      },
    ],
  },
  {
    name: 'link 7, the agent of this node still runs the revision from before the switch, before link 8',
    facts: cluster({
      'kubernetes.nodes': [node(oldKernel)],
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer(), agentOff] })],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-agent-revision',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: agent revision. The agent on this node runs with --enable-network-policy=false: it enforces nothing',
        evidence: [agentFlags],
      },
    ],
  },
];
