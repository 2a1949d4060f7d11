import type { Case } from '../../../support/check-tester.ts';
import { agentContainer, awsNodePod, cniContainer, daemonSet, node, pod } from '../../../support/cluster.ts';
import {
  autoCluster,
  badMode,
  calico,
  calicoPod,
  cluster,
  controllerKey,
  crd,
  name,
  nodeClass,
  OFF,
  oldBottlerocket,
  oldKernel,
  podMode,
  unlisted,
  workload,
} from './cluster.ts';

/** Links 8 to 13, node and cluster around the agent, Auto Mode, and unknown links before a broken one. */
export const NODES: readonly [Case, ...Case[]] = [
  {
    name: 'link 8, kernel, before link 9',
    facts: cluster({ 'kubernetes.nodes': [node({ ...oldKernel, ...oldBottlerocket })] }),
    expected: [
      {
        resource: name,
        message: 'broken-kernel',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: kernel. Kernel 5.4.228-131.415.amzn2.x86_64 is older than 5.10: the agent cannot load its eBPF programs',
        evidence: [`kubernetes.nodes:[name=${name}].kernelVersion`],
      },
    ],
  },
  {
    name: 'link 9, bpffs, before link 10',
    facts: cluster({ 'kubernetes.nodes': [node(oldBottlerocket)], 'kubernetes.crds': [] }),
    expected: [
      {
        resource: name,
        message: 'broken-bpffs-bottlerocket',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: bpffs. Bottlerocket OS 1.0.1 (aws-k8s-1.17) is older than 1.0.2, the first release that mounts bpffs',
        evidence: [`kubernetes.nodes:[name=${name}].osImage`],
        grades: ['inferred'],
      },
    ],
  },
  {
    name: 'link 9, bpffs of a node that has a shell to mount it with',
    facts: cluster({
      'nodes.probes': [
        { nodeName: name, method: 'readyz', bpffs: 'not-mounted', bpfMaps: 'not-pinned', detail: '[-]bpf-fs failed' },
      ],
    }),
    expected: [{ resource: name, message: 'broken-bpffs', evidence: [`nodes.probes:[nodeName=${name}].bpffs`] }],
  },
  {
    name: 'link 10, the PolicyEndpoint API is not there, before link 11',
    facts: cluster({
      'kubernetes.crds': [crd({ name: 'eniconfigs.crd.k8s.amazonaws.com', group: 'crd.k8s.amazonaws.com' })],
      'kubernetes.policy-endpoints': 'absent',
    }),
    expected: [
      {
        resource: name,
        message: 'broken-policyendpoint-api',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: PolicyEndpoint API. The cluster does not serve policyendpoints.networking.k8s.aws: no policy can reach an agent',
        evidence: ['kubernetes.crds:[name=policyendpoints.networking.k8s.aws].servedVersions'],
      },
    ],
  },
  {
    name: 'link 10, the CRD is there and serves no version',
    facts: cluster({ 'kubernetes.crds': [crd({ servedVersions: [] })] }),
    expected: [
      {
        resource: name,
        message: 'broken-policyendpoint-api',
        evidence: ['kubernetes.crds:[name=policyendpoints.networking.k8s.aws].servedVersions'],
      },
    ],
  },
  {
    name: 'link 10, the API server serves no CRDs at all',
    facts: cluster({ 'kubernetes.crds': 'absent' }),
    expected: [{ resource: name, message: 'broken-policyendpoint-api' }],
  },
  {
    name: 'link 12, enforcing mode, before link 13',
    facts: cluster({
      'kubernetes.aws-node-pods': [awsNodePod({ containers: [badMode, agentContainer()] })],
      'kubernetes.network-workloads': [calico],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-enforcing-mode',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: enforcing mode. NETWORK_POLICY_ENFORCING_MODE is "permissive": only standard and strict enforce',
        evidence: [podMode],
      },
    ],
  },
  {
    name: 'link 13, a policed pod with a branch interface while security groups for pods are strict, the default',
    facts: cluster({ 'kubernetes.pods': [pod({ branchEni: 'attached', namespace: 'other' })] }),
    expected: [
      {
        resource: name,
        message: 'broken-branch-interfaces',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: branch interfaces. Pod other/payments-6c9d-abcde has a branch interface and POD_SECURITY_GROUP_ENFORCING_MODE is unset (default strict): NetworkPolicy does not reach it',
        evidence: [
          'kubernetes.aws-node-pods:[name=aws-node-x7k2p].containers[name=aws-node].env.POD_SECURITY_GROUP_ENFORCING_MODE',
          'kubernetes.pods:[other/payments-6c9d-abcde].branchEni',
        ],
      },
    ],
  },
  {
    name: 'link 14, Calico runs beside it',
    facts: cluster({ 'kubernetes.network-workloads': [workload(), calico], 'kubernetes.pods': [calicoPod] }),
    expected: [
      {
        resource: name,
        message: 'broken-single-policy-engine',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: single policy engine. Calico also runs (calico-system/calico-node-k2p7x): two engines fight over the same packets',
        evidence: ['kubernetes.pods:[calico-system/calico-node-k2p7x].nodeName'],
      },
    ],
  },
  {
    name: 'link 14, the bandwidth plugin takes the tc hooks',
    facts: cluster({
      'kubernetes.aws-node': daemonSet({
        containers: [cniContainer({ env: { ENABLE_BANDWIDTH_PLUGIN: 'true' } }), agentContainer()],
      }),
    }),
    expected: [
      {
        resource: name,
        message: 'broken-single-policy-engine',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: single policy engine. ENABLE_BANDWIDTH_PLUGIN is on: it takes the tc hooks that the agent needs',
        evidence: ['kubernetes.aws-node:containers[name=aws-node].env.ENABLE_BANDWIDTH_PLUGIN'],
      },
    ],
  },
  {
    name: 'link 14, an API without Deployments and DaemonSets to list still shows the DaemonSet aws-node itself',
    facts: cluster({
      'kubernetes.network-workloads': 'absent',
      'kubernetes.aws-node': daemonSet({
        containers: [cniContainer({ env: { ENABLE_BANDWIDTH_PLUGIN: '1' } }), agentContainer()],
      }),
    }),
    expected: [
      {
        resource: name,
        message: 'broken-single-policy-engine',
        evidence: ['kubernetes.aws-node:containers[name=aws-node].env.ENABLE_BANDWIDTH_PLUGIN'],
      },
    ],
  },
  {
    name: 'an API without NetworkPolicies has none to be stale, and Calico beside it is still found',
    facts: cluster({
      'kubernetes.network-policies': 'absent',
      'kubernetes.network-workloads': [calico],
      'kubernetes.pods': [calicoPod],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-single-policy-engine',
        evidence: ['kubernetes.pods:[calico-system/calico-node-k2p7x].nodeName'],
      },
    ],
  },
  {
    name: 'an earlier link is unknown and a later one is broken: enough for FAIL',
    facts: cluster({ 'eks.cluster': 'denied', 'kubernetes.amazon-vpc-cni': OFF }),
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
    name: 'EKS has no cluster of this name and the controller is off: the switch is named',
    facts: cluster({ 'eks.cluster': 'absent', 'kubernetes.amazon-vpc-cni': OFF }),
    expected: [{ resource: name, message: 'broken-configmap-amazon-vpc-cni', evidence: [controllerKey] }],
  },
  {
    name: 'two nodes, one with an old kernel: the other is not blamed for it',
    facts: cluster({
      'kubernetes.nodes': [node(oldKernel), node({ ...oldBottlerocket, name: 'ip-10-0-2-6', uid: 'a2' })],
      'kubernetes.aws-node-pods': [
        awsNodePod(),
        awsNodePod({ name: 'aws-node-9c4fd', uid: 'a3', nodeName: 'ip-10-0-2-6' }),
      ],
    }),
    expected: [
      { resource: name, message: 'broken-kernel', evidence: [`kubernetes.nodes:[name=${name}].kernelVersion`] },
      {
        resource: 'ip-10-0-2-6',
        message: 'broken-bpffs-bottlerocket',
        evidence: ['kubernetes.nodes:[name=ip-10-0-2-6].osImage'],
      },
    ],
  },
  {
    name: 'Auto Mode whose ConfigMap nobody made: the add-on that would make it is not there',
    facts: autoCluster({ 'kubernetes.amazon-vpc-cni': 'absent' }),
    expected: [
      {
        resource: name,
        message: 'broken-configmap-amazon-vpc-cni',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: ConfigMap amazon-vpc-cni. There is no ConfigMap amazon-vpc-cni: the network policy controller is off by default',
        evidence: ['kubernetes.amazon-vpc-cni:'],
      },
    ],
  },
  {
    name: 'Auto Mode whose NodeClass has a mode that is none',
    facts: autoCluster({
      'kubernetes.nodeclasses': [nodeClass({ name: 'other' }), nodeClass({ networkPolicy: 'AllowAll' })],
    }),
    expected: [
      {
        resource: name,
        message: 'broken-nodeclass',
        text: 'NetworkPolicy is not enforced by the VPC CNI. First broken link: NodeClass. NodeClass default has networkPolicy AllowAll: only DefaultAllow and DefaultDeny are known',
        evidence: ['kubernetes.nodeclasses:[name=default].networkPolicy'],
      },
    ],
  },
  {
    name: 'Auto Mode, and a pod of the node that no PolicyEndpoint lists',
    facts: autoCluster({ 'kubernetes.policy-endpoints': [] }),
    expected: [{ resource: name, message: 'broken-policyendpoints', evidence: [unlisted] }],
  },
];
