import {
  apiServicesFile,
  configMapsFile,
  crdsFile,
  namespacesFile,
  versionFile,
  type ApiServicePlan,
  type CrdPlan,
} from './api-objects.ts';
import { logGroupFiles, networkFiles } from './aws-network.ts';
import { awsNodePods } from './aws-node-pods.ts';
import { daemonSetObject, type AwsNodePlan } from './aws-node.ts';
import { clusterObjectFiles, type EventPlan } from './cluster-objects.ts';
import { kubernetesFile, kubernetesList, type Dump, type DumpFile } from './dump.ts';
import { imagesFile, instancesFile } from './ec2.ts';
import {
  addonFile,
  clusterFile,
  noAddonFile,
  nodegroupFiles,
  type NodegroupPlan,
  type VpcCniAddonPlan,
} from './eks.ts';
import { noResourceType, notFound } from './failures.ts';
import { gatherFile } from './gather-file.ts';
import type { Machine } from './machines.ts';
import { nodeObject } from './nodes.ts';
import type { ClusterPlan } from './plan.ts';
import { policyEndpointObject, policyObject, type PolicyPlan } from './policies.ts';
import { projectedDaemonSet, projectedPod } from './projections.ts';
import { serviceFiles } from './services.ts';
import { placePods, workloadFiles, type Workload } from './workloads.ts';

/** What AWS tells of a cluster. */
export interface AwsSide {
  readonly cluster: ClusterPlan;
  readonly authenticationMode: 'API' | 'API_AND_CONFIG_MAP' | 'CONFIG_MAP';
  readonly logTypes: readonly string[];
  readonly machines: readonly Machine[];
  readonly nodegroups: readonly NodegroupPlan[];
  /** None where the VPC CNI is no EKS add-on. */
  readonly addon?: VpcCniAddonPlan;
}

/** What its Kubernetes API tells. */
export interface KubernetesSide {
  /** None in EKS Auto Mode. */
  readonly awsNode?: AwsNodePlan;
  readonly workloads: readonly Workload[];
  readonly policies: readonly PolicyPlan[];
  /** `made`: the controller runs; `none`: it does not, though the kind is served; `not-served`: there is no such kind. */
  readonly policyEndpoints: 'made' | 'none' | 'not-served';
  readonly crds: readonly CrdPlan[];
  readonly aggregatedApis: readonly ApiServicePlan[];
  /** Beside those that every cluster has. */
  readonly kubeSystemConfigMaps: readonly string[];
  readonly events?: readonly EventPlan[];
  /** The files about kinds that only some clusters serve: ConfigMap, CNINodes, ENIConfigs and so on. */
  readonly more: readonly DumpFile[];
}

export const awsFiles = (side: AwsSide): readonly DumpFile[] => {
  const { cluster, machines } = side;
  return [
    gatherFile(cluster),
    clusterFile(cluster, side),
    side.addon === undefined ? noAddonFile(cluster) : addonFile(cluster, side.addon),
    ...nodegroupFiles(cluster, side.nodegroups),
    instancesFile(cluster, machines),
    imagesFile(cluster, machines),
    ...networkFiles(cluster, machines),
    ...logGroupFiles(cluster, side.logTypes.length > 0),
  ];
};

const policyEndpointsFile = (
  cluster: ClusterPlan,
  side: KubernetesSide,
  pods: ReturnType<typeof placePods>,
): DumpFile => {
  switch (side.policyEndpoints) {
    case 'made':
      return kubernetesList(
        'policyendpoints',
        side.policies.map((policy) => policyEndpointObject(cluster, policy, pods)),
      );
    case 'none':
      return kubernetesList('policyendpoints', []);
    case 'not-served':
      return noResourceType('policyendpoints', 'policyendpoints');
  }
};

export const kubernetesFiles = (
  cluster: ClusterPlan,
  machines: readonly Machine[],
  side: KubernetesSide,
): readonly DumpFile[] => {
  const { awsNode, workloads, policies, crds } = side;
  const namespaces = [...new Set([...workloads, ...policies].map(({ namespace }) => namespace))].filter(
    (namespace) => namespace !== 'kube-system',
  );
  const daemonSet = awsNode === undefined ? undefined : daemonSetObject(cluster, awsNode, machines);
  const agents = awsNode === undefined ? [] : awsNodePods(cluster, awsNode, machines);
  const pods = placePods(workloads, machines);
  return [
    versionFile(cluster),
    kubernetesList(
      'nodes',
      machines.map((machine) => nodeObject(cluster, machine)),
    ),
    daemonSet === undefined
      ? notFound('aws-node', 'daemonsets.apps', 'aws-node')
      : kubernetesFile('aws-node', daemonSet),
    kubernetesList('aws-node-pods', agents),
    ...workloadFiles(workloads, daemonSet === undefined ? [] : [projectedDaemonSet(daemonSet)]),
    configMapsFile(cluster, namespaces, side.kubeSystemConfigMaps),
    crdsFile(cluster, crds),
    apiServicesFile(cluster, crds, side.aggregatedApis),
    namespacesFile(cluster, namespaces),
    kubernetesList('pods', [...agents.map(projectedPod), ...pods.map(({ item }) => item)]),
    kubernetesList(
      'networkpolicies',
      policies.map((policy) => policyObject(cluster, policy)),
    ),
    policyEndpointsFile(cluster, side, pods),
    ...serviceFiles(cluster, workloads, pods),
    ...clusterObjectFiles(cluster, {
      awsNode,
      crds,
      hasKubeProxy: side.kubeSystemConfigMaps.includes('kube-proxy-config'),
      events: side.events ?? [],
    }),
    ...side.more,
  ];
};

/** @throws Error when two parts of a story write the same file */
export const dumpOf = (files: readonly DumpFile[]): Dump => {
  const dump = new Map(files);
  if (dump.size !== files.length) throw new Error('two files of a dump have the same path');
  return dump;
};
