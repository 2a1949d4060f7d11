import type { LabelSelector, NetworkPolicy, Pod, PolicyPeer, PolicyPort } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';
import { enclosingCidr, parseAddress } from './address.ts';
import { NAMESPACE_NAME_LABEL } from './build-policy-index.ts';
import type { CompiledRule } from './compiled.ts';
import type { Side } from './decision.ts';
import type { Direction, Flow } from './flow.ts';
import { namespaceSelector, workloadKey, workloadSelectors } from './identity-labels.ts';
import { matchPort } from './match.ts';
import type { NamedEnd, NearestRule } from './nearest-rule.ts';
import { addition, creation } from './policy-change.ts';
import type { PlannedChange } from './policy-change.ts';
import type { IndexedPod, PodGroup, PolicyIndex } from './policy-index.ts';

/** A side that a policy denies, with what is needed to change that. */
export interface DeniedSide {
  readonly direction: Direction;
  readonly subject: IndexedPod & { readonly group: PodGroup };
  /** The pod at the other end, where it is one with an address of its own. */
  readonly peerPod?: Pod;
  readonly peer: NamedEnd;
  readonly side: Side;
  readonly nearest: readonly NearestRule[];
}

/** Ways to admit the flow on one side. */
export interface SideCandidates {
  /** Additions to rules in force, at most one of each list. */
  readonly patches: readonly PlannedChange[];
  readonly workload: PlannedChange;
  readonly narrower: PlannedChange;
  readonly wider: PlannedChange;
}

type Reach = 'exact' | 'workload' | 'namespace';

const EVERY_POD: LabelSelector = { matchLabels: {}, matchExpressions: [] };

/** The widths that a suggestion for an address may have: the address, or its usual neighbourhood. */
const PREFIXES = { 4: { single: 32, neighbourhood: 24 }, 6: { single: 128, neighbourhood: 64 } } as const;

const addressPeer = (ip: string, reach: Reach): PolicyPeer => {
  const prefixes = PREFIXES[parseAddress(ip, 'ip').family];
  const prefix = reach === 'namespace' ? prefixes.neighbourhood : prefixes.single;
  return { kind: 'ip-block', cidr: enclosingCidr(ip, prefix), except: [] };
};

const podSelectorFor = (pod: Pod, index: PolicyIndex, reach: Reach): LabelSelector => {
  if (reach === 'namespace') return EVERY_POD;
  return workloadSelectors(pod, index.inputs.pods)[reach];
};

const peerFor = (index: PolicyIndex, { subject, peerPod, peer }: DeniedSide, reach: Reach): PolicyPeer | undefined => {
  if (peerPod === undefined) return peer.ip === undefined ? undefined : addressPeer(peer.ip, reach);
  const podSelector = podSelectorFor(peerPod, index, reach);
  if (peerPod.namespace === subject.pod.namespace) return { kind: 'selectors', podSelector };
  const names = [...new Set(index.inputs.namespaces.map(({ name }) => name))];
  return {
    kind: 'selectors',
    namespaceSelector: namespaceSelector(peerPod.namespace, index.namespaceLabels, names, NAMESPACE_NAME_LABEL),
    podSelector,
  };
};

const portNamesInUse = (
  rules: readonly CompiledRule[],
  { subject, direction, peer }: DeniedSide,
  flow: Flow,
): readonly string[] => {
  const target = direction === 'ingress' ? subject.group : peer.group;
  return rules.flatMap(({ ports }) =>
    ports.flatMap((port) => (port.kind === 'name' && matchPort(port, { ...flow, target }) ? [port.name] : [])),
  );
};

/**
 * The flow's port, by name where a rule in force already names it and every pod the name would be asked of means this very
 * number: the VPC CNI opens the numbers of all selected pods on each of them.
 */
const portFor = (
  index: PolicyIndex,
  denied: DeniedSide,
  flow: Flow,
  selected: LabelSelector | undefined,
): PolicyPort => {
  const { direction, subject, peerPod } = denied;
  const { port, protocol } = flow;
  const namespace = direction === 'ingress' ? subject.pod.namespace : peerPod?.namespace;
  const rules = subject.group.isolating[direction].flatMap((policy) => policy.rules[direction]);
  const [name] = portNamesInUse(rules, denied, flow);
  if (name === undefined || namespace === undefined || selected === undefined) return { protocol, port };
  const agreed = index.pods.every(({ pod, group }) => {
    if (group.kind !== 'pod' || pod.namespace !== namespace || !matchesLabels(selected, pod.labels)) return true;
    const named = pod.ports.filter((declared) => declared.name === name);
    return named.length === 1 && named[0]?.containerPort === port && named[0].protocol === protocol;
  });
  return { protocol, port: agreed ? name : port };
};

const MAX_NAME = 63;

const word = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const policyName = (index: PolicyIndex, { subject, peerPod, peer, direction }: DeniedSide, flow: Flow): string => {
  const own = workloadKey(subject.pod).split('/').at(-1) ?? '';
  const other = peerPod === undefined ? (peer.ip ?? 'peer') : (workloadKey(peerPod).split('/').at(-1) ?? '');
  const [from, to] = direction === 'ingress' ? [other, own] : [own, other];
  const stem = word(`allow-${from}-to-${to}`).slice(0, MAX_NAME - 20);
  const wanted = `${stem}-${flow.port}-${direction}`.replaceAll(/-+/g, '-');
  const taken = new Set(
    index.inputs.networkPolicies.filter(({ namespace }) => namespace === subject.pod.namespace).map(({ name }) => name),
  );
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${count}`;
  return name;
};

/**
 * A policy that isolates nothing new: it lists the one direction in which the pod is isolated already. A pod that strict
 * mode denies has no policy yet, and its first one would open the other direction, so that is listed too.
 */
const policyTypesFor = ({ side, direction }: DeniedSide): NetworkPolicy['policyTypes'] => {
  if (side.because.kind === 'strict-default') return ['Ingress', 'Egress'];
  return direction === 'ingress' ? ['Ingress'] : ['Egress'];
};

const newPolicy = (index: PolicyIndex, denied: DeniedSide, flow: Flow, reach: Reach): PlannedChange | undefined => {
  const { subject, direction } = denied;
  const peer = peerFor(index, denied, reach);
  if (peer === undefined) return undefined;
  const podSelector = podSelectorFor(subject.pod, index, reach === 'exact' ? 'exact' : 'workload');
  const asked = direction === 'ingress' ? podSelector : peer.kind === 'selectors' ? peer.podSelector : undefined;
  const rule = { peers: [peer], ports: [portFor(index, denied, flow, asked)] };
  return creation(direction, {
    namespace: subject.pod.namespace,
    name: policyName(index, denied, flow),
    uid: '',
    createdAt: '',
    generation: 0,
    podSelector,
    policyTypes: policyTypesFor(denied),
    ingress: direction === 'ingress' ? [rule] : [],
    egress: direction === 'egress' ? [rule] : [],
  });
};

const patchesFor = (index: PolicyIndex, denied: DeniedSide, flow: Flow): readonly PlannedChange[] => {
  const { direction, nearest } = denied;
  const editable = (rule: NearestRule): NetworkPolicy | undefined =>
    index.inputs.networkPolicies.find(
      ({ namespace, name }) =>
        rule.rule.policy.kind === 'NetworkPolicy' &&
        namespace === rule.rule.policy.namespace &&
        name === rule.rule.policy.name,
    );
  const found: PlannedChange[] = [];
  const lacksPort = nearest.find((rule) => rule.peer === undefined && editable(rule) !== undefined);
  const lacksPeer = nearest.find((rule) => rule.ports === undefined && editable(rule) !== undefined);
  const portPolicy = lacksPort === undefined ? undefined : editable(lacksPort);
  if (lacksPort !== undefined && portPolicy !== undefined) {
    const value = { protocol: flow.protocol, port: flow.port };
    found.push(addition(portPolicy, direction, lacksPort.rule.index, { list: 'ports', value }));
  }
  const peer = peerFor(index, denied, 'workload');
  const peerPolicy = lacksPeer === undefined ? undefined : editable(lacksPeer);
  if (lacksPeer !== undefined && peerPolicy !== undefined && peer !== undefined) {
    found.push(addition(peerPolicy, direction, lacksPeer.rule.index, { list: 'peers', value: peer }));
  }
  return found;
};

/** Undefined where the other end has no address and no labels to name it by. */
export const candidatesFor = (index: PolicyIndex, denied: DeniedSide, flow: Flow): SideCandidates | undefined => {
  const workload = newPolicy(index, denied, flow, 'workload');
  const narrower = newPolicy(index, denied, flow, 'exact');
  const wider = newPolicy(index, denied, flow, 'namespace');
  if (workload === undefined || narrower === undefined || wider === undefined) return undefined;
  return { patches: patchesFor(index, denied, flow), workload, narrower, wider };
};
