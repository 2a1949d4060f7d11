import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisePod } from '../../../shared/collect/normalise/pods.ts';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import { createPodDecoder } from '../../../shared/runtime/kubernetes/pods-protobuf.ts';
import { ProtobufItemStream } from '../../../shared/runtime/kubernetes/protobuf-stream.ts';
import { goldenItems, goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';
import { bytesField, numberField } from '../../support/kubernetes-endpoint/protobuf-writer.ts';
import { endOf } from '../../support/kubernetes-endpoint/outcome.ts';

const decodeList = (body: Buffer): readonly Pod[] => {
  const { decode } = createPodDecoder();
  const pods: Pod[] = [];
  const stream = new ProtobufItemStream((bytes, start, end) => {
    const pod = decode(bytes, start, end);
    if (pod !== undefined) pods.push(pod);
  });
  stream.push(body);
  stream.end();
  return pods;
};

interface Parts {
  readonly namespace?: string;
  readonly metadata?: Buffer;
  readonly spec?: Buffer;
  readonly status?: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** A pod that has what is required, and these fields. */
const podOf = ({ metadata = NOTHING, namespace = 'ns', spec = NOTHING, status = NOTHING }: Parts): Buffer =>
  Buffer.concat([
    bytesField(
      1,
      Buffer.concat([
        bytesField(1, 'a'),
        bytesField(3, namespace),
        bytesField(5, 'u'),
        bytesField(8, numberField(1, 0)),
        metadata,
      ]),
    ),
    bytesField(2, spec),
    bytesField(3, Buffer.concat([bytesField(1, 'Running'), status])),
  ]);

const decodeWith = ({ decode }: ReturnType<typeof createPodDecoder>, parts: Parts): Pod => {
  const bytes = podOf(parts);
  const pod = decode(bytes, 0, bytes.length);
  if (pod === undefined) throw new Error('the decoder left it out');
  return pod;
};

const decodeOne = (parts: Parts): Pod => decodeWith(createPodDecoder(), parts);

const GOLDEN = decodeList(goldenProtobuf('pod-list'));

describe('createPodDecoder', () => {
  it('gives exactly what the same pods give in JSON', () => {
    expect(GOLDEN).toStrictEqual(goldenItems('pod-list').map((item) => normalisePod(item)));
  });

  it('reads a running pod of a Deployment whole', () => {
    expect(GOLDEN[0]).toEqual({
      namespace: 'shop',
      name: 'orders-7d9c6f5b8d-x00000',
      uid: '00000000-0000-4000-8000-000000000000',
      createdAt: '2026-11-03T08:30:12Z',
      nodeName: 'ip-10-200-100-100.us-west-2.compute.internal',
      phase: 'Running',
      hostNetwork: false,
      podIPs: ['10.100.100.200'],
      hostIP: '10.200.100.100',
      labels: {
        'app.kubernetes.io/instance': 'orders',
        'app.kubernetes.io/name': 'orders',
        'app.kubernetes.io/version': '4.12.0',
        'pod-template-hash': '7d9c6f5b8d',
        team: 'checkout',
      },
      owner: { kind: 'ReplicaSet', name: 'orders-7d9c6f5b8d' },
      ports: [
        { name: 'http', containerPort: 8080, protocol: 'TCP' },
        { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
      ],
      branchEni: 'none',
    });
  });

  it('sees a branch ENI, and the ports of all containers, init containers included', () => {
    expect(GOLDEN[1]).toMatchObject({
      name: 'ledger-5c7b9d8f6c-x00000',
      branchEni: 'attached',
      ports: [
        { name: 'unused', containerPort: 1, protocol: 'TCP' },
        { containerPort: 8443, protocol: 'TCP' },
        { name: 'admin', containerPort: 15000, protocol: 'TCP' },
      ],
    });
    expect(GOLDEN[1]?.ports[1]).not.toHaveProperty('name');
  });

  it('reads both addresses of a dual-stack pod in order, and its ports sorted', () => {
    expect(GOLDEN[2]?.podIPs).toEqual(['10.100.100.200', '2600:1f14:abc:de00::c8']);
    expect(GOLDEN[2]?.ports).toEqual([
      { name: 'gossip', containerPort: 7000, protocol: 'UDP' },
      { name: 'cql', containerPort: 9042, protocol: 'TCP' },
    ]);
  });

  it('sees host networking', () => {
    expect(GOLDEN[3]).toMatchObject({ name: 'aws-node-x00000', hostNetwork: true });
  });

  it('leaves out what a pending pod does not have yet', () => {
    expect(GOLDEN[4]).toMatchObject({ phase: 'Pending', podIPs: [], ports: [], labels: { größe: 'L' } });
    expect(GOLDEN[4]).not.toHaveProperty('nodeName');
    expect(GOLDEN[4]).not.toHaveProperty('hostIP');
  });

  it('takes the first reference for the owner where none controls, and podIP where podIPs is missing', () => {
    expect(GOLDEN[5]).toMatchObject({ name: 'debug', podIPs: ['10.100.100.200'], labels: {} });
    expect(GOLDEN[5]?.owner).toEqual({ kind: 'Session', name: 'watched-by' });
  });

  it('lets pods share equal labels, owners and ports', () => {
    const body = goldenProtobuf('pod-list');
    const twice: Pod[] = [];
    const { decode } = createPodDecoder();
    for (let round = 0; round < 2; round += 1) {
      const stream = new ProtobufItemStream((bytes, start, end) => {
        const pod = decode(bytes, start, end);
        if (pod?.name === 'orders-7d9c6f5b8d-x00000') twice.push(pod);
      });
      stream.push(body);
    }
    expect(twice).toHaveLength(2);
    expect(twice[0]?.labels).toBe(twice[1]?.labels);
    expect(twice[0]?.owner).toBe(twice[1]?.owner);
    expect(twice[0]?.ports[0]).toBe(twice[1]?.ports[0]);
  });

  it('keeps pods apart that differ in one label or one port', () => {
    const decoder = createPodDecoder();
    const seen = (tier: string, port: number): readonly unknown[] => {
      const metadata = bytesField(11, Buffer.concat([bytesField(1, 'tier'), bytesField(2, tier)]));
      const spec = bytesField(2, bytesField(6, numberField(3, port)));
      const { labels, ports } = decodeWith(decoder, { metadata, spec });
      return [labels['tier'], ports[0]?.containerPort];
    };
    expect([seen('a', 1), seen('b', 2), seen('a', 2), seen('a', 1)]).toEqual([
      ['a', 1],
      ['b', 2],
      ['a', 2],
      ['a', 1],
    ]);
  });

  it('keeps namespaces apart of which one begins like the other', () => {
    const decoder = createPodDecoder();
    const namespaces = ['shop-eu', 'shop', 's', 'shop-eu', 'shop-eu'];
    expect(namespaces.map((namespace) => decodeWith(decoder, { namespace }).namespace)).toEqual(namespaces);
  });

  it('lets pods that follow each other share the whole list of ports', () => {
    const decoder = createPodDecoder();
    const spec = bytesField(2, bytesField(6, numberField(3, 80)));
    expect(decodeWith(decoder, { spec }).ports).toBe(decodeWith(decoder, { spec }).ports);
  });

  it('takes the first controlling reference for the owner, wherever it stands', () => {
    const reference = (name: string, controls: number): Buffer =>
      bytesField(13, Buffer.concat([bytesField(1, 'ReplicaSet'), bytesField(3, name), numberField(6, controls)]));
    const metadata = Buffer.concat([reference('first', 0), reference('controller', 1), reference('last', 1)]);
    expect(decodeOne({ metadata }).owner).toEqual({ kind: 'ReplicaSet', name: 'controller' });
  });

  it('takes an annotation without a value for no branch ENI', () => {
    const annotation = (value: string): Buffer =>
      bytesField(12, Buffer.concat([bytesField(1, 'vpc.amazonaws.com/pod-eni'), bytesField(2, value)]));
    expect(decodeOne({ metadata: annotation('') }).branchEni).toBe('none');
    expect(decodeOne({ metadata: annotation('[]') }).branchEni).toBe('attached');
  });

  it('gives each address once, podIP first', () => {
    const addresses = (podIP: string, ...podIPs: readonly string[]): readonly string[] => {
      const list = podIPs.map((ip) => bytesField(12, bytesField(1, ip)));
      return decodeOne({ status: Buffer.concat([bytesField(6, podIP), ...list]) }).podIPs;
    };
    expect(addresses('10.0.0.1', '10.0.0.1', 'fd00::1')).toEqual(['10.0.0.1', 'fd00::1']);
    expect(addresses('fd00::1', '10.0.0.1', 'fd00::1')).toEqual(['fd00::1', '10.0.0.1']);
    expect(addresses('', '10.0.0.1', '')).toEqual(['10.0.0.1']);
    expect(addresses('')).toEqual([]);
  });

  it('keeps labels that are called like what every object inherits, and inherits nothing itself', () => {
    const entry = bytesField(11, Buffer.concat([bytesField(1, '__proto__'), bytesField(2, 'x')]));
    const { labels } = decodeOne({ metadata: entry });
    expect(Object.entries(labels)).toEqual([['__proto__', 'x']]);
    expect(labels['constructor']).toBeUndefined();
    expect(decodeOne({}).labels['constructor']).toBeUndefined();
  });

  it('finds labels that do not stand together', () => {
    const entry = (key: string): Buffer => bytesField(11, Buffer.concat([bytesField(1, key), bytesField(2, 'x')]));
    const metadata = Buffer.concat([entry('a'), bytesField(2, 'generated-'), entry('b')]);
    expect(decodeOne({ metadata }).labels).toEqual({ a: 'x', b: 'x' });
  });

  it('bounds every text', () => {
    const endless = 'n'.repeat(5000);
    const entry = bytesField(11, Buffer.concat([bytesField(1, endless), bytesField(2, endless)]));
    const pod = decodeOne({ namespace: endless, metadata: entry, spec: bytesField(10, endless) });
    const [label] = Object.entries(pod.labels);
    expect([pod.namespace, pod.nodeName, ...(label ?? [])].map((text) => text?.length)).toEqual([
      4096, 4096, 4096, 4096,
    ]);
  });

  it('refuses a field of another type than the one documented', () => {
    expect(() => decodeOne({ metadata: numberField(1, 7) })).toThrow('field 1 has wire type 0, expected 2');
    expect(() => decodeOne({ spec: bytesField(11, 'true') })).toThrow('field 11 has wire type 2, expected 0');
  });

  it('refuses a pod without what every object in storage has', () => {
    expect(() => decodeOne({ namespace: '' })).toThrow('an object without metadata.namespace');
    expect(() => createPodDecoder().decode(NOTHING, 0, 0)).toThrow('an object without metadata.namespace');
  });

  it('reads or refuses a golden pod in which any byte was changed, and nothing else', () => {
    const body = goldenProtobuf('pod-list');
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(body);
        changed[at] = byte;
        expect(['read', 'KubernetesError', 'ProtobufError']).toContain(endOf(() => decodeList(changed)));
      }),
      { numRuns: 2000 },
    );
  });
});
