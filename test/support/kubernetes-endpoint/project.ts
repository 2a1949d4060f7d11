import * as z from 'zod';
import type { Node, Pod } from '../../../shared/model/facts-kubernetes.ts';

/** Pods and nodes from JSON, written for the tests alone: what the protobuf decoders are compared with. */

const Strings = z.record(z.string(), z.string()).default({});

const PodJson = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    labels: Strings,
    annotations: Strings,
    ownerReferences: z
      .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }))
      .default([]),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    hostNetwork: z.boolean().default(false),
    containers: z.array(
      z.object({
        ports: z
          .array(z.object({ name: z.string().optional(), containerPort: z.number(), protocol: z.string() }))
          .default([]),
      }),
    ),
  }),
  status: z.object({
    phase: z.string(),
    hostIP: z.string().optional(),
    podIP: z.string().optional(),
    podIPs: z.array(z.object({ ip: z.string() })).optional(),
  }),
});

export const projectPod = (item: unknown): Pod => {
  const { metadata, spec, status } = PodJson.parse(item);
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  const addresses = status.podIPs?.map(({ ip }) => ip) ?? (status.podIP === undefined ? [] : [status.podIP]);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    ...(spec.nodeName === undefined ? {} : { nodeName: spec.nodeName }),
    phase: status.phase,
    hostNetwork: spec.hostNetwork,
    podIPs: addresses,
    ...(status.hostIP === undefined ? {} : { hostIP: status.hostIP }),
    labels: metadata.labels,
    ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name } }),
    ports: spec.containers
      .flatMap(({ ports }) => ports)
      .map(({ containerPort, name, protocol }) => ({
        ...(name === undefined ? {} : { name }),
        containerPort,
        protocol,
      })),
    branchEni: 'vpc.amazonaws.com/pod-eni' in metadata.annotations ? 'attached' : 'none',
  };
};

const NodeJson = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    labels: Strings,
    annotations: Strings,
  }),
  spec: z.object({
    providerID: z.string().optional(),
    taints: z.array(z.object({ key: z.string(), effect: z.string() })).default([]),
  }),
  status: z.object({
    allocatable: Strings,
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string().default('') })).default([]),
    addresses: z.array(z.object({ type: z.string(), address: z.string() })).default([]),
    nodeInfo: z.object({
      operatingSystem: z.string(),
      architecture: z.string(),
      osImage: z.string(),
      kernelVersion: z.string(),
      kubeletVersion: z.string(),
    }),
  }),
});

export const projectNode = (item: unknown): Node => {
  const { metadata, spec, status } = NodeJson.parse(item);
  const ready = status.conditions.find(({ type }) => type === 'Ready')?.status;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...annotations } = metadata.annotations;
  return {
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    ...(spec.providerID === undefined ? {} : { providerId: spec.providerID }),
    labels: metadata.labels,
    annotations,
    ...status.nodeInfo,
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    conditions: status.conditions,
    allocatable: status.allocatable,
    internalIPs: status.addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address),
    taints: spec.taints,
  };
};
