import type { Flow } from '../../model/flow.ts';
import type { SummaryOptions } from '../aggregate/summary.ts';
import { FlowTable } from '../aggregate/table.ts';
import type { FlowRows } from '../aggregate/table.ts';
import { formatAddress, parseAddress } from './address.ts';
import { LEAST_MAX_LINE_BYTES } from './batch.ts';
import { Layout } from './layout.ts';
import { canScan, RecordScan } from './record-scan.ts';
import type { Content } from './record-scan.ts';
import { shapeOfEvent, shapeOfLine } from './shapes.ts';
import type { Form, Shape } from './shapes.ts';
import { parseTime } from './time.ts';
import { MOST_ROWS } from './scan-memory.ts';

/** Content must reach this many bytes beyond the last record's beginning. */
export const RECORD_SPAN = LEAST_MAX_LINE_BYTES;

/** Other forms than one may take turns in a file, as after an agent's upgrade; this often, and no more, to bound the work. */
const MOST_FORMS = 16;

const ID_AT = '{"id":"'.length;
/** Added to any offset, still negative. */
const NO_ID = -(2 ** 30);

/**
 * Reads records whose every byte stands where the learnt layout puts it, without a string or an object per record. It
 * refuses anything else: whoever drives it gives the refused record to the reference decoder and, where that found a
 * flow, to `learn`. What it has learnt outlasts a payload and changes no answer, only the time one takes.
 */
export class RecordReader {
  readonly table = new FlowTable();
  /** Where the id of the last event read stands. */
  lastIdAt = -1;
  private readonly scan = new RecordScan();
  private layout: Layout | undefined;
  private forms = 0;

  /** Before each payload. */
  begin(options: SummaryOptions, keepsAll: boolean): void {
    this.table.reset(options);
    this.scan.begin(keepsAll, this.table.windowMs);
    this.forms = 0;
    // Where a hostile log has filled it, nothing new could be learnt for as long as this reader lives.
    if (this.layout?.isFull) this.layout = undefined;
    this.layout?.bind(this.table);
  }

  /** Flows read since `begin`. */
  get counts(): { readonly denied: number; readonly accepted: number; readonly others: number } {
    return this.scan;
  }

  /** Reads events that begin before `limit`; the offset of the first one it did not read. */
  events(content: Content, start: number, limit: number): number {
    const { layout } = this;
    if (layout?.form !== 'cloudwatch' || !layout.isUsable || start >= limit) return start;
    return this.run(layout, content, start, limit);
  }

  /** Reads lines that begin before `limit`; the offset of the first one it did not read. */
  lines(content: Content, start: number, limit: number): number {
    const { layout } = this;
    if (layout === undefined || layout.form === 'cloudwatch' || !layout.isUsable || start >= limit) return start;
    return this.run(layout, content, start, limit);
  }

  private run(layout: Layout, content: Content, start: number, limit: number): number {
    const { scan, table } = this;
    const isEvent = layout.form === 'cloudwatch';
    // Ids are looked at one by one; and where a flow may push others out, it matters how many came before it.
    const merges = (): boolean => !isEvent && table.room >= MOST_ROWS;
    scan.load(layout);
    scan.collect(merges());
    let at = start;
    do {
      at = scan.scan(layout, content, at, limit);
      // Offsets of records are good for one window.
      if (scan.used > 0 && (isEvent || scan.isFull)) {
        table.addRows(this.rowsOf(layout, content.view));
        scan.collect(merges());
      }
    } while (scan.hasMore(at, limit));
    if (scan.used > 0) table.addRows(this.rowsOf(layout, content.view));
    if (scan.lastRecord >= 0) this.lastIdAt = scan.lastRecord + ID_AT;
    return at;
  }

  private rowsOf({ form, words, tiers, nodes }: Layout, view: DataView): FlowRows {
    const { rows, floats: times, used, rowsFrom } = this.scan;
    const idFrom = form === 'cloudwatch' ? rowsFrom + ID_AT : NO_ID;
    return { rows, times, used, words, tiers, nodes, view, idFrom };
  }

  /** `text`: an event and the beginning of the next. `flow`: what the reference decoder read there. */
  learnEvent(text: string, flow: Flow): void {
    const shape = shapeOfEvent(text);
    if (shape !== undefined && Number(shape.time) === flow.time) this.learn(shape, flow);
  }

  /** `text`: a line with its newline. */
  learnLine(text: string, flow: Flow): void {
    const shape = shapeOfLine(text);
    if (shape !== undefined && parseTime(shape.time) === flow.time) this.learn(shape, flow);
  }

  private learn(shape: Shape, flow: Flow): void {
    if (!isSame(shape, flow) || !canScan()) return;
    const layout = this.layoutFor(shape.form);
    const node = flow.node === undefined ? 0 : this.table.nodes.bitOf(flow.node);
    const tier = flow.tier === undefined ? 0 : this.table.tiers.bitOf(flow.tier);
    if (layout === undefined || (flow.node !== undefined && node === 0) || (flow.tier !== undefined && tier === 0))
      return;
    if (shape.form !== 'cloudwatch' && layout.heads.add(Buffer.from(shape.head, 'latin1')) < 0) return;
    const middle = layout.middles.add(Buffer.from(shape.middle, 'latin1'));
    if (middle < 0) return;
    layout.nodes[middle] = node;
    const tail = layout.tails.add(Buffer.from(shape.tail, 'latin1'));
    if (tail < 0) return;
    layout.name(tail, flow, flow.tier, this.table);
  }

  private layoutFor(form: Form): Layout | undefined {
    if (this.layout?.form === form) return this.layout;
    if (this.forms === MOST_FORMS) return undefined;
    this.forms += 1;
    this.layout = new Layout(form);
    return this.layout;
  }
}

const canonical = (address: string): string | undefined => {
  const parsed = parseAddress(address);
  return parsed === undefined || parsed.repaired ? undefined : formatAddress(...parsed.words);
};

/** Whether the fields cut out of the text are the ones the reference decoder read. */
const isSame = (shape: Shape, flow: Flow): boolean =>
  canonical(shape.source) === flow.source &&
  canonical(shape.destination) === flow.destination &&
  Number(shape.sourcePort) === flow.sourcePort &&
  Number(shape.destinationPort) === flow.destinationPort;
