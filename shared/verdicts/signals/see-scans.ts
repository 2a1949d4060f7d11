import { createHash } from 'node:crypto';
import { singleLine } from '../../model/single-line.ts';
import { holdOf } from './signal-memory.ts';
import type { Sighting } from './signal-memory.ts';
import type { SignalInput, SignalOptions } from './state.ts';

/** A scan goes to no one destination, so its subject is named like a flow but keyed by its source alone. */
const scanKey = (source: string): string => createHash('sha256').update(`scan\0${source}`).digest('hex').slice(0, 16);

/** Scans by source party: the pods of one workload that scan are one signal. */
export const sightScans = (
  { pairs, scans }: Pick<SignalInput, 'pairs' | 'scans'>,
  { readTo, now, options }: { readTo: number; now: number; options: SignalOptions },
): readonly Sighting[] => {
  const partyOf = new Map(pairs.flatMap(({ source }) => source.addresses.map((address) => [address, source] as const)));
  const named = scans.map((scan) => {
    const party = partyOf.get(scan.source);
    const source = party?.id ?? `address:${singleLine(scan.source, 64)}`;
    return { scan, source, who: singleLine(party?.label ?? scan.source, 200) };
  });
  return [...Map.groupBy(named, ({ source }) => source)].map(([source, group]) => {
    const own = pairs.filter((pair) => pair.source.id === source);
    const times = own
      .flatMap(({ firstSeenAt, lastSeenAt }) => [Date.parse(firstSeenAt), Date.parse(lastSeenAt)])
      .filter(Number.isFinite)
      .map((at) => Math.min(now, at));
    const from = times.reduce((a, b) => Math.min(a, b), readTo);
    const to = times.reduce((a, b) => Math.max(a, b), times[0] ?? readTo);
    const who = group[0]?.who ?? source;
    return {
      raised: 'scan',
      subject: { type: 'flow', id: scanKey(source), name: singleLine(`${who} → many destinations or ports`, 200) },
      source,
      who,
      deed: 'trying what it may not reach, as a scanner does',
      details: [],
      pairs: own.map(({ key }) => key),
      count: own.reduce((sum, { count }) => sum + count, 0),
      firstAt: from,
      holdMs: holdOf('scan', 0, options),
      raisedAt: to,
      seen: [],
      widest: {
        destinations: group.reduce((most, { scan }) => Math.max(most, scan.destinations.count), 0),
        ports: group.reduce((most, { scan }) => Math.max(most, scan.ports.count), 0),
      },
    };
  });
};
