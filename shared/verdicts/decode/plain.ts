/**
 * The reference decoder of whole contents: everything is held, cut into lines or events, and read one by one by
 * `decodeLine`. It defines what `FastDecoder` must answer, and is what small payloads take.
 */
import { SummaryBuilder } from '../aggregate/summary.ts';
import { EVENT_MARK, findEvents } from '../envelope/subscription.ts';
import { finishDocument, maxLineBytesOf } from './batch.ts';
import type { ContentKind, DecodedBatch, DecodeOptions, VerdictDecoder } from './batch.ts';
import { VerdictSink } from './sink.ts';
import { SAMPLE_BYTES } from './tally.ts';

/** Cuts before each mark, less the mark's first `drop` bytes. */
const cut = (bytes: Buffer, mark: string, drop: number): Buffer[] => {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    pieces.push(bytes.subarray(from, at));
    from = at + drop;
  }
  pieces.push(bytes.subarray(from));
  return pieces;
};

export class PlainDecoder implements VerdictDecoder {
  private readonly kind: ContentKind;
  private readonly options: DecodeOptions;
  private readonly maxLineBytes: number;
  private readonly chunks: Uint8Array[] = [];
  private readonly summary: SummaryBuilder;
  private readonly sink: VerdictSink;

  constructor(kind: ContentKind, options: DecodeOptions = {}) {
    this.kind = kind;
    this.options = options;
    this.maxLineBytes = maxLineBytesOf(options);
    this.summary = new SummaryBuilder(options);
    this.sink = new VerdictSink((flow) => this.summary.add(flow), options);
  }

  push(bytes: Uint8Array): void {
    this.chunks.push(bytes);
  }

  end(): DecodedBatch {
    const bytes = Buffer.concat(this.chunks);
    return this.kind === 'lines' ? this.lines(bytes) : this.document(bytes);
  }

  private lines(bytes: Buffer): DecodedBatch {
    const lines = cut(bytes, '\n', 1);
    if (lines.at(-1)?.length === 0) lines.pop();
    for (const line of lines) if (this.isBounded(line)) this.sink.line(line.toString());
    return { kind: 'verdicts', counts: this.sink.tally.counts(), summary: this.summary.summary(), problems: [] };
  }

  private document(bytes: Buffer): DecodedBatch {
    const start = findEvents(bytes);
    if (start === undefined) this.sink.unreadable('not-an-envelope', bytes.toString('utf8', 0, SAMPLE_BYTES));
    else {
      this.sink.open(bytes.toString('utf8', 0, start));
      for (const segment of cut(bytes.subarray(start), EVENT_MARK, 1)) {
        if (this.isBounded(segment)) this.sink.segment(segment.toString());
      }
    }
    const { firstId, lastId, after, isBroken } = this.sink;
    const before = start === undefined ? undefined : bytes.toString('utf8', 0, start);
    const counts = this.sink.tally.counts();
    const summary = this.summary.summary();
    return finishDocument({ before, after, isBroken, firstId, lastId, counts, summary }, this.options);
  }

  private isBounded(piece: Buffer): boolean {
    if (piece.length <= this.maxLineBytes) return true;
    this.sink.unreadable('too-long', piece.toString('utf8', 0, SAMPLE_BYTES));
    return false;
  }
}
