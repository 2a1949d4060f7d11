import type { DeniedPair, DeniedTraffic, SuggestedChange } from '../../model/denied-traffic.ts';
import { decide } from '../../policy/decide.ts';
import { PolicyInputError } from '../../policy/policy-input-error.ts';
import type { FlowSummary } from '../aggregate/index.ts';
import { clusterOf } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { withDefaults } from './context.ts';
import type { AttributionContext, AttributionLimits } from './context.ts';
import { directionOf } from './direction.ts';
import { entriesOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { requestOf } from './flow-of.ts';
import { groupEntries } from './group.ts';
import type { Group } from './group.ts';
import { classOf, deviations, readingOf } from './judge.ts';
import type { Judged, Reading } from './judge.ts';
import { finishedEnds, vocabularyPolicy } from './planned.ts';
import { mendServiceSelector, suggestChanges } from './suggest-changes.ts';
import { isolationOf, summaryOf } from './summary.ts';
import { suspicionsOf } from './suspicions.ts';
import { label } from './text.ts';
import { scansIn, vetoOf } from './veto.ts';

export type Attribution = Pick<DeniedTraffic, 'pairs' | 'omitted'>;

interface Run {
  readonly cluster: Cluster;
  readonly takenAt: string;
  readonly limits: Required<AttributionLimits>;
  readonly scans: ReadonlySet<string>;
  /** Why policies cannot be judged at all. */
  readonly malformed?: string;
}

interface Answer {
  readonly suggestions: readonly SuggestedChange[];
  readonly none?: string;
  readonly nearest: readonly string[];
}

const nothing = (none: string): Answer => ({ suggestions: [], none, nearest: [] });

const answerTo = (group: Group, denial: DeniedPair['class'], judged: Judged, cluster: Cluster): Answer => {
  if (denial === 'vpc-cni-deviation') {
    const isSelector = deviations(judged, group).some(({ kind }) => kind === 'service-selector-differs');
    const suggestions = isSelector ? mendServiceSelector(judged, cluster) : [];
    return suggestions.length > 0
      ? { suggestions, nearest: [] }
      : nothing('The policies allow this already; the way they are written is what the VPC CNI does not follow.');
  }
  const { explanation, suggestions, none } = suggestChanges(judged, group, cluster);
  const nearest = explanation.summary.filter((line) => line.startsWith('Nearest rule: '));
  if (explanation.forbiddenBy.length > 0) {
    return nothing('A ClusterNetworkPolicy of tier Admin denies this before any NetworkPolicy is looked at.');
  }
  return suggestions.length > 0 ? { suggestions, nearest } : { suggestions, none, nearest };
};

/** Works out changes for as many pairs as are left; what cannot be judged or must not be allowed costs nothing. */
const changesFor = (
  group: Group,
  denial: DeniedPair['class'],
  reading: Reading,
  run: Run,
  left: () => boolean,
): Answer => {
  const veto = vetoOf(group, denial, run.scans);
  if (veto !== undefined) return nothing(veto);
  if (reading.kind !== 'flow') return nothing('What would have to be changed is not known.');
  const { decision } = reading;
  if (denial === 'cluster-policy-denied' && group.pair.tiers.includes('ADMIN')) {
    return nothing('A ClusterNetworkPolicy of tier Admin denies this before any NetworkPolicy is looked at.');
  }
  if (decision.allowed === 'unknown') {
    return nothing(
      'NetworkPolicy rules are for TCP, UDP and SCTP: only a rule without ports would allow this, and everything else with it.',
    );
  }
  if (decision.allowed === 'allowed' && denial !== 'vpc-cni-deviation') {
    return nothing('The policies of the snapshot allow this already.');
  }
  if (!left()) return nothing(`Changes are worked out for the ${run.limits.maxExplained} most frequent pairs only.`);
  return answerTo(group, denial, reading, run.cluster);
};

const requestAllowed = (group: Group, { cluster, malformed }: Run): { readonly requestAllowed?: boolean } => {
  if (!group.isReply || cluster.unread.length > 0 || malformed !== undefined) return {};
  const request = requestOf(group.entries[0], cluster);
  if (request.kind === 'unknown-end') return {};
  const { allowed } = decide(cluster.index(), request.flow);
  return allowed === 'unknown' ? {} : { requestAllowed: allowed === 'allowed' };
};

const pairOf = (group: Group, run: Run, left: () => boolean): DeniedPair => {
  const { cluster, takenAt, malformed } = run;
  const reading: Reading =
    malformed !== undefined && cluster.unread.length === 0
      ? { kind: 'malformed', why: malformed }
      : readingOf(group, cluster);
  const denial = classOf(group, reading, cluster);
  const { suggestions, none, nearest } = changesFor(group, denial, reading, run, left);
  const [owner] = group.entries[0].to.owners;
  const { destinationPort } = group.pair;
  const story = { group, denial, reading, cluster, suggestions, nearest, ...requestAllowed(group, run) };
  return {
    ...group.pair,
    ...(owner?.kind === 'service' &&
      destinationPort !== undefined && {
        service: { namespace: owner.namespace, name: owner.name, port: destinationPort },
      }),
    class: denial,
    explanation: {
      summary: summaryOf(story),
      isolatedBy: isolationOf(reading),
      suspicions: suspicionsOf({ group, reading, cluster, takenAt }, denial),
      suggestions,
      ...(suggestions.length === 0 && { noSuggestion: none ?? 'Nothing that would help was found.' }),
    },
  };
};

/** Pairs may be parted once more by direction, so a few more than those explained teach the index their words. */
const WORDS_FROM = 2;

const busiest = (entries: readonly Entry[], { maxPorts, maxExplained }: Required<AttributionLimits>) =>
  groupEntries(entries, maxPorts)
    .slice(0, WORDS_FROM * maxExplained)
    .flatMap((group) => group.entries);

/** The engine's own words where an object of the cluster is not what an API server accepts. */
const malformedIn = (cluster: Cluster): string | undefined => {
  if (cluster.unread.length > 0) return undefined;
  try {
    cluster.index();
    return undefined;
  } catch (error) {
    if (error instanceof PolicyInputError) return label(error.message);
    throw error;
  }
};

const lines = (groups: readonly Group[]): number => groups.reduce((sum, { pair }) => sum + pair.count, 0);

/**
 * Denied flows with names and reasons, most lines first. Pure and independent of the order of its input. The policies are
 * those of the snapshot; flows that are older or younger are said to be so. No policy is ever said to deny: policies
 * isolate, and no rule of theirs admits.
 */
export const attributeDenials = (summary: FlowSummary, context: AttributionContext): Attribution => {
  const { facts, takenAt, resolve } = context;
  const pods = facts['kubernetes.pods'];
  const limits = withDefaults(context.limits, pods.state === 'observed' ? pods.value.length : 0);
  const cluster = clusterOf(facts, () => ({
    planned: [vocabularyPolicy(busiest(entries, limits), cluster)],
    revived: finishedEnds(entries, cluster),
  }));
  const entries = entriesOf(summary, resolve, cluster);
  const malformed = malformedIn(cluster);
  const index = cluster.unread.length > 0 || malformed !== undefined ? undefined : cluster.index();
  const groups = groupEntries(
    entries.map((entry) => ({ ...entry, ...directionOf(entry, cluster, index) })),
    limits.maxPorts,
  );
  const run: Run = { cluster, takenAt, limits, scans: scansIn(groups), ...(malformed !== undefined && { malformed }) };
  let explained = 0;
  const left = (): boolean => explained++ < limits.maxExplained;
  const omitted = groups.slice(limits.maxPairs);
  return {
    pairs: groups.slice(0, limits.maxPairs).map((group) => pairOf(group, run, left)),
    omitted: { pairs: omitted.length, lines: lines(omitted) },
  };
};
