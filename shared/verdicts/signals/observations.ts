import { HOUR_MS, hourOf, MINUTE_MS } from './state.ts';

/** Lines of one pair in one window. Bits of `marks`: `COUNTS`, `WRONG`. */
export type Observation = readonly [from: number, to: number, lines: number, marks: number];

/** Fit to raise a signal: both ends known, no reply, not while a pod starts. */
export const COUNTS = 1;
/** The denial seems wrong. */
export const WRONG = 2;

export const SLOT_MS = 5 * MINUTE_MS;
const WEEK_HOURS = 7 * 24;
/** How late a window may come and still be counted. */
export const LATENESS_MS = HOUR_MS;
/** Kept of one pair: one a minute over the lateness and the open slots, and some to spare. */
const RECENT = 128;

export type Peaks = readonly (readonly [hour: number, lines: number])[];

export interface Series {
  readonly lines: number;
  readonly closedSlot: number;
  readonly recent: readonly Observation[];
  readonly peaks: Peaks;
}

export const slotOf = (at: number): number => Math.floor(at / SLOT_MS);

export const linesOf = ({ lines, recent }: Pick<Series, 'lines' | 'recent'>): number =>
  recent.reduce((sum, [, , more]) => sum + more, lines);

/**
 * Adds what one window saw. Windows that begin at the same line are the same window read again, maybe further: the
 * larger counts. So windows may come twice and in any order.
 */
export const observe = (series: Series, [from, to, lines, marks]: Observation): Series => {
  if (slotOf(from) <= series.closedSlot) return series;
  const same = series.recent.find(([begin]) => begin === from);
  const merged: Observation =
    same === undefined
      ? [from, to, lines, marks]
      : [from, Math.max(to, same[1]), Math.max(lines, same[2]), marks | same[3]];
  const others = series.recent.filter((each) => each !== same);
  return { ...series, recent: [...others, merged].toSorted(([a], [b]) => a - b) };
};

/** Lines that fell, or at an even rate would have fallen, into the slot. */
export const loadOf = (recent: readonly Observation[], slot: number): number =>
  recent.reduce((sum, [from, to, lines]) => {
    const span = to - from;
    if (span <= SLOT_MS) return slotOf(from) === slot ? sum + lines : sum;
    return slotOf(from) <= slot && slot <= slotOf(to) ? sum + (lines * SLOT_MS) / span : sum;
  }, 0);

const hoursOf = ([from, to]: Observation): readonly number[] => {
  const last = hourOf(to);
  const first = Math.max(hourOf(from), last - WEEK_HOURS);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
};

/** Closes the slots that no window may reach any more, and remembers only the peak of each hour. */
export const close = (series: Series, until: number): Series => {
  const spare = series.recent.at(-RECENT - 1);
  const closedSlot = Math.max(
    series.closedSlot,
    slotOf(until - LATENESS_MS) - 1,
    spare === undefined ? -1 : slotOf(spare[0]),
  );
  const closing = series.recent.filter(([from]) => slotOf(from) <= closedSlot);
  if (closing.length === 0) return series;
  const peaks = new Map(series.peaks);
  for (const observation of closing) {
    const load = Math.ceil(loadOf(series.recent, slotOf(observation[0])));
    for (const hour of hoursOf(observation)) peaks.set(hour, Math.max(peaks.get(hour) ?? 0, load));
  }
  const oldest = hourOf(until) - WEEK_HOURS - 1;
  return {
    lines: linesOf({ lines: series.lines, recent: closing }),
    closedSlot,
    recent: series.recent.filter(([from]) => slotOf(from) > closedSlot),
    peaks: [...peaks].filter(([hour]) => hour >= oldest).toSorted(([a], [b]) => a - b),
  };
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/** Hours in between: none between an hour and the next. */
const pausesOf = (sorted: readonly number[]): readonly number[] =>
  sorted.slice(1).map((each, index) => each - (sorted[index] ?? each) - 1);

const LEAST_PAUSES = 3;

/** The usual pause between the hours in which something happened; 0 where too few are known to call any usual. */
export const medianPauseMs = (hours: readonly number[]): number => {
  const pauses = pausesOf([...new Set(hours)].toSorted((a, b) => a - b));
  return pauses.length < LEAST_PAUSES ? 0 : median(pauses) * HOUR_MS;
};

export const activeHours = ({ recent, peaks }: Pick<Series, 'recent' | 'peaks'>): readonly number[] => [
  ...peaks.map(([hour]) => hour),
  ...recent.flatMap(hoursOf),
];

/** Lines of one observation that certainly lie in [start, end]: all of them, or its first and its last. */
const certainly = ([from, to, lines]: Observation, start: number, end: number): number => {
  if (start <= from && to <= end) return lines;
  return Number(start <= from && from <= end) + Number(lines > 1 && start <= to && to <= end);
};

/** Some stretch of the length holds at least this many lines of the observation, wherever they lie. */
const densest = ([from, to, lines]: Observation, length: number): number =>
  Math.ceil(lines / Math.max(1, Math.ceil((to - from) / length)));

/** When the last stretch of `length` ms ended that certainly held `lines` lines; undefined: there was none. */
export const lastBurst = (observations: readonly Observation[], lines: number, length: number): number | undefined => {
  const moments = [...new Set(observations.flatMap(([from, to]) => [from, to]))].toSorted((a, b) => b - a);
  // No stretch that starts earlier ends on a later line, so the first that holds enough is the last.
  const start = moments.find(
    (moment) => observations.reduce((sum, each) => sum + certainly(each, moment, moment + length), 0) >= lines,
  );
  const within = start === undefined ? [] : moments.filter((moment) => start <= moment && moment <= start + length);
  const dense = observations.filter((each) => densest(each, length) >= lines).map(([, to]) => to);
  const ends = [...within, ...dense];
  return ends.length === 0 ? undefined : Math.max(...ends);
};

const SPIKE_LINES = 20;
const SPIKE_TIMES = 8;
const SPIKE_DEVIATIONS = 6;
/** Makes the median absolute deviation comparable with a standard deviation. */
const MAD_SCALE = 1.4826;
const LEAST_SAMPLES = 3;

/** The peaks of the same time of day, an hour more or less, on the days before; only of hours whose log was read. */
const samplesOf = (peaks: Peaks, hour: number, since: number, read: ReadonlySet<number>): readonly number[] => {
  const byHour = new Map(peaks);
  return [1, 2, 3, 4, 5, 6, 7]
    .flatMap((day) => [-1, 0, 1].map((shift) => hour - 24 * day + shift))
    .filter((each) => each >= hourOf(since) && read.has(each))
    .map((each) => byHour.get(each) ?? 0);
};

/** The last line of the last slot that held far more than the pair's own past; undefined: none did, or it has no past. */
export const lastSpike = (
  { recent, peaks }: Pick<Series, 'recent' | 'peaks'>,
  since: number,
  read: ReadonlySet<number>,
): { readonly at: number; readonly lines: number } | undefined => {
  const spiking = [...new Set(recent.map(([from]) => slotOf(from)))].filter((slot) => {
    const load = loadOf(recent, slot);
    if (load <= SPIKE_LINES) return false;
    const samples = samplesOf(peaks, hourOf(slot * SLOT_MS), since, read);
    if (samples.length < LEAST_SAMPLES) return false;
    const usual = median(samples);
    const spread = Math.max(1, MAD_SCALE * median(samples.map((each) => Math.abs(each - usual))));
    return load > SPIKE_TIMES * usual && (load - usual) / spread > SPIKE_DEVIATIONS;
  });
  if (spiking.length === 0) return undefined;
  const last = Math.max(...spiking);
  const at = Math.max(...recent.filter(([from]) => slotOf(from) === last).map(([, to]) => to));
  return { at, lines: Math.floor(loadOf(recent, last)) };
};
