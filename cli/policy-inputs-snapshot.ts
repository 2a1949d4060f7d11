import type { Fact } from '../shared/model/fact.ts';
import type { Snapshot } from '../shared/model/snapshot.ts';
import { isUnresolved } from '../shared/model/unresolved-env.ts';
import type { EnforcingMode, PolicyInputs } from '../shared/policy/policy-index.ts';
import { oneLine, UsageError } from './io.ts';

/** What the caller says where a snapshot does not. */
export interface Told {
  readonly mode?: EnforcingMode;
  /** Judge as if there were no policies of the EKS kinds where they could not be read. */
  readonly assumeNone: boolean;
}

const CRDS = {
  'kubernetes.cluster-network-policies': 'clusternetworkpolicies.networking.k8s.aws',
  'kubernetes.application-network-policies': 'applicationnetworkpolicies.networking.k8s.aws',
} as const;

const notRead = (path: string, key: string, fact: Extract<Fact<unknown>, { state: 'unobserved' }>): string =>
  `${path}: facts["${key}"]: expected a list that was read, found ${fact.reason}: ${oneLine(fact.detail, 120)}`;

/** Without these lists nothing can be judged: what is not in them would count as not there. */
const required = <T>(path: string, key: string, fact: Fact<readonly T[]>): readonly T[] => {
  if (fact.state === 'unobserved') throw new UsageError(notRead(path, key, fact));
  return fact.state === 'absent' ? [] : fact.value;
};

/** A list of a kind that comes with a CRD: no such CRD, no such object. */
const ofCrd = <T>(
  path: string,
  key: keyof typeof CRDS,
  fact: Fact<readonly T[]>,
  { facts }: Snapshot,
  told: Told,
): readonly T[] => {
  const crds = facts['kubernetes.crds'];
  const known = crds.state === 'observed' && !crds.value.some(({ name }) => name === CRDS[key]);
  if (fact.state === 'unobserved' && (known || told.assumeNone)) return [];
  if (fact.state === 'unobserved') {
    throw new UsageError(`${notRead(path, key, fact)}; --assume-no-cluster-policies judges as if there were none`);
  }
  return fact.state === 'absent' ? [] : fact.value;
};

const MODE = 'NETWORK_POLICY_ENFORCING_MODE';

/** https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md: default standard; both readers lower-case it. */
const ofAwsNode = ({ facts }: Snapshot): readonly string[] => {
  const fact = facts['kubernetes.aws-node'];
  if (fact.state !== 'observed') return [];
  const container = fact.value.containers.find(({ name }) => name === 'aws-node');
  if (isUnresolved(container, MODE)) return ['one that was set from elsewhere and not read'];
  const env = container?.env ?? {};
  const written = Object.hasOwn(env, MODE) ? (env[MODE] ?? '') : '';
  return [written === '' ? 'standard' : written.toLowerCase()];
};

/** https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html (networkPolicy) */
const ofNodeClasses = ({ facts }: Snapshot): readonly string[] => {
  const fact = facts['kubernetes.nodeclasses'];
  const modes: { readonly [policy: string]: string } = { DefaultAllow: 'standard', DefaultDeny: 'strict' };
  if (fact.state !== 'observed') return [];
  return fact.value.map(({ networkPolicy }) =>
    Object.hasOwn(modes, networkPolicy) ? (modes[networkPolicy] ?? networkPolicy) : networkPolicy,
  );
};

/** The mode of the whole cluster. Nodes of both kinds in one cluster may differ, and then nobody can say it in one word. */
const enforcingMode = (path: string, snapshot: Snapshot): EnforcingMode => {
  const modes = new Set([...ofAwsNode(snapshot), ...ofNodeClasses(snapshot)]);
  const [mode] = modes;
  if (modes.size === 1 && (mode === 'standard' || mode === 'strict')) return mode;
  const found = modes.size === 0 ? 'no aws-node and no NodeClass that was read' : [...modes].join(' and ');
  throw new UsageError(
    `${path}: expected one enforcing mode, standard or strict, found ${oneLine(found, 80)}; tell it with --enforcing-mode`,
  );
};

/** @throws UsageError where the snapshot lacks what no verdict can do without */
export const inputsOfSnapshot = (path: string, snapshot: Snapshot, told: Told): PolicyInputs => {
  const { facts } = snapshot;
  const nodes = facts['kubernetes.nodes'];
  return {
    namespaces: required(path, 'kubernetes.namespaces', facts['kubernetes.namespaces']),
    pods: required(path, 'kubernetes.pods', facts['kubernetes.pods']),
    networkPolicies: required(path, 'kubernetes.network-policies', facts['kubernetes.network-policies']),
    clusterPolicies: ofCrd(
      path,
      'kubernetes.cluster-network-policies',
      facts['kubernetes.cluster-network-policies'],
      snapshot,
      told,
    ),
    applicationPolicies: ofCrd(
      path,
      'kubernetes.application-network-policies',
      facts['kubernetes.application-network-policies'],
      snapshot,
      told,
    ),
    ...(nodes.state === 'observed' ? { nodes: nodes.value } : {}),
    mode: told.mode ?? enforcingMode(path, snapshot),
  };
};
