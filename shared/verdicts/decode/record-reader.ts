import type { Flow } from '../../model/flow.ts';
import type { SummaryOptions } from '../aggregate/summary.ts';
import { FlowTable, portsOf } from '../aggregate/table.ts';
import { formatAddress, parseAddress } from './address.ts';
import {
  AddressReader,
  ADDRESS_SHIFT,
  EpochReader,
  isEventId,
  MinuteReader,
  PORT_SHIFT,
  PortReader,
  readPort,
  readSeconds,
} from './fields.ts';
import { LEAST_MAX_LINE_BYTES } from './batch.ts';
import { DENIED, Layout } from './layout.ts';
import { ShortLiteral } from './literals.ts';
import { shapeOfEvent, shapeOfLine } from './shapes.ts';
import type { Form, Shape } from './shapes.ts';
import { parseTime } from './time.ts';

/** A view must reach this many bytes beyond the last record's beginning. */
export const RECORD_SPAN = LEAST_MAX_LINE_BYTES;

/** Together the literal parts are shorter than this, so no read leaves the span. */
const LONGEST_LITERALS = 2048;

/** Other forms than one may take turns in a file, as after an agent's upgrade; this often, and no more, to bound the work. */
const MOST_FORMS = 16;

const EVENT_HEAD = new ShortLiteral('{"id":"');
const EVENT_TIME = new ShortLiteral('","timestamp":');
const ID_AT = 7;
const TIME_LABEL_AT = ID_AT + 56;
const EVENT_TIME_AT = TIME_LABEL_AT + 14;
const EVENT_MIDDLE_AT = EVENT_TIME_AT + 13;
const MINUTE_BYTES = 16;
const STAMP_BYTES = 24;

/**
 * Reads records whose every byte stands where the learnt layout puts it, without a string or an object per record. It
 * refuses anything else: whoever drives it gives the refused record to the reference decoder and, where that found a
 * flow, to `learn`. What it has learnt outlasts a payload and changes no answer, only the time one takes.
 */
export class RecordReader {
  /** Flows read since `begin`: denied, accepted, other. */
  readonly read = new Float64Array(3);
  readonly table = new FlowTable();
  /** Where the id of the last event read stands. */
  lastIdAt = -1;
  private keepsAll = false;
  private layout: Layout | undefined;
  private forms = 0;
  private readonly epochs = new EpochReader();
  private readonly minutes = new MinuteReader();
  private readonly sources = new AddressReader();
  private readonly destinations = new AddressReader();
  private readonly ports = new PortReader();

  /** Before each payload. */
  begin(options: SummaryOptions, keepsAll: boolean): void {
    this.table.reset(options);
    this.read.fill(0);
    this.keepsAll = keepsAll;
    this.forms = 0;
    // Where a hostile log has filled it, nothing new could be learnt for as long as this reader lives.
    if (this.layout?.isFull) this.layout = undefined;
    this.layout?.bind(this.table);
  }

  /** Reads events that begin before `limit`; the offset of the first one it did not read. */
  events(view: DataView, start: number, limit: number): number {
    const { layout } = this;
    if (layout?.form !== 'cloudwatch' || !layout.isUsable || start >= limit) return start;
    return EVENT_HEAD.standsAt(view, start) ? this.run(layout, view, start, limit) : start;
  }

  /** Reads lines that begin before `limit`; the offset of the first one it did not read. */
  lines(view: DataView, start: number, limit: number): number {
    const { layout } = this;
    if (layout === undefined || layout.form === 'cloudwatch' || !layout.isUsable) return start;
    return this.run(layout, view, start, limit);
  }

  /**
   * One long function on purpose: it runs for every line there is, and there a call, or a property read, costs as much as
   * the step it serves. Each step leaves the loop where a byte is not as learnt, so a record counts only when all of it
   * has been compared. Reads of typed arrays carry `?? 0` for the type checker alone; every index is in range.
   */
  private run(layout: Layout, view: DataView, start: number, limit: number): number {
    const { heads, middles, tails, afterSource, afterPort, afterDestination } = layout;
    const { sources, destinations, ports, epochs, minutes, table, read, keepsAll } = this;
    const { words: headWords, starts: headStarts, lengths: headLengths } = heads;
    const { words: middleWords, starts: middleStarts, lengths: middleLengths } = middles;
    const { words: tailWords, starts: tailStarts, lengths: tailLengths, table: tailTable } = tails;
    const { at1: tailAt1, at2: tailAt2, at3: tailAt3, shift: tailShift } = tails;
    const { floats: sourceFloats, ints: sourceInts } = sources;
    const { floats: destinationFloats, ints: destinationInts } = destinations;
    const { keys: portKeys, lengths: portLengths, values: portValues } = ports;
    const { length: sLength, at1: sAt1, at2: sAt2, at3: sAt3 } = afterSource;
    const { word0: s0, word1: s1, word2: s2, word3: s3 } = afterSource;
    const { length: pLength, at1: pAt1, at2: pAt2, at3: pAt3 } = afterPort;
    const { word0: p0, word1: p1, word2: p2, word3: p3 } = afterPort;
    const { length: dLength, at1: dAt1, at2: dAt2, at3: dAt3 } = afterDestination;
    const { word0: d0, word1: d1, word2: d2, word3: d3 } = afterDestination;
    const isEvent = layout.form === 'cloudwatch';
    let record = start;
    let lastEvent = -1;
    records: while (record < limit) {
      // The time, and what comes before it.
      let at = record;
      let word: number;
      let end: number;
      let time: number;
      if (isEvent) {
        if (!isEventId(view, at + ID_AT) || !EVENT_TIME.standsAt(view, at + TIME_LABEL_AT)) break;
        time = epochs.read(view, at + EVENT_TIME_AT);
        if (time < 0) break;
        at += EVENT_MIDDLE_AT;
      } else {
        let head = heads.last;
        word = headStarts[head] ?? 0;
        end = (headStarts[head + 1] ?? 0) - 1;
        for (; word < end && view.getFloat64(at, true) === headWords[word]; word++) at += 8;
        at = record + (headLengths[head] ?? 0);
        if (word < end || view.getFloat64(at - 8, true) !== headWords[end]) {
          head = heads.find(view, record);
          if (head < 0) break;
          at = record + (headLengths[head] ?? 0);
        }
        if (view.getFloat64(at, true) !== minutes.first || view.getFloat64(at + 8, true) !== minutes.second) {
          if (!minutes.read(view, at)) break;
        }
        const within = readSeconds(view, at + MINUTE_BYTES);
        if (within < 0) break;
        time = minutes.start + within;
        at += STAMP_BYTES;
      }

      // What stands between the time and the source.
      const middleAt = at;
      let middle = middles.last;
      word = middleStarts[middle] ?? 0;
      end = (middleStarts[middle + 1] ?? 0) - 1;
      for (; word < end && view.getFloat64(at, true) === middleWords[word]; word++) at += 8;
      at = middleAt + (middleLengths[middle] ?? 0);
      if (word < end || view.getFloat64(at - 8, true) !== middleWords[end]) {
        middle = middles.find(view, middleAt);
        if (middle < 0) break;
        at = middleAt + (middleLengths[middle] ?? 0);
      }

      // The source, and what stands after it.
      let hash =
        Math.imul(view.getInt32(at + 4, true), 0x9e3779b1) +
        Math.imul(view.getInt32(at + 8, true), 0x85ebca6b) +
        Math.imul(view.getInt32(at + 11, true), 0xc2b2ae35);
      let source = hash >>> ADDRESS_SHIFT;
      if (
        sourceFloats[4 * source] !== view.getFloat64(at, true) ||
        sourceFloats[4 * source + 1] !== view.getFloat64(at + 7, true)
      ) {
        source = sources.read(view, at, source);
        if (source < 0) break;
      }
      at += sourceInts[8 * source + 4] ?? 0;
      let differences = (view.getInt32(at, true) ^ s0) | (view.getInt32(at + sAt1, true) ^ s1);
      if (sLength > 8) differences |= (view.getInt32(at + sAt2, true) ^ s2) | (view.getInt32(at + sAt3, true) ^ s3);
      if (differences !== 0) break;
      at += sLength;

      // The source port, and what stands after it.
      const sourcePort = readPort(view, at);
      if (sourcePort < 0) break;
      at += sourcePort & 7;
      differences = (view.getInt32(at, true) ^ p0) | (view.getInt32(at + pAt1, true) ^ p1);
      if (pLength > 8) differences |= (view.getInt32(at + pAt2, true) ^ p2) | (view.getInt32(at + pAt3, true) ^ p3);
      if (differences !== 0) break;
      at += pLength;

      // The destination, and what stands after it.
      hash =
        Math.imul(view.getInt32(at + 4, true), 0x9e3779b1) +
        Math.imul(view.getInt32(at + 8, true), 0x85ebca6b) +
        Math.imul(view.getInt32(at + 11, true), 0xc2b2ae35);
      let destination = hash >>> ADDRESS_SHIFT;
      if (
        destinationFloats[4 * destination] !== view.getFloat64(at, true) ||
        destinationFloats[4 * destination + 1] !== view.getFloat64(at + 7, true)
      ) {
        destination = destinations.read(view, at, destination);
        if (destination < 0) break;
      }
      at += destinationInts[8 * destination + 4] ?? 0;
      differences = (view.getInt32(at, true) ^ d0) | (view.getInt32(at + dAt1, true) ^ d1);
      if (dLength > 8) differences |= (view.getInt32(at + dAt2, true) ^ d2) | (view.getInt32(at + dAt3, true) ^ d3);
      if (differences !== 0) break;
      at += dLength;

      // The destination port.
      hash = Math.imul(view.getInt32(at, true), 0x9e3779b1) + Math.imul(view.getInt32(at + 4, true), 0x85ebca6b);
      let port = hash >>> PORT_SHIFT;
      if (portKeys[port] !== view.getFloat64(at, true)) {
        port = ports.read(view, at, port);
        if (port < 0) break;
      }
      at += portLengths[port] ?? 0;

      // Protocol, verdict, direction, tier, and the end of the record.
      const tailAt = at;
      hash =
        Math.imul(view.getInt32(at + tailAt1, true), 0x9e3779b1) +
        Math.imul(view.getInt32(at + tailAt2, true), 0x85ebca6b) +
        Math.imul(view.getInt32(at + tailAt3, true), 0xc2b2ae35);
      const tail = (tailTable[hash >>> tailShift] ?? 0) - 1;
      if (tail < 0) break;
      word = tailStarts[tail] ?? 0;
      end = (tailStarts[tail + 1] ?? 0) - 1;
      for (; word < end; word++, at += 8) if (view.getFloat64(at, true) !== tailWords[word]) break records;
      at = tailAt + (tailLengths[tail] ?? 0);
      if (view.getFloat64(at - 8, true) !== tailWords[end]) break;

      const outcome = layout.outcomes[tail] ?? 0;
      read[outcome] = (read[outcome] ?? 0) + 1;
      if (keepsAll || outcome === DENIED) {
        const isWide = sources.isWide(source) || destinations.isWide(destination);
        if (isWide) {
          sources.copy(source, table.address, 0);
          destinations.copy(destination, table.address, 4);
        }
        table.add(
          time,
          sourceInts[8 * source + 5] ?? 0,
          destinationInts[8 * destination + 5] ?? 0,
          isWide,
          portsOf(sourcePort >> 3, portValues[port] ?? 0),
          layout.words[tail] ?? 0,
          layout.nodes[middle] ?? 0,
          layout.tiers[tail] ?? 0,
          view,
          isEvent ? record + ID_AT : -1,
        );
      }
      if (isEvent) {
        lastEvent = record;
        // The tail ends with the next event's head.
        at -= ID_AT;
      }
      record = at;
    }
    if (lastEvent >= 0) this.lastIdAt = lastEvent + ID_AT;
    return record;
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
    if (!isSame(shape, flow) || shape.head.length + shape.middle.length + shape.tail.length > LONGEST_LITERALS) return;
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
