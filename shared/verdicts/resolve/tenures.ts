import { readAddress } from './address-key.ts';
import type { AddressKey } from './address-key.ts';
import { compareText } from './compare-text.ts';
import type { AddressHistory, AddressRecord, RecordedOwner } from './history.ts';
import { listingTimes, spanOf } from './listings.ts';
import type { Span } from './listings.ts';

/** One object's hold on one address. */
export interface Tenure extends Span {
  readonly record: AddressRecord;
}

/** Objects that are one owner: a node and what runs in its network, a pod and what a PolicyEndpoint says of it. */
export const identityOf = (owner: RecordedOwner): string => {
  switch (owner.kind) {
    case 'pod':
    case 'policed-pod':
      return `pod ${owner.namespace}/${owner.name}`;
    case 'node':
    case 'host':
      return `node ${owner.name}`;
    case 'host-pod':
      return `node ${owner.node}`;
    case 'service':
      return `Service ${owner.namespace}/${owner.name}`;
    case 'endpoint':
      return `endpoint of Service ${owner.namespace}/${owner.service}`;
    default:
      return owner satisfies never;
  }
};

/**
 * Two owners never share an address: one that was seen with it ends the other's possible time before and after.
 * Only where their sightings do not interleave, which would mean that they do share it.
 */
const clipped = (tenures: readonly Tenure[]): readonly Tenure[] =>
  tenures.map(({ record, from: begin, to: end }) => {
    const identity = identityOf(record.owner);
    const first = record.firstSeen ?? end;
    const last = record.lastSeen ?? begin;
    let [from, to] = [begin, end];
    for (const { record: other } of tenures) {
      // Nobody saw when it finished: before the next pod with its address was made, for that one got it soon after.
      const isNext = other.notBefore > record.notBefore && other.id !== record.id;
      if (record.lastSeen === undefined && isNext) to = Math.min(to, other.notBefore);
      if (other.firstSeen === undefined || other.lastSeen === undefined) continue;
      if (record.owner.kind === 'endpoint' || other.owner.kind === 'endpoint') continue;
      if (identityOf(other.owner) === identity) continue;
      if (other.lastSeen < first) from = Math.max(from, other.lastSeen);
      if (other.firstSeen > last) to = Math.min(to, other.firstSeen);
    }
    return { record, from, to: Math.max(from, to) };
  });

/** Who had which address when, by address. */
export const tenuresOf = (history: AddressHistory): ReadonlyMap<AddressKey, readonly Tenure[]> => {
  const times = listingTimes(history.listings);
  const byAddress = new Map<AddressKey, Tenure[]>();
  const shared = new Set<AddressKey>();
  for (const record of history.records) {
    const key = readAddress(record.address)?.key;
    if (key === undefined) continue;
    const { from, to } = spanOf(record, times);
    const tenure: Tenure = { record, from, to };
    const known = byAddress.get(key);
    if (known === undefined) byAddress.set(key, [tenure]);
    else {
      known.push(tenure);
      shared.add(key);
    }
  }
  const result: Map<AddressKey, readonly Tenure[]> = byAddress;
  for (const key of shared) result.set(key, clipped(byAddress.get(key) ?? []));
  return result;
};

/** Tenures of one owner. */
export interface Candidate {
  readonly identity: string;
  readonly tenures: readonly [Tenure, ...Tenure[]];
}

export const candidatesOf = (tenures: readonly Tenure[]): readonly Candidate[] => {
  const [first, ...others] = tenures;
  if (first !== undefined && others.length === 0)
    return [{ identity: identityOf(first.record.owner), tenures: [first] }];
  const byIdentity = new Map<string, [Tenure, ...Tenure[]]>();
  for (const tenure of tenures) {
    const identity = identityOf(tenure.record.owner);
    const known = byIdentity.get(identity);
    if (known === undefined) byIdentity.set(identity, [tenure]);
    else known.push(tenure);
  }
  return [...byIdentity]
    .map(([identity, of]) => ({ identity, tenures: of }))
    .toSorted((a, b) => compareText(a.identity, b.identity));
};
