import { malformed } from './error.ts';
import { readJsonEnvelope } from './json-envelope.ts';
import type { ArrayKey } from './json-envelope.ts';
import { MAX_ENVELOPE_BYTES, MAX_ITEM_BYTES } from './list-envelope.ts';
import type { ListEnvelope, ListSplitter, OnItem } from './list-envelope.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Splits a JSON list into the elements of its top-level `items` array (`rows` of a Table) while it comes in, without
 * holding the page. Works on bytes: quotes, brackets and backslashes are below 0x80 and so never part of a UTF-8 sequence.
 *
 * It finds where an element begins and ends and judges nothing inside it: whoever parses the element finds what is wrong
 * there. What stands between the elements is judged here, and the rest of the page is parsed at the end with an empty
 * array in the elements' place. So a page that is not JSON never passes as one.
 */
export class JsonItemStream implements ListSplitter {
  private readonly onItem: OnItem;
  private readonly arrayKey: ArrayKey;
  /** `element`: between two elements; `nested`, `string`, `scalar`: inside one of that kind. */
  private mode: 'envelope' | 'element' | 'nested' | 'string' | 'scalar' = 'envelope';
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** At the top level of the envelope: whether the next string is a key, and the last key. */
  private keyNext = false;
  private key: number[] | undefined;
  private lastKey = '';
  private arraySeen = false;
  /** Between elements: what may come. */
  private expects: 'value-or-end' | 'value' | 'comma-or-end' = 'value-or-end';
  /** The beginning of an element that spans chunks. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  private readonly envelope: Buffer[] = [];
  private envelopeBytes = 0;

  constructor(onItem: OnItem, arrayKey: ArrayKey = 'items') {
    this.onItem = onItem;
    this.arrayKey = arrayKey;
  }

  push(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length) {
      if (this.mode === 'envelope') position = this.readEnvelope(chunk, position);
      else if (this.mode === 'element') position = this.readBetween(chunk, position);
      else position = this.readElement(chunk, position);
    }
  }

  end(): ListEnvelope {
    if (this.mode !== 'envelope') throw malformed('the JSON body ends inside the list');
    return readJsonEnvelope(Buffer.concat(this.envelope).toString('utf8'), this.arrayKey);
  }

  private readEnvelope(chunk: Buffer, from: number): number {
    let position = from;
    while (position < chunk.length && this.mode === 'envelope') {
      this.readEnvelopeByte(chunk[position] ?? 0);
      position += 1;
    }
    this.envelopeBytes += position - from;
    if (this.envelopeBytes > MAX_ENVELOPE_BYTES) {
      throw malformed(`more than ${MAX_ENVELOPE_BYTES} bytes of JSON beside the list's items`);
    }
    // A copy: a view would keep the whole chunk alive.
    this.envelope.push(Buffer.from(chunk.subarray(from, position)));
    return position;
  }

  private readEnvelopeByte(byte: number): void {
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) {
        this.inString = false;
        this.finishKey();
        return;
      }
      this.key?.push(byte);
      return;
    }
    switch (byte) {
      case QUOTE:
        this.inString = true;
        if (this.depth === 1 && this.keyNext) this.key = [];
        return;
      case OPEN_BRACE:
        this.depth += 1;
        this.keyNext = true;
        return;
      case OPEN_BRACKET:
        if (this.depth === 1 && this.lastKey === this.arrayKey) this.startArray();
        else this.depth += 1;
        return;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.depth -= 1;
        return;
      case COMMA:
        if (this.depth === 1) this.keyNext = true;
        return;
      default:
    }
  }

  private finishKey(): void {
    if (this.key === undefined) return;
    const text = `"${Buffer.from(this.key).toString('utf8')}"`;
    this.key = undefined;
    this.keyNext = false;
    try {
      // The text begins and ends with a quote, so what parses is a string; a key may be written with escapes.
      this.lastKey = JSON.parse(text) as string;
    } catch (error) {
      throw malformed('a key of the list is not JSON', error);
    }
  }

  private startArray(): void {
    if (this.arraySeen) throw malformed('the JSON body holds two lists of items');
    this.arraySeen = true;
    this.mode = 'element';
    this.expects = 'value-or-end';
  }

  /** One byte between two elements. */
  private readBetween(chunk: Buffer, position: number): number {
    const byte = chunk[position] ?? 0;
    if (isSpace(byte)) return position + 1;
    if (byte === CLOSE_BRACKET && this.expects !== 'value') {
      this.mode = 'envelope';
      // Not consumed: the bracket belongs to the envelope, whose depth never counted the opening one.
      this.depth += 1;
      return position;
    }
    if (this.expects === 'comma-or-end') {
      if (byte !== COMMA) throw malformed('a comma is missing between two items');
      this.expects = 'value';
      return position + 1;
    }
    if (byte === COMMA || byte === CLOSE_BRACKET) throw malformed('an item is missing between two commas');
    this.depth = 0;
    this.mode = byte === OPEN_BRACE || byte === OPEN_BRACKET ? 'nested' : byte === QUOTE ? 'string' : 'scalar';
    return this.readElement(chunk, position);
  }

  /** Reads up to the present element's end or the chunk's. */
  private readElement(chunk: Buffer, from: number): number {
    const end = this.mode === 'scalar' ? this.scalarEnd(chunk, from) : this.valueEnd(chunk, from);
    if (end === -1) {
      this.heldBytes += chunk.length - from;
      if (this.heldBytes > MAX_ITEM_BYTES) throw malformed(`an item of more than ${MAX_ITEM_BYTES} bytes`);
      this.held.push(Buffer.from(chunk.subarray(from)));
      return chunk.length;
    }
    this.mode = 'element';
    this.depth = 1;
    this.expects = 'comma-or-end';
    if (this.held.length === 0) {
      this.onItem(chunk, from, end);
      return end;
    }
    const whole = Buffer.concat([...this.held, chunk.subarray(from, end)]);
    this.held = [];
    this.heldBytes = 0;
    this.onItem(whole, 0, whole.length);
    return end;
  }

  /** Where a number, `true`, `false` or `null` ends, or -1. */
  private scalarEnd(chunk: Buffer, from: number): number {
    for (let position = from; position < chunk.length; position += 1) {
      const byte = chunk[position] ?? 0;
      if (byte === COMMA || byte === CLOSE_BRACKET || isSpace(byte)) return position;
    }
    return -1;
  }

  /** Behind the quote or bracket that ends an object, array or string, or -1. The inner loop of a JSON list. */
  private valueEnd(chunk: Buffer, from: number): number {
    const { length } = chunk;
    let { depth } = this;
    let position = from;
    for (;;) {
      if (this.inString) {
        position = this.stringEnd(chunk, position);
        if (position === -1) break;
        if (depth === 0) return position;
      }
      let byte = 0;
      while (position < length) {
        byte = chunk[position] ?? 0;
        position += 1;
        if (byte === QUOTE || byte === OPEN_BRACE || byte === OPEN_BRACKET) break;
        if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
          depth -= 1;
          if (depth === 0) return position;
        }
        byte = 0;
      }
      if (byte === 0) break;
      if (byte === QUOTE) this.inString = true;
      else depth += 1;
    }
    this.depth = depth;
    return -1;
  }

  /** Behind the quote that ends the string, or -1. */
  private stringEnd(chunk: Buffer, from: number): number {
    let position = from;
    // The chunk before ended with a backslash.
    if (this.escaped && position < chunk.length) {
      this.escaped = false;
      position += 1;
    }
    while (position < chunk.length) {
      const byte = chunk[position];
      position += 1;
      if (byte === QUOTE) {
        this.inString = false;
        return position;
      }
      if (byte === BACKSLASH) {
        if (position === chunk.length) this.escaped = true;
        position += 1;
      }
    }
    return -1;
  }
}
