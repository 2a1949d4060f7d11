import type {
  CustomResourceDefinition,
  LabelSelector,
  NetworkPolicy,
  NetworkWorkload,
  Node,
  NodeClass,
  PolicyEndpoint,
} from '../../../../shared/model/facts-kubernetes.ts';
import type { Facts } from '../../../../shared/model/snapshot.ts';
import {
  addon,
  agentContainer,
  awsNodePod,
  cniContainer,
  daemonSet,
  eksCluster,
  facts,
  node,
  pod,
} from '../../../support/cluster.ts';

export type Given = Parameters<typeof facts>[0];

export const name = 'ip-10-0-1-5.us-west-2.compute.internal';
export const ON = { 'enable-network-policy-controller': 'true' };
export const OFF = { 'enable-network-policy-controller': 'false' };

export const crd = (change: Partial<CustomResourceDefinition> = {}): CustomResourceDefinition => ({
  name: 'policyendpoints.networking.k8s.aws',
  group: 'networking.k8s.aws',
  createdAt: '2026-01-01T00:00:00Z',
  servedVersions: ['v1alpha1'],
  finalizers: [],
  ...change,
});

export const selector = (change: Partial<LabelSelector> = {}): LabelSelector => ({
  matchLabels: {},
  matchExpressions: [],
  ...change,
});

export const policy = (change: Partial<NetworkPolicy> = {}): NetworkPolicy => ({
  namespace: 'payments',
  name: 'default-deny',
  uid: '6f1f0a52-0000-4000-8000-0000000000c1',
  createdAt: '2026-11-01T00:00:00Z',
  generation: 1,
  podSelector: selector(),
  policyTypes: ['Ingress'],
  ingress: [],
  egress: [],
  ...change,
});

export const endpoint = (change: Partial<PolicyEndpoint> = {}): PolicyEndpoint => ({
  namespace: 'payments',
  name: 'default-deny-x8k2p',
  createdAt: '2026-11-01T00:00:01Z',
  policy: { namespace: 'payments', name: 'default-deny' },
  podSelector: selector(),
  podIsolation: ['Ingress'],
  pods: [{ namespace: 'payments', name: 'payments-6c9d-abcde', podIP: '10.0.1.20', hostIP: '10.0.1.5' }],
  ...change,
});

export const workload = (change: Partial<NetworkWorkload> = {}): NetworkWorkload => ({
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'aws-node',
  createdAt: '2026-01-01T00:00:00Z',
  images: [],
  ready: 1,
  ...change,
});

export const nodeClass = (change: Partial<NodeClass> = {}): NodeClass => ({
  name: 'default',
  networkPolicy: 'DefaultAllow',
  networkPolicyEventLogs: 'Disabled',
  ...change,
});

/** A cluster with the managed add-on in which every link of the one node holds, changed as a case needs it. */
export const cluster = (change: Given = {}): Facts =>
  facts({
    'eks.cluster': eksCluster(),
    'eks.vpc-cni-addon': addon(),
    'kubernetes.nodes': [node()],
    'kubernetes.aws-node': daemonSet(),
    'kubernetes.aws-node-pods': [awsNodePod()],
    'kubernetes.amazon-vpc-cni': ON,
    'kubernetes.crds': [crd()],
    'kubernetes.pods': [pod()],
    'kubernetes.network-policies': [policy()],
    'kubernetes.policy-endpoints': [endpoint()],
    'kubernetes.network-workloads': [],
    ...change,
  });

export const autoNode = (change: Partial<Node> = {}): Node =>
  node({
    labels: { 'eks.amazonaws.com/compute-type': 'auto', 'eks.amazonaws.com/nodeclass': 'default' },
    osImage: 'Bottlerocket (EKS Auto, Standard) 2026.10.22 (aws-k8s-1.33-standard)',
    ...change,
  });

/** A cluster of Auto Mode alone: no add-on, no DaemonSet, and every link holds. */
export const autoCluster = (change: Given = {}): Facts =>
  cluster({
    'eks.cluster': eksCluster({ autoMode: 'enabled' }),
    'eks.vpc-cni-addon': 'absent',
    'kubernetes.nodes': [autoNode()],
    'kubernetes.aws-node': 'absent',
    'kubernetes.aws-node-pods': [],
    'kubernetes.nodeclasses': [nodeClass()],
    ...change,
  });

export const mounted = {
  nodeName: name,
  method: 'readyz',
  bpffs: 'mounted',
  bpfMaps: 'pinned',
  detail: '[+]bpf-fs ok',
} as const;

export const oldCni = cniContainer({ image: 'public.ecr.aws/eks/amazon-k8s-cni:v1.13.4' });
export const agentOff = agentContainer({ args: ['--enable-network-policy=false'] });
export const oldKernel = { kernelVersion: '5.4.228-131.415.amzn2.x86_64' } as const;
export const oldBottlerocket = { osImage: 'Bottlerocket OS 1.0.1 (aws-k8s-1.17)' } as const;
export const badMode = cniContainer({ env: { NETWORK_POLICY_ENFORCING_MODE: 'permissive' } });
export const calico = workload({ namespace: 'calico-system', name: 'calico-node', ready: 3 });

export const calicoPod = pod({
  namespace: 'calico-system',
  name: 'calico-node-k2p7x',
  hostNetwork: true,
  owner: { kind: 'DaemonSet', name: 'calico-node' },
});
export const crashing = {
  name: 'aws-eks-nodeagent',
  ready: false,
  restartCount: 17,
  state: 'waiting',
  reason: 'CrashLoopBackOff',
} as const;

export const agentFlags = 'kubernetes.aws-node-pods:[name=aws-node-x7k2p].containers[name=aws-eks-nodeagent].args';
export const podImage = 'kubernetes.aws-node-pods:[name=aws-node-x7k2p].containers[name=aws-node].image';
export const podMode =
  'kubernetes.aws-node-pods:[name=aws-node-x7k2p].containers[name=aws-node].env.NETWORK_POLICY_ENFORCING_MODE';
export const controllerKey = 'kubernetes.amazon-vpc-cni:enable-network-policy-controller';
export const addonKey = 'eks.vpc-cni-addon:configuration.enableNetworkPolicy';
export const unlisted = 'kubernetes.policy-endpoints:[policy=payments/default-deny].pods';
