import type { DenialClass, Suspicion } from '../../model/denied-traffic.ts';
import type { Pod, PolicyEndpoint } from '../../model/facts-kubernetes.ts';
import { CAVEATS } from '../../policy/caveats.ts';
import { AGENT_DEFECTS } from './agent-defects.ts';
import type { AgentDefect, DefectEffect } from './agent-defects.ts';
import { agentVersions, compareVersions, versionText } from './agent-version.ts';
import type { Version } from './agent-version.ts';
import type { Cluster } from './cluster.ts';
import type { Group } from './group.ts';
import { deviations, sidesOf, youngerPolicies } from './judge.ts';
import type { Judged, Reading } from './judge.ts';
import { label, listed, sentence } from './text.ts';

const AGENT = 'https://github.com/aws/aws-network-policy-agent';
const CONTROLLER = 'https://github.com/aws/amazon-network-policy-controller-k8s';

interface Case {
  readonly group: Group;
  readonly reading: Reading;
  readonly cluster: Cluster;
  readonly takenAt: string;
}

type Judging = Case & { readonly reading: Judged };

/** What is wrong between a policy and the pod in the controller's own list. */
const endpointFault = (endpoints: readonly PolicyEndpoint[], pod: Pod, policyAge: number): string | undefined => {
  if (endpoints.length === 0) return 'has no PolicyEndpoint';
  if (endpoints.every(({ createdAt }) => Date.parse(createdAt) < policyAge)) return 'has only older PolicyEndpoints';
  const entries = endpoints
    .flatMap(({ pods }) => pods)
    .filter(({ namespace, name }) => namespace === pod.namespace && name === pod.name);
  if (entries.length === 0) return `has no PolicyEndpoint that lists ${label(`${pod.namespace}/${pod.name}`)}`;
  const isCurrent = entries.some(({ podIP }) => pod.podIPs.includes(podIP));
  const old = listed(entries.map(({ podIP }) => podIP));
  return isCurrent ? undefined : `lists ${label(`${pod.namespace}/${pod.name}`)} with the address ${old}`;
};

/** PolicyEndpoints are what the agents enforce: where they are behind the policies, so is the node. */
const stalePolicyEndpoints = ({ group, reading: { from, to, index }, cluster }: Judging): readonly Suspicion[] => {
  const fact = cluster.facts['kubernetes.policy-endpoints'];
  if (fact.state !== 'observed') return [];
  return sidesOf(group).flatMap((side) => {
    const pod = side === 'egress' ? from : to;
    const found = pod === undefined ? 'unknown' : index.podAt(pod);
    if (pod === undefined || typeof found === 'string' || found.group.kind !== 'pod') return [];
    const faults = found.group.policies.flatMap(({ ref, source }) => {
      if (ref.kind !== 'NetworkPolicy') return [];
      const endpoints = fact.value.filter(
        ({ policy }) => policy.namespace === ref.namespace && policy.name === ref.name,
      );
      const fault = endpointFault(endpoints, pod, Date.parse(source.createdAt));
      return fault === undefined ? [] : [`${label(`${ref.namespace}/${ref.name}`)} ${fault}`];
    });
    return faults
      .slice(0, 1)
      .map((fault) => ({ kind: 'stale-policy-endpoint' as const, text: sentence(`${fault}.`), url: CONTROLLER }));
  });
};

/** Milliseconds. A pod is open, or closed, until its policies are attached; nobody promises how long that takes. */
const START_UP = 120_000;

/**
 * In standard mode a new pod's connections are made before its policies are there and answered after
 * (https://github.com/aws/aws-network-policy-agent/issues/345).
 */
const startUpWindow = ({ group: { entries, pair }, cluster }: Case): readonly Suspicion[] => {
  let within = 0;
  for (const { aggregate, from, to } of entries) {
    const isNew = [...from.owners, ...to.owners].some((owner) => {
      if (owner.kind !== 'pod') return false;
      const age = aggregate.lastSeenAt - Date.parse(cluster.pod(owner.namespace, owner.name)?.createdAt ?? '');
      return age >= 0 && age <= START_UP;
    });
    if (isNew) within += aggregate.count;
  }
  return within * 2 < pair.count || within === 0
    ? []
    : [
        {
          kind: 'start-up-window',
          text: `${within} of ${pair.count} denials came within two minutes of the start of a pod: its policies may not have been attached yet.`,
          url: `${AGENT}/issues/345`,
        },
      ];
};

const isStrict = ({ cluster, group }: Case): boolean =>
  cluster.mode === 'strict' || group.pair.tiers.includes('DEFAULT');

const isOwnNode = ({ source, destination }: Group): boolean =>
  source.id === 'node:own' || destination.id === 'node:own';

const effectsOf = (given: Case, startsUp: boolean): ReadonlySet<DefectEffect> => {
  const { group, reading } = given;
  if (isOwnNode(group)) return new Set(isStrict(given) ? ['own-node', 'strict-own-node'] : ['own-node']);
  if (group.isReply) return new Set(['reply']);
  const effects = new Set<DefectEffect>(['any']);
  if (sidesOf(group).includes('egress')) {
    effects.add('egress');
    if (group.pair.destination.addresses.some((address) => address.includes(':'))) effects.add('ipv6-egress');
  }
  if (startsUp) effects.add('start-up');
  const hasExcept = reading.kind === 'flow' && reading.decision.caveats.some(({ kind }) => kind === 'except-overrides');
  if (hasExcept) effects.add('except');
  return effects;
};

const affects = ({ since, fixed }: AgentDefect, version: Version): boolean =>
  (since === undefined || compareVersions(version, since) >= 0) &&
  (fixed === undefined || compareVersions(version, fixed) < 0);

const DEFECTS_NAMED = 3;

const versionDefects = (given: Case, startsUp: boolean): readonly Suspicion[] => {
  const versions = agentVersions(given.cluster.facts, given.group.pair.nodes);
  const effects = effectsOf(given, startsUp);
  return AGENT_DEFECTS.filter((defect) => defect.effects.some((effect) => effects.has(effect)))
    .flatMap((defect): readonly Suspicion[] => {
      const version = versions.find((one) => affects(defect, one));
      if (version === undefined) return [];
      const fixed =
        defect.fixed === undefined ? 'no release is free of it yet' : `fixed in ${versionText(defect.fixed)}`;
      return [
        {
          kind: 'agent-version-defect',
          text: `Agent ${versionText(version)} has a known defect (${fixed}): ${defect.text}`,
          url: defect.url,
        },
      ];
    })
    .slice(0, DEFECTS_NAMED);
};

const policyChanges = (given: Case): readonly Suspicion[] => {
  const { group, reading, takenAt } = given;
  const found: Suspicion[] = [];
  if (reading.kind === 'flow') {
    const younger = youngerPolicies(reading, group).map(({ namespace, name }) => `${namespace}/${name}`);
    if (younger.length > 0) {
      const text = `Created after the last of these denials: ${listed(younger)}.`;
      found.push({ kind: 'policy-changed-since', text: sentence(text) });
    } else if (group.pair.tiers.includes('NETWORK_POLICY') && hasNoPolicy(reading, group)) {
      const text = 'The agent denied it by a NetworkPolicy, and no policy selects the pod any more.';
      found.push({ kind: 'policy-changed-since', text });
    }
  }
  if (Date.parse(group.pair.lastSeenAt) > Date.parse(takenAt)) {
    const text = `The policies were read at ${label(takenAt)}, before the last of these denials.`;
    found.push({ kind: 'policy-changed-since', text });
  }
  return found;
};

const hasNoPolicy = ({ decision }: Judged, group: Group): boolean =>
  sidesOf(group).some((side) => decision[side].because.kind === 'no-policy');

const knownDeviations = ({ group, reading }: Judging): readonly Suspicion[] =>
  [...new Set(deviations(reading, group).map(({ kind }) => kind))].map((kind) => ({
    kind: 'vpc-cni-deviation',
    text: CAVEATS[kind].text,
    url: CAVEATS[kind].url,
  }));

const agentErrors = ({ group: { pair } }: Case): readonly Suspicion[] =>
  pair.tiers.includes('ERROR')
    ? [
        {
          kind: 'agent-error',
          text: 'The agent gave tier ERROR: it had no state for the pod and denied without looking at any policy.',
          url: `${AGENT}/issues/681`,
        },
      ]
    : [];

const probes = (given: Case): readonly Suspicion[] =>
  given.group.source.id === 'node:own' && isStrict(given)
    ? [
        {
          kind: 'probe-in-strict-mode',
          text: "The source is the pod's own node and the mode is strict: this is most likely a kubelet probe.",
          url: `${AGENT}/issues/636`,
        },
      ]
    : [];

const lateReply = ({ group: { isReply } }: Case): readonly Suspicion[] =>
  isReply
    ? [
        {
          kind: 'reply-after-conntrack-expiry',
          text: 'The packet goes from a service port to a client port: it answers a connection that the agent no longer tracks.',
          url: `${AGENT}/issues/73`,
        },
      ]
    : [];

/** Why a denial may be wrong or look wrong. Policies that deny and are in force leave little to suspect. */
export const suspicionsOf = (given: Case, denial: DenialClass): readonly Suspicion[] => {
  const { reading } = given;
  const startUp = startUpWindow(given);
  const judging = reading.kind === 'flow' ? { ...given, reading } : undefined;
  switch (denial) {
    case 'policy-denied':
    case 'cluster-policy-denied':
    case 'unattributed':
      return agentErrors(given);
    case 'strict-default-deny':
      return [...agentErrors(given), ...startUp];
    case 'policies-changed':
      return [...policyChanges(given), ...agentErrors(given)];
    case 'reply':
      return [...lateReply(given), ...startUp, ...versionDefects(given, startUp.length > 0), ...agentErrors(given)];
    case 'agent-defect':
      return [...agentErrors(given), ...probes(given), ...startUp, ...versionDefects(given, startUp.length > 0)];
    case 'vpc-cni-deviation':
    case 'enforcement-anomaly':
      return [
        ...(judging === undefined ? [] : knownDeviations(judging)),
        ...startUp,
        ...(judging === undefined ? [] : stalePolicyEndpoints(judging)),
        ...policyChanges(given),
        ...versionDefects(given, startUp.length > 0),
        ...agentErrors(given),
      ];
    default:
      return denial satisfies never;
  }
};
