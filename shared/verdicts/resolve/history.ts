import type { AddressRole, PodName, WorkloadRef } from '../../model/denied-traffic.ts';
import type { Node, Pod, PolicyEndpoint } from '../../model/facts-kubernetes.ts';
import type { EndpointSlice, Service } from '../../model/facts-kubernetes-network.ts';
import { compareText } from './compare-text.ts';
import { listingsWith } from './listings.ts';
import type { Listing } from './listings.ts';
import { bounded } from './retention.ts';
import { recordsOf } from './sighted-records.ts';

/** Objects of one kind, or some of them, as they were at one time. All times here are milliseconds since 1970 UTC. */
export interface Sighting {
  readonly observedAt: number;
  readonly pods?: readonly Pod[];
  readonly nodes?: readonly Node[];
  readonly services?: readonly Service[];
  readonly endpointSlices?: readonly EndpointSlice[];
  readonly policyEndpoints?: readonly PolicyEndpoint[];
  /** Kinds of which everything is here: what is missing was gone by then. A targeted look-up proves no absence. */
  readonly complete: { readonly [kind in SightedKind]?: boolean };
  /** Nodes of which every pod is in `pods` (field selector `spec.nodeName`). */
  readonly podsOfNodes?: readonly string[];
}

export type SightedKind = 'pods' | 'nodes' | 'services' | 'endpointSlices' | 'policyEndpoints';

/** What has an address, and by which of its objects that is known. */
export type RecordedOwner =
  | ({ readonly kind: 'pod' } & PodName & {
        readonly node?: string;
        readonly workload: WorkloadRef;
        readonly role?: AddressRole;
      })
  /** A pod that only a PolicyEndpoint told of: its workload is not known. */
  | ({ readonly kind: 'policed-pod' } & PodName)
  /** A hostNetwork pod: the address is its node's. */
  | ({ readonly kind: 'host-pod' } & PodName & { readonly node: string })
  | { readonly kind: 'node'; readonly name: string }
  /** A node known through `hostIP` of a pod on it. */
  | { readonly kind: 'host'; readonly name: string }
  | ({ readonly kind: 'service' } & PodName & { readonly role?: AddressRole })
  /** An address behind a Service that is no pod's. */
  | { readonly kind: 'endpoint'; readonly namespace: string; readonly service: string };

/** One object with one address. Times are bounds: nobody watches between two sightings. */
export interface AddressRecord {
  /** The uid where the object has one in the facts, else its name. */
  readonly id: string;
  /** Canonical. */
  readonly address: string;
  readonly owner: RecordedOwner;
  /** It did not have the address before: its creation, or a listing without it. 0: not known. */
  readonly notBefore: number;
  /** First and last time it was seen with the address. Absent: it was only seen when it had finished. */
  readonly firstSeen?: number;
  readonly lastSeen?: number;
  /** Seen finished, or missing from a listing that is no longer kept. Means nothing where it was seen again later. */
  readonly endedBy?: number;
}

/** Who had which address when. Plain JSON, bounded by `HistoryLimits`. */
export interface AddressHistory {
  readonly version: 1;
  readonly records: readonly AddressRecord[];
  readonly listings: readonly Listing[];
  /** The newest sighting; 0 where there was none. */
  readonly latest: number;
  /** Records dropped for number, not for age: answers about their addresses may be missing. */
  readonly dropped: number;
}

export interface HistoryLimits {
  /** Milliseconds that the end of an interval is remembered. Default 6 hours. */
  readonly retentionMs: number;
  /** Default 60,000: about 20 MB of JSON. */
  readonly maxRecords: number;
  /** Listings kept for each kind and for each node. Default 16. */
  readonly maxListings: number;
  /** Nodes whose own listings are kept. Default 5,000. */
  readonly maxNodes: number;
}

export const DEFAULT_HISTORY_LIMITS: HistoryLimits = {
  retentionMs: 6 * 3_600_000,
  maxRecords: 60_000,
  maxListings: 16,
  maxNodes: 5000,
};

export const EMPTY_HISTORY: AddressHistory = { version: 1, records: [], listings: [], latest: 0, dropped: 0 };

const keyOf = ({ id, address, owner }: AddressRecord): string => `${owner.kind}|${address}|${id}`;

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

const greatest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

const lastEvidence = ({ lastSeen, endedBy }: AddressRecord): number => Math.max(lastSeen ?? 0, endedBy ?? 0);

/** The description of the later sighting; of two at the same time the same one, whichever came first. */
const newerOwner = (a: AddressRecord, b: AddressRecord): RecordedOwner => {
  const later = lastEvidence(a) - lastEvidence(b);
  if (later !== 0) return later > 0 ? a.owner : b.owner;
  return compareText(JSON.stringify(a.owner), JSON.stringify(b.owner)) <= 0 ? a.owner : b.owner;
};

const merged = (a: AddressRecord, b: AddressRecord): AddressRecord => {
  const firstSeen = least(a.firstSeen, b.firstSeen);
  const lastSeen = greatest(a.lastSeen, b.lastSeen);
  const endedBy = least(a.endedBy, b.endedBy);
  return {
    id: a.id,
    address: a.address,
    owner: newerOwner(a, b),
    notBefore: Math.max(a.notBefore, b.notBefore),
    ...(firstSeen !== undefined && { firstSeen }),
    ...(lastSeen !== undefined && { lastSeen }),
    ...(endedBy !== undefined && { endedBy }),
  };
};

const isSame = (a: AddressRecord, b: AddressRecord): boolean => a.id === b.id && a.owner.kind === b.owner.kind;

/** One record for each object and address. Nearly every address has one object: only the others need a key made. */
const together = (lists: readonly (readonly AddressRecord[])[]): readonly AddressRecord[] => {
  const first = new Map<string, AddressRecord>();
  const others = new Map<string, AddressRecord>();
  for (const list of lists) {
    for (const record of list) {
      const known = first.get(record.address);
      if (known === undefined) first.set(record.address, record);
      else if (isSame(known, record)) first.set(record.address, merged(known, record));
      else {
        const key = keyOf(record);
        const other = others.get(key);
        others.set(key, other === undefined ? record : merged(other, record));
      }
    }
  }
  return [...first.values(), ...others.values()];
};

/**
 * The history with more sightings. They may come late and in any order: what is kept of each object is the span of its
 * sightings, and when everything was listed, so the result is the same. One older than the retention is ignored. An
 * address that cannot be read is left out.
 */
export const observeAll = (
  history: AddressHistory,
  sightings: readonly Sighting[],
  limits: HistoryLimits = DEFAULT_HISTORY_LIMITS,
): AddressHistory => {
  const latest = sightings.reduce((newest, { observedAt }) => Math.max(newest, observedAt), history.latest);
  const recent = sightings.filter(({ observedAt }) => observedAt >= latest - limits.retentionMs);
  if (recent.length === 0) return history;
  const records = together([history.records, ...recent.map(recordsOf)]);
  const listings = recent.reduce(listingsWith, history.listings);
  return bounded({ version: 1, records, listings, latest, dropped: history.dropped }, limits);
};

export const observe = (
  history: AddressHistory,
  sighting: Sighting,
  limits: HistoryLimits = DEFAULT_HISTORY_LIMITS,
): AddressHistory => observeAll(history, [sighting], limits);
