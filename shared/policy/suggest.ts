import type { NetworkPolicy } from '../model/facts-kubernetes.ts';
import { blastRadius } from './blast-radius.ts';
import type { BlastRadius } from './blast-radius.ts';
import { candidatesFor } from './candidate-changes.ts';
import type { DeniedSide, SideCandidates } from './candidate-changes.ts';
import { decide } from './decide.ts';
import type { Direction, Flow } from './flow.ts';
import { prepareGround } from './ground.ts';
import type { Ground } from './ground.ts';
import { networkPolicyManifest, toYaml } from './manifest.ts';
import type { NetworkPolicyManifest } from './manifest.ts';
import type { PlannedChange, PolicyChange } from './policy-change.ts';
import type { PolicyIndex } from './policy-index.ts';
import { indexKnowing, withPolicies } from './with-policies.ts';

/** Addresses, outside the cluster too, that a changed rule admits. */
export interface AdmittedRange {
  readonly direction: Direction;
  readonly cidr: string;
  readonly except: readonly string[];
}

/** A change of policies that was applied to the snapshot and there makes the flow allowed. */
export interface Suggestion extends BlastRadius {
  /**
   * `smallest`: the one to take, between the two workloads. `narrower`: by every lasting label the pods have.
   * `wider`: from or to the whole namespace of the peer, or its neighbouring addresses.
   */
  readonly scope: 'smallest' | 'narrower' | 'wider';
  /** One per side that denies the flow; all are needed. */
  readonly changes: readonly [PolicyChange, ...PolicyChange[]];
  /** The manifests of all created policies; empty where the changes are patches. */
  readonly yaml: string;
  /** Every policy concerned, created or patched, as the changes leave it: for those who keep manifests rather than patch. */
  readonly manifests: readonly [NetworkPolicyManifest, ...NetworkPolicyManifest[]];
  readonly admits: readonly AdmittedRange[];
}

const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

/** For a patch, the whole patched rule: its peers all get the new port. */
const admittedRanges = ({ change, after }: PlannedChange): readonly AdmittedRange[] => {
  const { direction } = change;
  const rules = change.kind === 'create' ? after[direction] : patchedRules(change, after);
  return rules.flatMap(({ peers }) => {
    if (peers.length === 0) return EVERYWHERE.map((cidr) => ({ direction, cidr, except: [] }));
    return peers.flatMap((peer) =>
      peer.kind === 'ip-block' ? [{ direction, cidr: peer.cidr, except: peer.except }] : [],
    );
  });
};

const patchedRules = (
  { direction, ruleIndex, list }: Extract<PolicyChange, { kind: 'patch' }>,
  after: NetworkPolicy,
): NetworkPolicy['ingress'] => {
  const rule = after[direction][ruleIndex];
  if (rule === undefined) return [];
  return [list === 'ports' ? rule : { ...rule, peers: rule.peers.slice(-1) }];
};

interface Trial extends BlastRadius {
  readonly planned: readonly [PlannedChange, ...PlannedChange[]];
  readonly admits: readonly AdmittedRange[];
  /** How many of them are not the flow's own end. */
  readonly excess: number;
}

/**
 * How many pairs of groups a candidate may concern. Past the first number a patch is not the smallest change: a policy between
 * two workloads is. Past the second, labels do not set the workloads apart, and no policy is worth suggesting.
 */
const MAX_PAIRS = { patch: 200_000, create: 1_000_000 } as const;

const tryOut = (
  ground: Ground,
  planned: readonly PlannedChange[],
  own: ReadonlySet<string>,
  limit: number,
): Trial | undefined => {
  const [first, ...others] = planned;
  if (first === undefined) return undefined;
  const changed = planned.map(({ after }) => after);
  const after = withPolicies(ground.before, changed);
  if (decide(after, ground.flow).allowed !== 'allowed') return undefined;
  const budget = MAX_PAIRS[planned.some(({ change }) => change.kind === 'patch') ? 'patch' : 'create'];
  const radius = blastRadius({ ground, after, changed, limit, budget });
  if (radius === undefined) return undefined;
  const admits = planned.flatMap(admittedRanges);
  return {
    planned: [first, ...others],
    admits,
    excess: admits.filter(({ cidr }) => !own.has(cidr)).length,
    ...radius,
  };
};

/** One choice per side. */
const combine = (sides: readonly (readonly PlannedChange[])[]): readonly (readonly PlannedChange[])[] =>
  sides.reduce<readonly (readonly PlannedChange[])[]>(
    (chosen, choices) => chosen.flatMap((one) => choices.map((choice) => [...one, choice])),
    [[]],
  );

/**
 * Whether a patch lets its rule admit more than the flow needs: its other ports to the new peer, or the new port to its other
 * peers. The other side may hide this from the count of opened connections, today.
 */
const admitsMore = ({ change, after }: PlannedChange): boolean => {
  if (change.kind === 'create') return false;
  const rule = after[change.direction][change.ruleIndex];
  if (rule === undefined || change.list === 'ports') return rule?.peers.length !== 1;
  const [only, ...others] = rule.ports;
  return others.length > 0 || only?.port === undefined || only.endPort !== undefined;
};

/**
 * Nothing closed; no addresses admitted beyond the flow's own, for nobody can count who is there; then least opened. What is
 * equal keeps its order, and patches come before new policies.
 */
const byHarm = (a: Trial, b: Trial): number =>
  a.closes.count - b.closes.count ||
  a.excess - b.excess ||
  a.opens.count - b.opens.count ||
  a.planned.filter(admitsMore).length - b.planned.filter(admitsMore).length;

/** The sides change different directions, so both may change one policy and neither undoes the other. */
const resulting = (planned: Trial['planned']): Suggestion['manifests'] => {
  const [first, second] = planned;
  const manifest = networkPolicyManifest(first.after);
  if (second === undefined) return [manifest];
  const { namespace, name } = second.after;
  if (namespace !== first.after.namespace || name !== first.after.name) {
    return [manifest, networkPolicyManifest(second.after)];
  }
  const { direction } = second.change;
  return [networkPolicyManifest({ ...first.after, [direction]: second.after[direction] })];
};

const toSuggestion = (scope: Suggestion['scope'], { planned, admits, opens, closes }: Trial): Suggestion => {
  const [first, ...others] = planned;
  const manifests = planned.flatMap(({ change }) => (change.kind === 'create' ? [change.manifest] : []));
  return {
    scope,
    changes: [first.change, ...others.map(({ change }) => change)],
    yaml: toYaml(manifests),
    manifests: resulting(planned),
    admits,
    opens,
    closes,
  };
};

const sameChanges = (a: Suggestion, b: Suggestion): boolean => JSON.stringify(a.changes) === JSON.stringify(b.changes);

/**
 * Changes that admit a flow which namespaced policies, Baseline or strict mode deny on these sides. Each was applied to the
 * snapshot and judged anew; what does not make the flow allowed is not offered. The one to take comes first. Empty where the
 * ends have nothing by which a policy could name them.
 */
export const suggest = (
  index: PolicyIndex,
  flow: Flow,
  denied: readonly DeniedSide[],
  limit: number,
): readonly Suggestion[] => {
  const sides = denied.flatMap((side): readonly SideCandidates[] => {
    const found = candidatesFor(index, side, flow);
    return found === undefined ? [] : [found];
  });
  if (sides.length === 0) return [];
  const plans = {
    smallest: combine(sides.map(({ patches, workload }) => [...patches, workload])),
    narrower: [sides.map(({ narrower }) => narrower)],
    wider: [sides.map(({ wider }) => wider)],
  } as const;
  const before = indexKnowing(
    index,
    Object.values(plans).flatMap((plan) => plan.flatMap((planned) => planned.map(({ after }) => after))),
  );
  const ground = prepareGround(before, flow);
  // A policy between the two workloads admits exactly the flow's own end.
  const own = new Set(sides.flatMap(({ workload }) => admittedRanges(workload).map(({ cidr }) => cidr)));
  const found: Suggestion[] = [];
  for (const scope of ['smallest', 'narrower', 'wider'] as const) {
    const [best] = plans[scope].flatMap((planned) => tryOut(ground, planned, own, limit) ?? []).toSorted(byHarm);
    if (best === undefined) continue;
    const suggestion = toSuggestion(scope, best);
    if (!found.some((other) => sameChanges(other, suggestion))) found.push(suggestion);
  }
  return found;
};
