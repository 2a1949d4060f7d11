import type {
  ApplicationNetworkPolicy,
  ClusterNetworkPolicy,
  ClusterPolicyRule,
} from '../../shared/model/cluster-policy.ts';
import type { Labels, LabelSelector, NetworkPolicy, Pod } from '../../shared/model/facts-kubernetes.ts';
import type { Endpoint, Flow } from '../../shared/policy/flow.ts';
import type { PolicyInputs } from '../../shared/policy/policy-index.ts';

/**
 * A second reading of the specification, written from the documents and not from the engine: every question walks through
 * every object. Only types are shared. Slow, short, and wrong in other places than the engine, if it is wrong.
 */

export type OracleVerdict = 'allowed' | 'denied' | 'unknown';
type Way = 'ingress' | 'egress';
/** true, false, or 'perhaps' where a domain name would have to be known. */
type Truth = boolean | 'perhaps';

const either = (truths: readonly Truth[]): Truth => {
  if (truths.includes(true)) return true;
  return truths.includes('perhaps') ? 'perhaps' : false;
};

// --- labels ---

const own = (labels: Labels, key: string): string | undefined =>
  Object.keys(labels).includes(key) ? labels[key] : undefined;

export const selects = (selector: LabelSelector, labels: Labels): boolean => {
  for (const key of Object.keys(selector.matchLabels)) {
    if (own(labels, key) === undefined || own(labels, key) !== own(selector.matchLabels, key)) return false;
  }
  for (const { key, operator, values } of selector.matchExpressions) {
    const value = own(labels, key);
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false;
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false;
  }
  return true;
};

// --- addresses: as strings of bits ---

const bitsOf = (ip: string): string => {
  if (!ip.includes(':')) {
    return ip
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  }
  const [left = '', right] = ip.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = Array.from({ length: right === undefined ? 0 : 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0')).join('');
};

const within = (ip: string, cidr: string): boolean => {
  const [network = '', length = ''] = cidr.split('/');
  const bits = bitsOf(ip);
  const wanted = bitsOf(network);
  return bits.length === wanted.length && bits.slice(0, Number(length)) === wanted.slice(0, Number(length));
};

// --- the ends of a flow ---

interface End {
  readonly pod?: Pod;
  readonly ip?: string;
  readonly node?: string;
  readonly domainName?: string;
  readonly external: boolean;
}

const dead = (pod: Pod): boolean => ['Succeeded', 'Failed'].includes(pod.phase);

const endOf = (inputs: PolicyInputs, endpoint: Endpoint): End | undefined => {
  if (endpoint.kind === 'external') {
    return {
      ip: endpoint.ip,
      external: true,
      ...(endpoint.name === undefined ? {} : { domainName: endpoint.name }),
    };
  }
  if (endpoint.kind === 'node') {
    const node = (inputs.nodes ?? []).find(({ name }) => name === endpoint.name);
    if (node === undefined) return undefined;
    return {
      node: node.name,
      external: false,
      ...(node.internalIPs[0] === undefined ? {} : { ip: node.internalIPs[0] }),
    };
  }
  const pod = inputs.pods.find(({ namespace, name }) => namespace === endpoint.namespace && name === endpoint.name);
  if (pod === undefined || dead(pod)) return undefined;
  const ip = pod.podIPs[0] ?? (pod.hostNetwork ? pod.hostIP : undefined);
  const node = pod.nodeName === undefined ? {} : { node: pod.nodeName };
  // A hostNetwork pod is not a pod to policies: it is its node.
  return { ...(pod.hostNetwork ? {} : { pod }), ...node, external: false, ...(ip === undefined ? {} : { ip }) };
};

const namespaceLabels = (inputs: PolicyInputs, name: string): Labels =>
  inputs.namespaces.find((namespace) => namespace.name === name)?.labels ?? { 'kubernetes.io/metadata.name': name };

// --- rules ---

type AnyPeer = ApplicationNetworkPolicy['egress'][number]['peers'][number];

const knows = (pattern: string, name: string): boolean => {
  if (!pattern.startsWith('*.')) return pattern === name;
  const tail = pattern.slice(1);
  return name.endsWith(tail) && name !== tail;
};

const namesMatch = (names: readonly string[], end: End): Truth => {
  if (!end.external) return false;
  const { domainName } = end;
  return domainName === undefined ? 'perhaps' : names.some((pattern) => knows(pattern, domainName));
};

const peerMatches = (inputs: PolicyInputs, peer: AnyPeer, home: string, end: End): Truth => {
  if (peer.kind === 'domain-names') return namesMatch(peer.names, end);
  if (peer.kind === 'ip-block') {
    const { ip } = end;
    return ip !== undefined && within(ip, peer.cidr) && !peer.except.some((cidr) => within(ip, cidr));
  }
  const { pod } = end;
  if (pod === undefined) return false;
  const { podSelector, namespaceSelector } = peer;
  if (podSelector === undefined && namespaceSelector === undefined) return false;
  const rightNamespace =
    namespaceSelector === undefined
      ? pod.namespace === home
      : selects(namespaceSelector, namespaceLabels(inputs, pod.namespace));
  return rightNamespace && (podSelector === undefined || selects(podSelector, pod.labels));
};

const portOpen = (
  rules: NetworkPolicy['ingress'][number]['ports'],
  { port, protocol }: Flow,
  destination: End,
): boolean =>
  rules.length === 0 ||
  rules.some((rule) => {
    if (rule.protocol !== protocol) return false;
    if (rule.port === undefined) return true;
    if (typeof rule.port === 'number') return rule.port <= port && port <= (rule.endPort ?? rule.port);
    return (destination.pod?.ports ?? []).some(
      (declared) => declared.name === rule.port && declared.containerPort === port && declared.protocol === protocol,
    );
  });

const clusterPortOpen = (rule: ClusterPolicyRule, { port, protocol }: Flow, destination: End): boolean =>
  rule.ports.length === 0 ||
  rule.ports.some((one) => {
    if (one.kind === 'number') return one.protocol === protocol && one.port === port;
    if (one.kind === 'range') return one.protocol === protocol && one.start <= port && port <= one.end;
    return (destination.pod?.ports ?? []).some(
      (declared) => declared.name === one.name && declared.containerPort === port && declared.protocol === protocol,
    );
  });

const clusterRuleMatches = (inputs: PolicyInputs, rule: ClusterPolicyRule, question: Question): Truth => {
  const { flow, other, destination } = question;
  if (!clusterPortOpen(rule, flow, destination)) return false;
  return either(
    rule.peers.map((peer): Truth => {
      switch (peer.kind) {
        case 'networks':
          return other.ip !== undefined && peer.cidrs.some((cidr) => within(other.ip ?? '', cidr));
        case 'domain-names':
          return namesMatch(peer.names, other);
        case 'namespaces':
        case 'pods':
          return other.pod !== undefined && subjectHas(inputs, peer, other.pod);
        default:
          return peer satisfies never;
      }
    }),
  );
};

const subjectHas = (inputs: PolicyInputs, subject: ClusterNetworkPolicy['subject'], pod: Pod): boolean =>
  selects(subject.namespaceSelector, namespaceLabels(inputs, pod.namespace)) &&
  (subject.kind === 'namespaces' || selects(subject.podSelector, pod.labels));

// --- one side ---

interface Question {
  readonly way: Way;
  readonly flow: Flow;
  readonly subject: Pod;
  readonly other: End;
  readonly destination: End;
}

type Outcome = 'allowed' | 'denied' | 'next';

/** Every outcome the tier may have; more than one where a rule on names comes first and perhaps matches. */
const tierOutcomes = (inputs: PolicyInputs, tier: 'Admin' | 'Baseline', question: Question): ReadonlySet<Outcome> => {
  const weight = { Deny: 0, Accept: 1, Pass: 2 } as const;
  const outcome = { Deny: 'denied', Accept: 'allowed', Pass: 'next' } as const;
  const rules = (inputs.clusterPolicies ?? [])
    .filter((policy) => policy.tier === tier && subjectHas(inputs, policy.subject, question.subject))
    .flatMap((policy) =>
      policy[question.way].map((rule) => ({ rule, key: policy.priority * 10 + weight[rule.action] })),
    )
    .toSorted((a, b) => a.key - b.key);
  const outcomes = new Set<Outcome>();
  for (const { rule } of rules) {
    const match = clusterRuleMatches(inputs, rule, question);
    if (match !== false) outcomes.add(outcome[rule.action]);
    if (match === true) return outcomes;
  }
  return outcomes.add('next');
};

export const selectingPolicies = (inputs: PolicyInputs, pod: Pod) => [
  ...inputs.networkPolicies
    .filter((policy) => policy.namespace === pod.namespace && selects(policy.podSelector, pod.labels))
    .map((policy) => ({
      policy,
      isolates: (way: Way) => policy.policyTypes.includes(way === 'ingress' ? 'Ingress' : 'Egress'),
    })),
  ...(inputs.applicationPolicies ?? [])
    .filter((policy) => policy.namespace === pod.namespace && selects(policy.podSelector, pod.labels))
    .map((policy) => ({
      policy,
      isolates: (way: Way) =>
        policy.policyTypes.includes(way === 'ingress' ? 'Ingress' : 'Egress') || policy[way].length > 0,
    })),
];

const namespacedVerdicts = (inputs: PolicyInputs, question: Question): ReadonlySet<OracleVerdict> => {
  const { way, subject, other, flow, destination } = question;
  const selecting = selectingPolicies(inputs, subject);
  const isolating = selecting.filter(({ isolates }) => isolates(way));
  if (isolating.length > 0) {
    const match = either(
      isolating.flatMap(({ policy }) =>
        policy[way]
          .filter(({ ports }) => portOpen(ports, flow, destination))
          .map(
            ({ peers }) =>
              peers.length === 0 || either(peers.map((peer) => peerMatches(inputs, peer, policy.namespace, other))),
          ),
      ),
    );
    if (match === 'perhaps') return new Set(['allowed', 'denied']);
    return new Set([match ? 'allowed' : 'denied']);
  }
  if (selecting.length > 0) return new Set(['allowed']);
  const verdicts = new Set<OracleVerdict>();
  for (const outcome of tierOutcomes(inputs, 'Baseline', question)) {
    verdicts.add(outcome === 'next' ? (inputs.mode === 'strict' ? 'denied' : 'allowed') : outcome);
  }
  return verdicts;
};

const sideVerdict = (inputs: PolicyInputs, question: Question): OracleVerdict => {
  const verdicts = new Set<OracleVerdict>();
  for (const outcome of tierOutcomes(inputs, 'Admin', question)) {
    if (outcome !== 'next') verdicts.add(outcome);
    else for (const verdict of namespacedVerdicts(inputs, question)) verdicts.add(verdict);
  }
  const [only] = verdicts;
  return verdicts.size === 1 && only !== undefined ? only : 'unknown';
};

/** May this new connection be made? TCP, UDP and SCTP only. */
export const oracle = (inputs: PolicyInputs, flow: Flow): OracleVerdict => {
  const from = endOf(inputs, flow.from);
  const to = endOf(inputs, flow.to);
  if (from === undefined || to === undefined) return 'unknown';
  if (from.pod !== undefined && from.pod === to.pod) return 'allowed';
  const mixed = (from.pod === undefined) !== (to.pod === undefined);
  if (mixed && from.node !== undefined && from.node === to.node) return 'allowed';
  const verdicts: OracleVerdict[] = [];
  const question = { flow, destination: to };
  if (from.pod !== undefined) {
    verdicts.push(sideVerdict(inputs, { ...question, way: 'egress', subject: from.pod, other: to }));
  }
  if (to.pod !== undefined) {
    verdicts.push(sideVerdict(inputs, { ...question, way: 'ingress', subject: to.pod, other: from }));
  }
  if (verdicts.includes('denied')) return 'denied';
  return verdicts.includes('unknown') ? 'unknown' : 'allowed';
};
