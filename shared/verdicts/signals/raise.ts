import { activeHours, COUNTS, lastBurst, lastSpike, linesOf, medianPauseMs, WRONG } from './observations.ts';
import type { Observation } from './observations.ts';
import { flowSubject } from './read-pair.ts';
import { holdOf } from './signal-memory.ts';
import type { Sighting } from './signal-memory.ts';
import { MINUTE_MS } from './state.ts';
import type { Destined, KnownChange, PairMemory, PolicyChange, Raised, SignalOptions } from './state.ts';

const BURST_MS = 10 * MINUTE_MS;
const AFTER_CHANGE_MS = 30 * MINUTE_MS;
/** A creation time is cut to the second. */
const CLOCK_SLACK_MS = 5000;

const RAISED: { readonly [D in Destined]: { readonly raised: Raised; readonly lines: number } } = {
  pair: { raised: 'new-pair', lines: 2 },
  dns: { raised: 'dns', lines: 3 },
  imds: { raised: 'imds', lines: 2 },
  credentials: { raised: 'credentials', lines: 2 },
  // Never happens rightly, so one line is enough.
  'health-probe': { raised: 'health-probe', lines: 1 },
};

const concerns = ({ namespace, policy }: PolicyChange, pair: PairMemory): boolean => {
  if (policy !== undefined)
    return pair.isolatedBy.includes(namespace === undefined ? policy : `${namespace}/${policy}`);
  return namespace === undefined || pair.namespaces.includes(namespace);
};

/** The last change that concerns the pair and came shortly before it was first denied. */
const changeBefore = (pair: PairMemory, changes: readonly PolicyChange[]): KnownChange | undefined =>
  changes
    .filter((change) => {
      const after = pair.firstAt - change.at;
      return after >= -CLOCK_SLACK_MS && after < AFTER_CHANGE_MS && concerns(change, pair);
    })
    .toSorted((a, b) => b.at - a.at || (a.what > b.what ? -1 : 1))
    .map(({ what, at }) => ({ what, at }))[0];

const marked = (pairs: readonly PairMemory[], mark: number): readonly Observation[] =>
  pairs
    .flatMap(({ recent }) => recent)
    .filter(([, , , marks]) => (marks & mark) !== 0)
    .toSorted(([a], [b]) => a - b);

/** What the pairs of one subject, all destined alike, show together. */
const sightDestined = (
  pairs: readonly [PairMemory, ...PairMemory[]],
  changes: readonly PolicyChange[],
  options: SignalOptions,
): Sighting => {
  const [first] = pairs;
  const latest = pairs.reduce((a, b) => (b.lastAt > a.lastAt ? b : a), first);
  const { raised, lines } = RAISED[first.destined];
  const observations = marked(pairs, COUNTS);
  const pause = medianPauseMs(pairs.flatMap((pair) => activeHours(pair)));
  return {
    raised,
    subject: latest.subject,
    source: latest.source,
    who: latest.words.who,
    ...(latest.words.connection === undefined ? {} : { connection: latest.words.connection }),
    deed: latest.words.deed,
    details: pairs.map(({ words }) => words.detail).filter((detail) => detail !== ''),
    pairs: pairs.map(({ key }) => key),
    count: pairs.reduce((sum, pair) => sum + linesOf(pair), 0),
    firstAt: pairs.reduce((least, { firstAt }) => Math.min(least, firstAt), Infinity),
    holdMs: holdOf(raised, pause, options),
    raisedAt: lastBurst(observations, lines, BURST_MS),
    seen: observations.map(([from, to]) => [from, to]),
    change: pairs.map((pair) => changeBefore(pair, changes)).find((change) => change !== undefined),
  };
};

const ofPair = (pair: PairMemory): Omit<Sighting, 'raised' | 'holdMs' | 'raisedAt' | 'seen' | 'deed'> => ({
  subject: flowSubject(pair.key, pair.words),
  source: pair.source,
  who: pair.words.who,
  ...(pair.words.connection === undefined ? {} : { connection: pair.words.connection }),
  details: [],
  pairs: [pair.key],
  count: linesOf(pair),
  firstAt: pair.firstAt,
});

const sightWrong = (pair: PairMemory, options: SignalOptions): Sighting | undefined => {
  const observations = marked([pair], WRONG);
  if (observations.length === 0 || pair.wrong === undefined) return undefined;
  return {
    ...ofPair(pair),
    raised: 'false-denial',
    who: pair.words.flow,
    deed: `denied ${pair.wrong.text}`,
    holdMs: holdOf('false-denial', medianPauseMs(activeHours(pair)), options),
    raisedAt: lastBurst(observations, RAISED.pair.lines, BURST_MS),
    seen: observations.map(([from, to]) => [from, to]),
  };
};

const sightSpike = (pair: PairMemory, read: ReadonlySet<number>, options: SignalOptions): Sighting | undefined => {
  const spike = lastSpike(pair, pair.firstAt, read);
  if (spike === undefined) return undefined;
  return {
    ...ofPair(pair),
    raised: 'spike',
    who: pair.words.flow,
    deed: 'denied far more often than it used to be at this time of day',
    // Since the spike, not since the pair was first denied.
    firstAt: spike.at,
    count: spike.lines,
    holdMs: holdOf('spike', 0, options),
    raisedAt: spike.at,
    seen: [],
  };
};

/** Everything that the pairs which were just seen show, with the other pairs of their subjects. */
export const sightPairs = (
  all: readonly PairMemory[],
  touched: ReadonlySet<string>,
  { changes, read, options }: { changes: readonly PolicyChange[]; read: ReadonlySet<number>; options: SignalOptions },
): readonly Sighting[] => {
  const bySubject = Map.groupBy(all, ({ destined, subject }) => `${destined} ${subject.id}`);
  const groups = [...bySubject.values()].flatMap((pairs) => {
    const [first, ...others] = pairs;
    return first !== undefined && pairs.some(({ key }) => touched.has(key))
      ? [sightDestined([first, ...others], changes, options)]
      : [];
  });
  const single = all
    .filter(({ key }) => touched.has(key))
    .flatMap((pair) => [sightWrong(pair, options) ?? [], sightSpike(pair, read, options) ?? []].flat());
  return [...groups, ...single];
};
