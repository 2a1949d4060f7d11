import { decodeBase64 } from '../envelope/wrapper.ts';
import { DecompressedTooLargeError, gunzipInto, gunzipWhole, GunzipError, isGzip } from '../envelope/gunzip.ts';
import type { DecodedBatch, DecodeOptions, PayloadProblem, VerdictDecoder } from './batch.ts';
import { FastDecoder } from './fast.ts';
import { PlainDecoder } from './plain.ts';
import { RecordReader } from './record-reader.ts';
import { SAMPLE_BYTES, Tally } from './tally.ts';
import { emptySummary } from '../aggregate/summary.ts';

export interface PayloadOptions extends DecodeOptions {
  /** Reading stops here, with problem `too-large`. Default 256 MiB for payloads, 64 GiB for `decodeInput`. */
  readonly maxDecompressedBytes?: number;
}

/** Up to this size a payload is decompressed into one buffer, which is fastest; beyond it in pieces, in flat memory. */
const WHOLE_BYTES = 16 * 1_048_576;
/** Below this, warming up the fast decoder costs more than it saves. */
const PLAIN_BYTES = 65_536;
const PAYLOAD_LIMIT_BYTES = 256 * 1_048_576;
const BRACE = 123;

/** What ended a decompression early, as a problem. */
export const problemOf = (error: GunzipError | DecompressedTooLargeError): PayloadProblem =>
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
export const withProblem = (batch: DecodedBatch, problem: PayloadProblem | undefined): DecodedBatch =>
  problem === undefined ? batch : { ...batch, problems: [problem] };

/** A payload of which nothing can be read counts as one line that could not be read. */
export const unreadablePayload = (problem: PayloadProblem, beginning: string, options: DecodeOptions): DecodedBatch => {
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
    if (bytes === undefined) return unreadablePayload({ kind: 'bad-base64' }, String(payload), options);
    if (bytes[0] === BRACE) return this.content(bytes);
    if (!isGzip(bytes)) {
      return unreadablePayload({ kind: 'not-gzip' }, Buffer.from(bytes.subarray(0, SAMPLE_BYTES)).toString(), options);
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
