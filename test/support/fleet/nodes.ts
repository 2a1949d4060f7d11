import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import type { Labels } from '../../../shared/model/facts-kubernetes.ts';
import { imageIdOf } from './amis.ts';
import { hex, resourceVersion, secondsLater, uuid } from './identifiers.ts';
import { INSTANCE_TYPES, privateDnsName, type Machine } from './machines.ts';
import { registryOf, type ClusterPlan } from './plan.ts';

const minorOf = (cluster: ClusterPlan): number => Number(cluster.kubernetes.split('.')[1]);

/** Labels of Auto Mode's nodes: https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html */
const autoModeLabels = (machine: Machine): Labels => {
  const [family = '', size = ''] = machine.instanceType.split('.');
  const { vcpus, memoryKi } = INSTANCE_TYPES[machine.instanceType];
  return {
    'app.kubernetes.io/managed-by': 'eks',
    'eks.amazonaws.com/compute-type': 'auto',
    'eks.amazonaws.com/instance-category': family.slice(0, 1),
    'eks.amazonaws.com/instance-cpu': String(vcpus),
    'eks.amazonaws.com/instance-cpu-manufacturer': 'amd',
    'eks.amazonaws.com/instance-family': family,
    'eks.amazonaws.com/instance-generation': family.slice(1, 2),
    'eks.amazonaws.com/instance-hypervisor': 'nitro',
    'eks.amazonaws.com/instance-memory': String(Math.ceil(memoryKi / 1024 / 1024) * 1024),
    'eks.amazonaws.com/instance-size': size,
    'eks.amazonaws.com/nodeclass': 'default',
    'karpenter.sh/capacity-type': 'on-demand',
    'karpenter.sh/initialized': 'true',
    'karpenter.sh/nodepool': 'general-purpose',
    'karpenter.sh/registered': 'true',
  };
};

const managedGroupLabels = (cluster: ClusterPlan, machine: Machine): Labels =>
  machine.nodegroup === undefined
    ? {}
    : {
        'eks.amazonaws.com/capacityType': 'ON_DEMAND',
        'eks.amazonaws.com/nodegroup': machine.nodegroup,
        'eks.amazonaws.com/nodegroup-image': imageIdOf(cluster, machine.ami),
      };

const labelsOf = (cluster: ClusterPlan, machine: Machine): Labels => ({
  'beta.kubernetes.io/arch': machine.ami.architecture,
  'beta.kubernetes.io/instance-type': machine.instanceType,
  'beta.kubernetes.io/os': 'linux',
  ...(cluster.autoMode === true ? autoModeLabels(machine) : managedGroupLabels(cluster, machine)),
  'failure-domain.beta.kubernetes.io/region': cluster.region,
  'failure-domain.beta.kubernetes.io/zone': machine.subnet.zone,
  'k8s.io/cloud-provider-aws': hex(`${cluster.name}/cloud-provider`, 32),
  'kubernetes.io/arch': machine.ami.architecture,
  'kubernetes.io/hostname': machine.name,
  'kubernetes.io/os': 'linux',
  'node.kubernetes.io/instance-type': machine.instanceType,
  ...(minorOf(cluster) >= 30 ? { 'topology.k8s.aws/zone-id': machine.subnet.zoneId } : {}),
  'topology.kubernetes.io/region': cluster.region,
  'topology.kubernetes.io/zone': machine.subnet.zone,
  ...machine.labels,
});

const maxPodsOf = (machine: Machine): number => {
  const { interfaces, addressesPerInterface } = INSTANCE_TYPES[machine.instanceType];
  return machine.maxPods ?? interfaces * (addressesPerInterface - 1) + 2;
};

/** What the EKS AMIs keep back: https://github.com/awslabs/amazon-eks-ami (bootstrap.sh and nodeadm, the same sums). */
const resourcesOf = (machine: Machine): { readonly capacity: Labels; readonly allocatable: Labels } => {
  const { vcpus, memoryKi, branchInterfaces } = INSTANCE_TYPES[machine.instanceType];
  const maxPods = maxPodsOf(machine);
  const reservedMilliCpu = 60 + (vcpus > 1 ? 10 : 0) + Math.max(0, vcpus - 2) * 5;
  const reservedMemoryKi = (11 * maxPods + 255 + 100) * 1024;
  const disk =
    machine.ami.family === 'AL2'
      ? { capacity: '20959212Ki', allocatable: '18242267924' }
      : { capacity: '20893676Ki', allocatable: '18181869946' };
  const shared = {
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    pods: String(maxPods),
    ...(machine.trunk === undefined ? {} : { 'vpc.amazonaws.com/pod-eni': String(branchInterfaces) }),
  };
  return {
    capacity: { cpu: String(vcpus), 'ephemeral-storage': disk.capacity, memory: `${memoryKi}Ki`, ...shared },
    allocatable: {
      cpu: `${vcpus * 1000 - reservedMilliCpu}m`,
      'ephemeral-storage': disk.allocatable,
      memory: `${memoryKi - reservedMemoryKi}Ki`,
      ...shared,
    },
  };
};

const condition = (
  cluster: ClusterPlan,
  machine: Machine,
  [type, status, reason, message]: readonly [string, string, string, string],
): JsonObject => ({
  lastHeartbeatTime: secondsLater(cluster.gatheredAt, -97),
  lastTransitionTime: secondsLater(machine.joinedAt, type === 'Ready' ? 21 : 0),
  message,
  reason,
  status,
  type,
});

/** EKS Auto Mode's node monitoring agent: https://docs.aws.amazon.com/eks/latest/userguide/node-health.html */
const MONITORED = ['ContainerRuntime', 'Kernel', 'Networking', 'Storage'] as const;

const conditionsOf = (cluster: ClusterPlan, machine: Machine): readonly JsonObject[] => [
  ...(machine.conditions ?? []).map(({ type, status, reason, message }) => ({
    lastHeartbeatTime: secondsLater(machine.joinedAt, 44),
    lastTransitionTime: secondsLater(machine.joinedAt, 44),
    message,
    reason,
    status,
    type,
  })),
  ...(
    [
      ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
      ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
      ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
      ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
    ] as const
  ).map((row) => condition(cluster, machine, row)),
  ...(cluster.autoMode === true
    ? MONITORED.map((what) =>
        condition(cluster, machine, [
          `${what}Ready`,
          'True',
          `${what}IsReady`,
          `Monitoring for the ${what} system is active`,
        ]),
      )
    : []),
];

const imagesOf = (cluster: ClusterPlan): readonly JsonObject[] => {
  const registry = registryOf(cluster);
  const known =
    cluster.autoMode === true
      ? [`${registry}/eks/pause:3.10`, 'public.ecr.aws/docker/library/postgres:16', 'docker.io/apache/superset:4.1.2']
      : [
          `${registry}/eks/kube-proxy:v${cluster.kubernetes}.0-minimal-eksbuild.2`,
          `${registry}/eks/pause:3.5`,
          `${registry}/eks/coredns:v1.11.4-eksbuild.2`,
        ];
  return known.map((tagged, index) => ({
    names: [`${tagged.split(':')[0] ?? tagged}@sha256:${hex(`${tagged}/digest`, 64)}`, tagged],
    sizeBytes: 38_251_904 - index * 9_311_744,
  }));
};

/** One Node object as `kubectl get nodes -o json` prints it. */
export const nodeObject = (cluster: ClusterPlan, machine: Machine): JsonObject => {
  const { ami } = machine;
  const dnsName = privateDnsName(cluster.region, machine.address);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      annotations: {
        'alpha.kubernetes.io/provided-node-ip': machine.address,
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
        ...machine.annotations,
      },
      creationTimestamp: machine.joinedAt,
      labels: labelsOf(cluster, machine),
      name: machine.name,
      resourceVersion: resourceVersion(machine.uid),
      uid: machine.uid,
    },
    spec: { providerID: `aws:///${machine.subnet.zone}/${machine.instanceId}` },
    status: {
      addresses: [
        { address: machine.address, type: 'InternalIP' },
        { address: dnsName, type: 'InternalDNS' },
        { address: machine.name, type: 'Hostname' },
      ],
      ...resourcesOf(machine),
      conditions: conditionsOf(cluster, machine),
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
      images: imagesOf(cluster),
      nodeInfo: {
        architecture: ami.architecture,
        bootID: uuid(`${machine.seed}/boot`),
        containerRuntimeVersion: ami.runtime,
        kernelVersion: ami.kernel,
        // Deprecated, and empty from 1.33 on.
        kubeProxyVersion: minorOf(cluster) >= 33 ? '' : ami.kubelet,
        kubeletVersion: ami.kubelet,
        machineID: `ec2${hex(`${machine.seed}/machine`, 29)}`,
        operatingSystem: 'linux',
        osImage: ami.osImage,
        systemUUID: `ec2${uuid(`${machine.seed}/system`).slice(3)}`,
      },
    },
  };
};
