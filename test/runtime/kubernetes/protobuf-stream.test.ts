import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListEnvelope } from '../../../shared/runtime/kubernetes/list-envelope.ts';
import { ProtobufItemStream } from '../../../shared/runtime/kubernetes/protobuf-stream.ts';
import { goldenItems, goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';
import { endOf } from '../../support/kubernetes-endpoint/outcome.ts';
import {
  bytesField,
  numberField,
  protobufEnvelope,
  protobufList,
} from '../../support/kubernetes-endpoint/protobuf-writer.ts';

const split = (chunks: readonly Buffer[]): { items: readonly string[]; envelope: ListEnvelope } => {
  const items: string[] = [];
  const stream = new ProtobufItemStream((bytes, start, end) => items.push(bytes.toString('latin1', start, end)));
  for (const chunk of chunks) stream.push(chunk);
  return { envelope: stream.end(), items };
};

const cut = (whole: Buffer, sizes: readonly number[]): readonly Buffer[] => {
  const chunks: Buffer[] = [];
  let position = 0;
  for (let index = 0; position < whole.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(whole.subarray(position, position + size));
    position += size;
  }
  return chunks;
};

describe('ProtobufItemStream', () => {
  it("takes the API server's own list apart", () => {
    const { envelope, items } = split([goldenProtobuf('pod-list')]);
    expect(envelope).toEqual({
      kind: 'PodList',
      resourceVersion: '987654321',
      continueToken: 'eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ',
      columns: [],
    });
    expect(items).toHaveLength(goldenItems('pod-list').length);
  });

  it('gives the same items however the body is cut', () => {
    const items = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 });
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(items, sizes, (items, sizes) => {
        const body = protobufList({
          kind: 'PodList',
          resourceVersion: '7',
          continueToken: 'abc',
          items: items.map((item) => Buffer.from(item)),
        });
        expect(split(cut(body, sizes))).toEqual({
          items: items.map((item) => Buffer.from(item).toString('latin1')),
          envelope: { kind: 'PodList', resourceVersion: '7', continueToken: 'abc', columns: [] },
        });
      }),
    );
  });

  it('passes over fields that it does not know, in the list and in the envelope', () => {
    const list = Buffer.concat([numberField(9, 300), bytesField(2, 'item'), bytesField(7, 'new')]);
    expect(split([protobufEnvelope('PodList', list)]).items).toEqual(['item']);
  });

  it('reads an empty list', () => {
    expect(split([protobufEnvelope('PodList', Buffer.alloc(0))]).items).toEqual([]);
  });

  it('refuses every body that is cut off', () => {
    const body = protobufList({
      kind: 'PodList',
      resourceVersion: '7',
      continueToken: '',
      items: [Buffer.from('item')],
    });
    // The last two fields of the envelope are empty and may be missing; the list itself may not.
    for (let length = 0; length < body.length - 4; length += 1) {
      expect(() => split([body.subarray(0, length)]), `${length} bytes`).toThrow('ends before the list does');
    }
  });

  it('refuses a body that is not Kubernetes protobuf', () => {
    expect(() => split([Buffer.from('{"kind":"PodList"}')])).toThrow('does not begin like Kubernetes protobuf');
  });

  it('refuses a body without a list and one with two', () => {
    const head = protobufEnvelope('PodList', Buffer.alloc(0)).subarray(0, 4);
    expect(() => split([head])).toThrow('ends before the list does');
    expect(() => split([head, bytesField(2, ''), bytesField(2, '')])).toThrow('two lists');
  });

  it('refuses an item that is longer than its list, before it waits for it', () => {
    const short = bytesField(2, bytesField(2, 'item').subarray(0, 3));
    expect(() => split([protobufEnvelope('', Buffer.alloc(0)).subarray(0, 4), short])).toThrow('longer than its list');
  });

  it('refuses a list that ends inside the head of a field', () => {
    expect(() => split([Buffer.from('6b38730012019201', 'hex')])).toThrow('a protobuf list ends inside a field');
  });

  it('refuses to make room for an item of 100 MB that is only announced', () => {
    const announced = Buffer.from('6b38730012ffffff7f1280808030', 'hex');
    expect(() => split([announced])).toThrow('more than any object has');
  });

  it('refuses whatever else it is given, or reads it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const body = Buffer.concat([Buffer.from('6b387300', 'hex'), Buffer.from(bytes)]);
        expect(['read', 'KubernetesError', 'ProtobufError']).toContain(endOf(() => split([body])));
      }),
      { numRuns: 1000 },
    );
  });
});
