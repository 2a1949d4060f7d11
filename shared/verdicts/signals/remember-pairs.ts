import { close, observe } from './observations.ts';
import type { Series } from './observations.ts';
import type { PairReading } from './read-pair.ts';
import { compareText, DAY_MS, MINUTE_MS } from './state.ts';
import type { PairMemory, SignalMemory } from './state.ts';

/** A pair that was not denied for this long is new again. */
const FORGOTTEN_AFTER_MS = 14 * DAY_MS;
/** A scan's flows before the scan was wide enough to be called one. */
export const SCAN_LEAD_MS = 10 * MINUTE_MS;

const NOTHING_SEEN: Series = { lines: 0, closedSlot: -1, recent: [], peaks: [] };

const seriesOf = ({ lines, closedSlot, recent, peaks }: PairMemory): Series => ({ lines, closedSlot, recent, peaks });

const laterReason = (a: PairMemory['wrong'], b: PairMemory['wrong']): PairMemory['wrong'] => {
  if (a === undefined || b === undefined) return a ?? b;
  return a.at > b.at || (a.at === b.at && a.text > b.text) ? a : b;
};

/** Decides between windows that end with the same line, so that their order does not. */
const saidText = ({
  words,
  isolatedBy,
  namespaces,
}: Pick<PairReading, 'words' | 'isolatedBy' | 'namespaces'>): string => JSON.stringify([words, isolatedBy, namespaces]);

/** The pair with one more window. Its words are those of the latest window. */
export const rememberPair = (known: PairMemory | undefined, reading: PairReading): PairMemory => {
  const { observation, wrong: wrongNow, ...said } = reading;
  const wrong = laterReason(known?.wrong, wrongNow);
  const [from, to] = observation;
  const isLatest =
    known === undefined ||
    to > known.lastAt ||
    (to === known.lastAt && compareText(saidText(said), saidText(known)) > 0);
  return {
    ...(isLatest ? said : known),
    ...(wrong === undefined ? {} : { wrong }),
    firstAt: Math.min(from, known?.firstAt ?? from),
    lastAt: Math.max(to, known?.lastAt ?? to),
    ...observe(known === undefined ? NOTHING_SEEN : seriesOf(known), observation),
  };
};

/** Whether the thing began while its source was scanning and ended with the scan. */
export const isPartOfScan = (
  { source, firstAt, lastAt }: Pick<SignalMemory, 'source' | 'firstAt' | 'lastAt'>,
  scans: readonly SignalMemory[],
): boolean =>
  scans.some(
    (scan) => scan.source === source && firstAt >= scan.firstAt - SCAN_LEAD_MS && lastAt <= scan.lastAt + scan.holdMs,
  );

/** Forgets pairs that are quiet for long; over the limit first what scans left, then the longest quiet. */
export const boundPairs = (
  pairs: readonly PairMemory[],
  until: number,
  scans: readonly SignalMemory[],
  limit: number,
): readonly PairMemory[] => {
  const live = pairs.filter(({ lastAt }) => lastAt >= until - FORGOTTEN_AFTER_MS);
  const kept =
    live.length <= limit
      ? live
      : live
          .map((pair) => ({ pair, scanned: Number(isPartOfScan(pair, scans)) }))
          .toSorted(
            (a, b) => a.scanned - b.scanned || b.pair.lastAt - a.pair.lastAt || compareText(a.pair.key, b.pair.key),
          )
          .slice(0, limit)
          .map(({ pair }) => pair);
  return kept.toSorted((a, b) => compareText(a.key, b.key));
};

/** Closes what is too old to change; to be done when all signals were seen. */
export const closePairs = (pairs: readonly PairMemory[], until: number): readonly PairMemory[] =>
  pairs.map((pair) => ({ ...pair, ...close(seriesOf(pair), until) }));
