import { TextDecoder } from 'node:util';
import type { DecodedBatch, VerdictDecoder } from './batch.ts';
import { BatchSum, DOCUMENT_MARK, DocumentsDecoder } from './documents.ts';
import { EventListDecoder } from './event-list.ts';
import { decodeEvent } from './event.ts';
import { FastDecoder } from './fast.ts';
import { PayloadDecoder, unreadablePayload } from './payload.ts';
import type { PayloadOptions } from './payload.ts';
import { topLevelKeys } from './top-level-keys.ts';

/**
 * `lines`: a verdict a line. `documents`: subscription documents. `event-list`: events as the AWS command line prints
 * them. `function-event`: what Lambda is woken with. `payload`: base64 of a compressed document.
 */
export type ContentForm = 'lines' | 'documents' | 'event-list' | 'function-event' | 'payload';

/** Enough to tell what it is. */
const SNIFF_BYTES = 4096;

/** Lambda takes events of up to 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const LONGEST_EVENT = 16 * 1_048_576;

const LIST_KEYS = new Set(['messageType', 'logEvents', 'events', 'searchedLogStreams']);
const FUNCTION_KEYS = new Set(['awslogs', 'Records', 'records']);
const LIST = /^\[\s*\{/;
/** How the base64 of gzip begins, and nothing else but base64. */
const BASE64 = /^H4sI[A-Za-z0-9+/=]{16,}\s*$/;

/** A first line that says what it is: no JSON, or JSON with an end. Who follows a log must not wait for more. */
const TOLD = /^(?![[{\s\u00ef\u00fe\u00ff])[^\n\0]*\n|^\{[^\n\0]*\}\r?\n/;

const formOf = (beginning: string): ContentForm => {
  const text = beginning.trimStart();
  if (text.startsWith(DOCUMENT_MARK)) return 'documents';
  if (LIST.test(text)) return 'event-list';
  if (BASE64.test(text)) return 'payload';
  if (!text.startsWith('{')) return 'lines';
  const keys = topLevelKeys(text);
  if (keys.some((key) => LIST_KEYS.has(key))) return 'event-list';
  return keys.some((key) => FUNCTION_KEYS.has(key)) ? 'function-event' : 'lines';
};

/** Holds what is small and must be read as a whole. */
class WholeContent {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  push(bytes: Uint8Array): void {
    this.bytes += bytes.byteLength;
    if (this.bytes <= LONGEST_EVENT) this.chunks.push(Buffer.from(bytes));
  }

  async decode(form: ContentForm, options: PayloadOptions): Promise<DecodedBatch> {
    const text = Buffer.concat(this.chunks).toString();
    if (this.bytes > LONGEST_EVENT) {
      return unreadablePayload({ kind: 'too-large', limitBytes: LONGEST_EVENT }, text, options);
    }
    const decoder = new PayloadDecoder(options);
    if (form === 'payload') return decoder.decode(text.trim());
    const event = parse(text);
    const sum = new BatchSum(options);
    if (event === undefined) return unreadablePayload({ kind: 'not-an-envelope' }, text, options);
    const { records, faults } = await decodeEvent(event, decoder);
    for (const { batch } of records) sum.add(batch);
    for (const { path } of faults) sum.add(unreadablePayload({ kind: 'not-an-envelope' }, path, options));
    return sum.batch();
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** As its mark says (https://www.unicode.org/faq/utf_bom.html). Windows PowerShell's `>` writes UTF-16. */
const encodingOf = (beginning: Buffer): Encoding => {
  if (beginning[0] === 0xff && beginning[1] === 0xfe) return 'utf-16le';
  return beginning[0] === 0xfe && beginning[1] === 0xff ? 'utf-16be' : 'utf-8';
};

const UTF_8_MARK = Buffer.from('\ufeff');

/** Finds out what comes, then has it decoded. */
export class ContentReader {
  form: ContentForm = 'lines';
  private readonly options: PayloadOptions;
  private beginning: Buffer = Buffer.alloc(0);
  private isBegun = false;
  private text: TextDecoder | undefined;
  private whole: WholeContent | undefined;
  private decoder: VerdictDecoder | undefined;

  constructor(options: PayloadOptions) {
    this.options = options;
  }

  push(bytes: Uint8Array): void {
    if (this.isBegun) {
      this.pass(bytes);
      return;
    }
    this.beginning = Buffer.concat([this.beginning, bytes]);
    if (this.beginning.length >= SNIFF_BYTES || TOLD.test(this.beginning.toString('latin1'))) this.begin();
  }

  async end(): Promise<DecodedBatch> {
    if (!this.isBegun) this.begin();
    if (this.text !== undefined) this.hand(Buffer.from(this.text.decode()));
    if (this.whole !== undefined) return this.whole.decode(this.form, this.options);
    return (this.decoder ?? new FastDecoder('lines', this.options)).end();
  }

  private begin(): void {
    const { beginning, options } = this;
    this.isBegun = true;
    this.beginning = Buffer.alloc(0);
    const encoding = encodingOf(beginning);
    if (encoding !== 'utf-8') this.text = new TextDecoder(encoding);
    const isMarked = beginning.subarray(0, 3).equals(UTF_8_MARK);
    const content = isMarked ? beginning.subarray(3) : beginning;
    const sniffed = encoding === 'utf-8' ? content : Buffer.from(new TextDecoder(encoding).decode(content));
    this.form = formOf(sniffed.toString('latin1', 0, SNIFF_BYTES));
    if (this.form === 'lines') this.decoder = new FastDecoder('lines', options);
    else if (this.form === 'documents') this.decoder = new DocumentsDecoder(options);
    else if (this.form === 'event-list') this.decoder = new EventListDecoder(options);
    else this.whole = new WholeContent();
    this.pass(content);
  }

  private pass(bytes: Uint8Array): void {
    this.hand(this.text === undefined ? bytes : Buffer.from(this.text.decode(bytes, { stream: true })));
  }

  private hand(bytes: Uint8Array): void {
    this.whole?.push(bytes);
    this.decoder?.push(bytes);
  }
}
