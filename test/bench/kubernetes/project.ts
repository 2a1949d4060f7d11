import type { Node, Pod } from '../../../shared/model/facts-kubernetes.ts';

/**
 * From the JSON of a pod or a node, without checks: the least work that a reader of parsed JSON can do, so that the bench
 * measures reading and not our schemas. Also takes the typed objects of @kubernetes/client-node, which have these fields.
 */
interface ContainerLike {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
}

export interface PodLike {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string | Date;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
  };
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly ContainerLike[];
    readonly initContainers?: readonly ContainerLike[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly hostIP?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
  };
}

const order = (a: string | number, b: string | number): number => (a < b ? -1 : Number(a > b));

const portsOf = ({ containers, initContainers = [] }: NonNullable<PodLike['spec']>): Pod['ports'] =>
  [...initContainers, ...containers]
    .flatMap(({ ports = [] }) => ports)
    .map(({ containerPort, name, protocol = 'TCP' }) => ({
      ...(name === undefined ? {} : { name }),
      containerPort,
      protocol,
    }))
    .toSorted((a, b) => a.containerPort - b.containerPort || order(a.protocol, b.protocol));

const addressesOf = ({ podIP, podIPs = [] }: NonNullable<PodLike['status']>): readonly string[] => [
  ...new Set([...(podIP === undefined ? [] : [podIP]), ...podIPs.map(({ ip }) => ip)]),
];

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const time = (value: string | Date | undefined): string =>
  value instanceof Date ? `${value.toISOString().slice(0, 19)}Z` : (value ?? '');

export const toPod = ({ metadata, spec, status }: PodLike): Pod => {
  const owners = metadata?.ownerReferences ?? [];
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    createdAt: time(metadata?.creationTimestamp),
    ...(spec?.nodeName === undefined ? {} : { nodeName: spec.nodeName }),
    phase: status?.phase ?? '',
    hostNetwork: spec?.hostNetwork ?? false,
    podIPs: status === undefined ? [] : addressesOf(status),
    ...(status?.hostIP === undefined ? {} : { hostIP: status.hostIP }),
    labels: metadata?.labels ?? {},
    ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name } }),
    ports: spec === undefined ? [] : portsOf(spec),
    branchEni: metadata?.annotations?.['vpc.amazonaws.com/pod-eni'] === undefined ? 'none' : 'attached',
  };
};

export interface NodeLike {
  readonly metadata?: PodLike['metadata'];
  readonly spec?: {
    readonly providerID?: string;
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
  };
  readonly status?: {
    readonly allocatable?: { readonly [key: string]: string };
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: {
      readonly operatingSystem: string;
      readonly architecture: string;
      readonly osImage: string;
      readonly kernelVersion: string;
      readonly kubeletVersion: string;
    };
  };
}

export const toNode = ({ metadata, spec, status }: NodeLike): Node => {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const info = status?.nodeInfo;
  const { [LAST_APPLIED]: _, ...annotations } = metadata?.annotations ?? {};
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    createdAt: time(metadata?.creationTimestamp),
    ...(spec?.providerID === undefined ? {} : { providerId: spec.providerID }),
    labels: metadata?.labels ?? {},
    annotations,
    operatingSystem: info?.operatingSystem ?? '',
    architecture: info?.architecture ?? '',
    osImage: info?.osImage ?? '',
    kernelVersion: info?.kernelVersion ?? '',
    kubeletVersion: info?.kubeletVersion ?? '',
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    conditions: (status?.conditions ?? [])
      .map(({ reason = '', status, type }) => ({ type, status, reason }))
      .toSorted((a, b) => order(a.type, b.type)),
    allocatable: status?.allocatable ?? {},
    internalIPs: (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address),
    taints: (spec?.taints ?? []).map(({ effect, key }) => ({ key, effect })),
  };
};
