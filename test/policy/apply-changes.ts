import type { LabelSelector, NetworkPolicy, PolicyPeer, PolicyPort } from '../../shared/model/facts-kubernetes.ts';
import type {
  NetworkPolicyManifest,
  PeerManifest,
  PortManifest,
  SelectorManifest,
} from '../../shared/policy/manifest.ts';
import type { PolicyChange } from '../../shared/policy/policy-change.ts';
import type { PolicyInputs } from '../../shared/policy/policy-index.ts';
import { policy } from './cluster.ts';

/** What an API server would make of a suggestion: reads manifests and patches as they are written, not as the engine planned them. */

const OPERATORS: ReadonlyMap<string, LabelSelector['matchExpressions'][number]['operator']> = new Map([
  ['In', 'In'],
  ['NotIn', 'NotIn'],
  ['Exists', 'Exists'],
  ['DoesNotExist', 'DoesNotExist'],
]);

const selectorFrom = ({ matchLabels = {}, matchExpressions = [] }: SelectorManifest): LabelSelector => ({
  matchLabels,
  matchExpressions: matchExpressions.map(({ key, operator, values = [] }) => {
    const known = OPERATORS.get(operator);
    if (known === undefined) throw new Error(`unknown operator ${operator}`);
    return { key, operator: known, values };
  }),
});

const peerFrom = ({ ipBlock, podSelector, namespaceSelector }: PeerManifest): PolicyPeer => {
  if (ipBlock !== undefined) return { kind: 'ip-block', cidr: ipBlock.cidr, except: ipBlock.except ?? [] };
  return {
    kind: 'selectors',
    ...(podSelector === undefined ? {} : { podSelector: selectorFrom(podSelector) }),
    ...(namespaceSelector === undefined ? {} : { namespaceSelector: selectorFrom(namespaceSelector) }),
  };
};

const portFrom = ({ protocol, port, endPort }: PortManifest): PolicyPort => ({
  protocol,
  ...(port === undefined ? {} : { port }),
  ...(endPort === undefined ? {} : { endPort }),
});

export const policyFrom = ({ metadata, spec }: NetworkPolicyManifest): NetworkPolicy =>
  policy(`${metadata.namespace}/${metadata.name}`, {
    podSelector: selectorFrom(spec.podSelector),
    policyTypes: spec.policyTypes,
    ingress: (spec.ingress ?? []).map(({ from = [], ports = [] }) => ({
      peers: from.map(peerFrom),
      ports: ports.map(portFrom),
    })),
    egress: (spec.egress ?? []).map(({ to = [], ports = [] }) => ({
      peers: to.map(peerFrom),
      ports: ports.map(portFrom),
    })),
  });

const isPort = (value: PeerManifest | PortManifest): value is PortManifest => 'protocol' in value;

const patched = (
  policies: readonly NetworkPolicy[],
  change: Extract<PolicyChange, { kind: 'patch' }>,
): NetworkPolicy => {
  const target = policies.find(
    ({ namespace, name }) => namespace === change.policy.namespace && name === change.policy.name,
  );
  if (target === undefined) throw new Error('the patch names no policy');
  let result = target;
  for (const operation of change.patch) {
    if (operation.op === 'test') {
      const actual = operation.path === '/metadata/uid' ? target.uid : target.generation;
      if (actual !== operation.value) throw new Error(`test of ${operation.path} fails`);
      continue;
    }
    const path = /^\/spec\/(ingress|egress)\/(\d+)\/(from|to|ports)\/-$/.exec(operation.path);
    const direction = path?.[1] === 'ingress' ? 'ingress' : 'egress';
    const rule = result[direction][Number(path?.[2])];
    const { value } = operation;
    if (path === null || rule === undefined) throw new Error(`no rule at ${operation.path}`);
    if (rule[path[3] === 'ports' ? 'ports' : 'peers'].length === 0) throw new Error(`no list at ${operation.path}`);
    const grown = isPort(value)
      ? { ...rule, ports: [...rule.ports, portFrom(value)] }
      : { ...rule, peers: [...rule.peers, peerFrom(value)] };
    result = { ...result, [direction]: result[direction].map((one) => (one === rule ? grown : one)) };
  }
  return result;
};

/** The policies that a suggestion adds or replaces, as they are afterwards. */
export const changedPolicies = (inputs: PolicyInputs, changes: readonly PolicyChange[]): readonly NetworkPolicy[] =>
  changes.map((change) =>
    change.kind === 'create' ? policyFrom(change.manifest) : patched(inputs.networkPolicies, change),
  );

export const applyChanges = (inputs: PolicyInputs, changes: readonly PolicyChange[]): PolicyInputs => {
  const changed = changedPolicies(inputs, changes);
  const untouched = inputs.networkPolicies.filter(
    ({ namespace, name }) => !changed.some((one) => one.namespace === namespace && one.name === name),
  );
  return { ...inputs, networkPolicies: [...untouched, ...changed] };
};
