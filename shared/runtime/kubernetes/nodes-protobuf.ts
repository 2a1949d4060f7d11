import type { Node } from '../../model/facts-kubernetes.ts';
import { TextInterner } from './intern.ts';
import type { ProtobufDecoder } from './list.ts';
import { FieldCursor, maskOf, ProtobufError } from './protobuf.ts';
import { byKey, emptyMap, META, readEntry, readQuantity, readText, readTime, required } from './protobuf-meta.ts';

/**
 * v1 Node from protobuf. Most of a node is its list of images, which nobody here reads and protobuf skips in one step.
 * Field numbers: https://github.com/kubernetes/api/blob/v0.33.0/core/v1/generated.proto (Node, NodeSpec, NodeStatus,
 * NodeSystemInfo, NodeCondition, NodeAddress, Taint)
 */
const NODE = { metadata: 1, spec: 2, status: 3 } as const;
const SPEC = { providerID: 3, taints: 5 } as const;
const TAINT = { key: 1, effect: 3 } as const;
const STATUS = { allocatable: 2, conditions: 4, addresses: 5, nodeInfo: 7 } as const;
const INFO = { kernelVersion: 4, osImage: 5, kubeletVersion: 7, operatingSystem: 9, architecture: 10 } as const;
const CONDITION = { type: 1, status: 2, reason: 5 } as const;
const ADDRESS = { type: 1, address: 2 } as const;

/** All but the images, mostly. */
const STATUS_FIELDS = maskOf(STATUS);

/** What `kubectl apply` wrote last: a copy of the object, maybe with what was since taken out of it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Metadata = Pick<Node, 'name' | 'uid' | 'createdAt' | 'labels' | 'annotations'>;
type Spec = Pick<Node, 'providerId' | 'taints'>;
type Info = Pick<Node, 'operatingSystem' | 'architecture' | 'osImage' | 'kernelVersion' | 'kubeletVersion'>;
type Condition = Node['conditions'][number] & { readonly status: Node['ready'] };
type NodeStatus = Info & Pick<Node, 'ready' | 'conditions' | 'allocatable' | 'internalIPs'>;

const NO_META: Metadata = { name: '', uid: '', createdAt: '', labels: emptyMap(), annotations: emptyMap() };
const NO_SPEC: Spec = { taints: [] };
const NO_INFO: Info = { operatingSystem: '', architecture: '', osImage: '', kernelVersion: '', kubeletVersion: '' };
const NO_STATUS: NodeStatus = {
  ...NO_INFO,
  ready: 'Unknown',
  conditions: [],
  allocatable: emptyMap(),
  internalIPs: [],
};

const byType = byKey(({ type }: Condition) => [type]);
const byTaint = byKey(({ effect, key }: Node['taints'][number]) => [key, effect]);

/** A decoder for one list of nodes; values of annotations are cut after `maxAnnotationCharacters`. */
export const createNodeDecoder = ({
  maxAnnotationCharacters,
}: {
  readonly maxAnnotationCharacters: number;
}): ProtobufDecoder<Node> => {
  const decoder = new NodeDecoder(maxAnnotationCharacters);
  return { kind: 'NodeList', decode: (bytes, start, end) => decoder.decode(bytes, start, end) };
};

class NodeDecoder {
  private readonly maxAnnotationCharacters: number;
  private readonly node = new FieldCursor();
  private readonly part = new FieldCursor();
  private readonly inner = new FieldCursor();
  private readonly innermost = new FieldCursor();
  /** Nearly all texts of a node are those of the others too: zones, instance types, versions, states, quantities. */
  private readonly words = new TextInterner();
  private readonly word = (cursor: FieldCursor): string => this.words.at(cursor);

  constructor(maxAnnotationCharacters: number) {
    this.maxAnnotationCharacters = maxAnnotationCharacters;
  }

  decode(bytes: Buffer, start: number, end: number): Node {
    const { node, part } = this;
    let meta = NO_META;
    let spec = NO_SPEC;
    let status = NO_STATUS;
    node.open(bytes, start, end);
    while (node.next()) {
      if (node.field === NODE.metadata) meta = this.readMetadata(part.into(node));
      else if (node.field === NODE.spec) spec = this.readSpec(part.into(node));
      else if (node.field === NODE.status) status = this.readStatus(part.into(node));
    }
    required(meta.name, 'metadata.name');
    required(meta.uid, 'metadata.uid');
    required(meta.createdAt, 'metadata.creationTimestamp');
    return { ...meta, ...spec, ...status };
  }

  private readMetadata(meta: FieldCursor): Metadata {
    const { inner, word } = this;
    const labels = emptyMap();
    const annotations = emptyMap();
    const annotation = (value: FieldCursor): string => readText(value, this.maxAnnotationCharacters);
    let { createdAt, name, uid } = NO_META;
    while (meta.next()) {
      if (meta.field === META.name) name = readText(meta);
      else if (meta.field === META.uid) uid = readText(meta);
      else if (meta.field === META.creationTimestamp) createdAt = readTime(inner.into(meta));
      else if (meta.field === META.labels) readEntry(inner.into(meta), labels, word);
      else if (meta.field === META.annotations) readEntry(inner.into(meta), annotations, annotation);
    }
    delete annotations[LAST_APPLIED];
    return { name, uid, createdAt, labels, annotations };
  }

  private readSpec(spec: FieldCursor): Spec {
    const { inner, word } = this;
    const taints: Node['taints'][number][] = [];
    let providerId = '';
    while (spec.next()) {
      if (spec.field === SPEC.providerID) providerId = readText(spec);
      else if (spec.field === SPEC.taints) {
        const taint = { key: '', effect: '' };
        inner.into(spec);
        while (inner.next()) {
          if (inner.field === TAINT.key) taint.key = word(inner);
          else if (inner.field === TAINT.effect) taint.effect = word(inner);
        }
        taints.push(taint);
      }
    }
    return { ...(providerId === '' ? {} : { providerId }), taints: taints.toSorted(byTaint) };
  }

  private readStatus(status: FieldCursor): NodeStatus {
    const { inner, innermost, word } = this;
    const allocatable = emptyMap();
    const conditions: Condition[] = [];
    const internalIPs: string[] = [];
    let info = NO_INFO;
    while (status.next(STATUS_FIELDS)) {
      if (status.field === STATUS.allocatable) {
        readEntry(inner.into(status), allocatable, (value) => readQuantity(innermost.into(value), word));
      } else if (status.field === STATUS.conditions) conditions.push(this.readCondition(inner.into(status)));
      else if (status.field === STATUS.nodeInfo) info = this.readInfo(inner.into(status));
      else if (status.field === STATUS.addresses) {
        const { address, type } = this.readAddress(inner.into(status));
        if (type === 'InternalIP') internalIPs.push(address);
      }
    }
    return {
      ...info,
      // A node that has not reported yet is what the node controller calls a silent one.
      ready: conditions.find(({ type }) => type === 'Ready')?.status ?? 'Unknown',
      conditions: conditions.toSorted(byType),
      allocatable,
      internalIPs,
    };
  }

  private readCondition(cursor: FieldCursor): Condition {
    let type = '';
    let status = '';
    let reason = '';
    while (cursor.next()) {
      if (cursor.field === CONDITION.type) type = this.word(cursor);
      else if (cursor.field === CONDITION.status) status = this.word(cursor);
      else if (cursor.field === CONDITION.reason) reason = this.word(cursor);
    }
    if (status !== 'True' && status !== 'False' && status !== 'Unknown') {
      throw new ProtobufError(`condition ${type} is ${JSON.stringify(status)}, expected True, False or Unknown`);
    }
    return { type, status, reason };
  }

  private readAddress(cursor: FieldCursor): { readonly type: string; readonly address: string } {
    const found = { type: '', address: '' };
    while (cursor.next()) {
      if (cursor.field === ADDRESS.type) found.type = this.word(cursor);
      else if (cursor.field === ADDRESS.address) found.address = readText(cursor);
    }
    return found;
  }

  private readInfo(cursor: FieldCursor): Info {
    let { architecture, kernelVersion, kubeletVersion, operatingSystem, osImage } = NO_INFO;
    while (cursor.next()) {
      if (cursor.field === INFO.kernelVersion) kernelVersion = this.word(cursor);
      else if (cursor.field === INFO.osImage) osImage = this.word(cursor);
      else if (cursor.field === INFO.kubeletVersion) kubeletVersion = this.word(cursor);
      else if (cursor.field === INFO.operatingSystem) operatingSystem = this.word(cursor);
      else if (cursor.field === INFO.architecture) architecture = this.word(cursor);
    }
    return { architecture, kernelVersion, kubeletVersion, operatingSystem, osImage };
  }
}
