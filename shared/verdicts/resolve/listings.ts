import type { AddressHistory, AddressRecord, RecordedOwner, SightedKind, Sighting } from './history.ts';

/** When everything of a kind, or every pod of a node, was listed. Ascending, each time once. */
export interface Listing {
  readonly kind: SightedKind;
  /** With `pods` only: of this node alone. */
  readonly node?: string;
  readonly times: readonly number[];
}

const KINDS: readonly SightedKind[] = ['pods', 'nodes', 'services', 'endpointSlices', 'policyEndpoints'];

const scopeOf = ({ kind, node }: Pick<Listing, 'kind' | 'node'>): string => `${kind}|${node ?? ''}`;

export const listingsWith = (listings: readonly Listing[], sighting: Sighting): readonly Listing[] => {
  const fresh: readonly Pick<Listing, 'kind' | 'node'>[] = [
    ...KINDS.filter((kind) => sighting.complete[kind] === true && sighting[kind] !== undefined).map((kind) => ({
      kind,
    })),
    ...(sighting.pods === undefined ? [] : (sighting.podsOfNodes ?? [])).map((node) => ({
      kind: 'pods' as const,
      node,
    })),
  ];
  const scopes = new Map(listings.map((listing) => [scopeOf(listing), listing]));
  for (const scope of fresh) {
    const times = scopes.get(scopeOf(scope))?.times ?? [];
    if (times.includes(sighting.observedAt)) continue;
    scopes.set(scopeOf(scope), { ...scope, times: [...times, sighting.observedAt].toSorted((a, b) => a - b) });
  }
  return [...scopes.values()];
};

/** In which lists an owner of this kind stands while it has its address. */
const LISTED_IN: { readonly [kind in RecordedOwner['kind']]: SightedKind } = {
  pod: 'pods',
  'host-pod': 'pods',
  host: 'pods',
  'policed-pod': 'policyEndpoints',
  node: 'nodes',
  service: 'services',
  endpoint: 'endpointSlices',
};

const NONE: readonly number[] = [];

const nodeOf = (owner: RecordedOwner): string | undefined => {
  switch (owner.kind) {
    case 'pod':
    case 'host-pod':
      return owner.node;
    // A node whose list of pods is empty is still there.
    case 'host':
    case 'policed-pod':
    case 'node':
    case 'service':
    case 'endpoint':
      return undefined;
    default:
      return owner satisfies never;
  }
};

/** The times at which an owner would have been listed. */
export type ListingTimes = (owner: RecordedOwner) => readonly (readonly number[])[];

export const listingTimes = (listings: readonly Listing[]): ListingTimes => {
  const scopes = new Map(listings.map((listing) => [scopeOf(listing), listing.times]));
  const hasNodes = listings.some(({ node }) => node !== undefined);
  const whole = new Map(KINDS.map((kind) => [kind, [scopes.get(`${kind}|`) ?? NONE] as const]));
  return (owner) => {
    const everywhere = whole.get(LISTED_IN[owner.kind]) ?? [NONE];
    const node = hasNodes ? nodeOf(owner) : undefined;
    return node === undefined ? everywhere : [...everywhere, scopes.get(`pods|${node}`) ?? NONE];
  };
};

/** First listing after a time; Infinity where there was none. */
const firstAfter = (times: readonly (readonly number[])[], at: number): number => {
  let first = Infinity;
  for (const list of times) {
    for (const time of list) if (time > at && time < first) first = time;
  }
  return first;
};

const lastBefore = (times: readonly (readonly number[])[], at: number): number => {
  let last = -Infinity;
  for (const list of times) {
    for (const time of list) if (time < at && time > last) last = time;
  }
  return last;
};

/** When an owner may have had an address: [from, to). */
export interface Span {
  /** 0: not known. */
  readonly from: number;
  /** Infinity: nobody saw it end. */
  readonly to: number;
}

/** PolicyEndpoints do not say since when a pod is; it is taken to be this much older than the first sighting. */
const POLICED_BEFORE = 600_000;

/** `endedBy` and `notBefore` count only where no sighting contradicts them: it may have come late. */
export const spanOf = (record: AddressRecord, times: ListingTimes): Span => {
  const { notBefore, firstSeen, lastSeen, endedBy = Infinity } = record;
  const lists = times(record.owner);
  const began = firstSeen ?? endedBy;
  const known = Math.min(began, Math.max(notBefore, lastBefore(lists, began)));
  const from = known === 0 && record.owner.kind === 'policed-pod' ? began - POLICED_BEFORE : known;
  if (firstSeen === undefined || lastSeen === undefined) return { from, to: endedBy };
  const to = Math.min(endedBy > lastSeen ? endedBy : Infinity, firstAfter(lists, lastSeen));
  return { from, to };
};

/** The last time that all pods, or all pods of a node, were listed. Undefined: never. */
export const podsListedAt = (history: Pick<AddressHistory, 'listings'>, node?: string): number | undefined =>
  history.listings.find((listing) => listing.kind === 'pods' && listing.node === node)?.times.at(-1);
