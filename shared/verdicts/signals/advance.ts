import type { TrafficSignal } from '../../model/denied-traffic.ts';
import { announce } from './announce.ts';
import { sightPairs } from './raise.ts';
import { readPair } from './read-pair.ts';
import { boundPairs, closePairs, rememberPair } from './remember-pairs.ts';
import { sightScans } from './see-scans.ts';
import { boundSignals, settle, sight, signalKey } from './signal-memory.ts';
import type { Sighting } from './signal-memory.ts';
import { hearSilence, rememberNodes } from './silence.ts';
import { DAY_MS, HOUR_MS, hourOf } from './state.ts';
import type { SignalInput, SignalMemory, SignalState } from './state.ts';

const HOURS_KEPT = (15 * DAY_MS) / HOUR_MS;
/** A change may become known later than the denials it brought. */
const CHANGE_TOLD_LATE_MS = 2 * HOUR_MS;
const DEFAULT_LIMITS = { maxPairs: 2000, maxSignals: 1000, maxNodes: 10_000 };

interface ReadTime {
  readonly from: number;
  readonly to: number;
}

/** What part of the log this input stands for; undefined where not one verdict was read and nobody said. */
const readTime = (input: SignalInput, denied: readonly ReadTime[]): ReadTime | undefined => {
  const { read, now, counts, reportingNodes } = input;
  if (read !== undefined) return { from: Math.min(read.from, now), to: Math.min(read.to, now) };
  const [first] = denied;
  if (first === undefined) return counts.flows > 0 || reportingNodes.length > 0 ? { from: now, to: now } : undefined;
  return denied.reduce((all, { from, to }) => ({ from: Math.min(all.from, from), to: Math.max(all.to, to) }), first);
};

/** Only hours of which a verdict was read: nothing read proves nothing. */
const readHours = (
  known: readonly number[],
  time: ReadTime | undefined,
  { counts, reportingNodes }: SignalInput,
  until: number,
): readonly number[] => {
  const oldest = hourOf(until) - HOURS_KEPT;
  const proven = time !== undefined && (counts.flows > 0 || reportingNodes.length > 0);
  const first = proven ? Math.max(hourOf(time.from), oldest) : 0;
  const added = proven ? Array.from({ length: hourOf(time.to) - first + 1 }, (_, index) => first + index) : [];
  return [...new Set([...known, ...added])].filter((hour) => hour >= oldest).toSorted((a, b) => a - b);
};

const isScan = ({ raised }: SignalMemory): boolean => raised === 'scan';
const isSilence = ({ raised }: SignalMemory): boolean => raised === 'log-silence';

const sightAll = (
  signals: readonly SignalMemory[],
  sightings: readonly Sighting[],
  hours: readonly number[],
): readonly SignalMemory[] => {
  const byKey = new Map(signals.map((signal) => [signalKey(signal.raised, signal.subject), signal]));
  for (const sighting of sightings) {
    const key = signalKey(sighting.raised, sighting.subject);
    const signal = sight(byKey.get(key), sighting, hours);
    if (signal !== undefined) byKey.set(key, signal);
  }
  return [...byKey.values()];
};

/**
 * The state after one more window, and every signal that is active or was cleared within the last 7 days.
 *
 * - The same input twice changes nothing; windows may come in any order while none is more than an hour late. What comes
 *   later still makes a pair known, and is no longer counted where the pair's time was closed.
 * - A signal stays active until the log was read for its hold without recurrence: the greater of the configured hold and
 *   three times the pair's usual pause. A log that is not read clears nothing.
 * - The subject of a cluster's signal is `cluster`: the check that tells of it knows the name.
 */
export const advanceSignals = (
  state: SignalState,
  input: SignalInput,
): { readonly state: SignalState; readonly signals: readonly TrafficSignal[] } => {
  const { now, changes = [], options = {} } = input;
  const limits = { ...DEFAULT_LIMITS, ...options };
  const readings = input.pairs.flatMap((pair) => readPair(pair, now) ?? []);
  const time = readTime(
    input,
    readings.map(({ observation: [from, to] }) => ({ from, to })),
  );
  const until = Math.max(state.until, time?.to ?? 0);
  const hours = readHours(state.hours, time, input, until);

  const known = new Map(state.pairs.map((pair) => [pair.key, pair]));
  for (const reading of readings) known.set(reading.key, rememberPair(known.get(reading.key), reading));
  const scanned = sightAll(state.signals, sightScans(input, { readTo: time?.to ?? now, now, options }), hours);
  // Room is made before signals are raised: nothing is announced that could not be remembered.
  const pairs = boundPairs([...known.values()], until, scanned.filter(isScan), limits.maxPairs);
  const touched = new Set(readings.map(({ key }) => key));
  if (changes.length > 0) {
    for (const { key, firstAt } of pairs) if (firstAt >= until - CHANGE_TOLD_LATE_MS) touched.add(key);
  }
  const raised = sightAll(scanned, sightPairs(pairs, touched, { changes, read: new Set(hours), options }), hours);

  const window = { readFrom: time?.from ?? now, readTo: time?.to ?? now };
  const nodes = rememberNodes(state.nodes, input, window, limits.maxNodes);
  const silence = hearSilence(raised.filter(isSilence), nodes, input, until);
  const all = [...raised.filter((signal) => !isSilence(signal)), ...silence];
  const settled = all.flatMap((signal) => settle(signal, hours, until) ?? []);
  const signals = boundSignals(settled, limits.maxSignals);
  return {
    state: { schemaVersion: 1, until, hours, pairs: closePairs(pairs, until), signals, nodes },
    signals: announce(signals),
  };
};
