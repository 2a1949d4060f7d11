import type { SignalKind, TrafficSignal } from '../../model/denied-traffic.ts';
import { singleLine } from '../../model/single-line.ts';
import { isPartOfScan } from './remember-pairs.ts';
import { compareText } from './state.ts';
import type { SignalMemory } from './state.ts';

const WHAT_LIMIT = 900;
const LAST_TIME = 8.64e15;

const timeText = (at: number): string => new Date(Math.min(LAST_TIME, Math.max(0, at))).toISOString();

/** 1, 2, 5, 10, 20, …: a number that changes with every window would make every window news. */
export const leastOf = (count: number): number => {
  if (count < 1) return 0;
  const power = 10 ** Math.floor(Math.log10(count));
  const digit = Math.floor(count / power);
  if (digit >= 5) return 5 * power;
  return digit >= 2 ? 2 * power : power;
};

const kindOf = ({ raised, change }: SignalMemory): SignalKind =>
  raised === 'new-pair' && change !== undefined ? 'after-change' : raised;

const widthOf = ({ widest }: SignalMemory): string => {
  if (widest === undefined) return '';
  const { destinations, ports } = widest;
  return `: ${leastOf(destinations)} or more destinations, ${leastOf(ports)} or more ports`;
};

const sentenceOf = (signal: SignalMemory): string => {
  const { who, deed, details, change, count, firstAt, lastAt, clearedAt } = signal;
  const told = details.length === 0 ? '' : ` (${details.join(', ')})`;
  const cause = change === undefined ? '' : `, soon after ${change.what} at ${timeText(change.at)}`;
  const lines = count < 10 ? '' : `, ${leastOf(count)} or more lines`;
  const begin = `${who} ${clearedAt === undefined ? 'is' : 'was'} ${deed}${told}${widthOf(signal)}${cause}${lines}`;
  const when =
    clearedAt === undefined
      ? `first at ${timeText(firstAt)}`
      : `from ${timeText(firstAt)} to ${timeText(lastAt)}, and has stopped`;
  return `${singleLine(begin, WHAT_LIMIT)}; ${when}.`;
};

const toSignal = (signal: SignalMemory): TrafficSignal => ({
  kind: kindOf(signal),
  subject: signal.subject,
  status: signal.clearedAt === undefined ? 'active' : 'cleared',
  since: timeText(signal.firstAt),
  lastSeenAt: timeText(signal.lastAt),
  count: signal.count,
  values: { ...signal.connection, what: sentenceOf(signal) },
  pairs: signal.pairs,
});

/**
 * What people should hear of, in a fixed order. A pair's novelty and spikes are left out where a scan of its source
 * explains them, and its novelty where it seems wrongly denied: that says more.
 */
export const announce = (signals: readonly SignalMemory[]): readonly TrafficSignal[] => {
  const scans = signals.filter(({ raised }) => raised === 'scan');
  const wrong = new Map(
    signals.filter(({ raised }) => raised === 'false-denial').map((signal) => [signal.subject.id, signal]),
  );
  return signals
    .filter((signal) => {
      if (signal.raised !== 'new-pair' && signal.raised !== 'spike') return true;
      if (isPartOfScan(signal, scans)) return false;
      if (signal.raised === 'spike' || signal.change !== undefined) return true;
      const instead = wrong.get(signal.subject.id);
      return instead === undefined || (instead.clearedAt !== undefined && signal.clearedAt === undefined);
    })
    .map(toSignal)
    .toSorted((a, b) => compareText(a.kind, b.kind) || compareText(a.subject.id, b.subject.id));
};
