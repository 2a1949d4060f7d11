import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import type { Labels } from '../../../shared/model/facts-kubernetes.ts';
import { kubernetesFile, kubernetesList, type DumpFile } from './dump.ts';
import { hex, numberBelow, resourceVersion, secondsLater, uuid } from './identifiers.ts';
import type { Machine } from './machines.ts';
import { clusterSecurityGroupOf, type ClusterPlan } from './plan.ts';

/** The smaller kinds: version, namespaces, CRDs, API services, ConfigMaps and AWS's own resources. */

const metadata = (seed: string, name: string, createdAt: string): JsonObject => ({
  creationTimestamp: createdAt,
  name,
  uid: uuid(seed),
});

const buildInfo = (gitVersion: string, minor: string, buildDate: string, goVersion: string): JsonObject => ({
  buildDate,
  compiler: 'gc',
  gitCommit: hex(`${gitVersion}/commit`, 40),
  gitTreeState: 'clean',
  gitVersion,
  goVersion,
  major: '1',
  minor,
  platform: 'linux/amd64',
});

/** `kubectl version -o json`. */
export const versionFile = (cluster: ClusterPlan): DumpFile => {
  const minor = cluster.kubernetes.split('.')[1] ?? '';
  return kubernetesFile('version', {
    clientVersion: buildInfo('v1.34.2', '34', '2026-01-14T08:32:37Z', 'go1.24.11'),
    kustomizeVersion: 'v5.7.1',
    // EKS puts a plus behind the minor of its older versions.
    serverVersion: buildInfo(
      cluster.gitVersion,
      Number(minor) < 32 ? `${minor}+` : minor,
      cluster.createdAt,
      'go1.24.9',
    ),
  });
};

/** namespaces.json: Kubernetes' own four and those of the story. */
export const namespacesFile = (cluster: ClusterPlan, names: readonly string[]): DumpFile => {
  const all = ['default', 'kube-node-lease', 'kube-public', 'kube-system', ...names].toSorted();
  return kubernetesList(
    'namespaces',
    all.map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        ...metadata(`${cluster.name}/namespace/${name}`, name, secondsLater(cluster.createdAt, 420)),
        labels: { 'kubernetes.io/metadata.name': name },
      },
      status: { phase: 'Active' },
    })),
  );
};

/** configmaps.json: which ConfigMaps there are, without their data. */
export const configMapsFile = (
  cluster: ClusterPlan,
  namespaces: readonly string[],
  kubeSystem: readonly string[],
): DumpFile => {
  const names: readonly (readonly [string, string])[] = [
    ...['default', 'kube-node-lease', 'kube-public', 'kube-system', ...namespaces].map(
      (namespace) => [namespace, 'kube-root-ca.crt'] as const,
    ),
    ...['extension-apiserver-authentication', ...kubeSystem].map((name) => ['kube-system', name] as const),
  ];
  return kubernetesList(
    'configmaps',
    names
      .toSorted((a, b) => (a.join('/') < b.join('/') ? -1 : 1))
      .map(([namespace, name]) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          ...metadata(`${cluster.name}/${namespace}/${name}`, name, secondsLater(cluster.createdAt, 430)),
          namespace,
        },
      })),
  );
};

/** ConfigMap kube-system/amazon-vpc-cni. */
export const amazonVpcCniFile = (cluster: ClusterPlan, data: Labels, labels: Labels): DumpFile =>
  kubernetesFile('configmap-amazon-vpc-cni', {
    apiVersion: 'v1',
    data,
    kind: 'ConfigMap',
    metadata: {
      ...metadata(`${cluster.name}/kube-system/amazon-vpc-cni`, 'amazon-vpc-cni', secondsLater(cluster.createdAt, 430)),
      labels,
      namespace: 'kube-system',
      resourceVersion: resourceVersion(`${cluster.name}/amazon-vpc-cni`),
    },
  });

export interface CrdPlan {
  /** `<plural>.<group>`. */
  readonly name: string;
  readonly version: string;
  readonly createdAt: string;
  readonly finalizers?: readonly string[];
}

export const crdsFile = (cluster: ClusterPlan, crds: readonly CrdPlan[]): DumpFile =>
  kubernetesList(
    'customresourcedefinitions',
    crds
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, version, createdAt, finalizers }) => ({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: {
          ...metadata(`${cluster.name}/crd/${name}`, name, createdAt),
          ...(finalizers === undefined ? {} : { finalizers }),
        },
        spec: { group: name.slice(name.indexOf('.') + 1), versions: [{ name: version, served: true }] },
      })),
  );

const BUILT_IN_API_SERVICES = [
  'v1.',
  'v1.admissionregistration.k8s.io',
  'v1.apiextensions.k8s.io',
  'v1.apps',
  'v1.authentication.k8s.io',
  'v1.authorization.k8s.io',
  'v1.autoscaling',
  'v1.batch',
  'v1.coordination.k8s.io',
  'v1.networking.k8s.io',
  'v1.rbac.authorization.k8s.io',
  'v1.storage.k8s.io',
];

export interface ApiServicePlan {
  readonly name: string;
  readonly available: 'True' | 'False';
  readonly reason: 'Local' | 'Passed' | 'ServiceNotFound';
  readonly createdAt?: string;
}

/** apiservices.json: the built-in ones, one for each group of the CRDs, and those that an extension server answers. */
export const apiServicesFile = (
  cluster: ClusterPlan,
  crds: readonly CrdPlan[],
  aggregated: readonly ApiServicePlan[],
): DumpFile => {
  const groups = new Set(crds.map(({ name, version }) => `${version}.${name.slice(name.indexOf('.') + 1)}`));
  const plans: readonly ApiServicePlan[] = [
    ...[...BUILT_IN_API_SERVICES, ...groups].map((name) => ({ name, available: 'True', reason: 'Local' }) as const),
    ...aggregated,
  ];
  return kubernetesList(
    'apiservices',
    plans
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, available, reason, createdAt }) => ({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: metadata(
          `${cluster.name}/apiservice/${name}`,
          name,
          createdAt ?? secondsLater(cluster.createdAt, 300),
        ),
        spec: { group: name.slice(name.indexOf('.') + 1), version: name.slice(0, name.indexOf('.')) },
        status: { conditions: [{ reason, status: available, type: 'Available' }] },
      })),
  );
};

export interface CniNodeFeature {
  readonly name: 'CustomNetworking' | 'SecurityGroupsForPods';
  readonly value?: string;
}

/** A CNINode as the VPC resource controller makes one for every node. */
export const cniNodesFile = (
  cluster: ClusterPlan,
  machines: readonly Machine[],
  features: readonly CniNodeFeature[],
): DumpFile =>
  kubernetesList(
    'cninodes',
    machines.map((machine) => ({
      apiVersion: 'vpcresources.k8s.aws/v1alpha1',
      kind: 'CNINode',
      metadata: {
        ...metadata(`${machine.seed}/cninode`, machine.name, secondsLater(machine.joinedAt, 1)),
        finalizers: ['networking.k8s.aws/resource-cleanup'],
        generation: features.length + 1,
        labels: { 'kubernetes.io/os': 'linux' },
        ownerReferences: [{ apiVersion: 'v1', controller: true, kind: 'Node', name: machine.name, uid: machine.uid }],
        resourceVersion: resourceVersion(`${machine.seed}/cninode`),
      },
      spec: {
        ...(features.length > 0 ? { features: features.map((feature) => ({ ...feature })) } : {}),
        tags: {
          'cluster.k8s.amazonaws.com/name': cluster.name,
          'node.k8s.amazonaws.com/instance_id': machine.instanceId,
        },
      },
      status: {},
    })),
  );

export const eniConfigsFile = (
  cluster: ClusterPlan,
  configs: readonly { readonly name: string; readonly subnet: string; readonly createdAt: string }[],
): DumpFile =>
  kubernetesList(
    'eniconfigs',
    configs.map(({ name, subnet, createdAt }) => ({
      apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
      kind: 'ENIConfig',
      metadata: {
        ...metadata(`${cluster.name}/eniconfig/${name}`, name, createdAt),
        generation: 1,
        resourceVersion: resourceVersion(`${cluster.name}/eniconfig/${name}`),
      },
      spec: { securityGroups: [clusterSecurityGroupOf(cluster)], subnet },
    })),
  );

export const securityGroupPoliciesFile = (
  cluster: ClusterPlan,
  policies: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly createdAt: string;
    readonly matchLabels: Labels;
    readonly groupIds: readonly string[];
  }[],
): DumpFile =>
  kubernetesList(
    'securitygrouppolicies',
    policies.map(({ namespace, name, createdAt, matchLabels, groupIds }) => ({
      apiVersion: 'vpcresources.k8s.aws/v1beta1',
      kind: 'SecurityGroupPolicy',
      metadata: {
        ...metadata(`${cluster.name}/sgp/${namespace}/${name}`, name, createdAt),
        generation: 1 + numberBelow(`${cluster.name}/${name}/generation`, 3),
        namespace,
        resourceVersion: resourceVersion(`${cluster.name}/sgp/${namespace}/${name}`),
      },
      spec: { podSelector: { matchLabels }, securityGroups: { groupIds } },
    })),
  );
