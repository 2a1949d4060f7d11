import type { AwsNetworkFactValues } from '../../model/facts-aws-network.ts';
import type { FactValues } from '../../model/snapshot.ts';
import { normaliseApiServices } from '../normalise/api-services.ts';
import { normaliseApplicationNetworkPolicies } from '../normalise/application-network-policies.ts';
import { normaliseAwsNodePods } from '../normalise/aws-node-pods.ts';
import { normaliseClusterNetworkPolicies } from '../normalise/cluster-network-policies.ts';
import { normaliseClusterPolicyEndpoints } from '../normalise/cluster-policy-endpoints.ts';
import { normaliseClusterRole } from '../normalise/cluster-role.ts';
import { normaliseCniNodes } from '../normalise/cninodes.ts';
import { normaliseConfigMapData } from '../normalise/config-map.ts';
import { normaliseCustomResourceDefinitions } from '../normalise/custom-resource-definitions.ts';
import { normaliseDaemonSet } from '../normalise/daemonset.ts';
import { normaliseEksCluster } from '../normalise/eks-cluster.ts';
import { normaliseEndpointSlices } from '../normalise/endpoint-slices.ts';
import { normaliseEniConfigs } from '../normalise/eniconfigs.ts';
import { normaliseEvents } from '../normalise/events.ts';
import { normaliseImages } from '../normalise/images.ts';
import { normaliseInstances } from '../normalise/instances.ts';
import { normaliseKubeProxyConfig } from '../normalise/kube-proxy-config.ts';
import { normaliseNamespaces } from '../normalise/namespaces.ts';
import { normaliseNetworkPolicies } from '../normalise/network-policies.ts';
import { normaliseNodeClasses } from '../normalise/nodeclasses.ts';
import { normaliseNodes } from '../normalise/nodes.ts';
import { normalisePods } from '../normalise/pods.ts';
import { normalisePolicyEndpoints } from '../normalise/policy-endpoints.ts';
import { normaliseSecurityGroupPolicies } from '../normalise/security-group-policies.ts';
import { normaliseServices } from '../normalise/services.ts';
import { normaliseVpcCniAddon } from '../normalise/vpc-cni-addon.ts';

/** Facts that more than one file gives. */
type Composed =
  | 'eks.nodegroups'
  | 'ec2.launch-templates'
  | 'kubernetes.access'
  | 'kubernetes.network-workloads'
  | 'nodes.probes'
  | 'verdicts.denied-traffic'
  | keyof AwsNetworkFactValues;

export type SingleKey = Exclude<keyof FactValues, Composed>;

export interface SingleFile<T> {
  /** Inside the dump, without `.json` or `.error`. */
  readonly name: string;
  readonly source: string;
  /** What the call's "not found" proves: nothing is there, or that something is wrong. */
  readonly notFound: 'absent' | 'api-error';
  readonly read: (raw: unknown) => T;
}

/** Every fact that one file gives, with the call that gather.sh made for it. */
export const SINGLE_FILES: { readonly [K in SingleKey]: SingleFile<FactValues[K]> } = {
  'eks.cluster': {
    name: 'aws/describe-cluster',
    source: 'eks:DescribeCluster',
    notFound: 'api-error',
    read: normaliseEksCluster,
  },
  'eks.vpc-cni-addon': {
    name: 'aws/describe-addon-vpc-cni',
    source: 'eks:DescribeAddon',
    notFound: 'absent',
    read: normaliseVpcCniAddon,
  },
  'ec2.instances': {
    name: 'aws/describe-instances',
    source: 'ec2:DescribeInstances',
    notFound: 'api-error',
    read: normaliseInstances,
  },
  'ec2.images': {
    name: 'aws/describe-images',
    source: 'ec2:DescribeImages',
    notFound: 'api-error',
    read: normaliseImages,
  },
  'kubernetes.nodes': {
    name: 'kubernetes/nodes',
    source: 'GET /api/v1/nodes',
    notFound: 'api-error',
    read: normaliseNodes,
  },
  'kubernetes.aws-node': {
    name: 'kubernetes/aws-node',
    source: 'GET /apis/apps/v1/namespaces/kube-system/daemonsets/aws-node',
    notFound: 'absent',
    read: normaliseDaemonSet,
  },
  'kubernetes.aws-node-pods': {
    name: 'kubernetes/aws-node-pods',
    source: 'GET /api/v1/namespaces/kube-system/pods?labelSelector=k8s-app=aws-node',
    notFound: 'api-error',
    read: normaliseAwsNodePods,
  },
  'kubernetes.amazon-vpc-cni': {
    name: 'kubernetes/configmap-amazon-vpc-cni',
    source: 'GET /api/v1/namespaces/kube-system/configmaps/amazon-vpc-cni',
    notFound: 'absent',
    read: normaliseConfigMapData,
  },
  'kubernetes.crds': {
    name: 'kubernetes/customresourcedefinitions',
    source: 'GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    notFound: 'api-error',
    read: normaliseCustomResourceDefinitions,
  },
  'kubernetes.api-services': {
    name: 'kubernetes/apiservices',
    source: 'GET /apis/apiregistration.k8s.io/v1/apiservices',
    notFound: 'api-error',
    read: normaliseApiServices,
  },
  'kubernetes.namespaces': {
    name: 'kubernetes/namespaces',
    source: 'GET /api/v1/namespaces',
    notFound: 'api-error',
    read: normaliseNamespaces,
  },
  'kubernetes.pods': {
    name: 'kubernetes/pods',
    source: 'GET /api/v1/pods',
    notFound: 'api-error',
    read: normalisePods,
  },
  'kubernetes.network-policies': {
    name: 'kubernetes/networkpolicies',
    source: 'GET /apis/networking.k8s.io/v1/networkpolicies',
    notFound: 'api-error',
    read: normaliseNetworkPolicies,
  },
  'kubernetes.policy-endpoints': {
    name: 'kubernetes/policyendpoints',
    source: 'GET /apis/networking.k8s.aws/v1alpha1/policyendpoints',
    notFound: 'absent',
    read: normalisePolicyEndpoints,
  },
  'kubernetes.cninodes': {
    name: 'kubernetes/cninodes',
    source: 'GET /apis/vpcresources.k8s.aws/v1alpha1/cninodes',
    notFound: 'absent',
    read: normaliseCniNodes,
  },
  'kubernetes.eniconfigs': {
    name: 'kubernetes/eniconfigs',
    source: 'GET /apis/crd.k8s.amazonaws.com/v1alpha1/eniconfigs',
    notFound: 'absent',
    read: normaliseEniConfigs,
  },
  'kubernetes.security-group-policies': {
    name: 'kubernetes/securitygrouppolicies',
    source: 'GET /apis/vpcresources.k8s.aws/v1beta1/securitygrouppolicies',
    notFound: 'absent',
    read: normaliseSecurityGroupPolicies,
  },
  'kubernetes.nodeclasses': {
    name: 'kubernetes/nodeclasses',
    source: 'GET /apis/eks.amazonaws.com/v1/nodeclasses',
    notFound: 'absent',
    read: normaliseNodeClasses,
  },
  'kubernetes.services': {
    name: 'kubernetes/services',
    source: 'GET /api/v1/services',
    notFound: 'api-error',
    read: normaliseServices,
  },
  'kubernetes.endpoint-slices': {
    name: 'kubernetes/endpointslices',
    source: 'GET /apis/discovery.k8s.io/v1/endpointslices',
    notFound: 'api-error',
    read: normaliseEndpointSlices,
  },
  'kubernetes.kube-proxy-config': {
    name: 'kubernetes/configmap-kube-proxy-config',
    source: 'GET /api/v1/namespaces/kube-system/configmaps/kube-proxy-config',
    notFound: 'absent',
    read: normaliseKubeProxyConfig,
  },
  'kubernetes.cluster-network-policies': {
    name: 'kubernetes/clusternetworkpolicies',
    source: 'GET /apis/networking.k8s.aws/v1alpha1/clusternetworkpolicies',
    notFound: 'absent',
    read: normaliseClusterNetworkPolicies,
  },
  'kubernetes.application-network-policies': {
    name: 'kubernetes/applicationnetworkpolicies',
    source: 'GET /apis/networking.k8s.aws/v1alpha1/applicationnetworkpolicies',
    notFound: 'absent',
    read: normaliseApplicationNetworkPolicies,
  },
  'kubernetes.cluster-policy-endpoints': {
    name: 'kubernetes/clusterpolicyendpoints',
    source: 'GET /apis/networking.k8s.aws/v1alpha1/clusterpolicyendpoints',
    notFound: 'absent',
    read: normaliseClusterPolicyEndpoints,
  },
  'kubernetes.aws-node-cluster-role': {
    name: 'kubernetes/clusterrole-aws-node',
    source: 'GET /apis/rbac.authorization.k8s.io/v1/clusterroles/aws-node',
    notFound: 'absent',
    read: normaliseClusterRole,
  },
  'kubernetes.events': {
    name: 'kubernetes/events',
    source: 'GET /api/v1/events',
    notFound: 'api-error',
    read: normaliseEvents,
  },
};
