import type { AddressCertainty } from '../../model/denied-traffic.ts';
import type { RecordedOwner } from './history.ts';
import { candidatesOf } from './tenures.ts';
import type { Candidate, Tenure } from './tenures.ts';
import { timeText } from './time-text.ts';

/** Milliseconds, all of them. */
export interface ResolveTiming {
  /**
   * How long before the flow's time its packet may have been: CloudWatch's event time is the time of publication, one
   * PutLogEvents per line (https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/events/events.go).
   * Default 5 s.
   */
  readonly packetBeforeMs: number;
  /** How long after: clocks differ. Default 1 s. */
  readonly packetAfterMs: number;
  /** How long an owner that is gone is still named. Default 10 minutes. */
  readonly formerMs: number;
  /** How long a pod is believed to keep its address after the last time anybody looked. Default 10 minutes. */
  readonly podFreshMs: number;
  /** The same for nodes and Services, whose addresses last. Default 24 hours. */
  readonly lastingFreshMs: number;
}

export const DEFAULT_TIMING: ResolveTiming = {
  packetBeforeMs: 5000,
  packetAfterMs: 1000,
  formerMs: 600_000,
  podFreshMs: 600_000,
  lastingFreshMs: 86_400_000,
};

/** Who had an address at a time, out of those that ever had it. */
export interface Occupancy {
  readonly certainty: Exclude<AddressCertainty, 'unknown'>;
  readonly candidates: readonly Candidate[];
  readonly because: string;
}

const isLasting = ({ kind }: RecordedOwner): boolean => kind === 'node' || kind === 'host' || kind === 'service';

/** Whether it may be taken that the owner still, or already, had the address. And on what grounds. */
const heldAt = (
  tenure: Tenure,
  at: number,
  timing: ResolveTiming,
): { readonly held: boolean; readonly because: string } => {
  const { from, to, record } = tenure;
  const { firstSeen, lastSeen, owner } = record;
  const fresh = isLasting(owner) ? timing.lastingFreshMs : timing.podFreshMs;
  if (firstSeen === undefined || lastSeen === undefined) {
    const seen = `existed from ${timeText(from)} and was seen finished at ${timeText(to)}`;
    return { held: at <= from + fresh, because: seen };
  }
  if (at > lastSeen) {
    const last = `was last seen with it at ${timeText(lastSeen)}`;
    if (to !== Infinity) return { held: false, because: `${last} and was gone by ${timeText(to)}` };
    return at - lastSeen <= fresh
      ? { held: true, because: last }
      : { held: false, because: `${last}, and nobody looked since` };
  }
  const began = from > 0 && from < firstSeen ? `, and may have had it from ${timeText(from)}` : '';
  return at >= firstSeen
    ? { held: true, because: `was seen with it at ${timeText(firstSeen)} and at ${timeText(lastSeen)}` }
    : { held: true, because: `was first seen with it at ${timeText(firstSeen)}${began}` };
};

/** The tenure that says most: of the object itself, then the one seen last. */
const RANK: { readonly [kind in RecordedOwner['kind']]: number } = {
  pod: 0,
  node: 0,
  service: 0,
  endpoint: 0,
  'policed-pod': 1,
  host: 1,
  'host-pod': 2,
};

export const tellingTenure = ({ tenures: [first, ...others] }: Candidate): Tenure =>
  others.reduce((best, tenure) => {
    const rank = RANK[tenure.record.owner.kind] - RANK[best.record.owner.kind];
    return rank < 0 || (rank === 0 && (tenure.record.lastSeen ?? tenure.to) > (best.record.lastSeen ?? best.to))
      ? tenure
      : best;
  }, first);

const nodeOf = ({ record: { owner } }: Tenure): string | undefined => {
  switch (owner.kind) {
    case 'pod':
      return owner.node;
    case 'host-pod':
      return owner.node;
    case 'node':
    case 'host':
      return owner.name;
    case 'policed-pod':
    case 'service':
    case 'endpoint':
      return undefined;
    default:
      return owner satisfies never;
  }
};

const only = (candidate: Candidate, at: number, timing: ResolveTiming, note = ''): Occupancy => {
  const grounds = candidate.tenures.map((tenure) => ({ tenure, ...heldAt(tenure, at, timing) }));
  const telling = tellingTenure(candidate);
  const best = grounds.find(({ held }) => held) ?? grounds.find(({ tenure }) => tenure === telling);
  return {
    certainty: best?.held === true ? 'exact' : 'former',
    candidates: [candidate],
    because: `${candidate.identity} ${best?.because ?? ''}${note}`,
  };
};

const among = (candidates: readonly Candidate[], at: number, timing: ResolveTiming, node?: string): Occupancy => {
  const [first, ...others] = candidates;
  if (first !== undefined && others.length === 0) return only(first, at, timing);
  const [local, ...alsoLocal] = candidates.filter(
    ({ tenures }) => node !== undefined && tenures.some((tenure) => nodeOf(tenure) === node),
  );
  if (local !== undefined && alsoLocal.length === 0) {
    const note = `; of ${candidates.length} that may have had it, it is the one on the reporting node`;
    return only(local, at, timing, note);
  }
  const names = candidates.slice(0, 4).map(({ identity }) => identity);
  return {
    certainty: 'ambiguous',
    candidates,
    because: `at ${timeText(at)} any of ${candidates.length} may have had it: ${names.join(', ')}${candidates.length > names.length ? ', …' : ''}`,
  };
};

/** Who was it last, where nobody is known to have it. */
const formerAmong = (tenures: readonly Tenure[], at: number, timing: ResolveTiming): Occupancy | undefined => {
  const earliest = at - timing.packetBeforeMs - timing.formerMs;
  const gone = tenures.filter(({ from, to }) => to <= at && to > earliest && to > from);
  const last = gone.reduce((latest, { to }) => Math.max(latest, to), -Infinity);
  const candidates = candidatesOf(gone.filter(({ to }) => to === last));
  const found = candidates.length === 0 ? undefined : among(candidates, at, timing);
  return found?.certainty === 'exact' ? { ...found, certainty: 'former' } : found;
};

/**
 * The owner in the window in which the packet may have been. Someone seen with the address before and after beats those
 * who merely may have had it; several of a kind are told apart by the reporting node, which hosts one end of the flow,
 * or not at all.
 */
export const occupancyAt = (
  tenures: readonly Tenure[],
  at: number,
  timing: ResolveTiming,
  node?: string,
): Occupancy | undefined => {
  const begin = at - timing.packetBeforeMs;
  const end = at + timing.packetAfterMs;
  const possible = tenures.filter(({ from, to }) => from <= end && to > begin);
  if (possible.length === 0) return formerAmong(tenures, at, timing);
  const certain = possible.filter(
    ({ record: { firstSeen, lastSeen } }) =>
      firstSeen !== undefined && lastSeen !== undefined && firstSeen <= begin && end <= lastSeen,
  );
  return among(candidatesOf(certain.length > 0 ? certain : possible), at, timing, node);
};
