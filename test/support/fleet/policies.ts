import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import type { Labels } from '../../../shared/model/facts-kubernetes.ts';
import { generatedSuffix, resourceVersion, secondsLater, uuid } from './identifiers.ts';
import type { ClusterPlan } from './plan.ts';
import type { PlacedPod } from './workloads.ts';

/** The fleet's selectors use matchLabels only; `{}` selects everything. */
export interface Selector {
  readonly matchLabels?: Labels;
}

export interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface Port {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number | string;
}

/** A rule without peers or without ports is one for all of them. */
export interface Rule {
  readonly peers?: readonly Peer[];
  readonly ports?: readonly Port[];
}

export interface PolicyPlan {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: string;
  readonly podSelector: Selector;
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

const seedOf = (cluster: ClusterPlan, policy: PolicyPlan): string =>
  `${cluster.name}/${policy.namespace}/${policy.name}/policy`;

const selectorObject = ({ matchLabels }: Selector): JsonObject => (matchLabels === undefined ? {} : { matchLabels });

const peerObject = ({ podSelector, namespaceSelector, ipBlock }: Peer): JsonObject => ({
  ...(podSelector === undefined ? {} : { podSelector: selectorObject(podSelector) }),
  ...(namespaceSelector === undefined ? {} : { namespaceSelector: selectorObject(namespaceSelector) }),
  ...(ipBlock === undefined
    ? {}
    : { ipBlock: { cidr: ipBlock.cidr, ...(ipBlock.except === undefined ? {} : { except: ipBlock.except }) } }),
});

const ruleObject = (key: 'from' | 'to', { peers, ports }: Rule): JsonObject => ({
  ...(peers === undefined ? {} : { [key]: peers.map(peerObject) }),
  ...(ports === undefined ? {} : { ports: ports.map(({ port, protocol }) => ({ port, protocol })) }),
});

/** One NetworkPolicy as `kubectl get networkpolicies -o json` prints it. */
export const policyObject = (cluster: ClusterPlan, policy: PolicyPlan): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: {
    creationTimestamp: policy.createdAt,
    generation: 1,
    name: policy.name,
    namespace: policy.namespace,
    resourceVersion: resourceVersion(seedOf(cluster, policy)),
    uid: uuid(seedOf(cluster, policy)),
  },
  spec: {
    ...(policy.egress === undefined ? {} : { egress: policy.egress.map((rule) => ruleObject('to', rule)) }),
    ...(policy.ingress === undefined ? {} : { ingress: policy.ingress.map((rule) => ruleObject('from', rule)) }),
    podSelector: selectorObject(policy.podSelector),
    policyTypes: policy.policyTypes,
  },
});

const selects = ({ matchLabels }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/** Every namespace's own name is a label of it; the fleet has no others. */
const namespaceLabels = (namespace: string): Labels => ({ 'kubernetes.io/metadata.name': namespace });

const isPeer = (peer: Peer, policy: PolicyPlan, pod: PlacedPod): boolean => {
  if (peer.ipBlock !== undefined) return false;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? pod.namespace === policy.namespace
      : selects(peer.namespaceSelector, namespaceLabels(pod.namespace));
  return inNamespace && selects(peer.podSelector ?? {}, pod.labels);
};

/** Named ports become the numbers that the receiving pods give them. */
const portObjects = (ports: readonly Port[] | undefined, receiver: PlacedPod | undefined): readonly JsonObject[] =>
  (ports ?? []).map(({ port, protocol }) => {
    const number = typeof port === 'number' ? port : receiver?.ports.find(({ name }) => name === port)?.containerPort;
    if (number === undefined) throw new Error(`no pod has a port named ${port}`);
    return { port: number, protocol };
  });

const resolved = (
  policy: PolicyPlan,
  rules: readonly Rule[],
  pods: readonly PlacedPod[],
  receiverOf: (peer: PlacedPod | undefined) => PlacedPod | undefined,
): readonly JsonObject[] =>
  rules.flatMap(({ peers, ports }) => {
    const withPorts = (cidr: string, receiver: PlacedPod | undefined, except?: readonly string[]): JsonObject => ({
      cidr,
      ...(except === undefined ? {} : { except }),
      ...(ports === undefined ? {} : { ports: portObjects(ports, receiver) }),
    });
    if (peers === undefined) {
      return ['0.0.0.0/0', '::/0'].map((cidr) => withPorts(cidr, receiverOf(undefined)));
    }
    return peers.flatMap((peer) =>
      peer.ipBlock === undefined
        ? pods
            .filter((pod) => pod.policed && isPeer(peer, policy, pod))
            .map((pod) => withPorts(pod.address ?? '', receiverOf(pod)))
        : [withPorts(peer.ipBlock.cidr, receiverOf(undefined), peer.ipBlock.except)],
    );
  });

/**
 * The PolicyEndpoint that the network policy controller makes of a policy:
 * https://github.com/aws/amazon-network-policy-controller-k8s
 */
export const policyEndpointObject = (
  cluster: ClusterPlan,
  policy: PolicyPlan,
  pods: readonly PlacedPod[],
): JsonObject => {
  const seed = `${seedOf(cluster, policy)}/endpoint`;
  const selected = pods.filter(
    (pod) => pod.policed && pod.namespace === policy.namespace && selects(policy.podSelector, pod.labels),
  );
  const egress = resolved(policy, policy.egress ?? [], pods, (peer) => peer);
  const ingress = resolved(policy, policy.ingress ?? [], pods, () => selected[0]);
  return {
    apiVersion: 'networking.k8s.aws/v1alpha1',
    kind: 'PolicyEndpoint',
    metadata: {
      creationTimestamp: secondsLater(policy.createdAt, 2),
      generateName: `${policy.name}-`,
      generation: 3,
      name: `${policy.name}-${generatedSuffix(seed, 5)}`,
      namespace: policy.namespace,
      ownerReferences: [
        {
          apiVersion: 'networking.k8s.io/v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: 'NetworkPolicy',
          name: policy.name,
          uid: uuid(seedOf(cluster, policy)),
        },
      ],
      resourceVersion: resourceVersion(seed),
      uid: uuid(seed),
    },
    spec: {
      ...(egress.length > 0 ? { egress } : {}),
      ...(ingress.length > 0 ? { ingress } : {}),
      podIsolation: policy.policyTypes,
      podSelector: selectorObject(policy.podSelector),
      podSelectorEndpoints: selected.map((pod) => ({
        hostIP: pod.hostAddress,
        name: pod.name,
        namespace: pod.namespace,
        podIP: pod.address ?? '',
      })),
      policyRef: { name: policy.name, namespace: policy.namespace },
    },
  };
};
