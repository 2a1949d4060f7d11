import type { Labels, Pod } from '../../model/facts-kubernetes.ts';
import { RunInterner, TextInterner } from './intern.ts';
import type { ProtobufDecoder } from './list.ts';
import { FieldCursor, maskOf } from './protobuf.ts';
import { boundText, byKey, emptyMap, META, readEntry, readText, readTime, required } from './protobuf-meta.ts';

/**
 * v1 Pod from protobuf, without building the rest of it. Field numbers:
 * https://github.com/kubernetes/api/blob/v0.33.0/core/v1/generated.proto (Pod, PodSpec, PodStatus, Container,
 * ContainerPort, PodIP) and
 * https://github.com/kubernetes/apimachinery/blob/v0.33.0/pkg/apis/meta/v1/generated.proto (ObjectMeta, OwnerReference).
 */
const POD = { metadata: 1, spec: 2, status: 3 } as const;
const OWNER = { kind: 1, name: 3, controller: 6 } as const;
const SPEC = { containers: 2, nodeName: 10, hostNetwork: 11, initContainers: 20 } as const;
const CONTAINER = { ports: 6 } as const;
const PORT = { name: 1, containerPort: 3, protocol: 4 } as const;
const STATUS = { phase: 1, hostIP: 5, podIP: 6, podIPs: 12 } as const;
const POD_IP = { ip: 1 } as const;

const META_FIELDS = maskOf(META);
const SPEC_FIELDS = maskOf(SPEC);
const CONTAINER_FIELDS = maskOf(CONTAINER);
const STATUS_FIELDS = maskOf(STATUS);

/** The annotation of a pod with a branch ENI: https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html */
const BRANCH_ENI = Buffer.from('vpc.amazonaws.com/pod-eni');

type Owner = NonNullable<Pod['owner']>;
type Port = Pod['ports'][number];
type Read<T> = (bytes: Buffer, start: number, end: number) => T;
type Word = (cursor: FieldCursor) => string;

const NO_LABELS: Labels = emptyMap();
const NO_PORTS: readonly Port[] = [];
const NO_ADDRESSES: readonly string[] = [];

/**
 * A decoder for one list of pods. `owner` is the controlling reference, or the first where none controls. `ports` are
 * those of all containers, init containers included, sorted by number, protocol and name.
 *
 * Pods share equal label sets, owners, ports and names: treat what comes out as read-only, as its type says.
 */
export const createPodDecoder = (): ProtobufDecoder<Pod> => {
  const pod = new FieldCursor();
  const part = new FieldCursor();
  const inner = new FieldCursor();
  const nodeNames = new TextInterner();
  const hostIPs = new TextInterner();
  /** Values of labels and kinds of owners: both stand in something that is looked up as a whole first. */
  const words = new TextInterner();
  const word: Word = (cursor) => words.at(cursor);
  const namespaces = new RunInterner(textOf);
  const phases = new RunInterner(textOf);
  const labelSets = new RunInterner(labelsOf(word));
  const references = new RunInterner(referenceOf(word));
  const ports = new RunInterner(portOf);
  /** Of the pod that is being read. */
  const found: Port[] = [];
  let lastPorts = { found: NO_PORTS, sorted: NO_PORTS };

  const readMetadata = (meta: FieldCursor): Metadata => {
    let namespace = '';
    let name = '';
    let uid = '';
    let createdAt = '';
    let reference: Reference | undefined;
    let branchEni: Pod['branchEni'] = 'none';
    let labelsFrom = -1;
    let labelsTo = -1;
    while (meta.next(META_FIELDS)) {
      switch (meta.field) {
        case META.name:
          name = readText(meta);
          break;
        case META.namespace:
          namespace = namespaces.at(meta);
          break;
        case META.uid:
          uid = readText(meta);
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
          if (saysBranchEni(inner.into(meta))) branchEni = 'attached';
          break;
        case META.ownerReferences: {
          const found = references.at(meta);
          if (reference === undefined || (found.controls && !reference.controls)) reference = found;
          break;
        }
        default:
      }
    }
    const labels = labelsFrom === -1 ? NO_LABELS : labelSets.get(meta.bytes, labelsFrom, labelsTo);
    return { namespace, name, uid, createdAt, owner: reference?.owner, branchEni, labels };
  };

  const readSpec = (spec: FieldCursor): Spec => {
    let nodeName = '';
    let hostNetwork = false;
    found.length = 0;
    while (spec.next(SPEC_FIELDS)) {
      if (spec.field === SPEC.containers || spec.field === SPEC.initContainers) {
        inner.into(spec);
        while (inner.next(CONTAINER_FIELDS)) found.push(ports.at(inner));
      } else if (spec.field === SPEC.nodeName) nodeName = nodeNames.at(spec);
      else if (spec.field === SPEC.hostNetwork) hostNetwork = spec.number() !== 0;
    }
    // Equal ports are one object, so the last pod's array serves again while pods of one owner follow each other.
    if (!sameElements(found, lastPorts.found)) lastPorts = { found: [...found], sorted: found.toSorted(byPort) };
    return { nodeName, hostNetwork, ports: lastPorts.sorted };
  };

  const readStatus = (status: FieldCursor): PodStatus => {
    let phase = '';
    let hostIP = '';
    let podIP = '';
    let podIPs = NO_ADDRESSES;
    while (status.next(STATUS_FIELDS)) {
      if (status.field === STATUS.phase) phase = phases.at(status);
      else if (status.field === STATUS.hostIP) hostIP = hostIPs.at(status);
      else if (status.field === STATUS.podIP) podIP = readText(status);
      else if (status.field === STATUS.podIPs) {
        inner.into(status);
        while (inner.next()) if (inner.field === POD_IP.ip) podIPs = withAddress(podIPs, readText(inner));
      }
    }
    // podIP is the first of podIPs; only a server from before dual-stack has it alone.
    return { phase, hostIP, podIPs: podIPs[0] === podIP ? podIPs : podIPs.reduce(withAddress, withAddress([], podIP)) };
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
interface Reference {
  readonly owner: Owner;
  readonly controls: boolean;
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

const toPod = (meta: Metadata, spec: Spec, status: PodStatus): Pod => {
  const namespace = required(meta.namespace, 'metadata.namespace');
  const name = required(meta.name, 'metadata.name');
  const uid = required(meta.uid, 'metadata.uid');
  const createdAt = required(meta.createdAt, 'metadata.creationTimestamp');
  const phase = required(status.phase, 'status.phase');
  const { branchEni, labels, owner } = meta;
  const { hostNetwork, nodeName, ports } = spec;
  const { hostIP, podIPs } = status;
  // Nearly each pod runs and is owned; made in one piece it takes half the memory of one put together below.
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

/** The first address as a literal, because an array that grows, here also by spreading, keeps room for sixteen more. */
const withAddress = (addresses: readonly string[], address: string): readonly string[] => {
  if (address === '' || addresses.includes(address)) return addresses;
  return addresses.length === 0 ? [address] : [...addresses, address];
};

const byPort = byKey(({ containerPort, name, protocol }: Port) => [
  String(containerPort).padStart(5, '0'),
  protocol,
  name ?? '',
]);

const sameElements = (left: readonly Port[], right: readonly Port[]): boolean =>
  left.length === right.length && left.every((port, index) => port === right[index]);

const textOf: Read<string> = (bytes, start, end) => boundText(bytes.toString('utf8', start, end));

/** The labels among the fields of an ObjectMeta; other fields are passed over. */
const labelsOf =
  (word: Word): Read<Labels> =>
  (bytes, start, end) => {
    const cursor = new FieldCursor().open(bytes, start, end);
    const entry = new FieldCursor();
    const labels = emptyMap();
    while (cursor.next()) if (cursor.field === META.labels) readEntry(entry.into(cursor), labels, word);
    return labels;
  };

const referenceOf =
  (word: Word): Read<Reference> =>
  (bytes, start, end) => {
    const cursor = new FieldCursor().open(bytes, start, end);
    let kind = '';
    let name = '';
    let controls = false;
    while (cursor.next()) {
      if (cursor.field === OWNER.kind) kind = word(cursor);
      else if (cursor.field === OWNER.name) name = readText(cursor);
      else if (cursor.field === OWNER.controller) controls = cursor.number() !== 0;
    }
    return { owner: { kind, name }, controls };
  };

const portOf: Read<Port> = (bytes, start, end) => {
  const cursor = new FieldCursor().open(bytes, start, end);
  let name = '';
  let containerPort = 0;
  let protocol = '';
  while (cursor.next()) {
    if (cursor.field === PORT.name) name = readText(cursor);
    else if (cursor.field === PORT.containerPort) containerPort = cursor.number();
    else if (cursor.field === PORT.protocol) protocol = readText(cursor);
  }
  return { ...(name === '' ? {} : { name }), containerPort, protocol: protocol === '' ? 'TCP' : protocol };
};

const saysBranchEni = (entry: FieldCursor): boolean => {
  let isKey = false;
  let hasValue = false;
  while (entry.next()) {
    if (entry.field === 1) isKey = BRANCH_ENI.compare(entry.bytes, entry.start, entry.stop) === 0;
    else if (entry.field === 2) hasValue = entry.stop > entry.start;
  }
  return isKey && hasValue;
};
