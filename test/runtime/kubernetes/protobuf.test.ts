import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FieldCursor,
  FIXED32,
  FIXED64,
  maskOf,
  ProtobufError,
  VARINT,
} from '../../../shared/runtime/kubernetes/protobuf.ts';
import { endOf } from '../../support/kubernetes-endpoint/outcome.ts';
import { bytesField, numberField } from '../../support/kubernetes-endpoint/protobuf-writer.ts';

const fieldsOf = (message: Buffer): readonly unknown[] => {
  const cursor = new FieldCursor(message);
  const fields: unknown[] = [];
  while (cursor.next()) {
    fields.push([cursor.field, cursor.wire === VARINT ? cursor.number() : cursor.text()]);
  }
  return fields;
};

describe('FieldCursor', () => {
  it('reads the example of the encoding guide: field 1, varint 150', () => {
    expect(fieldsOf(Buffer.from('089601', 'hex'))).toEqual([[1, 150]]);
  });

  it('reads the example of the encoding guide: field 2, "testing"', () => {
    expect(fieldsOf(Buffer.from('120774657374696e67', 'hex'))).toEqual([[2, 'testing']]);
  });

  it('reads an empty message as no fields', () => {
    expect(fieldsOf(Buffer.alloc(0))).toEqual([]);
  });

  it("reads int64 in two's complement over ten bytes", () => {
    expect(fieldsOf(Buffer.from('08ffffffffffffffffff01', 'hex'))).toEqual([[1, -1]]);
    expect(fieldsOf(Buffer.from('0880808080f8ffffffff01', 'hex'))).toEqual([[1, -(2 ** 31)]]);
  });

  it('passes over fixed-width fields', () => {
    const message = Buffer.concat([
      Buffer.from('0d01020304', 'hex'),
      Buffer.from('110102030405060708', 'hex'),
      numberField(3, 7),
    ]);
    const cursor = new FieldCursor(message);
    const wires: number[] = [];
    while (cursor.next()) wires.push(cursor.wire);
    expect(wires).toEqual([FIXED32, FIXED64, VARINT]);
    expect(cursor.value).toBe(7);
  });

  it('tells where a field begins, its tag included', () => {
    const cursor = new FieldCursor(Buffer.concat([numberField(1, 300), bytesField(2, 'ab')]));
    cursor.next();
    cursor.next();
    expect([cursor.from, cursor.start, cursor.stop]).toEqual([3, 5, 7]);
  });

  it('passes over fields that are not wanted, those 32 numbers above a wanted one too', () => {
    const message = Buffer.concat([numberField(1, 10), bytesField(6, 'a'), numberField(38, 20), bytesField(7, 'b')]);
    const cursor = new FieldCursor(message);
    const wanted = maskOf({ six: 6, seven: 7 });
    const fields: number[] = [];
    while (cursor.next(wanted)) fields.push(cursor.field);
    expect(fields).toEqual([6, 7]);
  });

  it.each([
    ['a number cut off', '0896'],
    ['a length beyond the message', '1205aabb'],
    ['a length of minus one', '12ffffffffffffffffff01'],
    ['a length that would lead back to the field itself', '12f5ffffffffffffffff01'],
    ['a fixed field cut off', '0d0102'],
    ['a varint of eleven bytes', '08ffffffffffffffffffff01'],
    ['field number 0', '0001'],
    ['a group, which proto3 and Kubernetes do not have', '0b0c'],
  ])('refuses %s', (_name, hex) => {
    expect(() => fieldsOf(Buffer.from(hex, 'hex'))).toThrow(ProtobufError);
  });

  it('refuses to read a number as text and the other way round', () => {
    const cursor = new FieldCursor(numberField(1, 1));
    cursor.next();
    expect(() => cursor.text()).toThrow('field 1 has wire type 0, expected 2');
    expect(() => new FieldCursor().into(cursor)).toThrow(ProtobufError);
    cursor.open(bytesField(1, 'x'), 0, 3);
    cursor.next();
    expect(() => cursor.number()).toThrow('field 1 has wire type 2, expected 0');
  });

  it('does not read behind its message', () => {
    const two = Buffer.concat([bytesField(1, 'a'), bytesField(2, 'b')]);
    const cursor = new FieldCursor().open(two, 0, 3);
    expect(cursor.next()).toBe(true);
    expect(cursor.next()).toBe(false);
    expect(() => new FieldCursor().open(two, 0, 2).next()).toThrow(ProtobufError);
  });

  it('reads back whatever fields are written', () => {
    const field = fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 536_870_911 }), fc.maxSafeInteger()),
      fc.tuple(fc.integer({ min: 1, max: 536_870_911 }), fc.string({ unit: 'grapheme', maxLength: 300 })),
    );
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const message = fields.map(([number, value]) =>
          typeof value === 'number' ? numberField(number, value) : bytesField(number, value),
        );
        expect(fieldsOf(Buffer.concat(message))).toEqual(fields);
      }),
    );
  });

  it('never does anything but read or refuse, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const cursor = new FieldCursor(Buffer.from(bytes));
        const readToEnd = (): void => {
          for (let at = -1; cursor.next(); at = cursor.from) {
            if (cursor.from <= at || cursor.stop > bytes.length) throw new Error('left its message');
          }
        };
        expect(['read', 'ProtobufError']).toContain(endOf(readToEnd));
      }),
      { numRuns: 1000 },
    );
  });
});
