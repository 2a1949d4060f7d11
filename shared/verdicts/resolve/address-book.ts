import type { AddressOwner, PodName, ResolvedAddress } from '../../model/denied-traffic.ts';
import type { EndpointSlice } from '../../model/facts-kubernetes-network.ts';
import type { Facts } from '../../model/snapshot.ts';
import { readAddress } from './address-key.ts';
import type { Address } from './address-key.ts';
import type { AwsRange } from './aws-ranges.ts';
import { compareText } from './compare-text.ts';
import { EMPTY_HISTORY, observeAll } from './history.ts';
import type { AddressHistory, HistoryLimits, SightedKind, Sighting } from './history.ts';
import { interfaceIndex } from './interface-index.ts';
import { DEFAULT_TIMING, occupancyAt, tellingTenure } from './occupancy.ts';
import type { Occupancy, ResolveTiming } from './occupancy.ts';
import { oneLine } from './one-line.ts';
import { placeTable } from './place.ts';
import { sightingsOfFacts, unreadKinds } from './sightings-of-facts.ts';
import { identityOf, tenuresOf } from './tenures.ts';
import type { Candidate, Tenure } from './tenures.ts';
import { specialRanges, wellKnownByKey } from './well-known-addresses.ts';

export interface AddressBookInputs {
  /** A snapshot's: what it could not read makes answers less certain, and they say so. */
  readonly facts: Facts;
  /** What was known before the snapshot. Default: nothing. */
  readonly history?: AddressHistory;
  /** What was seen beside the facts. Default: nothing. */
  readonly sightings?: readonly Sighting[];
  /** Amazon's ranges. Without them its public addresses are `external`. */
  readonly awsRanges?: readonly AwsRange[];
  /** CIDR blocks of the VPC, the primary one first; facts know its subnets only. */
  readonly vpcCidrs?: readonly string[];
  readonly timing?: Partial<ResolveTiming>;
}

export interface ResolveHint {
  /** The node whose agent reported the flow: it hosts one of its ends. */
  readonly node?: string;
}

export interface AddressBook {
  /** Whose address it was at a time (milliseconds since 1970). Never throws; what is no address is `unknown`. */
  readonly resolve: (address: string, at: number, hint?: ResolveHint) => ResolvedAddress;
  /** The node that has the address on one of its network interfaces, for a pod or for itself. */
  readonly nodeOfInterface: (address: string) => string | undefined;
}

/** Foreign text in an answer. */
const ADDRESS = 64;
const BECAUSE = 600;
/** Pods named of a node or behind a Service. */
const NAMES = 20;

/** In memory for one run: what a history must be kept small for does not apply. */
const UNBOUNDED: HistoryLimits = {
  retentionMs: Infinity,
  maxRecords: Infinity,
  maxListings: Infinity,
  maxNodes: Infinity,
};

const firstNames = (pods: readonly PodName[]): readonly PodName[] => {
  const byName = new Map(pods.map(({ namespace, name }) => [`${namespace}/${name}`, { namespace, name }]));
  return [...byName]
    .toSorted(([a], [b]) => compareText(a, b))
    .slice(0, NAMES)
    .map(([, pod]) => pod);
};

const backendsByService = (slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly PodName[]> => {
  const pods = new Map<string, PodName[]>();
  for (const { namespace, service, endpoints } of slices) {
    if (service === undefined) continue;
    const key = `${namespace}/${service}`;
    const known = pods.get(key) ?? [];
    for (const { ready, pod } of endpoints) if (ready && pod !== undefined) known.push(pod);
    pods.set(key, known);
  }
  return new Map([...pods].map(([key, of]) => [key, firstNames(of)]));
};

type Backends = ReadonlyMap<string, readonly PodName[]>;

const ownerOf = (candidate: Candidate, backends: Backends): AddressOwner => {
  const { owner } = tellingTenure(candidate).record;
  switch (owner.kind) {
    case 'pod':
      return owner;
    case 'policed-pod': {
      const { namespace, name } = owner;
      return { kind: 'pod', namespace, name, workload: { kind: 'Pod', namespace, name } };
    }
    case 'node':
    case 'host':
    case 'host-pod': {
      const name = owner.kind === 'host-pod' ? owner.node : owner.name;
      const pods = candidate.tenures.flatMap(({ record }) => (record.owner.kind === 'host-pod' ? [record.owner] : []));
      return { kind: 'node', name, hostNetworkPods: firstNames(pods) };
    }
    case 'service':
      return { ...owner, backends: backends.get(`${owner.namespace}/${owner.name}`) ?? [] };
    case 'endpoint':
      // Other Services' endpoints are no owners: see `isOwner`.
      return { kind: 'api-server' };
    default:
      return owner satisfies never;
  }
};

/** An address behind a Service is its own; only the API server's are known to be one thing. */
const isOwner = ({ record: { owner } }: Tenure): boolean =>
  owner.kind !== 'endpoint' || (owner.namespace === 'default' && owner.service === 'kubernetes');

const unreadOf = (facts: Facts, history: AddressHistory): readonly string[] => {
  const known = new Set<SightedKind>(history.listings.map(({ kind }) => kind));
  const decisive = new Set<SightedKind>(['pods', 'nodes', 'services']);
  return [...unreadKinds(facts)].flatMap(([kind, words]) => (decisive.has(kind) && !known.has(kind) ? [words] : []));
};

/**
 * Addresses to owners as of a time, by facts and history together. In this order: what AWS and Kubernetes give a fixed
 * meaning; who was seen with the address, then; whose network interface it is; which range it is in.
 */
export const addressBook = (inputs: AddressBookInputs): AddressBook => {
  const { facts, sightings = [], awsRanges = [], vpcCidrs = [] } = inputs;
  const timing: ResolveTiming = { ...DEFAULT_TIMING, ...inputs.timing };
  const before = inputs.history ?? EMPTY_HISTORY;
  const history = observeAll(before, [...sightingsOfFacts(facts), ...sightings], UNBOUNDED);
  const tenures = tenuresOf(history);
  const slices = facts['kubernetes.endpoint-slices'];
  const backends = backendsByService(slices.state === 'observed' ? slices.value : []);
  const interfaces = interfaceIndex(facts);
  const placeOf = placeTable({ facts, interfaces, awsRanges, vpcCidrs, unread: unreadOf(facts, history) });

  const fromOccupancy = (text: string, { certainty, candidates, because }: Occupancy): ResolvedAddress => ({
    address: text,
    certainty,
    owners: candidates.map((candidate) => ownerOf(candidate, backends)),
    because: oneLine(because, BECAUSE),
  });

  const resolveAddress = (address: Address, at: number, hint: ResolveHint | undefined): ResolvedAddress => {
    const { text } = address;
    const service = wellKnownByKey.get(address.key);
    if (service !== undefined) {
      const because = 'the same address in every VPC and cluster';
      return { address: text, certainty: 'exact', owners: [{ kind: 'well-known', service }], because };
    }
    const range = specialRanges.find(address);
    if (range !== undefined) {
      return { address: text, certainty: 'exact', owners: [{ kind: 'special', range }], because: `a ${range} address` };
    }
    const all = tenures.get(address.key) ?? [];
    const occupancy = occupancyAt(all.filter(isOwner), at, timing, hint?.node);
    if (occupancy !== undefined) return fromOccupancy(text, occupancy);
    const place = placeOf(address);
    const behind = all.find(({ record }) => record.owner.kind === 'endpoint');
    const notes = behind === undefined ? [] : [identityOf(behind.record.owner)];
    return { address: text, ...place, because: oneLine([place.because, ...notes].join('; '), BECAUSE) };
  };

  return {
    resolve: (text, at, hint) => {
      const address = readAddress(text);
      if (address !== undefined) return resolveAddress(address, at, hint);
      const shown = oneLine(text, ADDRESS);
      return { address: shown, certainty: 'unknown', owners: [], because: 'neither an IPv4 nor an IPv6 address' };
    },
    nodeOfInterface: (text) => {
      const address = readAddress(text);
      const found = address && interfaces.interfaceOf(address);
      return found && interfaces.nodeOf(found);
    },
  };
};
