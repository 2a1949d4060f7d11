import type { NetworkPolicy } from '../model/facts-kubernetes.ts';
import type { NamespacedPolicy } from './compiled.ts';
import { verdictOf } from './decision.ts';
import type { Verdict } from './decision.ts';
import type { Direction } from './flow.ts';
import { mentionedPorts, probesOf } from './ground.ts';
import type { Cell, Ground, MemberProbe, Probe } from './ground.ts';
import { judgeSide } from './judge-side.ts';
import { matchPeers } from './match.ts';
import type { Group, PodGroup, PolicyIndex } from './policy-index.ts';
import { ReachTally } from './reach-tally.ts';
import type { ReachSet } from './reach-tally.ts';

/** What a change does to the rest of the cluster. */
export interface BlastRadius {
  readonly opens: ReachSet;
  readonly closes: ReachSet;
}

export interface BlastRequest {
  readonly ground: Ground;
  /** The ground's index with the policies changed (see `withPolicies`): its pods are the same, in the same order. */
  readonly after: PolicyIndex;
  readonly changed: readonly NetworkPolicy[];
  /** How many changed connections to list. */
  readonly limit: number;
  /** How many pairs of groups may be looked at. */
  readonly budget: number;
}

/** What a change does to one direction of one cell. */
interface Alteration {
  /** The cell's group afterwards. */
  readonly group: PodGroup;
  /** Isolated for the first time, or policed for the first time: then its judgement of every peer may differ. */
  readonly wholly: boolean;
}

/** Rules are the same where they are the same list: a change makes a new list where it changes one. */
const alterationOf = (before: Group, after: Group | undefined, direction: Direction): Alteration | undefined => {
  if (before === after || before.kind !== 'pod' || after?.kind !== 'pod') return undefined;
  const was = before.isolating[direction];
  const is = after.isolating[direction];
  const begins = (list: readonly unknown[], then: readonly unknown[]): boolean =>
    (list.length === 0) !== (then.length === 0);
  if (begins(before.policies, after.policies) || begins(was, is)) return { group: after, wholly: true };
  const same =
    was.length === is.length && was.every((policy, at) => policy.source[direction] === is[at]?.source[direction]);
  return same ? undefined : { group: after, wholly: false };
};

/** One direction of a change: the cells whose own side it alters, and the peers that its rules speak of. */
interface Front {
  readonly altered: ReadonlyMap<Cell, Alteration>;
  readonly peers: ReadonlySet<Cell>;
}

const frontOf = ({ ground, after, changed }: BlastRequest, direction: Direction): Front => {
  const altered = new Map<Cell, Alteration>();
  for (const cell of ground.cells) {
    const group = cell.sample === undefined ? undefined : after.pods[cell.sample.order]?.group;
    const alteration = alterationOf(cell.group, group, direction);
    if (alteration !== undefined) altered.set(cell, alteration);
  }
  const isChanged = ({ ref }: NamespacedPolicy): boolean =>
    changed.some(
      ({ namespace, name }) => ref.kind === 'NetworkPolicy' && ref.namespace === namespace && ref.name === name,
    );
  const rules = [...ground.before.policies, ...after.policies]
    .filter(isChanged)
    .flatMap((policy) => policy.rules[direction]);
  const spokenOf = ({ group }: Cell): boolean => rules.some(({ peers }) => matchPeers(peers, group) !== 'no');
  return { altered, peers: new Set(ground.cells.filter(spokenOf)) };
};

/** The other ends of an altered cell for which the answer may differ. */
const othersFor = ({ wholly }: Alteration, { peers }: Front, { cells }: Ground): Iterable<Cell> =>
  wholly ? cells : peers;

const sizeOf = (front: Front, { cells }: Ground): number =>
  [...front.altered.values()].reduce((sum, { wholly }) => sum + (wholly ? cells.length : front.peers.size), 0);

interface Shift {
  readonly was: Verdict;
  readonly is: Verdict;
}

/** A side of a pair: whose it is, what the change made of its group, and the other end, which looks the same to it before and after. */
interface PairSide {
  readonly own: Cell;
  readonly afterwards: Group | undefined;
  readonly peer: Cell;
}

const shiftOf = (
  { ground: { before } }: BlastRequest,
  direction: Direction,
  { own, afterwards, peer }: PairSide,
  probe: Probe,
): Shift => {
  const target = direction === 'ingress' ? own.group : peer.group;
  const destination = { target, port: probe.port, protocol: probe.protocol };
  const judge = (subject: Group): Verdict =>
    judgeSide({ subject, direction, peer: peer.group, destination, mode: before.mode }).verdict;
  const was = judge(own.group);
  return { was, is: afterwards === undefined ? was : judge(afterwards) };
};

const UNCHANGED: Shift = { was: 'unknown', is: 'unknown' };

/** Looks at the altered sides first: where these stay as they were, the rest of the answer does not matter. */
const bothShifts = (request: BlastRequest, out: PairSide, into: PairSide, probe: Probe): Shift => {
  const egress = out.afterwards === undefined ? undefined : shiftOf(request, 'egress', out, probe);
  const ingress = into.afterwards === undefined ? undefined : shiftOf(request, 'ingress', into, probe);
  const stays = (shift: Shift | undefined): boolean => shift === undefined || shift.was === shift.is;
  if (stays(egress) && stays(ingress)) return UNCHANGED;
  const first = egress ?? shiftOf(request, 'egress', out, probe);
  const second = ingress ?? shiftOf(request, 'ingress', into, probe);
  return { was: verdictOf(first.was, second.was), is: verdictOf(first.is, second.is) };
};

/**
 * Exactly which connections a change opens and closes. Asked of every live pod to every other, and of the flow's end outside
 * the cluster, on the flow's port, the ports that the changed rules mention and the ports that the destination declares.
 * Only pairs are looked at of which the change alters a side, and pods of one group change together.
 * Undefined where there are more than `budget` pairs of groups to look at.
 */
export const blastRadius = (request: BlastRequest): BlastRadius | undefined => {
  const { ground, changed, limit, budget } = request;
  const egress = frontOf(request, 'egress');
  const ingress = frontOf(request, 'ingress');
  if (sizeOf(egress, ground) + sizeOf(ingress, ground) > budget) return undefined;

  const opens = new ReachTally(ground, limit);
  const closes = new ReachTally(ground, limit);
  const mentioned = mentionedPorts(ground.flow, changed);
  const probes = new Map<Cell, readonly MemberProbe[]>();
  const probesAt = (target: Cell): readonly MemberProbe[] => {
    const known = probes.get(target) ?? probesOf(target, mentioned);
    probes.set(target, known);
    return known;
  };
  const compare = (source: Cell, target: Cell): void => {
    for (const probe of probesAt(target)) {
      const out = { own: source, afterwards: egress.altered.get(source)?.group, peer: target };
      const into = { own: target, afterwards: ingress.altered.get(target)?.group, peer: source };
      const { was, is } = bothShifts(request, out, into, probe);
      if (was !== 'allowed' && is === 'allowed') opens.add(source, target, probe);
      if (was === 'allowed' && is !== 'allowed') closes.add(source, target, probe);
    }
  };

  for (const [target, alteration] of ingress.altered) {
    for (const source of othersFor(alteration, ingress, ground)) compare(source, target);
  }
  for (const [source, alteration] of egress.altered) {
    for (const target of othersFor(alteration, egress, ground)) {
      const known = ingress.altered.get(target);
      const compared = known !== undefined && (known.wholly || ingress.peers.has(source));
      if (!compared) compare(source, target);
    }
  }
  return { opens: opens.result, closes: closes.result };
};
