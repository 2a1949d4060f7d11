import * as z from 'zod';
import { count, labels, list, time, unobservedReason } from './values.ts';

/** Mirrors `model/facts-kubernetes.ts`, without policies; `schema.ts` proves that it does. */

const condition = z.enum(['True', 'False', 'Unknown']);

export { labels as configMapData };

export const kubernetesAccess = z
  .object({
    serverVersion: z.string(),
    answered: list(z.string()),
    refused: list(z.object({ resource: z.string(), detail: z.string() })),
    failed: list(z.object({ resource: z.string(), reason: unobservedReason, detail: z.string() })),
  })
  .meta({
    id: 'KubernetesAccess',
    description: 'Which lists the API server answered, which it refused, and which ended in errors',
  });

export const node = z
  .object({
    name: z.string(),
    uid: z.string(),
    createdAt: time,
    providerId: z.string().exactOptional(),
    labels,
    annotations: labels,
    operatingSystem: z.string(),
    architecture: z.string(),
    osImage: z.string(),
    kernelVersion: z.string(),
    kubeletVersion: z.string(),
    ready: condition,
    conditions: list(z.object({ type: z.string(), status: z.string(), reason: z.string() })),
    allocatable: labels,
    internalIPs: list(z.string()),
    taints: list(z.object({ key: z.string(), effect: z.string() })),
  })
  .meta({ id: 'Node', description: 'v1 Node' });

const container = z
  .object({
    name: z.string(),
    image: z.string(),
    args: list(z.string()),
    env: labels,
    unresolvedEnv: z.union([list(z.string()), z.literal('any')]).exactOptional(),
    hostPathMounts: list(z.string()),
  })
  .meta({ id: 'Container', description: 'A container; only of aws-node' });

export const daemonSet = z
  .object({
    namespace: z.string(),
    name: z.string(),
    createdAt: time,
    generation: count,
    observedGeneration: count,
    labels,
    initContainers: list(container),
    containers: list(container),
    updateStrategy: z.string(),
    desired: count,
    ready: count,
    updated: count,
  })
  .meta({ id: 'DaemonSet', description: 'apps/v1 DaemonSet kube-system/aws-node; absent: there is none' });

const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: count,
  state: z.enum(['running', 'waiting', 'terminated', 'unknown']),
  reason: z.string(),
});

export const awsNodePod = z
  .object({
    name: z.string(),
    uid: z.string(),
    nodeName: z.string(),
    createdAt: time,
    phase: z.string(),
    revision: z.string(),
    initContainers: list(container),
    containers: list(container),
    statuses: list(containerStatus),
  })
  .meta({ id: 'AwsNodePod', description: 'v1 Pod of the aws-node DaemonSet' });

export const pod = z
  .object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    createdAt: time,
    nodeName: z.string().exactOptional(),
    phase: z.string(),
    hostNetwork: z.boolean(),
    podIPs: list(z.string()),
    hostIP: z.string().exactOptional(),
    labels,
    owner: z.object({ kind: z.string(), name: z.string() }).exactOptional(),
    ports: list(z.object({ name: z.string().exactOptional(), containerPort: count, protocol: z.string() })),
    branchEni: z.enum(['attached', 'none']),
  })
  .meta({ id: 'Pod', description: 'v1 Pod, without its environment, volumes and annotations' });

export const namespace = z
  .object({ name: z.string(), labels, phase: z.string() })
  .meta({ id: 'Namespace', description: 'v1 Namespace' });

export const networkWorkload = z
  .object({
    kind: z.enum(['DaemonSet', 'Deployment', 'ConfigMap']),
    namespace: z.string(),
    name: z.string(),
    createdAt: time,
    images: list(z.string()),
    ready: count,
  })
  .meta({ id: 'NetworkWorkload', description: 'A workload named like another CNI or policy engine' });

export const customResourceDefinition = z
  .object({
    name: z.string(),
    group: z.string(),
    createdAt: time,
    servedVersions: list(z.string()),
    finalizers: list(z.string()),
  })
  .meta({ id: 'CustomResourceDefinition', description: 'apiextensions.k8s.io/v1 CustomResourceDefinition' });

export const apiService = z
  .object({ name: z.string(), available: condition })
  .meta({ id: 'ApiService', description: 'apiregistration.k8s.io/v1 APIService' });

export const cniNode = z
  .object({ name: z.string(), features: list(z.object({ name: z.string(), value: z.string() })) })
  .meta({ id: 'CniNode', description: 'vpcresources.k8s.aws/v1alpha1 CNINode' });

export const eniConfig = z
  .object({ name: z.string(), subnet: z.string(), securityGroups: list(z.string()) })
  .meta({ id: 'EniConfig', description: 'crd.k8s.amazonaws.com/v1alpha1 ENIConfig' });

export const nodeClass = z
  .object({ name: z.string(), networkPolicy: z.string(), networkPolicyEventLogs: z.string() })
  .meta({ id: 'NodeClass', description: 'eks.amazonaws.com/v1 NodeClass; absent: no Auto Mode' });
