import { listPages } from '../../runtime/kubernetes/list.ts';
import { normaliseApplicationNetworkPolicy } from '../normalise/application-network-policies.ts';
import { normaliseClusterNetworkPolicy } from '../normalise/cluster-network-policies.ts';
import { normaliseClusterPolicyEndpoint } from '../normalise/cluster-policy-endpoints.ts';
import { normaliseClusterRole } from '../normalise/cluster-role.ts';
import { normaliseEndpointSlice } from '../normalise/endpoint-slices.ts';
import { newestEvents, normaliseEvent } from '../normalise/events.ts';
import { normaliseKubeProxyConfig } from '../normalise/kube-proxy-config.ts';
import { normaliseService } from '../normalise/services.ts';
import type { Collector } from './collector.ts';
import {
  byName,
  byNamespace,
  core,
  listCollector,
  objectCollector,
  pathOf,
  ruleOf,
  type Api,
} from './kubernetes-lists.ts';

/** A kind of the network policy controller's: a cluster without it does not serve the API. */
const networkPolicyController = (resource: string): Api => ({
  apiGroup: 'networking.k8s.aws',
  version: 'v1alpha1',
  resource,
  optional: true,
});

export const services = listCollector('kubernetes.services', core('services'), normaliseService, byNamespace);

export const endpointSlices = listCollector(
  'kubernetes.endpoint-slices',
  { apiGroup: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
  normaliseEndpointSlice,
  byNamespace,
);

export const clusterNetworkPolicies = listCollector(
  'kubernetes.cluster-network-policies',
  networkPolicyController('clusternetworkpolicies'),
  normaliseClusterNetworkPolicy,
  byName,
);

export const applicationNetworkPolicies = listCollector(
  'kubernetes.application-network-policies',
  networkPolicyController('applicationnetworkpolicies'),
  normaliseApplicationNetworkPolicy,
  byNamespace,
);

export const clusterPolicyEndpoints = listCollector(
  'kubernetes.cluster-policy-endpoints',
  networkPolicyController('clusterpolicyendpoints'),
  normaliseClusterPolicyEndpoint,
  byName,
);

export const kubeProxyConfig = objectCollector(
  'kubernetes.kube-proxy-config',
  '/api/v1/namespaces/kube-system/configmaps/kube-proxy-config',
  {
    apiGroup: '',
    resource: 'configmaps',
    verbs: ['get'],
    resourceNames: ['kube-proxy-config'],
    namespace: 'kube-system',
  },
  normaliseKubeProxyConfig,
);

export const awsNodeClusterRole = objectCollector(
  'kubernetes.aws-node-cluster-role',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles/aws-node',
  { apiGroup: 'rbac.authorization.k8s.io', resource: 'clusterroles', verbs: ['get'], resourceNames: ['aws-node'] },
  normaliseClusterRole,
);

const EVENTS = core('events');

/**
 * One pass over all events, of which the few that tell of pod networking are kept: a field selector takes one reason at a
 * time, and the API server reads them all for each. It keeps them for an hour
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/, `--event-ttl`).
 */
export const events: Collector<'kubernetes.events'> = {
  key: 'kubernetes.events',
  source: `GET ${pathOf(EVENTS)}`,
  iam: [],
  rbac: [ruleOf(EVENTS)],
  collect: async (context) => {
    const client = await context.kubernetes();
    const { items } = await listPages(client, {
      path: pathOf(EVENTS),
      project: (item) => normaliseEvent(item),
      signal: context.signal,
    });
    return newestEvents(items);
  },
};
