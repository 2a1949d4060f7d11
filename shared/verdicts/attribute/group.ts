import { createHash } from 'node:crypto';

import type { AddressCertainty, DeniedPair, DeniedParty } from '../../model/denied-traffic.ts';
import { firstIds } from '../aggregate/summary.ts';
import type { Directed } from './direction.ts';
import type { Entry } from './entry.ts';
import type { Party } from './party.ts';
import { compareText, firstOf, timeText } from './text.ts';

export type DirectedEntry = Entry & Directed;

/** A pair before anybody asked why: what was counted, and of what. */
export interface Group {
  readonly pair: Omit<DeniedPair, 'class' | 'explanation' | 'service'>;
  readonly source: Party;
  readonly destination: Party;
  readonly isReply: boolean;
  /** The service's own port of replies. */
  readonly sourcePort?: number;
  /** The best known first. */
  readonly entries: readonly [DirectedEntry, ...DirectedEntry[]];
}

const ADDRESSES = 8;
const NODES = 16;
const TIERS = 8;

/** Stands for the port of pairs without one. */
const MANY = 'many';

/** Replies go by the port of the service that answers; where they go to is chance. */
const portText = ({ aggregate, isReply }: Entry): string =>
  isReply ? `from ${aggregate.sourcePort ?? 'any'}` : String(aggregate.destinationPort);

type KeyParts = readonly [source: string, destination: string, port: string, protocol: string, direction: string];

const betweenText = ({ source, destination, aggregate: { protocol }, direction, isReply }: DirectedEntry): string =>
  JSON.stringify([source.id, destination.id, protocol, direction ?? '', isReply]);

const CERTAINTY: { readonly [C in AddressCertainty]: number } = { exact: 0, former: 1, ambiguous: 2, unknown: 3 };

/** A total order, so that nothing depends on the order of the log. */
const byUse = (a: DirectedEntry, b: DirectedEntry): number =>
  CERTAINTY[a.source.certainty] +
    CERTAINTY[a.destination.certainty] -
    CERTAINTY[b.source.certainty] -
    CERTAINTY[b.destination.certainty] ||
  compareText(a.aggregate.source, b.aggregate.source) ||
  compareText(a.aggregate.destination, b.aggregate.destination) ||
  a.aggregate.destinationPort - b.aggregate.destinationPort ||
  b.aggregate.lastSeenAt - a.aggregate.lastSeenAt ||
  (a.aggregate.sourcePort ?? 0) - (b.aggregate.sourcePort ?? 0) ||
  compareText(JSON.stringify(a.aggregate), JSON.stringify(b.aggregate));

const deniedParty = (party: Party, addresses: readonly string[]): DeniedParty => {
  const distinct = [...new Set(addresses)];
  return {
    id: party.id,
    label: party.label,
    certainty: party.certainty,
    ...(party.owner !== undefined && { owner: party.owner }),
    ...(party.workload !== undefined && { workload: party.workload }),
    addresses: firstOf(distinct, ADDRESSES),
    addressCount: distinct.length,
  };
};

/** The party as its best known address tells it. */
const bestOf = (entries: readonly DirectedEntry[], end: 'source' | 'destination'): Party | undefined =>
  entries
    .toSorted(
      (a, b) =>
        CERTAINTY[a[end].certainty] - CERTAINTY[b[end].certainty] ||
        compareText(a.aggregate[end], b.aggregate[end]) ||
        byUse(a, b),
    )
    .at(0)?.[end];

const keyOf = (parts: KeyParts): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const toGroup = (unsorted: readonly DirectedEntry[], port: string): Group | undefined => {
  const [first, ...others] = unsorted.toSorted(byUse);
  if (first === undefined) return undefined;
  const entries = [first, ...others] as const;
  const source = bestOf(entries, 'source') ?? first.source;
  const destination = bestOf(entries, 'destination') ?? first.destination;
  const aggregates = entries.map(({ aggregate }) => aggregate);
  const { direction, isReply } = first;
  const { protocol, sourcePort } = first.aggregate;
  const fromLog = entries.some(({ directionFrom }) => directionFrom === 'log');
  return {
    source,
    destination,
    isReply,
    ...(isReply && port !== MANY && sourcePort !== undefined && { sourcePort }),
    entries,
    pair: {
      key: keyOf([source.id, destination.id, port, protocol, direction ?? '']),
      source: deniedParty(
        source,
        aggregates.map((aggregate) => aggregate.source),
      ),
      destination: deniedParty(
        destination,
        aggregates.map((aggregate) => aggregate.destination),
      ),
      ...(port !== MANY && !isReply && { destinationPort: first.aggregate.destinationPort }),
      portCount: new Set(aggregates.map(({ destinationPort }) => destinationPort)).size,
      protocol,
      ...(direction !== undefined && { direction, directionFrom: fromLog ? 'log' : 'inferred' }),
      count: sum(aggregates.map(({ count }) => count)),
      uncounted: sum(aggregates.map(({ uncounted }) => uncounted)),
      firstSeenAt: timeText(aggregates.reduce((least, { firstSeenAt }) => Math.min(least, firstSeenAt), Infinity)),
      lastSeenAt: timeText(aggregates.reduce((most, { lastSeenAt }) => Math.max(most, lastSeenAt), -Infinity)),
      nodes: firstOf(
        aggregates.flatMap(({ nodes }) => nodes),
        NODES,
      ),
      tiers: firstOf(
        aggregates.flatMap(({ tiers }) => tiers),
        TIERS,
      ),
      sampleEventIds: firstIds(aggregates.flatMap(({ sampleEventIds }) => sampleEventIds)),
    },
  };
};

export const byCount = (a: Group, b: Group): number =>
  b.pair.count - a.pair.count || compareText(a.pair.key, b.pair.key);

/** Entries of the same parties, port, protocol and direction, most lines first. More ports than `maxPorts` become one group. */
export const groupEntries = (entries: readonly DirectedEntry[], maxPorts: number): readonly Group[] =>
  [...Map.groupBy(entries, betweenText).values()]
    .flatMap((between) => {
      const byPort = Map.groupBy(between, portText);
      return byPort.size > maxPorts
        ? (toGroup(between, MANY) ?? [])
        : [...byPort].flatMap(([port, same]) => toGroup(same, port) ?? []);
    })
    .toSorted(byCount);
