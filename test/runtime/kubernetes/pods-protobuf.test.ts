import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import { createPodDecoder } from '../../../shared/runtime/kubernetes/pods-protobuf.ts';
import { ProtobufItemStream } from '../../../shared/runtime/kubernetes/protobuf-stream.ts';
import { goldenItems, goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';
import { bytesField, numberField } from '../../support/kubernetes-endpoint/protobuf-writer.ts';
import { endOf } from '../../support/kubernetes-endpoint/outcome.ts';
import { projectPod } from '../../support/kubernetes-endpoint/project.ts';

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

const decodeOne = (pod: Buffer): Pod | undefined => createPodDecoder().decode(pod, 0, pod.length);

const GOLDEN = decodeList(goldenProtobuf('pod-list'));

describe('createPodDecoder', () => {
  it("reads from the API server's protobuf what its JSON says", () => {
    expect(GOLDEN).toEqual(goldenItems('pod-list').map(projectPod));
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

  it('sees a branch ENI, and the ports of all containers but the init containers', () => {
    expect(GOLDEN[1]).toMatchObject({
      name: 'ledger-5c7b9d8f6c-x00000',
      branchEni: 'attached',
      ports: [
        { containerPort: 8443, protocol: 'TCP' },
        { name: 'admin', containerPort: 15000, protocol: 'TCP' },
      ],
    });
    expect(GOLDEN[1]?.ports[0]).not.toHaveProperty('name');
  });

  it('reads both addresses of a dual-stack pod, in order', () => {
    expect(GOLDEN[2]?.podIPs).toEqual(['10.100.100.200', '2600:1f14:abc:de00::c8']);
    expect(GOLDEN[2]?.ports[1]).toEqual({ name: 'gossip', containerPort: 7000, protocol: 'UDP' });
  });

  it('sees host networking', () => {
    expect(GOLDEN[3]).toMatchObject({ name: 'aws-node-x00000', hostNetwork: true });
  });

  it('leaves out what a pending pod does not have yet', () => {
    expect(GOLDEN[4]).toMatchObject({ phase: 'Pending', podIPs: [], ports: [], labels: { größe: 'L' } });
    expect(GOLDEN[4]).not.toHaveProperty('nodeName');
    expect(GOLDEN[4]).not.toHaveProperty('hostIP');
  });

  it('takes no reference that does not control the pod for its owner, and podIP where podIPs is missing', () => {
    expect(GOLDEN[5]).toMatchObject({ name: 'debug', podIPs: ['10.100.100.200'], labels: {} });
    expect(GOLDEN[5]).not.toHaveProperty('owner');
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
    const { decode } = createPodDecoder();
    const pod = (tier: string, port: number): Pod | undefined => {
      const label = bytesField(11, Buffer.concat([bytesField(1, 'tier'), bytesField(2, tier)]));
      const container = bytesField(2, bytesField(6, numberField(3, port)));
      const bytes = Buffer.concat([bytesField(1, label), bytesField(2, container)]);
      return decode(bytes, 0, bytes.length);
    };
    expect(
      [pod('a', 1), pod('b', 2), pod('a', 2), pod('a', 1)].map((it) => [
        it?.labels['tier'],
        it?.ports[0]?.containerPort,
      ]),
    ).toEqual([
      ['a', 1],
      ['b', 2],
      ['a', 2],
      ['a', 1],
    ]);
  });

  it('keeps namespaces apart of which one begins like the other, or is empty', () => {
    const { decode } = createPodDecoder();
    const namespaces = ['shop-eu', 'shop', '', 'shop-eu', 'shop-eu'].map((namespace) => {
      const bytes = bytesField(1, bytesField(3, namespace));
      return decode(bytes, 0, bytes.length)?.namespace;
    });
    expect(namespaces).toEqual(['shop-eu', 'shop', '', 'shop-eu', 'shop-eu']);
  });

  it('lets pods that follow each other share the whole list of ports', () => {
    const { decode } = createPodDecoder();
    const bytes = bytesField(2, bytesField(2, bytesField(6, numberField(3, 80))));
    expect(decode(bytes, 0, bytes.length)?.ports).toBe(decode(bytes, 0, bytes.length)?.ports);
  });

  it('keeps a label called __proto__', () => {
    const entry = bytesField(11, Buffer.concat([bytesField(1, '__proto__'), bytesField(2, 'x')]));
    const labels = decodeOne(bytesField(1, entry))?.labels ?? {};
    expect(Object.entries(labels)).toEqual([['__proto__', 'x']]);
  });

  it('finds labels that do not stand together', () => {
    const entry = (key: string): Buffer => bytesField(11, Buffer.concat([bytesField(1, key), bytesField(2, 'x')]));
    const meta = Buffer.concat([entry('a'), bytesField(1, 'name'), entry('b')]);
    expect(decodeOne(bytesField(1, meta))).toMatchObject({ name: 'name', labels: { a: 'x', b: 'x' } });
  });

  it('refuses a field of another type than the one documented', () => {
    expect(() => decodeOne(bytesField(1, numberField(1, 7)))).toThrow('field 1 has wire type 0, expected 2');
    expect(() => decodeOne(bytesField(2, bytesField(11, 'true')))).toThrow('field 11 has wire type 2, expected 0');
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
