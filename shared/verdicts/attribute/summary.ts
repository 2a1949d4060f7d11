import type { DenialClass, DenialExplanation, SuggestedChange } from '../../model/denied-traffic.ts';
import type { FlowDirection } from '../../model/flow.ts';
import { CAVEATS } from '../../policy/caveats.ts';
import type { ClusterRuleRef, Decision, PolicyRef } from '../../policy/decision.ts';
import type { Cluster } from './cluster.ts';
import type { Group } from './group.ts';
import { sidesOf } from './judge.ts';
import type { Reading } from './judge.ts';
import { label, listed, sentence } from './text.ts';

export interface Story {
  readonly group: Group;
  readonly denial: DenialClass;
  readonly reading: Reading;
  readonly cluster: Cluster;
  readonly suggestions: readonly SuggestedChange[];
  readonly nearest: readonly string[];
  /** Whether the request that a reply would answer is allowed; absent where nobody can say. */
  readonly requestAllowed?: boolean;
}

/** Policies listed for one side. */
const POLICIES = 20;

const policyText = ({ kind, namespace, name }: PolicyRef): string =>
  label(`${kind === 'NetworkPolicy' ? '' : `${kind} `}${namespace}/${name}`);

const NOBODY = { isolatedBy: [] } as const;

/** Sides that policies isolate. */
export const isolationOf = (reading: Reading): DenialExplanation['isolatedBy'] =>
  (['egress', 'ingress'] as const).flatMap((direction) => {
    const isolation = reading.kind === 'flow' ? reading.decision : reading.kind === 'unknown-end' && reading.isolation;
    const { isolatedBy } = isolation === false ? NOBODY : isolation[direction];
    return isolatedBy.length === 0 ? [] : [{ direction, policies: isolatedBy.slice(0, POLICIES).map(policyText) }];
  });

const targetText = ({ pair, destination, isReply }: Group): string => {
  if (isReply) return `${destination.short} (${pair.protocol})`;
  if (pair.destinationPort === undefined) return `${destination.short} on ${pair.portCount} ports (${pair.protocol})`;
  return pair.destinationPort === 0
    ? `${destination.short} by ${pair.protocol}`
    : `${destination.short}:${pair.destinationPort}/${pair.protocol}`;
};

const OPENINGS: { readonly [C in DenialClass]: (source: string, target: string) => string } = {
  'policy-denied': (source, target) => `${source} may not reach ${target}.`,
  'cluster-policy-denied': (source, target) => `${source} may not reach ${target}: a ClusterNetworkPolicy denies it.`,
  'strict-default-deny': (source, target) =>
    `${source} may not reach ${target}: strict mode denies what no policy allows, and an end has no policy.`,
  'vpc-cni-deviation': (source, target) =>
    `${source} was kept from ${target} although its policies allow it: the VPC CNI is known to differ here.`,
  reply: (source, target) => `An answer of ${source} to ${target} was dropped.`,
  'enforcement-anomaly': (source, target) => `${source} was kept from ${target} although the policies allow it.`,
  'agent-defect': (source, target) =>
    `${source} was kept from ${target} by the network policy agent itself, not by a policy.`,
  'policies-changed': (source, target) =>
    `${source} was kept from ${target}; the policies known today are not those of that time.`,
  unattributed: (source, target) => `${source} was kept from ${target}; why cannot be said.`,
};

const isolationText = (group: Group, direction: FlowDirection, policies: readonly string[], isDenied: boolean) => {
  const { source, destination } = group;
  const subject = direction === 'egress' ? source.short : destination.short;
  const rule = policies.length === 1 ? 'no rule of it admits this' : 'no rule of theirs admits this';
  return `${subject} is isolated on ${direction} by ${listed(policies)}${isDenied ? `; ${rule}` : ''}.`;
};

const clusterRuleText = ({ policy, tier, priority, direction, index, rule }: ClusterRuleRef): string => {
  const name = rule === '' ? '' : ` "${label(rule)}"`;
  return `ClusterNetworkPolicy ${label(policy)} (${tier}, priority ${priority}) denies it by ${direction}[${index}]${name}.`;
};

const clusterRules = (decision: Decision): readonly ClusterRuleRef[] =>
  [decision.egress, decision.ingress].flatMap(({ verdict, because }) =>
    verdict === 'denied' && because.kind === 'cluster-rule' ? [because.rule] : [],
  );

const policySentences = ({ group, denial, reading }: Story): readonly string[] => {
  if (denial === 'reply' || denial === 'agent-defect') return [];
  const decision = reading.kind === 'flow' ? reading.decision : undefined;
  const isolation = isolationOf(reading).flatMap(({ direction, policies }) => {
    const isDenied = decision?.[direction].because.kind === 'no-rule';
    if (!isDenied && !sidesOf(group).includes(direction)) return [];
    return [isolationText(group, direction, policies, isDenied)];
  });
  return [...isolation, ...(decision === undefined ? [] : clusterRules(decision).map(clusterRuleText))];
};

const UNREAD = 'Not read, so nothing can be said of policies:';

const readingSentences = ({ reading, group }: Story): readonly string[] => {
  switch (reading.kind) {
    case 'unread':
      return [`${UNREAD} ${reading.facts.join(', ')}.`];
    case 'malformed':
      return [`The policies cannot be judged: ${reading.why}.`];
    case 'unknown-end':
      return [`Whether a rule admits this cannot be said: ${reading.why}.`];
    case 'flow':
      return [
        ...new Set(
          reading.decision.caveats
            .filter(
              ({ kind, on }) =>
                CAVEATS[kind].effect === 'undetermined' && (on === 'flow' || sidesOf(group).includes(on)),
            )
            .map(({ kind }) => CAVEATS[kind].text),
        ),
      ];
    default:
      return reading satisfies never;
  }
};

const doubts = ({ cluster, denial, reading }: Story): readonly string[] => {
  if (reading.kind !== 'flow') return [];
  const isAboutPolicies = !['reply', 'agent-defect'].includes(denial);
  return [
    ...(isAboutPolicies && cluster.doubtful.length > 0
      ? [`Not read, and may matter: ${cluster.doubtful.join(', ')}.`]
      : []),
    ...(denial === 'unattributed' && cluster.mode === 'undecided'
      ? ['Whether the nodes enforce in standard or in strict mode is not known.']
      : []),
  ];
};

const openText = ({ alsoOpens, alsoOpensExamples }: SuggestedChange): string => {
  if (alsoOpens === 0) return 'open nothing else';
  const examples = alsoOpensExamples.length === 0 ? '' : `, for example ${alsoOpensExamples.slice(0, 2).join(' and ')}`;
  return `also open ${alsoOpens} other ${alsoOpens === 1 ? 'connection' : 'connections'}${examples}`;
};

const CREATE = 'create NetworkPolicy ';

const stepText = (title: string): string =>
  title.startsWith(CREATE) ? `adding policy ${title.slice(CREATE.length)}` : title.replace(/^add /, 'adding ');

const suggestionSentences = ({ suggestions: [first], group }: Story): readonly string[] => {
  if (first === undefined) return [];
  const steps = first.titles.map(stepText).join(' and ');
  const kinds = new Set([group.source.owner?.kind, group.destination.owner?.kind]);
  return [
    `${steps.slice(0, 1).toUpperCase()}${steps.slice(1)} would allow it and ${openText(first)}.`,
    ...(kinds.has('node') ? ['A rule for nodes admits every process on them.'] : []),
    // Addresses that nobody known has are no connections that could be counted.
    ...(kinds.has('external') && first.scope === 'wider' ? ['A rule for a range admits every address in it.'] : []),
  ];
};

const replySentences = ({ group, denial, requestAllowed }: Story): readonly string[] => {
  if (denial !== 'reply' || requestAllowed === undefined) return [];
  const { source, destination, sourcePort, pair } = group;
  const request = `${destination.short} to ${source.short}:${sourcePort ?? '?'}/${pair.protocol}`;
  return [
    `The connection that it answers, ${request}, is ${requestAllowed ? 'allowed' : 'not allowed'} by the policies.`,
  ];
};

/** What happened, why, and what would change it, in plain sentences; the most important first. */
export const summaryOf = (story: Story): readonly string[] => {
  const { group, denial, nearest } = story;
  const opening = OPENINGS[denial](group.source.label, targetText(group));
  return [
    // Names keep their case; words do not.
    opening.replace(/^(?:the|an?|one) /, (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`),
    ...policySentences(story),
    ...replySentences(story),
    ...nearest,
    ...suggestionSentences(story),
    ...readingSentences(story),
    ...doubts(story),
  ].map(sentence);
};
