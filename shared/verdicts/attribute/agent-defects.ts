import type { Version } from './agent-version.ts';

/** Which denials a defect can be behind. */
export type DefectEffect =
  /** Any denial of what policies allow. */
  'any' | 'reply' | 'own-node' | 'egress' | 'ipv6-egress' | 'start-up' | 'except' | 'strict-own-node';

/** A defect of the network policy agent that denies what it should let pass. */
export interface AgentDefect {
  /** First affected; absent: all before `fixed`. */
  readonly since?: Version;
  /** First that is free of it; absent: none yet. */
  readonly fixed?: Version;
  readonly effects: readonly DefectEffect[];
  readonly text: string;
  readonly url: string;
}

const AGENT = 'https://github.com/aws/aws-network-policy-agent';
const issue = (number: number): string => `${AGENT}/issues/${number}`;
const v = (major: number, minor: number, patch: number): Version => ({ major, minor, patch });

/**
 * From the agent's issues and release notes (https://github.com/aws/aws-network-policy-agent/releases), newest first.
 * Only defects that deny; those that let pass what should not are no explanation of a denial.
 */
export const AGENT_DEFECTS: readonly AgentDefect[] = [
  {
    since: v(1, 3, 0),
    effects: ['strict-own-node'],
    text: 'In strict mode a pod that only a ClusterNetworkPolicy selects is cut off from its own node: kubelet probes fail.',
    url: issue(636),
  },
  {
    fixed: v(1, 4, 2),
    effects: ['reply', 'any'],
    text: 'Clean-up of connection tracking collides with the reuse of source ports: connections stall for up to a minute.',
    url: issue(462),
  },
  {
    fixed: v(1, 4, 1),
    effects: ['egress'],
    text: 'A pod with an ingress policy alone loses egress after a policy was removed.',
    url: issue(591),
  },
  {
    fixed: v(1, 4, 0),
    effects: ['any'],
    text: 'Pods of different namespaces whose names agree share one set of rules.',
    url: issue(576),
  },
  {
    fixed: v(1, 3, 7),
    effects: ['any'],
    text: 'Names and namespaces that run together when joined give one pod the state of another.',
    url: issue(563),
  },
  {
    since: v(1, 3, 0),
    fixed: v(1, 3, 1),
    effects: ['any'],
    text: 'Existing policies block traffic that they allow.',
    url: issue(498),
  },
  {
    fixed: v(1, 2, 6),
    effects: ['ipv6-egress'],
    text: 'On IPv6 the rule that lets all egress pass is missing.',
    url: issue(456),
  },
  {
    fixed: v(1, 2, 4),
    effects: ['except'],
    text: 'An `except` wins against an overlapping rule that allows.',
    url: issue(344),
  },
  {
    fixed: v(1, 2, 0),
    effects: ['reply', 'start-up'],
    text: 'In standard mode replies of connections opened before the policy was attached are dropped.',
    url: issue(345),
  },
  {
    fixed: v(1, 1, 3),
    effects: ['reply'],
    text: 'Clean-up of connection tracking races with traffic: replies of open connections are dropped.',
    url: issue(246),
  },
  {
    fixed: v(1, 0, 8),
    effects: ['reply', 'any'],
    text: 'Rules are detached while a replica on the same node still needs them, and connections to a Service are not tracked.',
    url: issue(163),
  },
  {
    fixed: v(1, 0, 7),
    effects: ['reply'],
    text: 'Connections are forgotten too early.',
    url: issue(144),
  },
  {
    since: v(1, 0, 5),
    fixed: v(1, 0, 6),
    effects: ['any'],
    text: 'Rules are deleted that are still in force.',
    url: issue(131),
  },
  {
    fixed: v(1, 0, 5),
    effects: ['reply'],
    text: 'Return traffic between pods of one node or of several namespaces is denied.',
    url: issue(100),
  },
  {
    fixed: v(1, 0, 5),
    effects: ['egress'],
    text: 'Egress fails now and then where a policy spans several PolicyEndpoints.',
    url: issue(104),
  },
  {
    fixed: v(1, 0, 4),
    effects: ['own-node'],
    text: "Traffic of the pod's own node is filtered: kubelet probes fail.",
    url: issue(65),
  },
];
