import type { WorkloadRef } from '../../model/denied-traffic.ts';
import type { Fact } from '../../model/fact.ts';
import type { Namespace, NetworkPolicy, Pod } from '../../model/facts-kubernetes.ts';
import type { Service } from '../../model/facts-kubernetes-network.ts';
import type { FactKey, Facts } from '../../model/snapshot.ts';
import { isUnresolved } from '../../model/unresolved-env.ts';
import { buildPolicyIndex } from '../../policy/build-policy-index.ts';
import { isFinished } from '../../policy/pod-facts.ts';
import type { EnforcingMode, PolicyIndex, PolicyInputs } from '../../policy/policy-index.ts';
import { workloadOf } from '../resolve/workload.ts';
import { compareText } from './text.ts';

/** `undecided`: the nodes differ, or nobody could look. */
export type KnownMode = EnforcingMode | 'undecided';

/** The facts that policies are judged on. */
export interface Cluster {
  readonly facts: Facts;
  readonly mode: KnownMode;
  /** Facts without which nothing can be judged. Not empty: `index` may not be asked for. */
  readonly unread: readonly FactKey[];
  /** Facts whose absence leaves a doubt: cluster policies, application policies. */
  readonly doubtful: readonly FactKey[];
  readonly services: ReadonlyMap<string, Service> | 'unread';
  readonly pod: (namespace: string, name: string) => Pod | undefined;
  /** A pod of a workload that has traffic, the first by name. */
  readonly sibling: (workload: WorkloadRef) => Pod | undefined;
  readonly podsOf: (namespace: string) => readonly Pod[];
  /** Built once per mode. */
  readonly index: (mode?: EnforcingMode) => PolicyIndex;
}

const NEEDED = ['kubernetes.pods', 'kubernetes.namespaces', 'kubernetes.network-policies'] as const;
const WELCOME = ['kubernetes.cluster-network-policies', 'kubernetes.application-network-policies'] as const;

const valueOf = <T>(fact: Fact<readonly T[]>): readonly T[] => (fact.state === 'observed' ? fact.value : []);

/** An API that is not served has no objects: nothing is unknown then. */
const isUnread = (facts: Facts, key: FactKey): boolean => facts[key].state === 'unobserved';

const MODE = 'NETWORK_POLICY_ENFORCING_MODE';

/**
 * NETWORK_POLICY_ENFORCING_MODE of aws-node (https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md, default
 * standard); on EKS Auto Mode `spec.networkPolicy` of the NodeClass
 * (https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html, default DefaultAllow).
 */
export const modeOf = (facts: Facts): KnownMode => {
  const daemonSet = facts['kubernetes.aws-node'];
  const classes = facts['kubernetes.nodeclasses'];
  if (daemonSet.state === 'unobserved') return 'undecided';
  const found = new Set<EnforcingMode>();
  if (daemonSet.state === 'observed') {
    const container = daemonSet.value.containers.find(({ name }) => name === 'aws-node');
    if (isUnresolved(container, MODE)) return 'undecided';
    const env = container?.env ?? {};
    const written = Object.hasOwn(env, MODE) ? env[MODE] : '';
    found.add(written?.toLowerCase() === 'strict' ? 'strict' : 'standard');
  } else if (classes.state === 'unobserved') {
    return 'undecided';
  }
  for (const { networkPolicy } of valueOf(classes)) found.add(networkPolicy === 'DefaultDeny' ? 'strict' : 'standard');
  const [mode = 'standard', ...others] = found;
  return others.length === 0 ? mode : 'undecided';
};

const workloadText = ({ kind, namespace, name }: WorkloadRef): string => `${kind}/${namespace}/${name}`;

const byName = (a: Pod, b: Pod): number => compareText(a.namespace, b.namespace) || compareText(a.name, b.name);

const servicesOf = (facts: Facts): Cluster['services'] =>
  isUnread(facts, 'kubernetes.services')
    ? 'unread'
    : new Map(
        valueOf(facts['kubernetes.services']).map((service) => [`${service.namespace}/${service.name}`, service]),
      );

/** Asked for at most a few times, so built at the first question. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

interface Words {
  /** Policies that may be suggested: the index learns their words, so that none needs an index of its own. */
  readonly planned: readonly NetworkPolicy[];
  /** `namespace/name` of finished pods that had traffic and are judged as they were then. */
  readonly revived: ReadonlySet<string>;
}

/** `words` is asked when the first index is built. */
export const clusterOf = (facts: Facts, words: () => Words): Cluster => {
  const pods = valueOf<Pod>(facts['kubernetes.pods']).toSorted(byName);
  const podsByName = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const podsByNamespace = lazily(() => Map.groupBy(pods, ({ namespace }) => namespace));
  const siblings = lazily(() => {
    const first = new Map<string, Pod>();
    for (const pod of pods) {
      if (isFinished(pod) || pod.hostNetwork) continue;
      const key = workloadText(workloadOf(pod));
      if (!first.has(key)) first.set(key, pod);
    }
    return first;
  });
  const inputs = lazily((): { readonly inputs: Omit<PolicyInputs, 'mode'>; readonly planned: Words['planned'] } => {
    const { planned, revived } = words();
    const alive = (pod: Pod): Pod =>
      isFinished(pod) && revived.has(`${pod.namespace}/${pod.name}`) ? { ...pod, phase: 'Running' } : pod;
    return {
      planned,
      inputs: {
        namespaces: valueOf<Namespace>(facts['kubernetes.namespaces']),
        pods: pods.map(alive),
        networkPolicies: valueOf(facts['kubernetes.network-policies']),
        clusterPolicies: valueOf(facts['kubernetes.cluster-network-policies']),
        applicationPolicies: valueOf(facts['kubernetes.application-network-policies']),
        ...(facts['kubernetes.nodes'].state === 'observed' && { nodes: facts['kubernetes.nodes'].value }),
      },
    };
  });
  const mode = modeOf(facts);
  const indexes = new Map<EnforcingMode, PolicyIndex>();
  const cluster: Cluster = {
    facts,
    mode,
    unread: NEEDED.filter((key) => isUnread(facts, key)),
    doubtful: WELCOME.filter((key) => isUnread(facts, key)),
    services: servicesOf(facts),
    pod: (namespace, name) => podsByName.get(`${namespace}/${name}`),
    sibling: (workload) => siblings().get(workloadText(workload)),
    podsOf: (namespace) => podsByNamespace().get(namespace) ?? [],
    index: (wanted = mode === 'strict' ? 'strict' : 'standard') => {
      const known = indexes.get(wanted);
      if (known !== undefined) return known;
      const { inputs: given, planned } = inputs();
      const built = buildPolicyIndex({ ...given, mode: wanted }, planned);
      indexes.set(wanted, built);
      return built;
    },
  };
  return cluster;
};
