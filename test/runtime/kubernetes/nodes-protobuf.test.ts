import { describe, expect, it } from 'vitest';
import type { Node } from '../../../shared/model/facts-kubernetes.ts';
import { MAX_ANNOTATION } from '../../../shared/collect/normalise/bounded.ts';
import { normaliseNode } from '../../../shared/collect/normalise/nodes.ts';
import { createNodeDecoder } from '../../../shared/runtime/kubernetes/nodes-protobuf.ts';
import { ProtobufItemStream } from '../../../shared/runtime/kubernetes/protobuf-stream.ts';
import { goldenItems, goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';
import { bytesField, numberField } from '../../support/kubernetes-endpoint/protobuf-writer.ts';

const decodeList = (body: Buffer, maxAnnotationCharacters = MAX_ANNOTATION): readonly Node[] => {
  const { decode } = createNodeDecoder({ maxAnnotationCharacters });
  const nodes: Node[] = [];
  const stream = new ProtobufItemStream((bytes, start, end) => {
    const node = decode(bytes, start, end);
    if (node !== undefined) nodes.push(node);
  });
  stream.push(body);
  stream.end();
  return nodes;
};

interface Parts {
  readonly metadata?: Buffer;
  readonly spec?: Buffer;
  readonly status?: Buffer;
  readonly seconds?: number;
  readonly maxAnnotationCharacters?: number;
}

const NOTHING = Buffer.alloc(0);

/** A node that has what is required, and these fields. */
const decodeOne = ({
  maxAnnotationCharacters = 256,
  metadata = NOTHING,
  seconds = 0,
  spec = NOTHING,
  status = NOTHING,
}: Parts): Node => {
  const meta = Buffer.concat([
    bytesField(1, 'a'),
    bytesField(5, 'u'),
    bytesField(8, numberField(1, seconds)),
    metadata,
  ]);
  const bytes = Buffer.concat([bytesField(1, meta), bytesField(2, spec), bytesField(3, status)]);
  const node = createNodeDecoder({ maxAnnotationCharacters }).decode(bytes, 0, bytes.length);
  if (node === undefined) throw new Error('the decoder left it out');
  return node;
};

describe('createNodeDecoder', () => {
  it('gives exactly what the same nodes give in JSON', () => {
    expect(decodeList(goldenProtobuf('node-list'))).toStrictEqual(
      goldenItems('node-list').map((item) => normaliseNode(item)),
    );
  });

  it('reads what the checks rest on', () => {
    expect(decodeList(goldenProtobuf('node-list'))[0]).toMatchObject({
      name: 'ip-10-200-100-100.us-west-2.compute.internal',
      createdAt: '2026-11-03T08:30:12Z',
      providerId: 'aws:///us-west-2a/i-0123456789abcdef0',
      kernelVersion: '6.12.40-64.114.amzn2023.x86_64',
      osImage: 'Amazon Linux 2023.8.20250804',
      kubeletVersion: 'v1.33.4-eks-99d6cc0',
      operatingSystem: 'linux',
      architecture: 'amd64',
      ready: 'True',
      internalIPs: ['10.200.100.100'],
      taints: [
        { key: 'dedicated', effect: 'NoSchedule' },
        { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
      ],
    });
  });

  it('reads quantities as they are written', () => {
    expect(decodeList(goldenProtobuf('node-list'))[0]?.allocatable).toEqual({
      cpu: '7910m',
      'ephemeral-storage': '76224326324',
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
      memory: '31388144Ki',
      pods: '58',
      'vpc.amazonaws.com/pod-eni': '38',
    });
  });

  it('says of a node that has not reported yet that its readiness is unknown', () => {
    const joining = decodeList(goldenProtobuf('node-list'))[1];
    expect(joining).toMatchObject({ name: 'joining', ready: 'Unknown', conditions: [], internalIPs: [] });
    expect(joining).not.toHaveProperty('providerId');
  });

  it('leaves out what kubectl applied last, and cuts long annotations', () => {
    const [node] = decodeList(goldenProtobuf('node-list'), 10);
    expect(node?.annotations).toEqual({
      'alpha.kubernetes.io/provided-node-ip': '10.200.10…',
      'csi.volume.kubernetes.io/nodeid': '{"ebs.csi…',
      'node.alpha.kubernetes.io/ttl': '0',
      'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
    });
  });

  it('leaves no half of a character behind when it cuts', () => {
    const entry = bytesField(12, Buffer.concat([bytesField(1, 'face'), bytesField(2, 'ab😀😀')]));
    const annotation = decodeOne({ metadata: entry, maxAnnotationCharacters: 4 }).annotations['face'];
    expect(annotation).toBe('ab\uFFFD…');
  });

  it('reads a time of any year', () => {
    const createdAt = (seconds: number): string => decodeOne({ seconds }).createdAt;
    expect(createdAt(0)).toBe('1970-01-01T00:00:00Z');
    expect(createdAt(951_868_799)).toBe('2000-02-29T23:59:59Z');
    expect(createdAt(-62_135_596_800)).toBe('0001-01-01T00:00:00Z');
    expect(createdAt(253_402_300_799)).toBe('9999-12-31T23:59:59Z');
    expect(() => createdAt(253_402_300_800)).toThrow('a time of 253402300800 seconds');
  });

  it('sorts taints by key and effect', () => {
    const taint = (key: string, effect: string): Buffer =>
      bytesField(5, Buffer.concat([bytesField(1, key), bytesField(3, effect)]));
    const spec = Buffer.concat([taint('b', 'NoSchedule'), taint('a', 'NoSchedule'), taint('a', 'NoExecute')]);
    expect(decodeOne({ spec }).taints.map(({ effect, key }) => `${key}:${effect}`)).toEqual([
      'a:NoExecute',
      'a:NoSchedule',
      'b:NoSchedule',
    ]);
  });

  it('refuses a condition that is neither true, false nor unknown', () => {
    const status = bytesField(4, Buffer.concat([bytesField(1, 'Ready'), bytesField(2, 'Maybe')]));
    expect(() => decodeOne({ status })).toThrow('condition Ready is "Maybe", expected True, False or Unknown');
  });

  it('refuses a node without what every object in storage has', () => {
    const bytes = bytesField(1, bytesField(1, 'a'));
    expect(() => createNodeDecoder({ maxAnnotationCharacters: 9 }).decode(bytes, 0, bytes.length)).toThrow(
      'an object without metadata.uid',
    );
  });
});
