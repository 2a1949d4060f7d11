import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

/** Reads the committed dumps as the tests need them: independent of the generator and of the importer. */
export const COMMITTED = fileURLToPath(new URL('../../fleet/', import.meta.url));

/** Paths of all files under a directory, sorted. */
export const filesIn = async (directory: string): Promise<readonly string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length).replace(/^\//, ''))
    .toSorted((a, b) => (a < b ? -1 : 1));
};

export const textOf = (cluster: string, file: string): Promise<string> =>
  readFile(join(COMMITTED, cluster, file), 'utf8');

/** One answer of a dump; a failed call has none, and that is an error here. */
export const answerOf = async <T extends z.ZodType>(cluster: string, name: string, schema: T): Promise<z.infer<T>> =>
  schema.parse(JSON.parse(await textOf(cluster, `${name}.json`)));

/** The items of a Kubernetes list. */
export const itemsOf = async <T extends z.ZodType>(
  cluster: string,
  name: string,
  item: T,
): Promise<readonly z.infer<T>[]> => {
  const list = z.object({
    apiVersion: z.literal('v1'),
    kind: z.literal('List'),
    metadata: z.object({ resourceVersion: z.literal('') }),
    items: z.array(item),
  });
  return (await answerOf(cluster, `kubernetes/${name}`, list)).items;
};

export const labels = z.record(z.string(), z.string());

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  creationTimestamp: z.string(),
  labels: labels.default({}),
  annotations: labels.default({}),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), uid: z.string().optional() })).default([]),
});

/** Any object, by its metadata. */
export const Named = z.object({ metadata });

export const Node = z.object({
  metadata,
  spec: z.object({ providerID: z.string() }),
  status: z.object({
    addresses: z.array(z.object({ type: z.string(), address: z.string() })),
    allocatable: labels,
    conditions: z.array(z.object({ reason: z.string() })),
    nodeInfo: z.object({ kernelVersion: z.string(), architecture: z.string() }),
  }),
});
export type Node = z.infer<typeof Node>;

export const Pod = z.object({
  metadata,
  spec: z.object({
    nodeName: z.string(),
    hostNetwork: z.boolean().default(false),
    containers: z.array(z.object({ name: z.string(), args: z.array(z.string()).default([]) })),
  }),
  status: z.object({
    phase: z.string(),
    hostIP: z.string(),
    podIP: z.string().optional(),
    podIPs: z.array(z.object({ ip: z.string() })).default([]),
    containerStatuses: z
      .array(z.object({ name: z.string(), ready: z.boolean(), state: z.record(z.string(), z.unknown()) }))
      .default([]),
  }),
});
export type Pod = z.infer<typeof Pod>;

export const DaemonSet = z.object({
  metadata,
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }) }),
  }),
  status: z.object({
    desiredNumberScheduled: z.number(),
    numberReady: z.number(),
    updatedNumberScheduled: z.number(),
  }),
});

export const PolicyEndpoint = z.object({
  metadata,
  spec: z.object({
    policyRef: z.object({ name: z.string(), namespace: z.string() }),
    podSelectorEndpoints: z.array(
      z.object({ name: z.string(), namespace: z.string(), podIP: z.string(), hostIP: z.string() }),
    ),
  }),
});

export const CniNode = z.object({
  metadata,
  spec: z.object({ features: z.array(z.object({ name: z.string() })).default([]), tags: labels }),
});

export const NodeClass = z.object({
  metadata,
  spec: z.object({ networkPolicy: z.string(), networkPolicyEventLogs: z.string() }),
});

const Instance = z.object({
  InstanceId: z.string(),
  ImageId: z.string(),
  InstanceType: z.string(),
  PrivateIpAddress: z.string(),
  LaunchTime: z.string(),
  Placement: z.object({ AvailabilityZone: z.string() }),
  NetworkInterfaces: z.array(
    z.object({
      InterfaceType: z.string(),
      PrivateIpAddresses: z.array(z.object({ PrivateIpAddress: z.string() })),
      Ipv4Prefixes: z.array(z.object({ Ipv4Prefix: z.string() })).default([]),
    }),
  ),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
});
export type Instance = z.infer<typeof Instance>;

export const instancesOf = async (cluster: string): Promise<readonly Instance[]> => {
  const schema = z.object({ Reservations: z.array(z.object({ Instances: z.array(Instance) })) });
  const { Reservations } = await answerOf(cluster, 'aws/describe-instances', schema);
  return Reservations.flatMap(({ Instances }) => Instances);
};

export const tagOf = (instance: Instance, key: string): string | undefined =>
  instance.Tags.find(({ Key }) => Key === key)?.Value;

export const addressOf = (node: Node): string | undefined =>
  node.status.addresses.find(({ type }) => type === 'InternalIP')?.address;

export const instanceIdOf = (node: Node): string | undefined =>
  /^aws:\/\/\/[a-z0-9-]+\/(i-[0-9a-f]{17})$/.exec(node.spec.providerID)?.[1];

const numberOf = (address: string): number =>
  address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);

const isIn = (address: string, prefix: string): boolean => {
  const [base = '', bits = ''] = prefix.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / size) === numberOf(base) / size;
};

/** Whether the VPC CNI can give a pod on this instance the address: a secondary one, or one of a delegated prefix. */
export const canGive = (instance: Instance, address: string): boolean =>
  instance.NetworkInterfaces.some(
    ({ PrivateIpAddresses, Ipv4Prefixes }) =>
      PrivateIpAddresses.slice(1).some(({ PrivateIpAddress }) => PrivateIpAddress === address) ||
      Ipv4Prefixes.some(({ Ipv4Prefix }) => isIn(address, Ipv4Prefix)),
  );

/** The address of a pod's own branch interface, where it has one. */
export const branchAddress = (pod: Pod): string | undefined => {
  const annotation = pod.metadata.annotations['vpc.amazonaws.com/pod-eni'];
  if (annotation === undefined) return undefined;
  return z.array(z.object({ privateIp: z.string() })).parse(JSON.parse(annotation))[0]?.privateIp;
};
