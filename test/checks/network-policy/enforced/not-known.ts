import type { Case } from '../../../support/check-tester.ts';
import {
  addon,
  agentContainer,
  awsNodePod,
  cniContainer,
  daemonSet,
  facts,
  node,
  pod,
} from '../../../support/cluster.ts';
import {
  agentFlags,
  autoCluster,
  autoNode,
  cluster,
  controllerKey,
  mounted,
  name,
  nodeClass,
  podImage,
  podMode,
  workload,
} from './cluster.ts';

const UNRESOLVED = agentContainer({ args: ['--enable-ipv6=false', '--enable-network-policy=$(NETWORK_POLICY)'] });

/** No link is known to be broken, and not all are known to hold. */
export const NOT_KNOWN: readonly [Case, ...Case[]] = [
  {
    name: 'nodes could not be listed',
    facts: cluster({ 'kubernetes.nodes': 'denied' }),
    expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['kubernetes.nodes'] }],
  },
  {
    name: 'one link could not be read, all others hold: not a pass; what was seen is shown',
    facts: cluster({ 'eks.vpc-cni-addon': 'absent', 'nodes.probes': [mounted], 'kubernetes.crds': 'denied' }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: PolicyEndpoint API',
        missing: ['kubernetes.crds'],
        evidence: [
          'eks.cluster:version',
          'eks.cluster:platformVersion',
          podImage,
          controllerKey,
          'kubernetes.aws-node:containers[name=aws-eks-nodeagent].args',
          'kubernetes.aws-node-pods:[name=aws-node-x7k2p].statuses[name=aws-eks-nodeagent]',
          agentFlags,
          `kubernetes.nodes:[name=${name}].kernelVersion`,
          `nodes.probes:[nodeName=${name}].bpffs`,
          'kubernetes.policy-endpoints:',
          podMode,
          'kubernetes.network-workloads:',
        ],
      },
    ],
  },
  {
    name: 'the bandwidth plugin is switched by a ConfigMap that was not read, all others hold',
    facts: cluster({
      'nodes.probes': [mounted],
      'kubernetes.aws-node': daemonSet({
        containers: [cniContainer({ unresolvedEnv: ['ENABLE_BANDWIDTH_PLUGIN'] }), agentContainer()],
      }),
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: single policy engine',
        missing: ['kubernetes.aws-node'],
      },
    ],
  },
  {
    name: 'what becomes of branch interfaces is set by a ConfigMap that was not read',
    facts: cluster({
      'nodes.probes': [mounted],
      'kubernetes.aws-node-pods': [
        awsNodePod({
          containers: [cniContainer({ unresolvedEnv: ['POD_SECURITY_GROUP_ENFORCING_MODE'] }), agentContainer()],
        }),
      ],
      'kubernetes.pods': [pod({ branchEni: 'attached', namespace: 'other' })],
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: branch interfaces',
        missing: ['kubernetes.aws-node-pods'],
      },
    ],
  },
  {
    name: 'several links could not be read: every missing fact is named',
    facts: cluster({
      'kubernetes.amazon-vpc-cni': 'denied',
      'kubernetes.network-policies': 'denied',
      'kubernetes.policy-endpoints': 'throttled',
      'kubernetes.network-workloads': 'partial',
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: ConfigMap amazon-vpc-cni, PolicyEndpoints, single policy engine',
        missing: [
          'kubernetes.amazon-vpc-cni',
          'kubernetes.network-policies',
          'kubernetes.policy-endpoints',
          'kubernetes.network-workloads',
        ],
      },
    ],
  },
  {
    name: 'the pods of the cluster could not be listed: whom policies protect is not known',
    facts: cluster({ 'kubernetes.pods': 'partial' }),
    expected: [{ resource: name, message: 'not-known', missing: ['kubernetes.pods'] }],
  },
  {
    name: 'nothing but the nodes was read',
    facts: facts({ 'kubernetes.nodes': [node()] }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: cluster version, VPC CNI version, add-on configuration, ConfigMap amazon-vpc-cni, DaemonSet arguments, agent container, agent revision, PolicyEndpoint API, PolicyEndpoints, enforcing mode, branch interfaces, single policy engine',
      },
    ],
  },
  {
    name: 'the add-on could not be read and the DaemonSet neither: the ConfigMap alone proves nothing',
    facts: cluster({ 'eks.vpc-cni-addon': 'denied', 'kubernetes.aws-node': 'denied' }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        missing: ['eks.vpc-cni-addon', 'kubernetes.aws-node'],
      },
    ],
  },
  {
    name: 'the add-on configuration cannot be understood, and the ConfigMap could not be read to make up for it',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'unreadable', detail: 'neither JSON nor YAML' } }),
      'kubernetes.amazon-vpc-cni': 'denied',
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: add-on configuration, ConfigMap amazon-vpc-cni',
        missing: ['eks.vpc-cni-addon', 'kubernetes.amazon-vpc-cni'],
      },
    ],
  },
  {
    name: 'a pod without container aws-node tells no version',
    facts: cluster({
      'eks.vpc-cni-addon': 'absent',
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [agentContainer()] })],
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: VPC CNI version',
        missing: ['kubernetes.aws-node-pods'],
      },
    ],
  },
  {
    name: 'the node joined a minute before: its agent has its time to start, and nothing is said of it yet',
    facts: cluster({
      'kubernetes.nodes': [node({ createdAt: '2026-11-20T08:59:00Z' })],
      'kubernetes.aws-node-pods': [],
      'nodes.probes': [mounted],
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: agent container',
        missing: ['kubernetes.aws-node-pods'],
      },
    ],
  },
  {
    name: 'the agent takes its switch from a variable that was not read, and the add-on, which is off, may be overridden',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
      'kubernetes.aws-node': daemonSet({ containers: [cniContainer(), UNRESOLVED] }),
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [cniContainer(), UNRESOLVED] })],
      'nodes.probes': [mounted],
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: add-on configuration, DaemonSet arguments, agent revision',
        missing: ['kubernetes.aws-node', 'kubernetes.aws-node-pods'],
      },
    ],
  },
  {
    name: 'a kernel that cannot be understood',
    facts: cluster({ 'kubernetes.nodes': [node({ kernelVersion: 'mainline' })] }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: kernel',
        missing: ['kubernetes.nodes'],
      },
    ],
  },
  {
    name: 'Auto Mode whose NodeClasses were denied',
    facts: autoCluster({ 'kubernetes.nodeclasses': 'denied' }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: NodeClass',
        missing: ['kubernetes.nodeclasses'],
      },
    ],
  },
  {
    name: 'Auto Mode with two NodeClasses, and a node that does not name its own',
    facts: autoCluster({
      'kubernetes.nodes': [autoNode({ labels: { 'eks.amazonaws.com/compute-type': 'auto' } })],
      'kubernetes.nodeclasses': [nodeClass(), nodeClass({ name: 'other' })],
    }),
    expected: [{ resource: name, message: 'not-known', missing: ['kubernetes.nodeclasses'] }],
  },
  {
    name: 'Auto Mode whose node names a NodeClass that is not there any more',
    facts: autoCluster({ 'kubernetes.nodeclasses': [nodeClass({ name: 'constructor' })] }),
    expected: [{ resource: name, message: 'not-known', missing: ['kubernetes.nodeclasses'] }],
  },
  {
    name: 'an Auto Mode node in a cluster that serves no NodeClass API',
    facts: autoCluster({ 'kubernetes.nodeclasses': 'absent' }),
    expected: [{ resource: name, message: 'not-known', missing: ['kubernetes.nodeclasses'] }],
  },
  {
    name: 'Calico runs somewhere, and the pods that would tell whether here could not be listed',
    facts: cluster({
      'kubernetes.pods': 'denied',
      'kubernetes.network-workloads': [workload({ name: 'calico-node', namespace: 'calico-system', ready: 3 })],
    }),
    expected: [
      {
        resource: name,
        message: 'not-known',
        text: 'Whether NetworkPolicy is enforced is not known; undecided: PolicyEndpoints, branch interfaces, single policy engine',
        missing: ['kubernetes.pods'],
      },
    ],
  },
  {
    name: 'Calico runs somewhere, and the API has no pods to list',
    facts: cluster({
      'kubernetes.pods': 'absent',
      'kubernetes.network-workloads': [workload({ name: 'calico-node', namespace: 'calico-system', ready: 3 })],
    }),
    expected: [{ resource: name, message: 'not-known', missing: ['kubernetes.pods'] }],
  },
  {
    name: 'the add-on is off and the DaemonSet was denied: somebody may have switched the cluster on by hand',
    facts: cluster({
      'eks.vpc-cni-addon': addon({ configuration: { form: 'none' } }),
      'kubernetes.aws-node': 'denied',
    }),
    expected: [{ resource: name, message: 'not-known', missing: ['kubernetes.aws-node'] }],
  },
];
