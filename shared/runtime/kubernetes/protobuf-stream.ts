import { malformed } from './error.ts';
import { MAX_ENVELOPE_BYTES, MAX_ITEM_BYTES } from './list-envelope.ts';
import type { ListEnvelope, ListSplitter, OnItem } from './list-envelope.ts';
import { BYTES, FieldCursor, VARINT } from './protobuf.ts';

/** `k8s` and a zero byte, before every protobuf body. https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding */
export const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/**
 * `runtime.Unknown { TypeMeta typeMeta = 1; bytes raw = 2; string contentEncoding = 3; string contentType = 4 }` and
 * `TypeMeta { apiVersion = 1; kind = 2 }`:
 * https://github.com/kubernetes/apimachinery/blob/v0.33.0/pkg/runtime/generated.proto
 */
const UNKNOWN_TYPE_META = 1;
const UNKNOWN_RAW = 2;

/** Every list type has `ListMeta metadata = 1; repeated Item items = 2`, and ListMeta `resourceVersion = 2; continue = 3`. */
const LIST_METADATA = 1;
const LIST_ITEMS = 2;

/** A varint of 64 bits takes at most ten bytes. */
const MAX_VARINT_BYTES = 10;

/**
 * Splits a protobuf list into its items while it comes in. An item inside one chunk is handed out where it lies; only
 * one that spans chunks is copied together.
 */
export class ProtobufItemStream implements ListSplitter {
  private readonly onItem: OnItem;
  /** What is being read next: the magic, a tag, a length, a number that nobody needs, or the content of a field. */
  private step: 'magic' | 'tag' | 'length' | 'number' | 'content' = 'magic';
  private depth: 'unknown' | 'list' = 'unknown';
  /** Bytes of the list message that are still to come. */
  private listLeft = 0;
  private field = 0;
  private number = 0;
  private digits = 0;
  private magicSeen = 0;
  /** Bytes of the present content that are still to come, and its beginning if it spans chunks and is wanted. */
  private contentLeft = 0;
  private held: Buffer | undefined;
  private listSeen = false;
  private kind = '';
  private resourceVersion = '';
  private continueToken = '';

  constructor(onItem: OnItem) {
    this.onItem = onItem;
  }

  push(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length) {
      position = this.step === 'content' ? this.readContent(chunk, position) : this.readHeader(chunk, position);
    }
  }

  end(): ListEnvelope {
    if (this.step !== 'tag' || this.digits !== 0 || this.depth !== 'unknown' || !this.listSeen) {
      throw malformed('the protobuf body ends before the list does');
    }
    return { kind: this.kind, resourceVersion: this.resourceVersion, continueToken: this.continueToken, columns: [] };
  }

  /** One byte of the magic, of a tag, of a length or of a number. */
  private readHeader(chunk: Buffer, position: number): number {
    const byte = chunk[position] ?? 0;
    if (this.step === 'magic') {
      if (byte !== MAGIC[this.magicSeen]) throw malformed('the body does not begin like Kubernetes protobuf');
      this.magicSeen += 1;
      if (this.magicSeen === MAGIC.length) this.step = 'tag';
      return position + 1;
    }
    this.spend(1);
    this.number += (byte & 0x7f) * 2 ** (7 * this.digits);
    this.digits += 1;
    if (byte >= 0x80) {
      if (this.digits === MAX_VARINT_BYTES) throw malformed('a protobuf number of more than 10 bytes');
      return position + 1;
    }
    const number = this.number;
    this.number = 0;
    this.digits = 0;
    if (this.step === 'tag') this.startField(number);
    else if (this.step === 'length') this.startContent(number);
    else this.finishField();
    return position + 1;
  }

  private startField(tag: number): void {
    this.field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === VARINT) this.step = 'number';
    else if (wire === BYTES) this.step = 'length';
    else throw malformed(`protobuf field ${this.field} of a list has wire type ${wire}`);
  }

  private startContent(length: number): void {
    if (this.depth === 'unknown' && this.field === UNKNOWN_RAW) {
      if (this.listSeen) throw malformed('the protobuf body holds two lists');
      this.listSeen = true;
      this.listLeft = length;
      this.depth = 'list';
      this.finishField();
      return;
    }
    if (this.depth === 'list' && length > this.listLeft) throw malformed('a protobuf item is longer than its list');
    const limit = this.depth === 'list' && this.field === LIST_ITEMS ? MAX_ITEM_BYTES : MAX_ENVELOPE_BYTES;
    if (length > limit) throw malformed(`a protobuf field of ${length} bytes, more than any object has`);
    this.contentLeft = length;
    this.step = 'content';
    // No byte is to come, so no chunk would bring us there.
    if (length === 0) this.readContent(NOTHING, 0);
  }

  private readContent(chunk: Buffer, position: number): number {
    const end = Math.min(chunk.length, position + this.contentLeft);
    const taken = end - position;
    if (this.held === undefined) {
      if (taken === this.contentLeft) {
        this.spend(taken);
        this.contentLeft = 0;
        this.takeContent(chunk, position, end);
        return end;
      }
      this.held = Buffer.allocUnsafe(this.contentLeft);
    }
    chunk.copy(this.held, this.held.length - this.contentLeft, position, end);
    this.spend(taken);
    this.contentLeft -= taken;
    if (this.contentLeft === 0) {
      const { held } = this;
      this.held = undefined;
      this.takeContent(held, 0, held.length);
    }
    return end;
  }

  private takeContent(bytes: Buffer, start: number, end: number): void {
    if (this.depth === 'list' && this.field === LIST_ITEMS) this.onItem(bytes, start, end);
    else if (this.depth === 'list' && this.field === LIST_METADATA) this.readListMeta(bytes, start, end);
    else if (this.depth === 'unknown' && this.field === UNKNOWN_TYPE_META) this.readTypeMeta(bytes, start, end);
    this.finishField();
  }

  private readListMeta(bytes: Buffer, start: number, end: number): void {
    const cursor = new FieldCursor().open(bytes, start, end);
    while (cursor.next()) {
      if (cursor.field === 2) this.resourceVersion = cursor.text();
      else if (cursor.field === 3) this.continueToken = cursor.text();
    }
  }

  private readTypeMeta(bytes: Buffer, start: number, end: number): void {
    const cursor = new FieldCursor().open(bytes, start, end);
    while (cursor.next()) if (cursor.field === 2) this.kind = cursor.text();
  }

  /** Counts bytes of the list message, so that its end is known. */
  private spend(bytes: number): void {
    if (this.depth !== 'list') return;
    this.listLeft -= bytes;
    if (this.listLeft < 0) throw malformed('a protobuf list ends inside a field');
  }

  private finishField(): void {
    this.step = 'tag';
    if (this.depth === 'list' && this.listLeft === 0) this.depth = 'unknown';
  }
}

const NOTHING = Buffer.alloc(0);
