import { SummaryBuilder } from '../aggregate/summary.ts';
import type { SubscriptionHead } from '../envelope/subscription.ts';
import type { DecodedBatch, DecodeOptions, PayloadProblem, VerdictDecoder } from './batch.ts';
import { FastDecoder } from './fast.ts';
import { RecordReader } from './record-reader.ts';
import { addCounts, NO_COUNTS } from './tally.ts';

/**
 * How CloudWatch begins a document. Never inside good JSON otherwise: a quote in a text is escaped, and no event has such
 * a field first.
 */
export const DOCUMENT_MARK = '{"messageType":"';

/** Adds up batches as they come. One batch stays what it is; several have no head or identity in common. */
export class BatchSum {
  private readonly summary: SummaryBuilder;
  private counts = NO_COUNTS;
  private readonly problems = new Map<string, PayloadProblem>();
  private batches = 0;
  private controls = 0;
  private only: DecodedBatch | undefined;
  private head: SubscriptionHead | undefined;

  constructor(options: DecodeOptions) {
    this.summary = new SummaryBuilder(options);
  }

  add(batch: DecodedBatch): void {
    this.batches += 1;
    this.only = this.batches === 1 ? batch : undefined;
    this.head ??= batch.head;
    if (batch.kind === 'control') this.controls += 1;
    this.counts = addCounts(this.counts, batch.counts);
    this.summary.addSummary(batch.summary);
    for (const problem of batch.problems) this.problems.set(problem.kind, problem);
  }

  /** Of several the head is the first one's, and a problem is named once. */
  batch(): DecodedBatch {
    if (this.only !== undefined) return this.only;
    return {
      kind: this.batches > 0 && this.controls === this.batches ? 'control' : 'verdicts',
      ...(this.head !== undefined && { head: this.head }),
      counts: this.counts,
      summary: this.summary.summary(),
      problems: [...this.problems.values()],
    };
  }
}

/**
 * Subscription documents one after another, as Firehose writes them to S3
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#FirehoseExample). However damaged
 * one is, the next one is found.
 */
export class DocumentsDecoder implements VerdictDecoder {
  private readonly options: DecodeOptions;
  private readonly reader = new RecordReader();
  private readonly sum: BatchSum;
  private decoder: FastDecoder | undefined;
  /** The end of the last piece, which may begin a mark. */
  private held: Buffer = Buffer.alloc(0);

  constructor(options: DecodeOptions = {}) {
    this.options = options;
    this.sum = new BatchSum(options);
  }

  push(bytes: Uint8Array): void {
    const piece = Buffer.concat([this.held, bytes]);
    let from = 0;
    for (let at = piece.indexOf(DOCUMENT_MARK); at >= 0; at = piece.indexOf(DOCUMENT_MARK, at + 1)) {
      this.feed(piece.subarray(from, at));
      this.close();
      this.decoder = new FastDecoder('subscription', this.options, this.reader);
      from = at;
    }
    const sure = Math.max(from, piece.length - DOCUMENT_MARK.length + 1);
    this.feed(piece.subarray(from, sure));
    this.held = Buffer.from(piece.subarray(sure));
  }

  end(): DecodedBatch {
    this.feed(this.held);
    this.close();
    return this.sum.batch();
  }

  /** Before the first mark stands nothing but blanks, or this decoder would not have been chosen. */
  private feed(bytes: Buffer): void {
    if (bytes.length > 0) this.decoder?.push(bytes);
  }

  private close(): void {
    if (this.decoder !== undefined) this.sum.add(this.decoder.end());
    this.decoder = undefined;
  }
}
