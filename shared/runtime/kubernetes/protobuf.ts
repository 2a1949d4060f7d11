/**
 * The protobuf wire format, as far as Kubernetes uses it: a cursor over the fields of one message that allocates nothing.
 * https://protobuf.dev/programming-guides/encoding/
 *
 * The bytes are the server's and so hostile: every length is checked against the message it stands in.
 */

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const ALL_FIELDS = -1;

/** For `FieldCursor.next`: the fields of these numbers, which must be below 32. */
export const maskOf = (fields: { readonly [name: string]: number }): number =>
  Object.values(fields).reduce((mask, field) => mask | (1 << field), 0);

/** The bytes are not the message that was promised. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/**
 * Reads one field after another. After `next()` returned true, `field` and `wire` tell which field it is and:
 * of a `BYTES` field, its content is `bytes[start, stop)`; of a `VARINT` field, its value is `value`.
 *
 * A `value` beyond 2^53 is rounded, which no field that we read reaches. A cursor can be used again with `open`, so a
 * decoder holds one per nesting level.
 */
export class FieldCursor {
  bytes: Buffer;
  /** Where the field begins, its tag included. */
  from = 0;
  field = 0;
  wire = 0;
  start = 0;
  stop = 0;
  value = 0;
  private position = 0;
  private end = 0;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** Sets the cursor before the first field of `bytes[start, end)`. */
  open(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    return this;
  }

  /** Sets the cursor inside the `BYTES` field at which `parent` stands. */
  into(parent: FieldCursor): this {
    parent.expect(BYTES);
    return this.open(parent.bytes, parent.start, parent.stop);
  }

  /** @throws ProtobufError when the present field is of another wire type, so not the one it is taken for */
  expect(wire: number): void {
    if (this.wire !== wire) throw new ProtobufError(`field ${this.field} has wire type ${this.wire}, expected ${wire}`);
  }

  /**
   * Moves to the next field, or to the next of those that are `wanted`: `maskOf` their numbers. False at the message's
   * end. Most fields of an object are passed over, and with a mask without a call for each.
   *
   * @throws ProtobufError when a field passes the message's end, or is of a kind that Kubernetes does not write
   */
  next(wanted: number = ALL_FIELDS): boolean {
    while (this.position < this.end) {
      this.from = this.position;
      const tag = this.varint();
      if (tag < 8 || tag > 0xffff_ffff) throw new ProtobufError('a field number out of range');
      const field = tag >>> 3;
      const wire = tag & 7;
      this.field = field;
      this.wire = wire;
      if (wire === BYTES) {
        const length = this.varint();
        // A negative int64 as a length arrives here as a negative number.
        if (length < 0) throw new ProtobufError(`field ${field} has a negative length`);
        this.skip(length);
      } else if (wire === VARINT) this.value = this.varint();
      else if (wire === FIXED64) this.skip(8);
      else if (wire === FIXED32) this.skip(4);
      else throw new ProtobufError(`field ${field} has wire type ${wire}, which Kubernetes does not write`);
      if (wanted === ALL_FIELDS || (field < 32 && (wanted >>> field) % 2 === 1)) return true;
    }
    return false;
  }

  private skip(length: number): void {
    this.start = this.position;
    this.stop = this.position + length;
    if (this.stop > this.end) throw new ProtobufError(`field ${this.field} is longer than the message it stands in`);
    this.position = this.stop;
  }

  /** The content of a `BYTES` field as text. */
  text(): string {
    this.expect(BYTES);
    return this.start === this.stop ? '' : this.bytes.toString('utf8', this.start, this.stop);
  }

  /** The value of a `VARINT` field; int64 in two's complement. */
  number(): number {
    this.expect(VARINT);
    return this.value;
  }

  private varint(): number {
    const { bytes } = this;
    const first = this.position < this.end ? bytes[this.position] : undefined;
    // Nearly all tags and most lengths are one byte.
    if (first !== undefined && first < 0x80) {
      this.position += 1;
      return first;
    }
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte(bytes);
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    // The fifth byte holds bits 28 to 34: four of the low word, three of the high one.
    const fifth = this.byte(bytes);
    low = (low | ((fifth & 0x0f) << 28)) >>> 0;
    let high = (fifth & 0x7f) >> 4;
    if (fifth < 0x80) return high * 0x1_0000_0000 + low;
    for (let shift = 3; shift < 32; shift += 7) {
      const byte = this.byte(bytes);
      high |= (byte & 0x7f) << shift;
      if (byte < 0x80) return high * 0x1_0000_0000 + low;
    }
    throw new ProtobufError('a varint of more than 10 bytes');
  }

  private byte(bytes: Buffer): number {
    const byte = this.position < this.end ? bytes[this.position] : undefined;
    if (byte === undefined) throw new ProtobufError('the message ends inside a number');
    this.position += 1;
    return byte;
  }
}
