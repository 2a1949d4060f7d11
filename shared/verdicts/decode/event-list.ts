import { SummaryBuilder } from '../aggregate/summary.ts';
import { isControlPlaneStream, LONGEST_HEAD, readHead, toEvent } from '../envelope/subscription.ts';
import type { SubscriptionHead } from '../envelope/subscription.ts';
import { maxLineBytesOf } from './batch.ts';
import type { DecodedBatch, DecodeOptions, PayloadProblem, VerdictDecoder } from './batch.ts';
import { VerdictSink } from './sink.ts';
import { SAMPLE_BYTES } from './tally.ts';

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const NEWLINE = 10;

const LIST_KEY = /"(?:logEvents|events)"\s*:\s*\[$/;
const LIST_KEY_BYTES = 128;

type Meaning = 'verdicts' | 'control-message' | 'control-plane';

const meaningOf = (head: SubscriptionHead): Meaning => {
  if (head.messageType === 'CONTROL_MESSAGE') return 'control-message';
  return isControlPlaneStream(head.logStream ?? '') ? 'control-plane' : 'verdicts';
};

/**
 * Reads the events of JSON in any layout, cut anywhere, one event at a time: what `aws logs filter-log-events` and
 * `get-log-events` print, a list of such events, and subscription documents that somebody has indented. Any number of
 * these after each other. Only the structure is followed byte by byte; an event is parsed when it is whole.
 *
 *   {"events":[{"logStreamName":…,"timestamp":<ms>,"message":"…","ingestionTime":<ms>,"eventId":"…"},…],…}
 *
 * https://docs.aws.amazon.com/cli/latest/reference/logs/filter-log-events.html
 */
export class EventListDecoder implements VerdictDecoder {
  private readonly maxLineBytes: number;
  private readonly summary: SummaryBuilder;
  private readonly sink: VerdictSink;
  private depth = 0;
  private isText = false;
  private isEscaped = false;
  /** The depth inside the list of events; 0 outside of it. */
  private listDepth = 0;
  private isEvent = false;
  private readonly parts: Buffer[] = [];
  private eventBytes = 0;
  /** The document so far, up to its list of events. */
  private before = '';
  private meaning: Meaning = 'verdicts';
  private lists = 0;
  private head: SubscriptionHead | undefined;
  private isDamaged = false;

  constructor(options: DecodeOptions = {}) {
    this.maxLineBytes = maxLineBytesOf(options);
    this.summary = new SummaryBuilder(options);
    this.sink = new VerdictSink((flow) => this.summary.add(flow), options);
  }

  push(bytes: Uint8Array): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Where what is not yet kept begins: an event's bytes, or the text before the list.
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at];
      if (this.isText) {
        this.text(byte);
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.isText = true;
          this.stray();
          break;
        case OPEN:
          if (this.listDepth > 0 && this.depth === this.listDepth) {
            this.isEvent = true;
            from = at;
          }
          this.depth += 1;
          break;
        case OPEN_LIST:
          this.stray();
          this.depth += 1;
          if (this.listDepth > 0 || this.depth > 2) break;
          this.keep(piece.subarray(from, at + 1));
          from = at + 1;
          this.beginList();
          break;
        case CLOSE:
        case CLOSE_LIST:
          this.depth -= 1;
          if (this.isEvent && this.depth === this.listDepth) {
            this.keep(piece.subarray(from, at + 1));
            this.endEvent();
            from = at + 1;
          } else if (this.depth < this.listDepth) {
            this.listDepth = 0;
            from = at + 1;
          }
          if (this.depth > 0) break;
          if (this.depth < 0) this.isDamaged = true;
          this.depth = 0;
          this.before = '';
          from = at + 1;
          break;
        default:
          if (byte !== undefined && byte > 32 && byte !== COMMA) this.stray();
      }
    }
    if (this.isEvent || this.listDepth === 0) this.keep(piece.subarray(from));
  }

  end(): DecodedBatch {
    if (this.isEvent) {
      this.sink.unreadable('damaged-event', this.sample());
    }
    const problems: PayloadProblem[] = [];
    if (this.lists === 0) {
      this.sink.unreadable('not-an-envelope', this.before);
      problems.push({ kind: 'not-an-envelope' });
    } else if (this.depth > 0) problems.push({ kind: 'truncated' });
    else if (this.isDamaged) problems.push({ kind: 'damaged-envelope' });
    return {
      kind: 'verdicts',
      ...(this.head !== undefined && { head: this.head }),
      counts: this.sink.tally.counts(),
      summary: this.summary.summary(),
      problems,
    };
  }

  private text(byte: number | undefined): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    // JSON has no bare newline in a text: a quote was lost before, so what follows is not text.
    else if (byte === QUOTE || byte === NEWLINE) this.isText = false;
  }

  /** Among events, or between documents, stands something else. */
  private stray(): void {
    if (!this.isEvent && (this.depth === 0 || this.depth === this.listDepth)) this.isDamaged ||= this.lists > 0;
  }

  private keep(bytes: Buffer): void {
    if (this.isEvent) {
      this.eventBytes += bytes.length;
      // Of what is too long the beginning is kept, for the sample. A copy: the piece may be used again by its owner.
      if (this.eventBytes <= this.maxLineBytes) this.parts.push(Buffer.from(bytes));
      else if (this.parts.length === 0) this.parts.push(Buffer.from(bytes.subarray(0, SAMPLE_BYTES)));
    } else if (this.listDepth === 0) {
      const text = this.before + bytes.toString('latin1');
      this.before = text.length > LONGEST_HEAD ? text.slice(-LIST_KEY_BYTES) : text;
    }
  }

  private beginList(): void {
    if (this.depth === 2 && !LIST_KEY.test(this.before.slice(-LIST_KEY_BYTES))) return;
    this.listDepth = this.depth;
    this.lists += 1;
    const { head } = readHead(Buffer.from(this.before.trimStart(), 'latin1').toString(), undefined);
    this.meaning = meaningOf(head);
    if (head.messageType !== undefined) this.head ??= head;
    this.before = '';
  }

  private endEvent(): void {
    const text = this.eventBytes > this.maxLineBytes ? undefined : Buffer.concat(this.parts).toString();
    const event = text === undefined ? undefined : toEvent(text);
    if (text === undefined) this.sink.unreadable('too-long', this.sample());
    else if (event === undefined) this.sink.unreadable('damaged-event', text);
    else if (this.meaning === 'verdicts') this.sink.event(event);
    else if (this.meaning === 'control-plane') this.sink.tally.notVerdict(() => event.message);
    this.isEvent = false;
    this.parts.length = 0;
    this.eventBytes = 0;
  }

  private sample(): string {
    return Buffer.concat(this.parts).toString('utf8', 0, SAMPLE_BYTES);
  }
}
