import type { Labels, Pod } from '../../model/facts-kubernetes.ts';
import { RunInterner, TextInterner } from './intern.ts';
import type { ProtobufDecoder } from './list.ts';
import { FieldCursor } from './protobuf.ts';
import { META, readEntry, readText, readTime } from './protobuf-meta.ts';

/**
 * v1 Pod from protobuf, without building the rest of it. Field numbers:
 * https://github.com/kubernetes/api/blob/v0.33.0/core/v1/generated.proto (Pod, PodSpec, PodStatus, Container,
 * ContainerPort, PodIP) and
 * https://github.com/kubernetes/apimachinery/blob/v0.33.0/pkg/apis/meta/v1/generated.proto (ObjectMeta, OwnerReference).
 */
const POD = { metadata: 1, spec: 2, status: 3 } as const;
const OWNER = { kind: 1, name: 3, controller: 6 } as const;
const SPEC = { containers: 2, nodeName: 10, hostNetwork: 11 } as const;
const CONTAINER = { ports: 6 } as const;
const PORT = { name: 1, containerPort: 3, protocol: 4 } as const;
const STATUS = { phase: 1, hostIP: 5, podIP: 6, podIPs: 12 } as const;
const POD_IP = { ip: 1 } as const;

/** The annotation of a pod with a branch ENI: https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html */
const BRANCH_ENI = Buffer.from('vpc.amazonaws.com/pod-eni');

type Owner = NonNullable<Pod['owner']>;
type Port = Pod['ports'][number];

const NO_LABELS: Labels = {};
const NO_PORTS: readonly Port[] = [];
const NO_ADDRESSES: readonly string[] = [];

/**
 * A decoder for one list of pods. `owner` is the controlling reference, `ports` are those of `spec.containers`.
 *
 * Pods share equal label sets, owners, ports and names: treat what comes out as read-only, as its type says.
 */
export const createPodDecoder = (): ProtobufDecoder<Pod> => {
  const pod = new FieldCursor();
  const part = new FieldCursor();
  const inner = new FieldCursor();
  const namespaces = new RunInterner(readText);
  const nodeNames = new TextInterner();
  const phases = new RunInterner(readText);
  const hostIPs = new TextInterner();
  /** Values of labels, kinds of owners: each inside something that is looked up as a whole first. */
  const words = new TextInterner();
  const word = (cursor: FieldCursor): string => words.at(cursor);
  const labelSets = new RunInterner((bytes, start, end) => readLabels(bytes, start, end, word));
  const owners = new RunInterner((bytes, start, end) => readOwner(bytes, start, end, word));
  const ports = new RunInterner(readPort);
  let lastPorts = NO_PORTS;

  const readMetadata = (meta: FieldCursor): Metadata => {
    let namespace = '';
    let name = '';
    let uid = '';
    let createdAt = '';
    let owner: Owner | undefined;
    let branchEni: Pod['branchEni'] = 'none';
    let labelsFrom = -1;
    let labelsTo = -1;
    while (meta.next()) {
      switch (meta.field) {
        case META.name:
          name = meta.text();
          break;
        case META.namespace:
          namespace = namespaces.at(meta);
          break;
        case META.uid:
          uid = meta.text();
          break;
        case META.creationTimestamp:
          createdAt = readTime(inner.into(meta));
          break;
        case META.labels:
          // From the first entry to the last; they stand together, so that the range can be looked up as a whole.
          if (labelsFrom === -1) labelsFrom = meta.from;
          labelsTo = meta.stop;
          break;
        case META.annotations:
          if (hasBranchEniKey(inner.into(meta))) branchEni = 'attached';
          break;
        case META.ownerReferences: {
          const found = owners.at(meta);
          if (found !== NOT_CONTROLLING) owner = found;
          break;
        }
        default:
      }
    }
    const labels = labelsFrom === -1 ? NO_LABELS : labelSets.get(meta.bytes, labelsFrom, labelsTo);
    return { namespace, name, uid, createdAt, owner, branchEni, labels };
  };

  const readSpec = (spec: FieldCursor): Spec => {
    let nodeName = '';
    let hostNetwork = false;
    let found: Port[] | undefined;
    while (spec.next()) {
      if (spec.field === SPEC.containers) {
        inner.into(spec);
        while (inner.next()) if (inner.field === CONTAINER.ports) (found ??= []).push(ports.at(inner));
      } else if (spec.field === SPEC.nodeName) nodeName = nodeNames.at(spec);
      else if (spec.field === SPEC.hostNetwork) hostNetwork = spec.number() !== 0;
    }
    if (found === undefined) return { nodeName, hostNetwork, ports: NO_PORTS };
    // Equal ports are one object, so the last pod's array serves again while pods of one owner follow each other.
    if (!sameElements(found, lastPorts)) lastPorts = found;
    return { nodeName, hostNetwork, ports: lastPorts };
  };

  const readStatus = (status: FieldCursor): PodStatus => {
    let phase = '';
    let hostIP = '';
    let podIP = '';
    let podIPs: readonly string[] = NO_ADDRESSES;
    while (status.next()) {
      if (status.field === STATUS.phase) phase = phases.at(status);
      else if (status.field === STATUS.hostIP) hostIP = hostIPs.at(status);
      else if (status.field === STATUS.podIP) podIP = status.text();
      else if (status.field === STATUS.podIPs) {
        inner.into(status);
        while (inner.next())
          if (inner.field === POD_IP.ip) {
            const address = inner.text();
            // An array that is made whole has no room left over, which push would leave for sixteen more.
            podIPs = podIPs.length === 0 ? [address] : [...podIPs, address];
          }
      }
    }
    if (podIPs.length === 0 && podIP !== '') podIPs = [podIP];
    return { phase, hostIP, podIPs };
  };

  const decode = (bytes: Buffer, start: number, end: number): Pod => {
    let meta = NO_METADATA;
    let spec = NO_SPEC;
    let status = NO_STATUS;
    pod.open(bytes, start, end);
    while (pod.next()) {
      if (pod.field === POD.metadata) meta = readMetadata(part.into(pod));
      else if (pod.field === POD.spec) spec = readSpec(part.into(pod));
      else if (pod.field === POD.status) status = readStatus(part.into(pod));
    }
    return toPod(meta, spec, status);
  };
  return { kind: 'PodList', decode };
};

interface Metadata extends Pick<Pod, 'namespace' | 'name' | 'uid' | 'createdAt' | 'branchEni' | 'labels'> {
  readonly owner: Owner | undefined;
}
interface Spec extends Pick<Pod, 'hostNetwork' | 'ports'> {
  readonly nodeName: string;
}
interface PodStatus extends Pick<Pod, 'phase' | 'podIPs'> {
  readonly hostIP: string;
}

const NO_METADATA: Metadata = {
  namespace: '',
  name: '',
  uid: '',
  createdAt: '',
  owner: undefined,
  branchEni: 'none',
  labels: NO_LABELS,
};
const NO_SPEC: Spec = { nodeName: '', hostNetwork: false, ports: NO_PORTS };
const NO_STATUS: PodStatus = { phase: '', hostIP: '', podIPs: NO_ADDRESSES };

/** One object, not several spread into each other: a pod that runs and is owned, so nearly each one, takes half the memory. */
const toPod = (meta: Metadata, spec: Spec, status: PodStatus): Pod => {
  const { branchEni, createdAt, labels, name, namespace, owner, uid } = meta;
  const { hostNetwork, nodeName, ports } = spec;
  const { hostIP, phase, podIPs } = status;
  if (nodeName !== '' && hostIP !== '' && owner !== undefined) {
    return {
      namespace,
      name,
      uid,
      createdAt,
      nodeName,
      phase,
      hostNetwork,
      podIPs,
      hostIP,
      labels,
      owner,
      ports,
      branchEni,
    };
  }
  return {
    namespace,
    name,
    uid,
    createdAt,
    ...(nodeName === '' ? {} : { nodeName }),
    phase,
    hostNetwork,
    podIPs,
    ...(hostIP === '' ? {} : { hostIP }),
    labels,
    ...(owner === undefined ? {} : { owner }),
    ports,
    branchEni,
  };
};

/** The labels among the fields of an ObjectMeta in `bytes[start, end)`; other fields are passed over. */
const readLabels = (bytes: Buffer, start: number, end: number, word: (value: FieldCursor) => string): Labels => {
  const cursor = new FieldCursor().open(bytes, start, end);
  const entry = new FieldCursor();
  const labels: { [key: string]: string } = {};
  while (cursor.next()) if (cursor.field === META.labels) readEntry(entry.into(cursor), labels, word);
  return labels;
};

const NOT_CONTROLLING = 'not-controlling';

/** Only the reference that controls a pod owns it, as `metav1.GetControllerOf` has it. */
const readOwner = (
  bytes: Buffer,
  start: number,
  end: number,
  word: (value: FieldCursor) => string,
): Owner | typeof NOT_CONTROLLING => {
  const cursor = new FieldCursor().open(bytes, start, end);
  let kind = '';
  let name = '';
  let controls = false;
  while (cursor.next()) {
    if (cursor.field === OWNER.kind) kind = word(cursor);
    else if (cursor.field === OWNER.name) name = cursor.text();
    else if (cursor.field === OWNER.controller) controls = cursor.number() !== 0;
  }
  return controls ? { kind, name } : NOT_CONTROLLING;
};

const readPort = (bytes: Buffer, start: number, end: number): Port => {
  const cursor = new FieldCursor().open(bytes, start, end);
  let name = '';
  let containerPort = 0;
  let protocol = '';
  while (cursor.next()) {
    if (cursor.field === PORT.name) name = cursor.text();
    else if (cursor.field === PORT.containerPort) containerPort = cursor.number();
    else if (cursor.field === PORT.protocol) protocol = cursor.text();
  }
  return { ...(name === '' ? {} : { name }), containerPort, protocol: protocol === '' ? 'TCP' : protocol };
};

const hasBranchEniKey = (entry: FieldCursor): boolean => {
  while (entry.next()) {
    if (entry.field === 1) return BRANCH_ENI.compare(entry.bytes, entry.start, entry.stop) === 0;
  }
  return false;
};

const sameElements = (left: readonly Port[], right: readonly Port[]): boolean =>
  left.length === right.length && left.every((port, index) => port === right[index]);
