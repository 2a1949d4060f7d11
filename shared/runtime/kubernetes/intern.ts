import { BYTES } from './protobuf.ts';
import type { FieldCursor } from './protobuf.ts';
import { readText } from './protobuf-meta.ts';

/*
 * Values that repeat, kept once. 150,000 pods have a few thousand label sets, owners and node names between them; if each
 * pod held its own copy, that would be most of the memory a list of pods takes.
 */

/** More than the nodes of the largest clusters, whose names come in no order. */
const MAX_KNOWN = 16_384;

/** Values that never repeat (every pod of a StatefulSet has labels of its own) must not pile up. */
const keep = <T>(known: Map<string, T>, key: string, value: T): T => {
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, value);
  return value;
};

/** Texts that come back in any order. */
export class TextInterner {
  private readonly known = new Map<string, string>();

  /** The text of the `BYTES` field at which the cursor stands. */
  at(cursor: FieldCursor): string {
    const text = readText(cursor);
    return this.known.get(text) ?? keep(this.known, text, text);
  }
}

/**
 * Values that come in runs: a list is sorted by namespace and name, so that the pods of one owner stand together. The key is
 * the bytes from which a value is decoded, and the last ones are compared directly.
 */
export class RunInterner<T extends string | object> {
  private readonly decode: (bytes: Buffer, start: number, end: number) => T;
  private readonly known = new Map<string, T>();
  private last = new Uint8Array(256);
  private lastLength = 0;
  private lastValue: T | undefined;

  constructor(decode: (bytes: Buffer, start: number, end: number) => T) {
    this.decode = decode;
  }

  /** The value of the `BYTES` field at which the cursor stands. */
  at(cursor: FieldCursor): T {
    cursor.expect(BYTES);
    return this.get(cursor.bytes, cursor.start, cursor.stop);
  }

  /** The value that `bytes[start, end)` decode to. */
  get(bytes: Buffer, start: number, end: number): T {
    if (this.lastValue !== undefined && this.isLast(bytes, start, end)) return this.lastValue;
    const key = bytes.toString('latin1', start, end);
    const value = this.known.get(key) ?? keep(this.known, key, this.decode(bytes, start, end));
    this.remember(bytes, start, end, value);
    return value;
  }

  /** A loop, because a call out of JavaScript costs more than these few bytes. */
  private isLast(bytes: Buffer, start: number, end: number): boolean {
    if (end - start !== this.lastLength) return false;
    for (let at = start; at < end; at += 1) if (bytes[at] !== this.last[at - start]) return false;
    return true;
  }

  private remember(bytes: Buffer, start: number, end: number, value: T): void {
    const length = end - start;
    if (length > this.last.length) this.last = new Uint8Array(length * 2);
    for (let at = 0; at < length; at += 1) this.last[at] = bytes[start + at] ?? 0;
    this.lastLength = length;
    this.lastValue = value;
  }
}
