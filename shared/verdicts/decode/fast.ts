/**
 * The fast decoder. It says of every input what `PlainDecoder` says (test/verdicts/decode holds it to that), in flat
 * memory and near the speed of gunzip:
 *
 * - the content is never parsed as JSON as a whole, and never becomes one string;
 * - records of a learnt layout are read from bytes by `RecordReader`; the others take the slow path, which is the
 *   reference decoder on that record, and the layout is learnt from them;
 * - flows live in a table of integers, and strings are made once per distinct flow at the end.
 */
import { EVENT_MARK, findEvents, LONGEST_HEAD } from '../envelope/subscription.ts';
import { finishDocument, maxLineBytesOf } from './batch.ts';
import type { ContentKind, DecodedBatch, DecodeOptions, VerdictDecoder } from './batch.ts';
import { FLOW_INFO, POLICY_VERDICT } from './reference.ts';
import { RECORD_SPAN, RecordReader } from './record-reader.ts';
import type { Content } from './record-scan.ts';
import { VerdictSink } from './sink.ts';
import { SAMPLE_BYTES } from './tally.ts';

const BRACE = 123;
const ID_BYTES = 56;
const ID_AT = '{"id":"'.length;
const NOTHING = Buffer.alloc(0);

/** What of the input is at hand. */
interface Stretch extends Content {
  /** The content ends here; padding may follow. */
  readonly end: number;
  /** Records beginning before this may be read by the hot path: RECORD_SPAN bytes follow. */
  readonly hotEnd: number;
  /** Offsets of the next words that only verdicts have, and of the next NUL byte, as far as looked. */
  nextFlow: number;
  nextVerdict: number;
  nextNul: number;
}

let stretches = 0;

const stretchOf = (bytes: Buffer, end: number, hotEnd: number): Stretch => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { id: stretches++, bytes, view, end, hotEnd, nextFlow: -1, nextVerdict: -1, nextNul: -1 };
};

export class FastDecoder implements VerdictDecoder {
  /** Records that took the slow path. */
  slow = 0;
  private readonly kind: ContentKind;
  private readonly options: DecodeOptions;
  private readonly mark: string;
  private readonly maxLineBytes: number;
  private readonly sink: VerdictSink;
  private readonly reader: RecordReader;
  /** Begins with the bytes that do not make a whole record yet; grows to what a piece needs and is used again. */
  private work: Buffer = NOTHING;
  private restLength = 0;
  /** Through `"logEvents":[`, once found. */
  private before: string | undefined;
  /** No events begin where they should: nothing more is read. */
  private isHopeless = false;
  /** Inside a record that is too long: everything up to its end is passed over. */
  private isSkipping = false;

  /** A reader serves one decoder at a time; one that has served before knows the layouts already. */
  constructor(kind: ContentKind, options: DecodeOptions = {}, reader: RecordReader = new RecordReader()) {
    this.kind = kind;
    this.options = options;
    this.mark = kind === 'lines' ? '\n' : EVENT_MARK;
    this.maxLineBytes = maxLineBytesOf(options);
    this.sink = new VerdictSink((flow) => this.reader.table.addFlow(flow), options);
    this.reader = reader;
    reader.begin(options, this.sink.keepsAll);
  }

  push(bytes: Uint8Array): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.restLength === 0) {
      const consumed = this.consume(piece, false);
      this.reserve(piece.length - consumed);
      this.restLength = piece.copy(this.work, 0, consumed);
      return;
    }
    const length = this.restLength + piece.length;
    this.reserve(length);
    piece.copy(this.work, this.restLength);
    const consumed = this.consume(this.work.subarray(0, length), false);
    this.work.copyWithin(0, consumed, length);
    this.restLength = length - consumed;
  }

  private reserve(length: number): void {
    if (this.work.length >= length) return;
    const larger = Buffer.alloc(length);
    this.work.copy(larger, 0, 0, this.restLength);
    this.work = larger;
  }

  end(): DecodedBatch {
    this.consume(this.work.subarray(0, this.restLength), true);
    this.work = NOTHING;
    this.restLength = 0;
    const { denied, accepted, others } = this.reader.counts;
    this.sink.tally.flows(denied, accepted, others);
    const counts = this.sink.tally.counts();
    const summary = this.reader.table.summary();
    if (this.kind === 'lines') return { kind: 'verdicts', counts, summary, problems: [] };
    const { before } = this;
    const { firstId, lastId, after, isBroken } = this.sink;
    return finishDocument({ before, after, isBroken, firstId, lastId, counts, summary }, this.options);
  }

  /** Reads what can be read; the offset up to which the content is done with. */
  private consume(bytes: Buffer, isLast: boolean): number {
    const start = this.kind === 'lines' ? 0 : this.eventsFrom(bytes, isLast);
    if (start < 0) return 0;
    const span = this.options.onFlow === undefined ? RECORD_SPAN : 0;
    const near = this.records(stretchOf(bytes, bytes.length, bytes.length - span), start, false);
    if (!isLast || near === bytes.length) return near;
    const end = bytes.length - near;
    const padded = Buffer.alloc(end + RECORD_SPAN);
    bytes.copy(padded, 0, near);
    this.records(stretchOf(padded, end, end), 0, true);
    return bytes.length;
  }

  /** Where the events begin in this content; -1 while that is not known. */
  private eventsFrom(bytes: Buffer, isLast: boolean): number {
    if (this.before !== undefined) return 0;
    if (this.isHopeless) return bytes.length;
    const start = findEvents(bytes);
    if (start !== undefined) {
      this.before = bytes.toString('utf8', 0, start);
      this.sink.open(this.before);
      return start;
    }
    if (!isLast && bytes.length < LONGEST_HEAD) return -1;
    this.isHopeless = true;
    this.sink.unreadable('not-an-envelope', bytes.toString('utf8', 0, SAMPLE_BYTES));
    return bytes.length;
  }

  /** Reads records from `start` on; the offset of the first that is not wholly there. */
  private records(content: Stretch, start: number, isLast: boolean): number {
    const { bytes, end } = content;
    let at = start;
    while (at < end) {
      if (!this.isSkipping) at = this.hot(content, at);
      if (at >= end || (!isLast && at >= content.hotEnd)) return at;
      const mark = bytes.indexOf(this.mark, at);
      if (mark < 0) return this.unended(content, at, isLast);
      if (this.isSkipping) this.isSkipping = false;
      else this.piece(content, at, mark, true);
      at = mark + 1;
    }
    return at;
  }

  private hot(content: Stretch, start: number): number {
    const { bytes, hotEnd } = content;
    // The hot path makes no flows, only sums.
    if (this.options.onFlow !== undefined) return start;
    if (this.kind === 'lines') return this.reader.lines(content, start, hotEnd);
    const at = this.reader.events(content, start, hotEnd);
    if (at > start) {
      const { lastIdAt } = this.reader;
      this.sink.resume();
      this.sink.firstId ??= bytes.toString('latin1', start + ID_AT, start + ID_AT + ID_BYTES);
      this.sink.lastId = bytes.toString('latin1', lastIdAt, lastIdAt + ID_BYTES);
    }
    return at;
  }

  /** No mark follows: the piece is the last one, or its end is in bytes to come, or it is too long already. */
  private unended(content: Stretch, at: number, isLast: boolean): number {
    const { bytes, end } = content;
    if (isLast) {
      if (!this.isSkipping) this.piece(content, at, end, false);
      return end;
    }
    // The beginning of the mark may be there already.
    const sure = Math.max(at, end - this.mark.length + 1);
    if (this.isSkipping) return sure;
    if (sure - at <= this.maxLineBytes) return at;
    this.sink.unreadable('too-long', bytes.toString('utf8', at, at + SAMPLE_BYTES));
    this.isSkipping = true;
    return sure;
  }

  /** The slow path. A marked piece is followed by the mark, which belongs to what can be learnt. */
  private piece(content: Stretch, at: number, to: number, isMarked: boolean): void {
    const { bytes } = content;
    if (to - at > this.maxLineBytes) {
      this.sink.unreadable('too-long', bytes.toString('utf8', at, at + SAMPLE_BYTES));
      return;
    }
    if (this.kind === 'lines' && this.isForeign(content, at, to)) {
      this.sink.tally.notVerdict(() => bytes.toString('utf8', at, to));
      return;
    }
    this.slow += 1;
    const text = bytes.toString('utf8', at, to);
    const flow = this.kind === 'lines' ? this.sink.line(text) : this.sink.segment(text);
    if (flow === undefined || !isMarked || to - at > RECORD_SPAN) return;
    const whole = bytes.toString('latin1', at, to + this.mark.length);
    if (this.kind === 'lines') this.reader.learnLine(whole, flow);
    else this.reader.learnEvent(whole, flow);
  }

  /** The agent's log is mostly other JSON lines. Such a line claims no verdict unless it has one of these words. */
  private isForeign(content: Stretch, at: number, to: number): boolean {
    const { bytes } = content;
    if (bytes[at] !== BRACE) return false;
    if (content.nextFlow < at) content.nextFlow = nextOf(bytes, FLOW_INFO, at);
    if (content.nextVerdict < at) content.nextVerdict = nextOf(bytes, POLICY_VERDICT, at);
    if (content.nextNul < at) content.nextNul = nextOf(bytes, '\0', at);
    return content.nextFlow >= to && content.nextVerdict >= to && content.nextNul >= to;
  }
}

const nextOf = (bytes: Buffer, text: string, at: number): number => {
  const found = bytes.indexOf(text, at);
  return found < 0 ? Infinity : found;
};
