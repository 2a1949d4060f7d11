import type { FactKey, FactValues } from '../../model/snapshot.ts';
import { KubernetesError } from '../../runtime/kubernetes/error.ts';
import { listPages, type ProtobufDecoder } from '../../runtime/kubernetes/list.ts';
import { createNodeDecoder } from '../../runtime/kubernetes/nodes-protobuf.ts';
import { createPodDecoder } from '../../runtime/kubernetes/pods-protobuf.ts';
import { MAX_ANNOTATION } from '../normalise/bounded.ts';
import { normaliseApiService } from '../normalise/api-services.ts';
import { normaliseAwsNodePod } from '../normalise/aws-node-pods.ts';
import { normaliseCniNode } from '../normalise/cninodes.ts';
import { normaliseConfigMapData } from '../normalise/config-map.ts';
import { normaliseCustomResourceDefinition } from '../normalise/custom-resource-definitions.ts';
import { normaliseDaemonSet } from '../normalise/daemonset.ts';
import { normaliseEniConfig } from '../normalise/eniconfigs.ts';
import { normaliseNamespace } from '../normalise/namespaces.ts';
import { normaliseNetworkPolicy } from '../normalise/network-policies.ts';
import { isNetworkWorkload } from '../normalise/network-workload-names.ts';
import { mergeNetworkWorkloads, normaliseNetworkWorkload } from '../normalise/network-workloads.ts';
import { normaliseNodeClass } from '../normalise/nodeclasses.ts';
import { normaliseNode } from '../normalise/nodes.ts';
import { sortedBy } from '../normalise/order.ts';
import { normalisePod } from '../normalise/pods.ts';
import { normalisePolicyEndpoint } from '../normalise/policy-endpoints.ts';
import { normaliseSecurityGroupPolicy } from '../normalise/security-group-policies.ts';
import type { NetworkWorkload, Pod } from '../../model/facts-kubernetes.ts';
import { NOT_THERE, type CollectContext, type Collector, type NotThere, type RbacRule } from './collector.ts';

/** A list API: where it is, and the one rule that lets us read it. */
export interface Api {
  readonly apiGroup: string;
  readonly version: string;
  readonly resource: string;
  /** The API is a CRD's: not served means absent, not wrong. */
  readonly optional?: true;
}

export const pathOf = ({ apiGroup, version, resource }: Api): string =>
  apiGroup === '' ? `/api/${version}/${resource}` : `/apis/${apiGroup}/${version}/${resource}`;

export const ruleOf = ({ apiGroup, resource }: Api): RbacRule => ({ apiGroup, resource, verbs: ['list'] });

interface ListOptions<T> {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly protobuf?: () => ProtobufDecoder<T>;
}

const list = async <T>(
  context: CollectContext,
  api: Api,
  project: (item: unknown) => T | undefined,
  options: ListOptions<T> = {},
): Promise<readonly T[] | NotThere> => {
  const client = await context.kubernetes();
  const { protobuf, ...selectors } = options;
  try {
    const { items } = await listPages(client, {
      path: pathOf(api),
      project,
      signal: context.signal,
      ...selectors,
      ...(protobuf === undefined ? {} : { protobuf: protobuf() }),
    });
    return items;
  } catch (error) {
    if (api.optional && error instanceof KubernetesError && error.missing === 'resource-type') return NOT_THERE;
    throw error;
  }
};

type ListKey = {
  [K in FactKey]: FactValues[K] extends readonly unknown[] ? K : never;
}[FactKey];
type Item<K extends ListKey> = FactValues[K] extends readonly (infer T)[] ? T : never;

export const listCollector = <K extends ListKey>(
  key: K,
  api: Api,
  normalise: (item: unknown) => Item<K>,
  sortKey: (item: Item<K>) => readonly string[],
  options: ListOptions<Item<K>> = {},
): Collector<K> => ({
  key,
  source: `GET ${pathOf(api)}${options.labelSelector === undefined ? '' : `?labelSelector=${options.labelSelector}`}`,
  iam: [],
  rbac: [ruleOf(api)],
  collect: async (context) => {
    const items = await list(context, api, (item) => normalise(item), options);
    // FactValues[K] is a readonly array of Item<K> for every ListKey; TypeScript does not follow the mapped type back.
    return items === NOT_THERE ? NOT_THERE : (sortedBy(items, sortKey) as unknown as FactValues[K]);
  },
});

export const byName = ({ name }: { readonly name: string }): readonly string[] => [name];
export const byNamespace = ({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): readonly string[] => [namespace, name];

export const core = (resource: string): Api => ({ apiGroup: '', version: 'v1', resource });

export const nodes = listCollector('kubernetes.nodes', core('nodes'), normaliseNode, byName, {
  protobuf: () => createNodeDecoder({ maxAnnotationCharacters: MAX_ANNOTATION }),
});

const podsWhere = (selector: Pick<ListOptions<Pod>, 'fieldSelector'> = {}): Collector<'kubernetes.pods'> =>
  listCollector('kubernetes.pods', core('pods'), normalisePod, byNamespace, {
    protobuf: createPodDecoder,
    ...selector,
  });

export const pods = podsWhere();

/** Only a node's, which the API server finds by its index. */
export const podsOfNode = (node: string): Collector<'kubernetes.pods'> =>
  podsWhere({ fieldSelector: `spec.nodeName=${node}` });

/** In the namespace only, so that a Role in kube-system is enough where pods elsewhere must not be read. */
export const awsNodePods: Collector<'kubernetes.aws-node-pods'> = {
  key: 'kubernetes.aws-node-pods',
  source: 'GET /api/v1/namespaces/kube-system/pods?labelSelector=k8s-app=aws-node',
  iam: [],
  rbac: [{ apiGroup: '', resource: 'pods', verbs: ['list'], namespace: 'kube-system' }],
  collect: async (context) => {
    const client = await context.kubernetes();
    const { items } = await listPages(client, {
      path: '/api/v1/namespaces/kube-system/pods',
      labelSelector: 'k8s-app=aws-node',
      project: (item) => normaliseAwsNodePod(item),
      signal: context.signal,
    });
    return sortedBy(items, ({ nodeName, name }) => [nodeName, name]);
  },
};

export const namespaces = listCollector('kubernetes.namespaces', core('namespaces'), normaliseNamespace, byName);

export const networkPolicies = listCollector(
  'kubernetes.network-policies',
  { apiGroup: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
  normaliseNetworkPolicy,
  byNamespace,
);

export const crds = listCollector(
  'kubernetes.crds',
  { apiGroup: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
  normaliseCustomResourceDefinition,
  byName,
);

export const apiServices = listCollector(
  'kubernetes.api-services',
  { apiGroup: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' },
  normaliseApiService,
  byName,
);

export const policyEndpoints = listCollector(
  'kubernetes.policy-endpoints',
  { apiGroup: 'networking.k8s.aws', version: 'v1alpha1', resource: 'policyendpoints', optional: true },
  normalisePolicyEndpoint,
  byNamespace,
);

export const cniNodes = listCollector(
  'kubernetes.cninodes',
  { apiGroup: 'vpcresources.k8s.aws', version: 'v1alpha1', resource: 'cninodes', optional: true },
  normaliseCniNode,
  byName,
);

export const eniConfigs = listCollector(
  'kubernetes.eniconfigs',
  { apiGroup: 'crd.k8s.amazonaws.com', version: 'v1alpha1', resource: 'eniconfigs', optional: true },
  normaliseEniConfig,
  byName,
);

export const securityGroupPolicies = listCollector(
  'kubernetes.security-group-policies',
  { apiGroup: 'vpcresources.k8s.aws', version: 'v1beta1', resource: 'securitygrouppolicies', optional: true },
  normaliseSecurityGroupPolicy,
  byNamespace,
);

export const nodeClasses = listCollector(
  'kubernetes.nodeclasses',
  { apiGroup: 'eks.amazonaws.com', version: 'v1', resource: 'nodeclasses', optional: true },
  normaliseNodeClass,
  byName,
);

/** One object; "no such object" is absent. */
export const objectCollector = <K extends FactKey>(
  key: K,
  path: string,
  rule: RbacRule,
  normalise: (item: unknown) => FactValues[K],
): Collector<K> => ({
  key,
  source: `GET ${path}`,
  iam: [],
  rbac: [rule],
  collect: async (context) => {
    const client = await context.kubernetes();
    try {
      return normalise(await client.getJson({ path, signal: context.signal }));
    } catch (error) {
      if (error instanceof KubernetesError && error.missing === 'object') return NOT_THERE;
      throw error;
    }
  },
});

export const awsNode = objectCollector(
  'kubernetes.aws-node',
  '/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node',
  { apiGroup: 'apps', resource: 'daemonsets', verbs: ['get'], resourceNames: ['aws-node'], namespace: 'kube-system' },
  normaliseDaemonSet,
);

export const amazonVpcCni = objectCollector(
  'kubernetes.amazon-vpc-cni',
  '/api/v1/namespaces/kube-system/configmaps/amazon-vpc-cni',
  { apiGroup: '', resource: 'configmaps', verbs: ['get'], resourceNames: ['amazon-vpc-cni'], namespace: 'kube-system' },
  normaliseConfigMapData,
);

const WORKLOADS = [
  { kind: 'DaemonSet', api: { apiGroup: 'apps', version: 'v1', resource: 'daemonsets' } },
  { kind: 'Deployment', api: { apiGroup: 'apps', version: 'v1', resource: 'deployments' } },
  { kind: 'ConfigMap', api: core('configmaps') },
] as const satisfies readonly { readonly kind: NetworkWorkload['kind']; readonly api: Api }[];

/** Only names are asked of ConfigMaps (PartialObjectMetadata): their contents are nobody's business here. */
const configMapNames = async (context: CollectContext, api: Api): Promise<readonly NetworkWorkload[]> => {
  const client = await context.kubernetes();
  const { items } = await listPages(client, {
    path: pathOf(api),
    accept: 'metadata',
    // The server names each item PartialObjectMetadata, which is not what was asked about.
    project: (item) =>
      normaliseNetworkWorkload('ConfigMap', typeof item === 'object' ? { ...item, kind: undefined } : item),
    signal: context.signal,
  });
  return items;
};

export const networkWorkloads: Collector<'kubernetes.network-workloads'> = {
  key: 'kubernetes.network-workloads',
  source: WORKLOADS.map(({ api }) => `GET ${pathOf(api)}`).join(', '),
  iam: [],
  rbac: WORKLOADS.map(({ api }) => ruleOf(api)),
  collect: async (context) => {
    const lists = await Promise.all(
      WORKLOADS.map(async ({ kind, api }) => {
        if (kind === 'ConfigMap') return configMapNames(context, api);
        const found = await list(context, api, (item) => normaliseNetworkWorkload(kind, item));
        return found === NOT_THERE ? [] : found;
      }),
    );
    return mergeNetworkWorkloads(
      ...lists.map((found) => found.filter(({ kind, name }) => isNetworkWorkload(kind, name))),
    );
  },
};
