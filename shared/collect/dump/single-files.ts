import type { FactValues } from '../../model/snapshot.ts';
import { normaliseApiServices } from '../normalise/api-services.ts';
import { normaliseAwsNodePods } from '../normalise/aws-node-pods.ts';
import { normaliseCniNodes } from '../normalise/cninodes.ts';
import { normaliseConfigMapData } from '../normalise/config-map.ts';
import { normaliseCustomResourceDefinitions } from '../normalise/custom-resource-definitions.ts';
import { normaliseDaemonSet } from '../normalise/daemonset.ts';
import { normaliseEksCluster } from '../normalise/eks-cluster.ts';
import { normaliseEniConfigs } from '../normalise/eniconfigs.ts';
import { normaliseImages } from '../normalise/images.ts';
import { normaliseInstances } from '../normalise/instances.ts';
import { normaliseNamespaces } from '../normalise/namespaces.ts';
import { normaliseNetworkPolicies } from '../normalise/network-policies.ts';
import { normaliseNodeClasses } from '../normalise/nodeclasses.ts';
import { normaliseNodes } from '../normalise/nodes.ts';
import { normalisePods } from '../normalise/pods.ts';
import { normalisePolicyEndpoints } from '../normalise/policy-endpoints.ts';
import { normaliseSecurityGroupPolicies } from '../normalise/security-group-policies.ts';
import { normaliseVpcCniAddon } from '../normalise/vpc-cni-addon.ts';

/** Facts that more than one file gives. */
type Composed =
  | 'eks.nodegroups'
  | 'ec2.launch-templates'
  | 'kubernetes.access'
  | 'kubernetes.network-workloads'
  | 'nodes.probes';

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
};
