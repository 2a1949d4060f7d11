import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import { endpointOf, registryOf, vpcIdOf, type ClusterPlan } from './plan.ts';

/**
 * The pod template of DaemonSet aws-node as the manifest of that VPC CNI release has it, with what the API server fills
 * in: https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.0/config/master/aws-k8s-cni.yaml and the same at other tags.
 */
export interface CniPlan {
  /** Image tag: `v1.19.0-eksbuild.1`. */
  readonly version: string;
  /** Image tag of the network policy agent; before VPC CNI 1.14 there is none. */
  readonly agent?: string;
  readonly agentArguments: readonly string[];
  /** What this cluster sets differently from the manifest. */
  readonly env: Readonly<Record<string, string>>;
}

/** The manifest's arguments of the agent at each VPC CNI minor. */
export const AGENT_ARGUMENTS = {
  '1.14': ['--enable-ipv6=false', '--enable-network-policy=false', '--enable-cloudwatch-logs=false'],
  '1.19': [
    '--enable-ipv6=false',
    '--enable-network-policy=false',
    '--enable-cloudwatch-logs=false',
    '--enable-policy-event-logs=false',
    '--log-file=/var/log/aws-routed-eni/network-policy-agent.log',
    '--metrics-bind-addr=:8162',
    '--health-probe-bind-addr=:8163',
    '--conntrack-cache-cleanup-period=300',
  ],
  '1.23': [
    '--enable-ipv6=false',
    '--enable-network-policy=false',
    '--enable-cloudwatch-logs=false',
    '--enable-policy-event-logs=false',
    '--log-file=/var/log/aws-routed-eni/network-policy-agent.log',
    '--metrics-bind-addr=:8162',
    '--health-probe-bind-addr=:8163',
    '--conntrack-cache-cleanup-period=300',
    '--conntrack-cache-table-size=524288',
    '--log-level=debug',
  ],
} as const;

/** The same arguments with some of them changed; a name that is not among them is a mistake of the fleet. */
export const withArguments = (
  base: readonly string[],
  changes: Readonly<Record<string, string>>,
): readonly string[] => {
  const missing = Object.keys(changes).filter((name) => !base.some((argument) => argument.startsWith(`--${name}=`)));
  if (missing.length > 0) throw new Error(`the manifest has no argument --${missing.join(', --')}`);
  return base.map((argument) => {
    const name = argument.slice(2).split('=')[0] ?? '';
    return Object.hasOwn(changes, name) ? `--${name}=${changes[name] ?? ''}` : argument;
  });
};

const minorOf = (version: string): number => Number(version.split('.')[1]);

const MANIFEST_ENV = {
  ADDITIONAL_ENI_TAGS: '{}',
  AWS_VPC_CNI_NODE_PORT_SUPPORT: 'true',
  AWS_VPC_ENI_MTU: '9001',
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'false',
  AWS_VPC_K8S_CNI_EXTERNALSNAT: 'false',
  AWS_VPC_K8S_CNI_LOGLEVEL: 'DEBUG',
  AWS_VPC_K8S_CNI_LOG_FILE: '/host/var/log/aws-routed-eni/ipamd.log',
  AWS_VPC_K8S_CNI_RANDOMIZESNAT: 'prng',
  AWS_VPC_K8S_CNI_VETHPREFIX: 'eni',
  AWS_VPC_K8S_PLUGIN_LOG_FILE: '/var/log/aws-routed-eni/plugin.log',
  AWS_VPC_K8S_PLUGIN_LOG_LEVEL: 'DEBUG',
  DISABLE_INTROSPECTION: 'false',
  DISABLE_METRICS: 'false',
  DISABLE_NETWORK_RESOURCE_PROVISIONING: 'false',
  ENABLE_IPv4: 'true',
  ENABLE_IPv6: 'false',
  ENABLE_POD_ENI: 'false',
  ENABLE_PREFIX_DELEGATION: 'false',
  WARM_ENI_TARGET: '1',
  WARM_PREFIX_TARGET: '1',
} as const;

const manifestEnv = (version: string): Readonly<Record<string, string>> => {
  const minor = minorOf(version);
  return {
    ...MANIFEST_ENV,
    ...(minor >= 18
      ? {
          ENABLE_SUBNET_DISCOVERY: 'true',
          NETWORK_POLICY_ENFORCING_MODE: 'standard',
          VPC_CNI_VERSION: version.split('-')[0] ?? version,
        }
      : {}),
    ...(minor >= 20 ? { ENABLE_IMDS_ONLY_MODE: 'false', ENABLE_MULTI_NIC: 'false' } : {}),
  };
};

const fieldRef = (name: string, fieldPath: string): JsonObject => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

const cniEnv = (cluster: ClusterPlan, cni: CniPlan): readonly JsonObject[] => {
  // The managed add-on adds these three to what the manifest has.
  const managed = { CLUSTER_ENDPOINT: endpointOf(cluster), CLUSTER_NAME: cluster.name, VPC_ID: vpcIdOf(cluster) };
  const literal = Object.entries({ ...manifestEnv(cni.version), ...managed, ...cni.env })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
  return [...literal, fieldRef('MY_NODE_NAME', 'spec.nodeName'), fieldRef('MY_POD_NAME', 'metadata.name')];
};

const mounts = (paths: readonly (readonly [name: string, mountPath: string])[]): readonly JsonObject[] =>
  paths.map(([name, mountPath]) => ({ mountPath, name }));

const defaults = (cni: CniPlan): JsonObject => ({
  imagePullPolicy: minorOf(cni.version) === 19 ? 'Always' : 'IfNotPresent',
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
});

const hostPort = (name: string, port: number): JsonObject => ({
  containerPort: port,
  hostPort: port,
  name,
  protocol: 'TCP',
});

const probe = (cni: CniPlan, initialDelaySeconds: number): JsonObject => {
  const address = minorOf(cni.version) >= 23 ? 'unix:///var/run/aws-node/ipamd.sock' : ':50051';
  return {
    exec: { command: ['/app/grpc-health-probe', `-addr=${address}`, '-connect-timeout=5s', '-rpc-timeout=5s'] },
    failureThreshold: 3,
    initialDelaySeconds,
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 10,
  };
};

export const initContainerOf = (cluster: ClusterPlan, cni: CniPlan): JsonObject => ({
  ...defaults(cni),
  env: [
    { name: 'DISABLE_TCP_EARLY_DEMUX', value: 'false' },
    { name: 'ENABLE_IPv6', value: 'false' },
  ],
  image: `${registryOf(cluster)}/amazon-k8s-cni-init:${cni.version}`,
  name: 'aws-vpc-cni-init',
  resources: minorOf(cni.version) >= 14 ? { requests: { cpu: '25m' } } : {},
  securityContext: { privileged: true },
  volumeMounts: mounts([['cni-bin-dir', '/host/opt/cni/bin']]),
});

const cniContainer = (cluster: ClusterPlan, cni: CniPlan): JsonObject => ({
  ...defaults(cni),
  env: cniEnv(cluster, cni),
  image: `${registryOf(cluster)}/amazon-k8s-cni:${cni.version}`,
  livenessProbe: probe(cni, 60),
  name: 'aws-node',
  ports: [hostPort('metrics', 61_678)],
  readinessProbe: probe(cni, 1),
  resources: { requests: { cpu: '25m' } },
  securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
  volumeMounts: mounts([
    ['cni-bin-dir', '/host/opt/cni/bin'],
    ['cni-net-dir', '/host/etc/cni/net.d'],
    ['log-dir', '/host/var/log/aws-routed-eni'],
    ['run-dir', '/var/run/aws-node'],
    ['xtables-lock', '/run/xtables.lock'],
  ]),
});

const agentContainer = (cluster: ClusterPlan, cni: CniPlan, agent: string): JsonObject => ({
  ...defaults(cni),
  args: cni.agentArguments,
  env: [fieldRef('MY_NODE_NAME', 'spec.nodeName')],
  image: `${registryOf(cluster)}/amazon/aws-network-policy-agent:${agent}`,
  name: 'aws-eks-nodeagent',
  ...(minorOf(cni.version) >= 20 ? { ports: [hostPort('agentmetrics', 8162)] } : {}),
  resources: { requests: { cpu: '25m' } },
  securityContext: { capabilities: { add: ['NET_ADMIN'] }, privileged: true },
  volumeMounts: mounts([
    ['cni-bin-dir', '/host/opt/cni/bin'],
    ['bpf-pin-path', '/sys/fs/bpf'],
    ['log-dir', '/var/log/aws-routed-eni'],
    ['run-dir', '/var/run/aws-node'],
  ]),
});

export const containersOf = (cluster: ClusterPlan, cni: CniPlan): readonly JsonObject[] => [
  cniContainer(cluster, cni),
  ...(cni.agent === undefined ? [] : [agentContainer(cluster, cni, cni.agent)]),
];

const hostPath = (name: string, path: string, type: string): JsonObject => ({ hostPath: { path, type }, name });

export const volumesOf = (cni: CniPlan): readonly JsonObject[] => [
  ...(cni.agent === undefined ? [] : [hostPath('bpf-pin-path', '/sys/fs/bpf', '')]),
  hostPath('cni-bin-dir', '/opt/cni/bin', ''),
  hostPath('cni-net-dir', '/etc/cni/net.d', ''),
  hostPath('log-dir', '/var/log/aws-routed-eni', 'DirectoryOrCreate'),
  hostPath('run-dir', '/var/run/aws-node', 'DirectoryOrCreate'),
  hostPath('xtables-lock', '/run/xtables.lock', minorOf(cni.version) >= 19 ? 'FileOrCreate' : ''),
];

const requirement = (key: string, operator: string, values: readonly string[]): JsonObject => ({
  key,
  operator,
  values,
});

export const nodeSelectorTermOf = (cni: CniPlan): readonly JsonObject[] => [
  requirement('kubernetes.io/os', 'In', ['linux']),
  requirement('kubernetes.io/arch', 'In', ['amd64', 'arm64']),
  requirement(
    'eks.amazonaws.com/compute-type',
    'NotIn',
    minorOf(cni.version) >= 19 ? ['fargate', 'hybrid', 'auto'] : ['fargate'],
  ),
];

/** What pods and template share beside containers, volumes and affinity. */
export const POD_SPEC = {
  dnsPolicy: 'ClusterFirst',
  hostNetwork: true,
  priorityClassName: 'system-node-critical',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  serviceAccount: 'aws-node',
  serviceAccountName: 'aws-node',
  terminationGracePeriodSeconds: 10,
} as const;

export const TEMPLATE_LABELS = {
  'app.kubernetes.io/instance': 'aws-vpc-cni',
  'app.kubernetes.io/name': 'aws-node',
  'k8s-app': 'aws-node',
} as const;
