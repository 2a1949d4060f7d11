import { hourOf, HOUR_MS, DAY_MS, compareText, union } from './state.ts';
import type { KnownChange, Raised, ScanWidth, SignalMemory, SignalOptions, Subject } from './state.ts';

/** A cleared signal is told of for this long, so that its finding resolves. */
export const CLEARED_KEPT_MS = 7 * DAY_MS;
const DEFAULT_HOLD_MS = DAY_MS;
const SHORT_HOLD_MS = 6 * HOUR_MS;
/** Less than the lateness of windows would make the result depend on their order. */
const LEAST_HOLD_MS = HOUR_MS;
const PAUSES_HELD = 3;
export const PAIRS_NAMED = 10;
export const DETAILS_NAMED = 4;

/** Quiet times that are usual for the pair are no end of it. */
export const holdOf = (raised: Raised, usualPauseMs: number, { holdMs = {} }: SignalOptions): number =>
  Math.max(
    LEAST_HOLD_MS,
    holdMs[raised] ?? (raised === 'spike' || raised === 'scan' ? SHORT_HOLD_MS : DEFAULT_HOLD_MS),
    PAUSES_HELD * usualPauseMs,
  );

export const signalKey = (raised: Raised, subject: Subject): string => `${raised} ${subject.id}`;

export interface Sighting extends Pick<
  SignalMemory,
  'raised' | 'subject' | 'source' | 'who' | 'deed' | 'holdMs' | 'connection'
> {
  readonly details: readonly string[];
  readonly pairs: readonly string[];
  readonly count: number;
  readonly firstAt: number;
  /** When what raises the signal was last seen; undefined: nothing did now. */
  readonly raisedAt: number | undefined;
  /** First and last moments of what keeps a raised signal alive, ascending. */
  readonly seen: readonly (readonly [from: number, to: number])[];
  readonly change?: KnownChange | undefined;
  readonly widest?: ScanWidth;
}

const wider = (a: ScanWidth | undefined, b: ScanWidth | undefined): ScanWidth | undefined =>
  a === undefined || b === undefined
    ? (a ?? b)
    : { destinations: Math.max(a.destinations, b.destinations), ports: Math.max(a.ports, b.ports) };

/** Of two changes the one that came closer before the denial. */
const later = (a: KnownChange | undefined, b: KnownChange | undefined): KnownChange | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return a.at > b.at || (a.at === b.at && a.what > b.what) ? a : b;
};

/** Quiet counts only in whole hours from which the log was read: a log path that died proves nothing. */
const isQuiet = (from: number, to: number, holdMs: number, readHours: readonly number[]): boolean =>
  to - from > holdMs &&
  readHours.filter((hour) => hour > hourOf(from) && hour < hourOf(to)).length >= Math.ceil(holdMs / HOUR_MS);

/** Follows what is seen from one time to the next while no quiet in between is as long as the hold. */
const prolong = (lastAt: number, seen: Sighting['seen'], holdMs: number, readHours: readonly number[]): number =>
  seen.reduce((last, [from, to]) => (isQuiet(last, from, holdMs, readHours) ? last : Math.max(last, to)), lastAt);

/**
 * The signal after a sighting; undefined where nothing was ever raised. While active, anything seen keeps it alive; once
 * the hold has passed only what would raise it anew does. A signal that comes back within the time that it is told of is
 * the same one and keeps its `firstAt`: findings reopen with their identity and their true first-seen time.
 */
export const sight = (
  known: SignalMemory | undefined,
  sighting: Sighting,
  readHours: readonly number[],
): SignalMemory | undefined => {
  const { raisedAt, seen, change, widest, ...said } = sighting;
  // What was cleared by one hold is not alive again by a longer one.
  const aliveFor = known?.clearedAt === undefined ? said.holdMs : known.holdMs;
  const alive = known === undefined ? undefined : prolong(known.lastAt, seen, aliveFor, readHours);
  const begun = raisedAt === undefined ? alive : Math.max(raisedAt, alive ?? raisedAt);
  if (begun === undefined) return undefined;
  const lastAt = raisedAt === undefined ? begun : prolong(begun, seen, said.holdMs, readHours);
  const isCleared = known?.clearedAt !== undefined && lastAt <= known.lastAt;
  const cause = later(change, known?.change);
  const width = wider(widest, known?.widest);
  return {
    ...said,
    details: union(said.details, known?.details ?? [], DETAILS_NAMED),
    pairs: union(said.pairs, known?.pairs ?? [], PAIRS_NAMED),
    count: Math.max(said.count, known?.count ?? 0),
    firstAt: Math.min(said.firstAt, known?.firstAt ?? said.firstAt),
    lastAt,
    ...(cause === undefined ? {} : { change: cause }),
    ...(width === undefined ? {} : { widest: width }),
    ...(isCleared ? { holdMs: known.holdMs, clearedAt: known.clearedAt } : {}),
  };
};

/** Clears what has been quiet for its hold; undefined once it has been told of long enough. */
export const settle = (signal: SignalMemory, readHours: readonly number[], until: number): SignalMemory | undefined => {
  if (signal.clearedAt !== undefined) return until - signal.clearedAt > CLEARED_KEPT_MS ? undefined : signal;
  // Silence ends with a line, not with time.
  if (signal.raised === 'log-silence') return signal;
  return isQuiet(signal.lastAt, until, signal.holdMs, readHours) ? { ...signal, clearedAt: until } : signal;
};

const order = (signal: SignalMemory): number =>
  2 * Number(signal.clearedAt !== undefined) + Number(signal.raised === 'new-pair');

/** Over the limit: active before cleared, what has a meaning before mere pairs, what was raised before what comes new. */
export const boundSignals = (signals: readonly SignalMemory[], limit: number): readonly SignalMemory[] =>
  signals
    .toSorted(
      (a, b) =>
        order(a) - order(b) ||
        a.firstAt - b.firstAt ||
        compareText(signalKey(a.raised, a.subject), signalKey(b.raised, b.subject)),
    )
    .slice(0, limit)
    .toSorted((a, b) => compareText(signalKey(a.raised, a.subject), signalKey(b.raised, b.subject)));
