import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import type { Labels } from '../../../shared/model/facts-kubernetes.ts';
import { kubernetesList, type DumpFile } from './dump.ts';
import { addressIn } from './plan.ts';
import { ec2Id, generatedSuffix, hex, macAddress, numberBelow, secondsLater, uuid } from './identifiers.ts';
import type { Machine } from './machines.ts';

export interface WorkloadContainer {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: 'TCP' | 'UDP';
  }[];
}

/** Something that owns pods, and the machines (by key) that its pods run on: one entry a pod. */
export interface Workload {
  readonly kind: 'DaemonSet' | 'Deployment' | 'Job' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  /** Of the pods, and of the workload itself. */
  readonly labels: Labels;
  readonly containers: readonly WorkloadContainer[];
  readonly createdAt: string;
  /** When the present pods were made; by default with the workload. */
  readonly podsCreatedAt?: string;
  readonly on: readonly string[];
  readonly hostNetwork?: true;
  /** A branch network interface for each pod: security groups for pods. */
  readonly branchInterface?: true;
  /** Scheduled, and waiting for an address that the CNI cannot give. */
  readonly waiting?: true;
  readonly finished?: true;
}

/** A pod as the go-template of gather.sh projects it, before its address is known. */
interface Draft {
  readonly workload: Workload;
  readonly machine: Machine;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
}

const replicaSetHash = (workload: Workload): string =>
  generatedSuffix(`${workload.namespace}/${workload.name}/replica-set`, 10);

const draftName = (workload: Workload, seed: string, ordinal: number): string => {
  const suffix = generatedSuffix(seed, 5);
  switch (workload.kind) {
    case 'Deployment':
      return `${workload.name}-${replicaSetHash(workload)}-${suffix}`;
    case 'StatefulSet':
      return `${workload.name}-${ordinal}`;
    case 'DaemonSet':
    case 'Job':
      return `${workload.name}-${suffix}`;
  }
};

const draftsOf = (workload: Workload, machines: readonly Machine[]): readonly Draft[] =>
  workload.on.map((key, ordinal) => {
    const machine = machines.find((candidate) => candidate.key === key);
    if (machine === undefined)
      throw new Error(`${workload.namespace}/${workload.name} is on ${key}, which is no machine`);
    const seed = `${machine.seed}/${workload.namespace}/${workload.name}/${ordinal}`;
    const planned = workload.podsCreatedAt ?? workload.createdAt;
    const createdAt = planned > machine.joinedAt ? planned : secondsLater(machine.joinedAt, 20 + numberBelow(seed, 90));
    return { workload, machine, name: draftName(workload, seed, ordinal), uid: uuid(seed), createdAt };
  });

const ownerOf = (workload: Workload): JsonObject => {
  const { kind, name } = workload;
  return kind === 'Deployment'
    ? { apiVersion: 'apps/v1', controller: true, kind: 'ReplicaSet', name: `${name}-${replicaSetHash(workload)}` }
    : { apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', controller: true, kind, name };
};

const podLabels = (draft: Draft): Labels => {
  const { workload } = draft;
  switch (workload.kind) {
    case 'Deployment':
      return { ...workload.labels, 'pod-template-hash': replicaSetHash(workload) };
    case 'DaemonSet':
      return {
        ...workload.labels,
        'controller-revision-hash': generatedSuffix(`${workload.name}/revision`, 10),
        'pod-template-generation': '1',
      };
    case 'StatefulSet':
      return {
        ...workload.labels,
        'apps.kubernetes.io/pod-index': draft.name.slice(workload.name.length + 1),
        'controller-revision-hash': `${workload.name}-${generatedSuffix(`${workload.name}/revision`, 10)}`,
        'statefulset.kubernetes.io/pod-name': draft.name,
      };
    case 'Job':
      return {
        ...workload.labels,
        'batch.kubernetes.io/controller-uid': uuid(`${workload.name}/job`),
        'batch.kubernetes.io/job-name': workload.name,
      };
  }
};

/** The annotation of the VPC resource controller: https://github.com/aws/amazon-vpc-resource-controller-k8s */
const branchAnnotation = (draft: Draft, address: string): Labels => {
  const [first] = draft.machine.subnet.thirdOctets;
  return {
    'vpc.amazonaws.com/pod-eni': JSON.stringify([
      {
        eniId: ec2Id('eni', draft.uid),
        ifAddress: macAddress(draft.uid),
        privateIp: address,
        ipv6Addr: '',
        vlanId: 1 + numberBelow(draft.uid, 120),
        subnetCidr: `${draft.machine.subnet.prefix}.${first}.0/19`,
        subnetV6Cidr: '',
        associationID: `trunk-assoc-${hex(draft.uid, 17)}`,
      },
    ]),
  };
};

const containerOf = ({ name, ports }: WorkloadContainer): JsonObject => ({
  name,
  ...(ports === undefined
    ? {}
    : {
        ports: ports.map((port) => ({
          ...(port.name === undefined ? {} : { name: port.name }),
          containerPort: port.containerPort,
          protocol: port.protocol ?? 'TCP',
        })),
      }),
});

const podItem = (draft: Draft, address: string | undefined): JsonObject => {
  const { workload, machine } = draft;
  const phase = workload.waiting === true ? 'Pending' : workload.finished === true ? 'Succeeded' : 'Running';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      creationTimestamp: draft.createdAt,
      labels: podLabels(draft),
      name: draft.name,
      namespace: workload.namespace,
      ownerReferences: [ownerOf(workload)],
      uid: draft.uid,
      ...(workload.branchInterface === true && address !== undefined
        ? { annotations: branchAnnotation(draft, address) }
        : {}),
    },
    spec: {
      containers: workload.containers.map(containerOf),
      ...(workload.hostNetwork === true ? { hostNetwork: true } : {}),
      nodeName: machine.name,
    },
    status: {
      hostIP: machine.address,
      phase,
      ...(address === undefined ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    },
  };
};

/** A pod that has been placed, with what policies need to know of it. */
export interface PlacedPod {
  readonly namespace: string;
  readonly name: string;
  /** Name of its workload, and key of its machine. */
  readonly owner: string;
  readonly machine: string;
  readonly nodeName: string;
  readonly labels: Labels;
  readonly address: string | undefined;
  readonly hostAddress: string;
  readonly policed: boolean;
  readonly ports: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: 'TCP' | 'UDP';
  }[];
  /** As `pods.json` has it. */
  readonly item: JsonObject;
}

/** Gives each pod the next free address of its node, as ipamd would. */
export const placePods = (workloads: readonly Workload[], machines: readonly Machine[]): readonly PlacedPod[] => {
  const used = new Map<string, number>();
  const addressFor = ({ workload, machine, uid }: Draft): string | undefined => {
    if (workload.waiting === true) return undefined;
    if (workload.hostNetwork === true) return machine.address;
    if (workload.branchInterface === true) return addressIn(machine.subnet, `${uid}/branch`);
    const index = used.get(machine.key) ?? 0;
    used.set(machine.key, index + 1);
    const address = machine.podAddresses[index];
    if (address === undefined) throw new Error(`${machine.seed} has no address for pod ${index + 1}`);
    return address;
  };
  return workloads.flatMap((workload) =>
    draftsOf(workload, machines).map((draft) => {
      const address = addressFor(draft);
      return {
        namespace: workload.namespace,
        name: draft.name,
        owner: workload.name,
        machine: draft.machine.key,
        nodeName: draft.machine.name,
        labels: podLabels(draft),
        address,
        hostAddress: draft.machine.address,
        policed: address !== undefined && workload.hostNetwork !== true && workload.finished !== true,
        ports: workload.containers.flatMap(({ ports }) => ports ?? []),
        item: podItem(draft, address),
      };
    }),
  );
};

const workloadItem = (workload: Workload): JsonObject => {
  const ready = workload.waiting === true ? 0 : workload.on.length;
  return {
    apiVersion: 'apps/v1',
    kind: workload.kind,
    metadata: {
      creationTimestamp: workload.createdAt,
      labels: workload.labels,
      name: workload.name,
      namespace: workload.namespace,
      uid: uuid(`${workload.namespace}/${workload.name}/${workload.createdAt}`),
    },
    spec: {
      ...(workload.kind === 'Deployment' ? { replicas: workload.on.length } : {}),
      template: { spec: { containers: workload.containers.map(({ name, image }) => ({ image, name })) } },
    },
    status:
      workload.kind === 'Deployment'
        ? { readyReplicas: ready, replicas: workload.on.length }
        : {
            currentNumberScheduled: workload.on.length,
            desiredNumberScheduled: workload.on.length,
            numberReady: ready,
            updatedNumberScheduled: workload.on.length,
          },
  };
};

const byNamespaceAndName = (a: Workload, b: Workload): number =>
  `${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1;

/** daemonsets.json and deployments.json, both projected. */
export const workloadFiles = (workloads: readonly Workload[], more: readonly JsonObject[]): readonly DumpFile[] => {
  const items = (kind: Workload['kind']) =>
    workloads
      .filter((workload) => workload.kind === kind)
      .toSorted(byNamespaceAndName)
      .map(workloadItem);
  return [
    kubernetesList('daemonsets', [...more, ...items('DaemonSet')]),
    kubernetesList('deployments', items('Deployment')),
  ];
};
