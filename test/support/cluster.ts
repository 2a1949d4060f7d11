import { absent, observed, unobserved, type Fact, type UnobservedReason } from '../../shared/model/fact.ts';
import type { EksCluster, VpcCniAddon } from '../../shared/model/facts-aws.ts';
import type { AwsNodePod, Container, DaemonSet, Node, Pod } from '../../shared/model/facts-kubernetes.ts';
import { FACT_KEYS, type FactKey, type Facts, type FactValues, type Snapshot } from '../../shared/model/snapshot.ts';

/** When everything in these tests was looked at. */
export const AT = '2026-11-20T09:00:00Z';

export const CLUSTER = { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' } as const;

type Given = { readonly [K in FactKey]?: FactValues[K] | 'absent' | UnobservedReason };

const REASONS: ReadonlySet<unknown> = new Set<UnobservedReason>([
  'denied',
  'throttled',
  'api-error',
  'unreachable',
  'malformed',
  'partial',
  'not-collected',
]);

const factOf = (key: FactKey, given: unknown): Fact<unknown> => {
  const source = `test:${key}`;
  if (given === undefined) return unobserved('not-collected', 'nobody asked', source, AT);
  if (given === 'absent') return absent(source, AT);
  if (REASONS.has(given)) {
    // The set holds exactly the members of UnobservedReason.
    return unobserved(given as UnobservedReason, `${key} was not read`, source, AT);
  }
  return observed(given, source, AT);
};

/** Facts from plain values; what is not given was not collected. */
export const facts = (given: Given): Facts =>
  // FACT_KEYS holds every key, and each value's type is checked where it is given.
  Object.fromEntries(FACT_KEYS.map((key) => [key, factOf(key, given[key])])) as unknown as Facts;

export const snapshot = (given: Given, takenAt: string = AT): Snapshot => ({
  cluster: CLUSTER,
  takenAt,
  facts: facts(given),
});

export const eksCluster = (change: Partial<EksCluster> = {}): EksCluster => ({
  arn: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod',
  version: '1.33',
  platformVersion: 'eks.9',
  status: 'ACTIVE',
  ipFamily: 'ipv4',
  endpointPublicAccess: true,
  endpointPrivateAccess: true,
  subnetIds: ['subnet-0a', 'subnet-0b'],
  securityGroupIds: [],
  autoMode: 'disabled',
  enabledLogTypes: [],
  ...change,
});

export const addon = (change: Partial<VpcCniAddon> = {}): VpcCniAddon => ({
  version: 'v1.21.1-eksbuild.1',
  status: 'ACTIVE',
  healthIssues: [],
  configuration: { form: 'values', values: { enableNetworkPolicy: 'true' } },
  podIdentityAssociationArns: [],
  ...change,
});

export const node = (change: Partial<Node> = {}): Node => ({
  name: 'ip-10-0-1-5.us-west-2.compute.internal',
  uid: '6f1f0a52-0000-4000-8000-000000000001',
  createdAt: '2026-11-01T00:00:00Z',
  providerId: 'aws:///us-west-2a/i-0aaaaaaaaaaaaaaa1',
  labels: { 'kubernetes.io/os': 'linux', 'node.kubernetes.io/instance-type': 'm6i.large' },
  annotations: {},
  operatingSystem: 'linux',
  architecture: 'amd64',
  osImage: 'Amazon Linux 2023.9.20251110',
  kernelVersion: '6.12.53-69.119.amzn2023.x86_64',
  kubeletVersion: 'v1.33.5-eks-113cf36',
  ready: 'True',
  conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
  allocatable: { cpu: '1930m', pods: '29' },
  internalIPs: ['10.0.1.5'],
  taints: [],
  ...change,
});

const REPOSITORY = '602401143452.dkr.ecr.us-west-2.amazonaws.com';

export const cniContainer = (change: Partial<Container> = {}): Container => ({
  name: 'aws-node',
  image: `${REPOSITORY}/amazon-k8s-cni:v1.21.1-eksbuild.1`,
  args: [],
  env: { NETWORK_POLICY_ENFORCING_MODE: 'standard', ENABLE_POD_ENI: 'false' },
  hostPathMounts: [],
  ...change,
});

export const agentContainer = (change: Partial<Container> = {}): Container => ({
  name: 'aws-eks-nodeagent',
  image: `${REPOSITORY}/amazon/aws-network-policy-agent:v1.3.1-eksbuild.1`,
  args: ['--enable-ipv6=false', '--enable-network-policy=true', '--enable-cloudwatch-logs=false'],
  env: {},
  hostPathMounts: ['/sys/fs/bpf'],
  ...change,
});

export const daemonSet = (change: Partial<DaemonSet> = {}): DaemonSet => ({
  namespace: 'kube-system',
  name: 'aws-node',
  createdAt: '2026-01-01T00:00:00Z',
  generation: 4,
  observedGeneration: 4,
  labels: { 'k8s-app': 'aws-node' },
  initContainers: [],
  containers: [cniContainer(), agentContainer()],
  updateStrategy: 'RollingUpdate',
  desired: 1,
  ready: 1,
  updated: 1,
  ...change,
});

export const awsNodePod = (change: Partial<AwsNodePod> = {}): AwsNodePod => ({
  name: 'aws-node-x7k2p',
  uid: '6f1f0a52-0000-4000-8000-0000000000a1',
  nodeName: 'ip-10-0-1-5.us-west-2.compute.internal',
  createdAt: '2026-11-01T00:01:00Z',
  phase: 'Running',
  revision: '7d9c6b5f4',
  initContainers: [],
  containers: [cniContainer(), agentContainer()],
  statuses: [
    { name: 'aws-node', ready: true, restartCount: 0, state: 'running', reason: '' },
    { name: 'aws-eks-nodeagent', ready: true, restartCount: 0, state: 'running', reason: '' },
  ],
  ...change,
});

export const pod = (change: Partial<Pod> = {}): Pod => ({
  namespace: 'payments',
  name: 'payments-6c9d-abcde',
  uid: '6f1f0a52-0000-4000-8000-0000000000b1',
  createdAt: '2026-11-10T00:00:00Z',
  nodeName: 'ip-10-0-1-5.us-west-2.compute.internal',
  phase: 'Running',
  hostNetwork: false,
  podIPs: ['10.0.1.20'],
  hostIP: '10.0.1.5',
  labels: { app: 'payments' },
  owner: { kind: 'ReplicaSet', name: 'payments-6c9d' },
  ports: [],
  branchEni: 'none',
  ...change,
});
