import type { ApplicationNetworkPolicy, ClusterNetworkPolicy } from '../../model/cluster-policy.ts';
import type { Namespace, NetworkPolicy, Node, Pod } from '../../model/facts-kubernetes.ts';
import type { EndpointSlice, Service } from '../../model/facts-kubernetes-network.ts';
import { normaliseApplicationNetworkPolicy } from '../normalise/application-network-policies.ts';
import { normaliseClusterNetworkPolicy } from '../normalise/cluster-network-policies.ts';
import { normaliseEndpointSlice } from '../normalise/endpoint-slices.ts';
import { joinPath } from '../normalise/expectation.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { normaliseNamespace } from '../normalise/namespaces.ts';
import { normaliseNetworkPolicy } from '../normalise/network-policies.ts';
import { normaliseNode } from '../normalise/nodes.ts';
import { distinct, sortedBy } from '../normalise/order.ts';
import { normalisePod } from '../normalise/pods.ts';
import { normaliseService } from '../normalise/services.ts';
import { impliedNamespace, withDefaults } from './defaults.ts';
import type { ManifestFile } from './documents.ts';
import { ManifestError, originText } from './manifest-error.ts';
import type { Origin } from './manifest-error.ts';
import { manifestObjects } from './objects.ts';
import type { ManifestObject, PlainObject } from './objects.ts';
import { podsOfWorkloads } from './pods-of-workloads.ts';
import { validateClusterPolicy, validateNamespacedPolicy } from './validate-policy.ts';
import { normaliseWorkload, WORKLOADS } from './workloads.ts';
import type { Workload, WorkloadKind } from './workloads.ts';

/** What manifests say of a cluster. Lists are sorted by namespace and name. */
export interface Manifests {
  readonly namespaces: readonly Namespace[];
  /** Those of workloads without a listed pod too: under the workload's name, without address. */
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly clusterPolicies: readonly ClusterNetworkPolicy[];
  readonly applicationPolicies: readonly ApplicationNetworkPolicy[];
  /** Used by an object and defined by none. */
  readonly impliedNamespaces: readonly string[];
  /** `shop/web (Deployment)`: those that stand among the pods by their template. */
  readonly templatePods: readonly string[];
  /** Objects of kinds that say nothing about who reaches whom: `v1 ConfigMap`, and how many. */
  readonly skipped: readonly { readonly kind: string; readonly count: number }[];
  /** Documents that are no Kubernetes objects. */
  readonly foreign: readonly Origin[];
  /** Where an object was written, by the path that `PolicyInputError` gives: `networkPolicies[shop/web]`. */
  readonly originOf: (path: string) => Origin | undefined;
}

interface Draft {
  readonly namespaces: Namespace[];
  readonly pods: Pod[];
  readonly nodes: Node[];
  readonly services: Service[];
  readonly endpointSlices: EndpointSlice[];
  readonly networkPolicies: NetworkPolicy[];
  readonly clusterPolicies: ClusterNetworkPolicy[];
  readonly applicationPolicies: ApplicationNetworkPolicy[];
  readonly workloads: Workload[];
}

type Named = { readonly namespace?: string; readonly name: string };

/** Reads one object into its list. */
type Reader = (draft: Draft, item: PlainObject) => Named;

const kept = <T extends Named>(list: T[], value: T): T => {
  list.push(value);
  return value;
};

const checked = <T>(value: T, validate: (value: T) => void): T => {
  validate(value);
  return value;
};

const workloadReader =
  (kind: WorkloadKind): Reader =>
  ({ workloads }, item) =>
    kept(workloads, normaliseWorkload(kind, item));

const AWS = 'networking.k8s.aws';

interface Kind {
  /** Another group's kind of the same name is another thing. */
  readonly group: string;
  readonly list: keyof Draft;
  readonly read: Reader;
}

const READERS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['Namespace', { group: '', list: 'namespaces', read: (to, item) => kept(to.namespaces, normaliseNamespace(item)) }],
  ['Pod', { group: '', list: 'pods', read: (to, item) => kept(to.pods, normalisePod(item)) }],
  ['Node', { group: '', list: 'nodes', read: (to, item) => kept(to.nodes, normaliseNode(item)) }],
  ['Service', { group: '', list: 'services', read: (to, item) => kept(to.services, normaliseService(item)) }],
  [
    'EndpointSlice',
    {
      group: 'discovery.k8s.io',
      list: 'endpointSlices',
      read: (to, item) => kept(to.endpointSlices, normaliseEndpointSlice(item)),
    },
  ],
  [
    'NetworkPolicy',
    {
      group: 'networking.k8s.io',
      list: 'networkPolicies',
      read: (to, item) =>
        kept(
          to.networkPolicies,
          checked(normaliseNetworkPolicy(item), (policy) =>
            validateNamespacedPolicy(policy, item['spec'], 'NetworkPolicy'),
          ),
        ),
    },
  ],
  [
    'ApplicationNetworkPolicy',
    {
      group: AWS,
      list: 'applicationPolicies',
      read: (to, item) =>
        kept(
          to.applicationPolicies,
          checked(normaliseApplicationNetworkPolicy(item), (policy) =>
            validateNamespacedPolicy(policy, item['spec'], 'ApplicationNetworkPolicy'),
          ),
        ),
    },
  ],
  [
    'ClusterNetworkPolicy',
    {
      group: AWS,
      list: 'clusterPolicies',
      read: (to, item) => kept(to.clusterPolicies, checked(normaliseClusterNetworkPolicy(item), validateClusterPolicy)),
    },
  ],
  // Object.keys of the constant gives exactly its kinds.
  ...(Object.keys(WORKLOADS) as readonly WorkloadKind[]).map((kind): readonly [string, Kind] => [
    kind,
    { group: WORKLOADS[kind].group, list: 'workloads', read: workloadReader(kind) },
  ]),
]);

const nameText = ({ namespace, name }: Named): string => (namespace === undefined ? name : `${namespace}/${name}`);

const readObject = (draft: Draft, object: ManifestObject, read: Reader): Named => {
  try {
    return read(draft, withDefaults(object));
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new ManifestError(object.origin, joinPath(object.path, error.path), error.expected, error.found, error);
  }
};

const byName = <T extends Named>(list: readonly T[]): readonly T[] =>
  sortedBy(list, ({ namespace, name }) => [namespace ?? '', name]);

const countKinds = (skipped: readonly ManifestObject[]): Manifests['skipped'] =>
  sortedBy(
    [...Map.groupBy(skipped, ({ apiVersion, kind }) => `${apiVersion} ${kind}`)].map(([kind, objects]) => ({
      kind,
      count: objects.length,
    })),
    ({ kind }) => [kind],
  );

/**
 * Reads plain manifests as a cluster would hold them: YAML streams, JSON, lists; defaults as the API server fills them in. Two
 * definitions of one object are refused, since which one counts would depend on the order of application.
 * @throws ManifestError
 */
export const readManifests = (files: readonly ManifestFile[]): Manifests => {
  const { objects, foreign } = manifestObjects(files);
  const draft: Draft = {
    namespaces: [],
    pods: [],
    nodes: [],
    services: [],
    endpointSlices: [],
    networkPolicies: [],
    clusterPolicies: [],
    applicationPolicies: [],
    workloads: [],
  };
  const origins = new Map<string, Origin>();
  const skipped: ManifestObject[] = [];
  for (const object of objects) {
    const reader = READERS.get(object.kind);
    if (reader === undefined || reader.group !== object.group) {
      skipped.push(object);
      continue;
    }
    const named = readObject(draft, object, reader.read);
    const key = `${reader.list === 'workloads' ? object.kind : reader.list}[${nameText(named)}]`;
    const known = origins.get(key);
    if (known !== undefined) {
      throw new ManifestError(
        object.origin,
        object.path,
        `one ${object.kind} ${nameText(named)}`,
        `a second one; the first is in ${originText(known)}`,
      );
    }
    origins.set(key, object.origin);
  }

  const templates = podsOfWorkloads(draft.workloads, draft.pods);
  const pods = [...draft.pods, ...templates.map(({ pod }) => pod)];
  const defined = new Set(draft.namespaces.map(({ name }) => name));
  const impliedNamespaces = distinct(
    [pods, draft.services, draft.networkPolicies, draft.applicationPolicies]
      .flat()
      .map(({ namespace }) => namespace)
      .filter((namespace) => !defined.has(namespace)),
  );
  return {
    namespaces: byName([...draft.namespaces, ...impliedNamespaces.map(impliedNamespace)]),
    pods: byName(pods),
    nodes: byName(draft.nodes),
    services: byName(draft.services),
    endpointSlices: byName(draft.endpointSlices),
    networkPolicies: byName(draft.networkPolicies),
    clusterPolicies: byName(draft.clusterPolicies),
    applicationPolicies: byName(draft.applicationPolicies),
    impliedNamespaces,
    templatePods: templates.map(({ pod, kind }) => `${nameText(pod)} (${kind})`),
    skipped: countKinds(skipped),
    foreign,
    originOf: (path) => origins.get(path),
  };
};
