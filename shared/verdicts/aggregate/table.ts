import type { Flow, FlowAggregate, FlowSide } from '../../model/flow.ts';
import { formatAddress, parseAddress } from '../decode/address.ts';
import type { AddressWords } from '../decode/address.ts';
import { DistinctCollector, pairHash, portHash } from './distinct.ts';
import { IdSamples } from './id-samples.ts';
import { InternedWords, NameBits } from './interned.ts';
import { DEFAULT_WINDOW_MS, isLikelyReply } from './key.ts';
import { Oddities } from './oddities.ts';
import { checkedOptions, DEFAULT_LIMIT, evictionWeight, firstIds, firstNames } from './summary.ts';
import { NODE_SAMPLES, TIER_SAMPLES } from './summary.ts';
import type { FlowSummary, SummaryOptions } from './summary.ts';
import {
  COUNT,
  FIRST,
  FLOATS,
  hashOf,
  INTS,
  LAST,
  NODES,
  PORTS,
  REPAIRED,
  TIERS,
  UNCOUNTED,
  WINDOW_HIGH,
  WINDOW_LOW,
  WORDS,
} from './table-layout.ts';

const REPAIRS: readonly (readonly FlowSide[])[] = [[], ['source'], ['destination'], ['source', 'destination']];
const ID = /^[0-?]{56}$/;
const NO_BYTES = new DataView(new ArrayBuffer(0));
const FIRST_CAPACITY = 512;

type Draft = { -readonly [K in keyof FlowAggregate]: FlowAggregate[K] };

/**
 * The same bounded summary as `SummaryBuilder`, for the hot path: an open-addressed table of integers, no object and no
 * string per line. Reads of typed arrays carry `?? 0` for the type checker alone; every index is in range.
 */
export class FlowTable {
  /** Source and destination words of the line at hand; the caller writes them before `add`. */
  readonly address = new Int32Array(8);
  words = new InternedWords();
  nodes = new NameBits();
  tiers = new NameBits();

  private windowMs = DEFAULT_WINDOW_MS;
  private limit = DEFAULT_LIMIT;
  private capacity = 0;
  private size = 0;
  private ints = new Int32Array(0);
  private floats = new Float64Array(0);
  /** Entries by hash, plus one; 0 is empty. */
  private index = new Int32Array(0);
  private readonly ids = new IdSamples();
  private oddities = new Oddities();
  private pairs = new DistinctCollector();
  private ports = new DistinctCollector();
  private total = 0;
  private floor = 0;
  /** Milliseconds: the window of the last line. */
  private windowFrom = 0;
  private windowTo = 0;
  private windowLow = 0;
  private windowHigh = 0;

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
    this.windowMs = windowMs;
    this.limit = limit;
    this.size = 0;
    this.total = 0;
    this.floor = 0;
    this.windowFrom = 0;
    this.windowTo = 0;
    this.index.fill(0);
    if (this.capacity === 0) this.grow(FIRST_CAPACITY);
  }

  /**
   * Counts one line whose addresses stand in `address`. `node` and `tier` are bits, `repaired` is 1 for the source and 2
   * for the destination; the event's id stands in `view` at `idAt`, which is negative where there is none. Returns the
   * entry's number.
   */
  add(
    time: number,
    words: number,
    sourcePort: number,
    destinationPort: number,
    node: number,
    tier: number,
    repaired: number,
    view: DataView,
    idAt: number,
  ): number {
    if (time < this.windowFrom || time >= this.windowTo) this.enterWindow(time);
    const ports = isLikelyReply(sourcePort, destinationPort) ? (sourcePort << 16) | destinationPort : destinationPort;
    const entry = this.find(ports, words);
    const i = entry * INTS;
    const f = entry * FLOATS;
    const { ints, floats } = this;
    ints[i + NODES] = (ints[i + NODES] ?? 0) | node;
    ints[i + TIERS] = (ints[i + TIERS] ?? 0) | tier;
    ints[i + REPAIRED] = (ints[i + REPAIRED] ?? 0) | repaired;
    floats[f + COUNT] = (floats[f + COUNT] ?? 0) + 1;
    if (time < (floats[f + FIRST] ?? 0)) floats[f + FIRST] = time;
    if (time > (floats[f + LAST] ?? 0)) floats[f + LAST] = time;
    if (idAt >= 0) this.ids.offer(entry, view, idAt);
    this.total += 1;
    return entry;
  }

  /** The slow way in, for lines that the reference decoder read. */
  addFlow(flow: Flow): void {
    const source = parseAddress(flow.source);
    const destination = parseAddress(flow.destination);
    // A flow's addresses were formatted by us, so both parse.
    if (source === undefined || destination === undefined) return;
    this.address.set(source.words);
    this.address.set(destination.words, 4);
    const { node, tier, eventId, repaired = [] } = flow;
    const nodeBit = node === undefined ? 0 : this.nodes.bitOf(node);
    const tierBit = tier === undefined ? 0 : this.tiers.bitOf(tier);
    const repairs = Number(repaired.includes('source')) + 2 * Number(repaired.includes('destination'));
    const isUsual = eventId !== undefined && ID.test(eventId);
    const view = isUsual ? new DataView(Uint8Array.from(Buffer.from(eventId, 'latin1')).buffer) : NO_BYTES;
    const words = this.words.idOf(flow);
    const { time, sourcePort, destinationPort } = flow;
    const idAt = isUsual ? 0 : -1;
    const entry = this.add(time, words, sourcePort, destinationPort, nodeBit, tierBit, repairs, view, idAt);
    this.oddities.add(entry, flow, { node: nodeBit === 0, tier: tierBit === 0, id: !isUsual });
  }

  /** The value that a `SummaryBuilder` given the same flows in the same order would hold. */
  summary(): FlowSummary {
    const idsOf = this.ids.reader(this.size);
    const ipv4 = new Map<number, string>();
    const flows: FlowAggregate[] = [];
    for (let entry = 0; entry < this.size; entry++) flows.push(this.aggregateAt(entry, idsOf(entry), ipv4));
    return {
      windowMs: this.windowMs,
      limit: this.limit,
      flows,
      total: this.total,
      floor: this.floor,
      droppedPairs: this.pairs.sample(),
      droppedPorts: this.ports.sample(),
    };
  }

  private aggregateAt(entry: number, ids: readonly string[], ipv4: Map<number, string>): FlowAggregate {
    const { ints, floats } = this;
    const i = entry * INTS;
    const f = entry * FLOATS;
    const { protocol, verdict, direction } = this.words.get(ints[i + WORDS] ?? 0);
    const ports = ints[i + PORTS] ?? 0;
    const aggregate: Draft = {
      windowStart: (((ints[i + WINDOW_LOW] ?? 0) >>> 0) + (ints[i + WINDOW_HIGH] ?? 0) * 2 ** 32) * this.windowMs,
      source: this.addressAt(i, ipv4),
      destination: this.addressAt(i + 4, ipv4),
      destinationPort: ports & 0xffff,
      protocol,
      verdict,
      count: floats[f + COUNT] ?? 0,
      uncounted: floats[f + UNCOUNTED] ?? 0,
      firstSeenAt: floats[f + FIRST] ?? 0,
      lastSeenAt: floats[f + LAST] ?? 0,
      nodes: this.nodes.namesOf(ints[i + NODES] ?? 0, NODE_SAMPLES),
      tiers: this.tiers.namesOf(ints[i + TIERS] ?? 0, TIER_SAMPLES),
      sampleEventIds: ids,
      repaired: REPAIRS[ints[i + REPAIRED] ?? 0] ?? [],
    };
    if (direction !== undefined) aggregate.direction = direction;
    if (ports >>> 16 !== 0) {
      aggregate.sourcePort = ports >>> 16;
      aggregate.reply = 'likely';
    }
    const odd = this.oddities.get(entry);
    if (odd !== undefined) {
      aggregate.nodes = firstNames([...aggregate.nodes, ...odd.nodes], NODE_SAMPLES);
      aggregate.tiers = firstNames([...aggregate.tiers, ...odd.tiers], TIER_SAMPLES);
      aggregate.sampleEventIds = firstIds([...ids, ...odd.ids]);
    }
    return aggregate;
  }

  /** `ipv4` remembers texts: a batch names few addresses, each in many flows. */
  private addressAt(i: number, ipv4: Map<number, string>): string {
    const words = this.wordsAt(i);
    const isIpv4 = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
    const known = isIpv4 ? ipv4.get(words[3]) : undefined;
    if (known !== undefined) return known;
    const text = formatAddress(...words);
    if (isIpv4) ipv4.set(words[3], text);
    return text;
  }

  private wordsAt(i: number): AddressWords {
    const { ints } = this;
    return [ints[i] ?? 0, ints[i + 1] ?? 0, ints[i + 2] ?? 0, ints[i + 3] ?? 0];
  }

  private enterWindow(time: number): void {
    const number = Math.floor(time / this.windowMs);
    this.windowFrom = number * this.windowMs;
    this.windowTo = this.windowFrom + this.windowMs;
    this.windowLow = number | 0;
    this.windowHigh = Math.floor(number / 2 ** 32);
  }

  private find(ports: number, words: number): number {
    const { address, ints, index, windowLow, windowHigh } = this;
    const mask = index.length - 1;
    const a0 = address[0] ?? 0;
    const a1 = address[1] ?? 0;
    const a2 = address[2] ?? 0;
    const a3 = address[3] ?? 0;
    const a4 = address[4] ?? 0;
    const a5 = address[5] ?? 0;
    const a6 = address[6] ?? 0;
    const a7 = address[7] ?? 0;
    let slot = hashOf(a0, a1, a2, a3, a4, a5, a6, a7, ports, words, windowLow) & mask;
    for (;;) {
      const entry = (index[slot] ?? 0) - 1;
      if (entry < 0) break;
      const i = entry * INTS;
      if (
        ints[i + 3] === a3 &&
        ints[i + 7] === a7 &&
        ints[i + PORTS] === ports &&
        ints[i + WORDS] === words &&
        ints[i + 2] === a2 &&
        ints[i + 6] === a6 &&
        ints[i + 1] === a1 &&
        ints[i + 5] === a5 &&
        ints[i] === a0 &&
        ints[i + 4] === a4 &&
        ints[i + WINDOW_LOW] === windowLow &&
        ints[i + WINDOW_HIGH] === windowHigh
      ) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    return this.insert(ports, words);
  }

  private insert(ports: number, words: number): number {
    if (this.size === 2 * this.limit) this.evict(words);
    else if (this.size === this.capacity) this.grow(this.capacity * 2);
    const entry = this.size++;
    const i = entry * INTS;
    const f = entry * FLOATS;
    const { ints, floats, address } = this;
    for (let word = 0; word < 8; word++) ints[i + word] = address[word] ?? 0;
    ints[i + PORTS] = ports;
    ints[i + WORDS] = words;
    ints[i + WINDOW_LOW] = this.windowLow;
    ints[i + WINDOW_HIGH] = this.windowHigh;
    ints[i + NODES] = 0;
    ints[i + TIERS] = 0;
    ints[i + REPAIRED] = 0;
    floats[f + COUNT] = 0;
    floats[f + FIRST] = Infinity;
    floats[f + LAST] = -Infinity;
    floats[f + UNCOUNTED] = this.floor;
    this.ids.clear(entry);
    this.link(entry);
    return entry;
  }

  private link(entry: number): void {
    const { ints, index } = this;
    const mask = index.length - 1;
    const i = entry * INTS;
    const hash = hashOf(
      ints[i] ?? 0,
      ints[i + 1] ?? 0,
      ints[i + 2] ?? 0,
      ints[i + 3] ?? 0,
      ints[i + 4] ?? 0,
      ints[i + 5] ?? 0,
      ints[i + 6] ?? 0,
      ints[i + 7] ?? 0,
      ints[i + PORTS] ?? 0,
      ints[i + WORDS] ?? 0,
      ints[i + WINDOW_LOW] ?? 0,
    );
    let slot = hash & mask;
    while (index[slot] !== 0) slot = (slot + 1) & mask;
    index[slot] = entry + 1;
  }

  private grow(capacity: number): void {
    const ints = new Int32Array(capacity * INTS);
    ints.set(this.ints);
    const floats = new Float64Array(capacity * FLOATS);
    floats.set(this.floats);
    this.ints = ints;
    this.floats = floats;
    this.ids.grow(capacity);
    this.capacity = capacity;
    this.index = new Int32Array(capacity * 4);
    for (let entry = 0; entry < this.size; entry++) this.link(entry);
  }

  /** `words` are those of the flow that is about to come in. */
  private evict(words: number): void {
    const { ints, floats } = this;
    const weights: number[] = [];
    for (let entry = 0; entry < this.size; entry++) {
      weights.push((floats[entry * FLOATS + COUNT] ?? 0) + (floats[entry * FLOATS + UNCOUNTED] ?? 0));
    }
    const weight = evictionWeight(weights, this.limit);
    const moved = new Map<number, number>();
    const used = new Set([words]);
    for (let entry = 0; entry < this.size; entry++) {
      const i = entry * INTS;
      if ((weights[entry] ?? 0) <= weight) {
        this.offerDropped(i);
        continue;
      }
      const to = moved.size;
      moved.set(entry, to);
      used.add(ints[i + WORDS] ?? 0);
      ints.copyWithin(to * INTS, i, i + INTS);
      floats.copyWithin(to * FLOATS, entry * FLOATS, (entry + 1) * FLOATS);
      this.ids.move(entry, to);
    }
    this.size = moved.size;
    this.oddities.renumber((entry) => moved.get(entry));
    this.floor = Math.max(this.floor, weight);
    this.words.keepOnly(used);
    this.index.fill(0);
    for (let entry = 0; entry < this.size; entry++) this.link(entry);
  }

  private offerDropped(i: number): void {
    const ports = this.ints[i + PORTS] ?? 0;
    if (ports >>> 16 !== 0 || this.words.get(this.ints[i + WORDS] ?? 0).verdict !== 'DENY') return;
    const source = this.wordsAt(i);
    this.pairs.offer(pairHash(source, this.wordsAt(i + 4)), () => formatAddress(...source));
    this.ports.offer(portHash(source, ports), () => formatAddress(...source));
  }
}
