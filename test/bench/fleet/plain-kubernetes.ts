import {
  ApiextensionsV1Api,
  ApiException,
  ApiregistrationV1Api,
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  NetworkingV1Api,
  VersionApi,
  type V1NetworkPolicy,
} from '@kubernetes/client-node';
import * as z from 'zod';
import { normaliseApiService } from '../../../shared/collect/normalise/api-services.ts';
import { normaliseAwsNodePod } from '../../../shared/collect/normalise/aws-node-pods.ts';
import { normaliseCniNode } from '../../../shared/collect/normalise/cninodes.ts';
import { normaliseConfigMapData } from '../../../shared/collect/normalise/config-map.ts';
import { normaliseCustomResourceDefinition } from '../../../shared/collect/normalise/custom-resource-definitions.ts';
import { normaliseDaemonSet } from '../../../shared/collect/normalise/daemonset.ts';
import { normaliseNetworkPolicy } from '../../../shared/collect/normalise/network-policies.ts';
import {
  mergeNetworkWorkloads,
  normaliseNetworkWorkloads,
} from '../../../shared/collect/normalise/network-workloads.ts';
import { normaliseNodeClass } from '../../../shared/collect/normalise/nodeclasses.ts';
import { normalisePolicyEndpoint } from '../../../shared/collect/normalise/policy-endpoints.ts';
import { normaliseSecurityGroupPolicy } from '../../../shared/collect/normalise/security-group-policies.ts';
import { sortedBy } from '../../../shared/collect/normalise/order.ts';
import { toNode, toPod } from '../kubernetes/project.ts';

interface Listed<T> {
  readonly items: readonly T[];
  readonly metadata?: { readonly _continue?: string };
}

const LIMIT = 500;

const pages = async <T>(
  list: (page: { limit: number; _continue?: string }) => Promise<Listed<T>>,
): Promise<readonly T[]> => {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await list({ limit: LIMIT, ...(token === undefined ? {} : { _continue: token }) });
    for (const item of page.items) items.push(item);
    ({ _continue: token } = page.metadata ?? {});
  } while (token !== undefined && token !== '');
  return items;
};

interface Typed {
  readonly metadata?: { readonly creationTimestamp?: Date };
}

/** The typed client makes a Date of it, where our normalisers read the API's text. Nothing else of an object is copied. */
const asText = (item: Typed): object => ({
  ...item,
  metadata: { ...item.metadata, creationTimestamp: item.metadata?.creationTimestamp?.toISOString() },
});

/** The typed client calls a rule's `from` otherwise. */
const policyAsText = (policy: V1NetworkPolicy): object => ({
  ...asText(policy),
  spec: Object.assign({}, policy.spec, {
    ingress: policy.spec?.ingress?.map(({ _from: from, ports }) => ({ from, ports })),
  }),
});

const byName = ({
  namespace = '',
  name,
}: {
  readonly namespace?: string;
  readonly name: string;
}): readonly string[] => [namespace, name];

const custom = z.object({ items: z.array(z.unknown()) });

/** A list of custom resources, which the typed client leaves as they are; a kind that is not served is absent. */
const customList = async <T extends { readonly namespace?: string; readonly name: string }>(
  api: CustomObjectsApi,
  [group, version, plural]: readonly [string, string, string],
  read: (item: unknown) => T,
): Promise<readonly T[] | 'absent'> => {
  try {
    const { items } = custom.parse(await api.listClusterCustomObject({ group, version, plural, limit: LIMIT }));
    return sortedBy(
      items.map((item) => read(item)),
      byName,
    );
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return 'absent';
    throw error;
  }
};

export interface Connection {
  readonly endpoint: string;
  readonly certificateAuthorityData: string;
  readonly token: string;
}

/** The reads of an audit by the typed lists of @kubernetes/client-node, all at once. */
export const readKubernetes = async (to: Connection): Promise<{ readonly [key: string]: unknown }> => {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'bench', server: to.endpoint, caData: to.certificateAuthorityData, skipTLSVerify: false },
    { name: 'bench', token: to.token },
  );
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);
  const namespace = 'kube-system';
  const [nodes, pods, awsNodePods, awsNode, cniConfig, daemonSets, deployments, configMaps] = await Promise.all([
    pages((page) => core.listNode(page)),
    pages((page) => core.listPodForAllNamespaces(page)),
    pages((page) => core.listNamespacedPod({ namespace, labelSelector: 'k8s-app=aws-node', ...page })),
    apps.readNamespacedDaemonSet({ namespace, name: 'aws-node' }),
    core.readNamespacedConfigMap({ namespace, name: 'amazon-vpc-cni' }),
    pages((page) => apps.listDaemonSetForAllNamespaces(page)),
    pages((page) => apps.listDeploymentForAllNamespaces(page)),
    pages((page) => core.listConfigMapForAllNamespaces(page)),
  ]);
  const [crds, apiServices, policies, endpoints, cniNodes, groups, classes] = await Promise.all([
    pages((page) => config.makeApiClient(ApiextensionsV1Api).listCustomResourceDefinition(page)),
    pages((page) => config.makeApiClient(ApiregistrationV1Api).listAPIService(page)),
    pages((page) => config.makeApiClient(NetworkingV1Api).listNetworkPolicyForAllNamespaces(page)),
    customList(objects, ['networking.k8s.aws', 'v1alpha1', 'policyendpoints'], normalisePolicyEndpoint),
    customList(objects, ['vpcresources.k8s.aws', 'v1alpha1', 'cninodes'], normaliseCniNode),
    customList(objects, ['vpcresources.k8s.aws', 'v1beta1', 'securitygrouppolicies'], normaliseSecurityGroupPolicy),
    customList(objects, ['eks.amazonaws.com', 'v1', 'nodeclasses'], normaliseNodeClass),
    config.makeApiClient(VersionApi).getCode(),
  ]);
  return {
    'kubernetes.nodes': sortedBy(nodes.map(toNode), byName),
    'kubernetes.pods': sortedBy(pods.map(toPod), byName),
    'kubernetes.aws-node-pods': sortedBy(
      awsNodePods.map((pod) => normaliseAwsNodePod(asText(pod))),
      ({ nodeName, name }) => [nodeName, name],
    ),
    'kubernetes.aws-node': normaliseDaemonSet(asText(awsNode)),
    'kubernetes.amazon-vpc-cni': normaliseConfigMapData(cniConfig),
    'kubernetes.network-workloads': mergeNetworkWorkloads(
      normaliseNetworkWorkloads('DaemonSet', daemonSets.map(asText)),
      normaliseNetworkWorkloads('Deployment', deployments.map(asText)),
      normaliseNetworkWorkloads('ConfigMap', configMaps.map(asText)),
    ),
    'kubernetes.crds': sortedBy(
      crds.map((item) => normaliseCustomResourceDefinition(asText(item))),
      byName,
    ),
    'kubernetes.api-services': sortedBy(
      apiServices.map((item) => normaliseApiService(asText(item))),
      byName,
    ),
    'kubernetes.network-policies': sortedBy(
      policies.map((item) => normaliseNetworkPolicy(policyAsText(item))),
      byName,
    ),
    'kubernetes.policy-endpoints': endpoints,
    'kubernetes.cninodes': cniNodes,
    'kubernetes.security-group-policies': groups,
    'kubernetes.nodeclasses': classes,
  };
};
