import type { Layout } from './layout.ts';
import { writeMasked } from './literals.ts';
import { SCAN_WASM } from './scan-wasm.generated.ts';
import { INNER as TEXTS } from './shapes.ts';
import type { Form } from './shapes.ts';
import { hourOf } from './time.ts';
import {
  BY_OUTCOME,
  COLLECTION,
  END,
  FULL,
  HEAD,
  HEADS,
  HOUR,
  HOUR_BYTES,
  HOUR_START,
  INNER,
  INNER_LENGTHS,
  KEEPS_ALL,
  LAST_RECORD,
  MERGES,
  MOST_COLLECTIONS,
  MOST_ROWS,
  ONES,
  MIDDLE,
  MIDDLES,
  ROW_INDEX,
  ROWS,
  SPAN,
  SUMMARY_WINDOW,
  TAILS,
  TERMINATOR,
  TIME,
  USED,
  WHERE,
  WHY,
  WINDOW,
  WINDOW_BYTES,
} from './scan-memory.ts';

/** As far as it is used here; Node's own types leave it out (https://webassembly.github.io/spec/js-api/). */
declare const WebAssembly:
  | {
      readonly validate: (bytes: Uint8Array) => boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: object };
    }
  | undefined;

/** What wasm/scan.ts exports. */
interface ScanExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly scanLines: (start: number, limit: number) => number;
  readonly scanEvents: (start: number, limit: number) => number;
}

interface Machine extends Pick<ScanExports, 'scanLines' | 'scanEvents'> {
  readonly bytes: Buffer;
  /** The same memory. */
  readonly view: DataView;
  /** The rows in it, as integers and as floats. */
  readonly rows: Int32Array<ArrayBuffer>;
  readonly floats: Float64Array<ArrayBuffer>;
  /** The versions of the sets of literals that are in the memory. */
  heads: number;
  middles: number;
  tails: number;
  form: Form | undefined;
  /** The number of the collection of rows at hand. */
  collection: number;
  /** Of which content the window is, and from which offset on. */
  content: number;
  windowFrom: number;
}

/** Bytes to read records from. */
export interface Content {
  /** Never changed while it has this number, and no other content has it. */
  readonly id: number;
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * One for the process. Its memory holds what any log taught of addresses, which is true of every log; the literals of one
 * layout; and one stretch of content.
 */
let machine: Machine | undefined;

const wasm = (): Buffer => Buffer.from(SCAN_WASM, 'base64');

let isKnownToScan: boolean | undefined;

/** Not where Node has no WebAssembly (--jitless) or the processor no SIMD: then the reference decoder reads everything. */
export const canScan = (): boolean =>
  (isKnownToScan ??= typeof WebAssembly !== 'undefined' && WebAssembly.validate(wasm()));

/** @throws TypeError where it cannot scan */
const start = (): Machine => {
  if (typeof WebAssembly === 'undefined') throw new TypeError('this process has no WebAssembly');
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm()));
  // wasm/scan.ts exports just these.
  const { memory, scanLines, scanEvents } = instance.exports as ScanExports;
  const { buffer } = memory;
  const bytes = Buffer.from(buffer);
  bytes.fill(0xff, ONES, ONES + 16);
  return {
    scanLines,
    scanEvents,
    bytes,
    view: new DataView(buffer),
    rows: new Int32Array(buffer, ROWS),
    floats: new Float64Array(buffer, ROWS),
    heads: -1,
    middles: -1,
    tails: -1,
    form: undefined,
    collection: 0,
    content: -1,
    windowFrom: 0,
  };
};

const load = (to: Machine, { form, heads, middles, tails, outcomes }: Layout): void => {
  const { bytes, view } = to;
  if (to.heads !== heads.version) {
    heads.write(bytes, HEADS, []);
    view.setInt32(HEAD, heads.placeOf(0, []), true);
    to.heads = heads.version;
  }
  if (to.middles !== middles.version) {
    middles.write(bytes, MIDDLES, []);
    view.setInt32(MIDDLE, middles.placeOf(0, []), true);
    to.middles = middles.version;
  }
  if (to.tails !== tails.version) {
    tails.write(bytes, TAILS, outcomes);
    to.tails = tails.version;
  }
  if (to.form === form) return;
  to.form = form;
  for (const [i, text] of TEXTS[form].entries()) {
    writeMasked(bytes, Buffer.from(text, 'latin1'), INNER + 32 * i, INNER + 32 * i + 16, 16);
    view.setInt32(INNER_LENGTHS + 4 * i, text.length, true);
  }
  view.setInt32(TERMINATOR, TEXTS[form][0].charCodeAt(0), true);
};

/** Runs wasm/scan.ts over records of a known layout. What it leaves: counts, and rows of flows to be summed up. */
export class RecordScan {
  /** Good until `collect` is called, of any RecordScan: rows, and the same memory as floats. */
  rows = new Int32Array(0);
  floats = new Float64Array(0);
  /** How many of them are used. */
  used = 0;
  /** Added to a row's record, gives its offset in the content. */
  rowsFrom = 0;
  /** Flows read since `begin`. */
  denied = 0;
  accepted = 0;
  others = 0;
  /** Where the last record read begins. */
  lastRecord = -1;
  private keepsAll = false;
  private windowMs = 0;

  /** `windowMs`: the summary's. */
  begin(keepsAll: boolean, windowMs: number): void {
    this.keepsAll = keepsAll;
    this.windowMs = windowMs;
    this.denied = 0;
    this.accepted = 0;
    this.others = 0;
  }

  /** Before each run over one content. */
  load(layout: Layout): void {
    machine ??= start();
    load(machine, layout);
    machine.view.setInt32(KEEPS_ALL, Number(this.keepsAll), true);
    machine.view.setFloat64(SUMMARY_WINDOW, this.windowMs, true);
    this.rows = machine.rows;
    this.floats = machine.floats;
    this.lastRecord = -1;
  }

  /** Begins a new collection of rows; in one that merges, equal flows share a row. */
  collect(merges: boolean): void {
    machine ??= start();
    const { bytes, view } = machine;
    if (machine.collection === MOST_COLLECTIONS) {
      bytes.fill(0, ROW_INDEX, END);
      machine.collection = 0;
    }
    machine.collection += 1;
    view.setInt32(COLLECTION, machine.collection, true);
    view.setInt32(MERGES, Number(merges), true);
    view.setInt32(USED, 0, true);
    this.used = 0;
  }

  /**
   * Reads records from `at` on that begin before `limit`; the offset of the first one that it did not read. `content` must
   * reach SPAN bytes beyond the limit. Call it again while `hasMore`.
   */
  scan(layout: Layout, content: Content, at: number, limit: number): number {
    machine ??= start();
    const { bytes, view } = machine;
    if (content.id !== machine.content || at < machine.windowFrom || at >= machine.windowFrom + WINDOW_BYTES) {
      bytes.set(content.bytes.subarray(at, at + WINDOW_BYTES + SPAN), WINDOW);
      machine.content = content.id;
      machine.windowFrom = at;
    }
    const from = WINDOW - machine.windowFrom;
    const end = Math.min(limit, machine.windowFrom + WINDOW_BYTES);
    const scan = layout.form === 'cloudwatch' ? machine.scanEvents : machine.scanLines;
    const stopped = scan(at + from, end + from) - from;
    this.used = view.getInt32(USED, true);
    this.rowsFrom = -from;
    this.denied += view.getInt32(BY_OUTCOME, true);
    this.accepted += view.getInt32(BY_OUTCOME + 4, true);
    this.others += view.getInt32(BY_OUTCOME + 8, true);
    const last = view.getInt32(LAST_RECORD, true);
    if (last >= 0) this.lastRecord = last - from;
    return stopped;
  }

  /** No row is left: `collect` before going on. */
  get isFull(): boolean {
    return this.used === MOST_ROWS;
  }

  /** Whether reading goes on where the scan stopped: what ended it is no matter of the record, or could be looked up. */
  hasMore(at: number, limit: number): boolean {
    if (at >= limit) return false;
    machine ??= start();
    if (at >= machine.windowFrom + WINDOW_BYTES) return true;
    const { bytes, view } = machine;
    const why = view.getInt32(WHY, true);
    if (why !== TIME) return why === FULL;
    const time = view.getInt32(WHERE, true);
    const hour = hourOf(bytes.toString('latin1', time, time + HOUR_BYTES));
    if (hour === undefined) return false;
    bytes.copyWithin(HOUR, time, time + HOUR_BYTES);
    view.setFloat64(HOUR_START, hour, true);
    return true;
  }
}
