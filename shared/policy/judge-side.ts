import type { ClusterPolicyTier } from '../model/cluster-policy.ts';
import type { ClusterRule } from './compiled.ts';
import type { Because, DecidingTier, Side, Verdict } from './decision.ts';
import type { Direction } from './flow.ts';
import { matchRule } from './match.ts';
import type { Destination } from './match.ts';
import type { EnforcingMode, Group, PodGroup } from './policy-index.ts';

/** One side's question: may `subject` talk, in this direction, with `peer`? */
export interface SideQuestion {
  readonly subject: Group;
  readonly direction: Direction;
  readonly peer: Group;
  readonly destination: Destination;
  readonly mode: EnforcingMode;
}

type PodQuestion = SideQuestion & { readonly subject: PodGroup };

const unpoliced = (kind: 'not-a-pod' | 'host-network' | 'own-node' | 'same-pod'): Side => ({
  verdict: 'allowed',
  tier: 'None',
  because: { kind },
  isolated: false,
  isolatedBy: [],
});

export const NOT_A_POD = unpoliced('not-a-pod');
export const HOST_NETWORK = unpoliced('host-network');

const PROTOCOLS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

const sideOf = ({ subject, direction }: PodQuestion, verdict: Verdict, tier: DecidingTier, because: Because): Side => ({
  verdict,
  tier,
  because,
  isolated: subject.isolating[direction].length > 0,
  isolatedBy: subject.isolatedBy[direction],
});

/** A side that an exception decides, with the pod's isolation still told. */
export const exempt = (subject: Group, direction: Direction, kind: 'own-node' | 'same-pod'): Side =>
  subject.kind === 'pod'
    ? {
        ...unpoliced(kind),
        isolated: subject.isolating[direction].length > 0,
        isolatedBy: subject.isolatedBy[direction],
      }
    : outside(subject);

const outside = ({ owner }: Extract<Group, { kind: 'address' }>): Side =>
  owner === 'host-pod' ? HOST_NETWORK : NOT_A_POD;

const clusterVerdict = (question: PodQuestion, tier: ClusterPolicyTier, rule: ClusterRule, below: () => Side): Side => {
  const { action } = rule.ref;
  if (action === 'Pass') return below();
  return sideOf(question, action === 'Deny' ? 'denied' : 'allowed', tier, { kind: 'cluster-rule', rule: rule.ref });
};

/**
 * One tier of cluster policies over what comes below it. The first rule that matches decides. A rule on domain names
 * before it may or may not match, so both outcomes count: where they differ, nobody knows.
 */
const clusterTier = (question: PodQuestion, tier: ClusterPolicyTier, below: () => Side): Side => {
  const { subject, direction, peer, destination } = question;
  const possible: Side[] = [];
  for (const rule of subject.clusterRules[direction]) {
    if (rule.ref.tier !== tier) continue;
    const match = matchRule(rule, peer, destination);
    if (match === 'no') continue;
    possible.push(clusterVerdict(question, tier, rule, below));
    if (match === 'yes') return settle(question, tier, possible);
  }
  return settle(question, tier, [...possible, below()]);
};

const settle = (question: PodQuestion, tier: ClusterPolicyTier, possible: readonly Side[]): Side => {
  const last = possible.at(-1);
  const agreed = last !== undefined && possible.every(({ verdict }) => verdict === last.verdict);
  return agreed ? last : sideOf(question, 'unknown', tier, { kind: 'domain-name' });
};

const namespacedTier = (question: PodQuestion): Side => {
  const { subject, direction, peer, destination } = question;
  let maybe = false;
  for (const policy of subject.isolating[direction]) {
    for (const rule of policy.rules[direction]) {
      const match = matchRule(rule, peer, destination);
      if (match === 'yes') return sideOf(question, 'allowed', 'NetworkPolicy', { kind: 'rule', rule: rule.ref });
      maybe ||= match === 'maybe';
    }
  }
  return maybe
    ? sideOf(question, 'unknown', 'NetworkPolicy', { kind: 'domain-name' })
    : sideOf(question, 'denied', 'NetworkPolicy', { kind: 'no-rule' });
};

const byDefault = (question: PodQuestion): Side =>
  question.mode === 'strict'
    ? sideOf(question, 'denied', 'Default', { kind: 'strict-default' })
    : sideOf(question, 'allowed', 'Default', { kind: 'no-policy' });

/** A namespaced policy of any direction keeps a pod from Baseline and from the default, in both directions. */
const belowAdmin = (question: PodQuestion): Side => {
  const { subject, direction } = question;
  if (subject.isolating[direction].length > 0) return namespacedTier(question);
  if (subject.policies.length > 0) return sideOf(question, 'allowed', 'NetworkPolicy', { kind: 'not-isolated' });
  return clusterTier(question, 'Baseline', () => byDefault(question));
};

/** Policies are defined for three protocols; where one would decide about another, there is no answer. */
const undefinedProtocol = (question: PodQuestion): Side => {
  const { subject, direction, mode } = question;
  const decided = subject.clusterRules[direction].length > 0 || subject.isolating[direction].length > 0;
  if (decided || (mode === 'strict' && subject.policies.length === 0)) {
    return sideOf(question, 'unknown', 'None', { kind: 'protocol-undefined' });
  }
  return belowAdmin(question);
};

/**
 * The tiers in their order: Admin, namespaced policies, Baseline, the mode's default.
 * https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/c/tc.v4ingress.bpf.c
 */
export const judgeSide = (question: SideQuestion): Side => {
  const { subject } = question;
  if (subject.kind === 'address') return outside(subject);
  const about = { ...question, subject };
  if (!PROTOCOLS.has(question.destination.protocol)) return undefinedProtocol(about);
  return clusterTier(about, 'Admin', () => belowAdmin(about));
};
