import { decodeBase64 } from '../envelope/wrapper.ts';
import { DecompressedTooLargeError, gunzipInto, gunzipWhole, GunzipError, isGzip } from '../envelope/gunzip.ts';
import type { ContentKind, DecodedBatch, DecodeOptions, PayloadProblem, VerdictDecoder } from './batch.ts';
import { FastDecoder } from './fast.ts';
import { PlainDecoder } from './plain.ts';
import { RecordReader } from './record-reader.ts';
import { SAMPLE_BYTES, Tally } from './tally.ts';
import { emptySummary } from '../aggregate/summary.ts';

export interface PayloadOptions extends DecodeOptions {
  /** Reading stops here, with problem `too-large`. Default 256 MiB for payloads, 64 GiB for streams. */
  readonly maxDecompressedBytes?: number;
}

/** Up to this size a payload is decompressed into one buffer, which is fastest; beyond it in pieces, in flat memory. */
const WHOLE_BYTES = 16 * 1_048_576;
/** Below this, warming up the fast decoder costs more than it saves. */
const PLAIN_BYTES = 65_536;
const PAYLOAD_LIMIT_BYTES = 256 * 1_048_576;
const STREAM_LIMIT_BYTES = 64 * 1024 ** 3;
/** Enough to tell a subscription document from lines. */
const SNIFF_BYTES = 4096;

const BRACE = 123;

/** A document names its events within its first kilobytes; a line of a log never begins like one. */
const kindOf = (beginning: Buffer): ContentKind =>
  beginning.toString('latin1').trimStart().startsWith('{') && beginning.includes('"logEvents"')
    ? 'subscription'
    : 'lines';

const problemOf = (error: GunzipError | DecompressedTooLargeError): PayloadProblem =>
  error instanceof DecompressedTooLargeError
    ? { kind: 'too-large', limitBytes: error.limitBytes }
    : { kind: error.kind };

/** The problem as an error, for a caller who would rather fail. */
export const toError = (problem: PayloadProblem): Error => {
  switch (problem.kind) {
    case 'too-large':
      return new DecompressedTooLargeError(problem.limitBytes);
    case 'not-gzip':
    case 'truncated':
    case 'corrupt':
      return new GunzipError(problem.kind, 'the payload is lost from there on');
    case 'bad-base64':
    case 'not-an-envelope':
    case 'damaged-envelope':
      return new Error(`the payload is no subscription document: ${problem.kind}`);
  }
};

/** A damaged compression explains whatever is then missing of the document. */
const withProblem = (batch: DecodedBatch, problem: PayloadProblem | undefined): DecodedBatch =>
  problem === undefined ? batch : { ...batch, problems: [problem] };

/** A payload of which nothing can be read counts as one line that could not be read. */
const unreadable = (problem: PayloadProblem, beginning: string, options: DecodeOptions): DecodedBatch => {
  const tally = new Tally();
  tally.unreadable('not-an-envelope', beginning);
  return { kind: 'verdicts', counts: tally.counts(), summary: emptySummary(options), problems: [problem] };
};

const decodeWhole = (decoder: VerdictDecoder, content: Uint8Array): DecodedBatch => {
  decoder.push(content);
  return decoder.end();
};

/**
 * Decodes subscription payloads: what Lambda gets from CloudWatch Logs, Kinesis and Firehose. Keep one for as long as the
 * process lives: it learns the layout of the lines and is faster from the second payload on; its answers do not change.
 */
export class PayloadDecoder {
  private readonly options: PayloadOptions;
  private readonly reader = new RecordReader();

  constructor(options: PayloadOptions = {}) {
    this.options = options;
  }

  /**
   * `payload`: base64 text, or the gzip bytes, or (after Firehose's own decompression) the document's. Never rejects: what
   * is wrong is in `problems`, and everything before it has been read.
   */
  async decode(payload: string | Uint8Array): Promise<DecodedBatch> {
    const { options } = this;
    const bytes = typeof payload === 'string' ? decodeBase64(payload) : payload;
    if (bytes === undefined) return unreadable({ kind: 'bad-base64' }, String(payload), options);
    if (bytes[0] === BRACE) return this.content(bytes);
    if (!isGzip(bytes)) {
      return unreadable({ kind: 'not-gzip' }, Buffer.from(bytes.subarray(0, SAMPLE_BYTES)).toString(), options);
    }
    const limitBytes = options.maxDecompressedBytes ?? PAYLOAD_LIMIT_BYTES;
    const content = gunzipWhole(bytes, Math.min(WHOLE_BYTES, limitBytes));
    if (content !== undefined) return this.content(content);
    // A reader of its own: another payload may be decoded meanwhile.
    const decoder = new FastDecoder('subscription', options);
    const failure = await gunzipInto([bytes], (piece) => decoder.push(piece), limitBytes);
    return withProblem(decoder.end(), failure && problemOf(failure));
  }

  private content(content: Uint8Array): DecodedBatch {
    const isSmall = content.byteLength < PLAIN_BYTES;
    const decoder = isSmall
      ? new PlainDecoder('subscription', this.options)
      : new FastDecoder('subscription', this.options, this.reader);
    return decodeWhole(decoder, content);
  }
}

export interface StreamOptions extends PayloadOptions {
  /** Default: told from the first bytes. */
  readonly content?: ContentKind;
}

/** Finds out what comes, then decodes it. */
class SniffingDecoder implements VerdictDecoder {
  private decoder: VerdictDecoder | undefined;
  private beginning: Buffer = Buffer.alloc(0);
  private readonly options: StreamOptions;

  constructor(options: StreamOptions) {
    this.options = options;
  }

  push(bytes: Uint8Array): void {
    if (this.decoder !== undefined) {
      this.decoder.push(bytes);
      return;
    }
    this.beginning = Buffer.concat([this.beginning, bytes]);
    if (this.beginning.length >= SNIFF_BYTES) this.begin().push(this.beginning);
  }

  end(): DecodedBatch {
    if (this.decoder !== undefined) return this.decoder.end();
    return decodeWhole(this.begin(), this.beginning);
  }

  private begin(): VerdictDecoder {
    this.decoder = new FastDecoder(this.options.content ?? kindOf(this.beginning), this.options);
    return this.decoder;
  }
}

/**
 * Decodes a file or standard input as it comes, in flat memory: the agent's log, rotated and compressed or not, lines
 * copied from CloudWatch, or a subscription document. Rejects only with what `source` throws.
 */
export const decodeStream = async (
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: StreamOptions = {},
): Promise<DecodedBatch> => {
  const decoder = new SniffingDecoder(options);
  const limitBytes = options.maxDecompressedBytes ?? STREAM_LIMIT_BYTES;
  const { beginning, rest } = await headOf(source);
  if (isGzip(beginning)) {
    const failure = await gunzipInto(rest, (piece) => decoder.push(piece), limitBytes);
    return withProblem(decoder.end(), failure && problemOf(failure));
  }
  let room = limitBytes;
  for await (const bytes of rest) {
    decoder.push(bytes.subarray(0, room));
    room -= bytes.byteLength;
    if (room < 0) return withProblem(decoder.end(), { kind: 'too-large', limitBytes });
  }
  return decoder.end();
};

/** The first two bytes, and the whole source from its beginning. */
const headOf = async (
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<{ readonly beginning: Uint8Array; readonly rest: AsyncIterable<Uint8Array> }> => {
  const iterator = (async function* all() {
    yield* source;
  })();
  let beginning: Uint8Array = new Uint8Array(0);
  while (beginning.byteLength < 2) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    beginning = Buffer.concat([beginning, value]);
  }
  const rest = (async function* fromTheBeginning() {
    yield beginning;
    yield* iterator;
  })();
  return { beginning, rest };
};
