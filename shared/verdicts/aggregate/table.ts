import type { Flow, FlowAggregate, FlowSide } from '../../model/flow.ts';
import { formatAddress, parseAddress } from '../decode/address.ts';
import type { AddressWords } from '../decode/address.ts';
import { AddressTexts } from './address-texts.ts';
import { DistinctCollector, pairHash, portHash } from './distinct.ts';
import { FlowEntries } from './entries.ts';
import { IdSamples } from './id-samples.ts';
import { InternedWords, NameBits } from './interned.ts';
import { isLikelyReply } from './key.ts';
import { Oddities } from './oddities.ts';
import { checkedOptions, DEFAULT_LIMIT, evictionWeight, firstIds, firstNames } from './summary.ts';
import { NODE_SAMPLES, TIER_SAMPLES } from './summary.ts';
import {
  ROW,
  ROW_COUNT,
  ROW_DESTINATION,
  ROW_FIRST,
  ROW_LAST,
  ROW_PORTS,
  ROW_RECORD,
  ROW_SOURCE,
  ROW_WORDS,
} from './row.ts';
import type { FlowSummary, SummaryOptions } from './summary.ts';
import {
  COUNT,
  DESTINATION,
  FIRST,
  FLOATS,
  INTS,
  LAST,
  MAPPED,
  NODES,
  PORTS,
  REPAIRED_SHIFT,
  SOURCE,
  TIERS,
  UNCOUNTED,
  WORDS,
} from './table-layout.ts';

const REPAIRS: readonly (readonly FlowSide[])[] = [[], ['source'], ['destination'], ['source', 'destination']];
const ID = /^[0-?]{56}$/;
/** One for all: what an address is called is true everywhere. */
const TEXTS = new AddressTexts();

/** Lines to be counted, without an object for each: equal ones share a row. */
export interface FlowRows {
  /** As scan-memory.ts has them; `times` is the same memory. */
  readonly rows: Int32Array;
  readonly times: Float64Array;
  readonly used: number;
  /** The numbers and bits that `words` and `tiers` gave, by number of the tail; those of `nodes`, by number of the middle. */
  readonly words: readonly number[];
  readonly tiers: readonly number[];
  readonly nodes: readonly number[];
  /** Where the ids are; added to a row's record, `idFrom` gives an id's offset, or a negative number where there is none. */
  readonly view: DataView;
  readonly idFrom: number;
}

type Draft = { -readonly [K in keyof FlowAggregate]: FlowAggregate[K] };

/**
 * The same bounded summary as `SummaryBuilder`, for the hot path: no object and no string per line. Reads of typed arrays carry `?? 0` for the type checker alone; every index is in range.
 */
export class FlowTable {
  words = new InternedWords();
  nodes = new NameBits();
  tiers = new NameBits();

  private limit = DEFAULT_LIMIT;
  private readonly ids = new IdSamples();
  private readonly entries = new FlowEntries((capacity) => this.ids.grow(capacity));
  private oddities = new Oddities();
  private pairs = new DistinctCollector();
  private ports = new DistinctCollector();
  private total = 0;
  private floor = 0;
  private floorWindow = -1;

  constructor(options: SummaryOptions = {}) {
    this.reset(options);
  }

  /** Forgets everything but the memory it has taken. */
  reset(options: SummaryOptions = {}): void {
    const { windowMs, limit } = checkedOptions(options);
    this.words = new InternedWords();
    this.nodes = new NameBits();
    this.tiers = new NameBits();
    this.pairs = new DistinctCollector();
    this.ports = new DistinctCollector();
    this.oddities = new Oddities();
    this.limit = limit;
    this.total = 0;
    this.floor = 0;
    this.floorWindow = -1;
    this.ids.reset();
    this.entries.reset(windowMs);
  }

  /** Milliseconds. */
  get windowMs(): number {
    return this.entries.windowMs;
  }

  /** How many more flows fit in before any must go. */
  get room(): number {
    return 2 * this.limit - this.entries.size;
  }

  /** Counts lines that have been read. Where a row is of several lines there must be `room` for all rows. */
  addRows(lines: FlowRows): void {
    const { rows, times, used, words, nodes, tiers, view, idFrom } = lines;
    for (let row = 0; row < used * ROW; row += ROW) {
      const said = rows[row + ROW_WORDS] ?? 0;
      const counted = rows[row + ROW_COUNT] ?? 0;
      const tail = said & 255;
      const isWide = counted < 0;
      if (isWide) this.entries.address.set(rows.subarray(row, row + 8));
      const first = times[(row + ROW_FIRST) >> 1] ?? 0;
      const entry = this.entryOf(
        first,
        rows[row + ROW_SOURCE] ?? 0,
        rows[row + ROW_DESTINATION] ?? 0,
        rows[row + ROW_PORTS] ?? 0,
        (words[tail] ?? 0) * 2 + Number(isWide),
      );
      const last = times[(row + ROW_LAST) >> 1] ?? 0;
      this.count(entry, counted & 0x7fffffff, first, last, nodes[said >> 8] ?? 0, tiers[tail] ?? 0);
      const idAt = idFrom + (rows[row + ROW_RECORD] ?? 0);
      if (idAt >= 0) this.ids.offer(entry, view, idAt);
    }
  }

  /** The slow way in, for lines that the reference decoder read. */
  addFlow(flow: Flow): void {
    const source = parseAddress(flow.source);
    const destination = parseAddress(flow.destination);
    // A flow's addresses were formatted by us, so both parse.
    if (source === undefined || destination === undefined) return;
    this.entries.address.set(source.words);
    this.entries.address.set(destination.words, 4);
    const { time, node, tier, eventId, repaired = [] } = flow;
    const nodeBit = node === undefined ? 0 : this.nodes.bitOf(node);
    const tierBit = tier === undefined ? 0 : this.tiers.bitOf(tier);
    const isWide = !isIpv4(source.words) || !isIpv4(destination.words);
    const ports = portsOf(flow.sourcePort, flow.destinationPort);
    const words = this.words.idOf(flow) * 2 + Number(isWide);
    const entry = this.entryOf(time, source.words[3], destination.words[3], ports, words);
    const sides = Number(repaired.includes('source')) + 2 * Number(repaired.includes('destination'));
    this.count(entry, 1, time, time, nodeBit, tierBit | (sides << REPAIRED_SHIFT));
    const isUsual = eventId !== undefined && ID.test(eventId);
    if (isUsual) this.ids.offer(entry, new DataView(Uint8Array.from(Buffer.from(eventId, 'latin1')).buffer), 0);
    this.oddities.add(entry, flow, { node: nodeBit === 0, tier: tierBit === 0, id: !isUsual });
  }

  /** `nodes` and `tiers`: bits of an entry. */
  private count(entry: number, lines: number, first: number, last: number, nodes: number, tiers: number): void {
    const { ints, floats } = this.entries;
    const i = entry * INTS;
    const f = entry * FLOATS;
    ints[i + NODES] = (ints[i + NODES] ?? 0) | nodes;
    ints[i + TIERS] = (ints[i + TIERS] ?? 0) | tiers;
    floats[f + COUNT] = (floats[f + COUNT] ?? 0) + lines;
    if (first < (floats[f + FIRST] ?? 0)) floats[f + FIRST] = first;
    if (last > (floats[f + LAST] ?? 0)) floats[f + LAST] = last;
    this.total += lines;
  }

  /** The value that a `SummaryBuilder` given the same flows in the same order would hold. */
  summary(): FlowSummary {
    const idsOf = this.ids.reader();
    const flows: FlowAggregate[] = [];
    for (let entry = 0; entry < this.entries.size; entry++) flows.push(this.aggregateAt(entry, idsOf(entry)));
    return {
      windowMs: this.windowMs,
      limit: this.limit,
      flows,
      total: this.total,
      floor: this.floor,
      floorWindow: this.floorWindow,
      droppedPairs: this.pairs.sample(),
      droppedPorts: this.ports.sample(),
    };
  }

  private aggregateAt(entry: number, sampleEventIds: readonly string[]): FlowAggregate {
    const { ints, floats } = this.entries;
    const i = entry * INTS;
    const f = entry * FLOATS;
    const { protocol, verdict, direction } = this.words.get((ints[i + WORDS] ?? 0) >> 1);
    const ports = ints[i + PORTS] ?? 0;
    const windowStart = this.entries.windowStartOf(entry);
    const source = this.textAt(entry, SOURCE);
    const destination = this.textAt(entry, DESTINATION);
    const destinationPort = ports & 0xffff;
    const count = asInteger(floats[f + COUNT] ?? 0);
    const uncounted = asInteger(floats[f + UNCOUNTED] ?? 0);
    const firstSeenAt = floats[f + FIRST] ?? 0;
    const lastSeenAt = floats[f + LAST] ?? 0;
    const nodes = this.nodes.namesOf(ints[i + NODES] ?? 0, NODE_SAMPLES);
    const tiers = this.tiers.namesOf((ints[i + TIERS] ?? 0) & (2 ** REPAIRED_SHIFT - 1), TIER_SAMPLES);
    const repaired = REPAIRS[(ints[i + TIERS] ?? 0) >>> REPAIRED_SHIFT] ?? [];
    // prettier-ignore
    const aggregate: Draft = direction === undefined
      ? { windowStart, source, destination, destinationPort, protocol, verdict, count, uncounted, firstSeenAt, lastSeenAt, nodes, tiers, sampleEventIds, repaired }
      : { windowStart, source, destination, destinationPort, protocol, verdict, count, uncounted, firstSeenAt, lastSeenAt, nodes, tiers, sampleEventIds, repaired, direction };
    if (ports >>> 16 !== 0) {
      aggregate.sourcePort = ports >>> 16;
      aggregate.reply = 'likely';
    }
    const odd = this.oddities.isEmpty ? undefined : this.oddities.get(entry);
    if (odd !== undefined) {
      aggregate.nodes = firstNames([...nodes, ...odd.nodes], NODE_SAMPLES);
      aggregate.tiers = firstNames([...tiers, ...odd.tiers], TIER_SAMPLES);
      aggregate.sampleEventIds = firstIds([...sampleEventIds, ...odd.ids]);
    }
    return aggregate;
  }

  private textAt(entry: number, side: typeof SOURCE | typeof DESTINATION): string {
    const { entries } = this;
    if (entries.isWide(entry)) return formatAddress(...entries.wordsOf(entry, side));
    return TEXTS.of(entries.ints[entry * INTS + side] ?? 0);
  }

  /** The number of an entry, known or new: see `FlowEntries.find`. */
  private entryOf(time: number, source: number, destination: number, ports: number, words: number): number {
    const { entries } = this;
    const known = entries.find(time, source, destination, ports, words);
    if (known >= 0) return known;
    if (this.room === 0) this.evict(words >> 1);
    const uncounted = entries.windowFrom <= this.floorWindow ? this.floor : 0;
    return entries.insert(source, destination, ports, words, uncounted);
  }

  /** `words` are those of the flow that is about to come in. */
  private evict(words: number): void {
    const { entries } = this;
    const { ints, floats, size } = entries;
    const weights: number[] = [];
    for (let entry = 0; entry < size; entry++) {
      weights.push((floats[entry * FLOATS + COUNT] ?? 0) + (floats[entry * FLOATS + UNCOUNTED] ?? 0));
    }
    const weight = evictionWeight(weights, this.limit);
    const moved = new Map<number, number>();
    const used = new Set([words]);
    for (let entry = 0; entry < size; entry++) {
      if ((weights[entry] ?? 0) <= weight) {
        this.floorWindow = Math.max(this.floorWindow, entries.windowStartOf(entry));
        this.offerDropped(entry);
        continue;
      }
      moved.set(entry, moved.size);
      used.add((ints[entry * INTS + WORDS] ?? 0) >> 1);
    }
    entries.keep(moved.keys());
    this.ids.keep(moved.keys());
    this.oddities.renumber((entry) => moved.get(entry));
    this.floor = Math.max(this.floor, weight);
    this.words.keepOnly(used);
  }

  private offerDropped(entry: number): void {
    const { entries } = this;
    const i = entry * INTS;
    const ports = entries.ints[i + PORTS] ?? 0;
    if (ports >>> 16 !== 0 || this.words.get((entries.ints[i + WORDS] ?? 0) >> 1).verdict !== 'DENY') return;
    const source = entries.wordsOf(entry, SOURCE);
    this.pairs.offer(pairHash(source, entries.wordsOf(entry, DESTINATION)), () => formatAddress(...source));
    this.ports.offer(portHash(source, ports), () => formatAddress(...source));
  }
}

/** The ports of a key: the source port counts only where the flow is a likely reply. */
export const portsOf = (sourcePort: number, destinationPort: number): number =>
  isLikelyReply(sourcePort, destinationPort) ? (sourcePort << 16) | destinationPort : destinationPort;

/** The same number, which V8 then keeps without an allocation, as it does 32-bit integers. */
const asInteger = (number: number): number => ((number | 0) === number ? number | 0 : number);

const isIpv4 = (words: AddressWords): boolean => words[0] === 0 && words[1] === 0 && words[2] === MAPPED;
