import type { ClusterRef } from './cluster.ts';
import type { ApplicationNetworkPolicy, ClusterNetworkPolicy } from './cluster-policy.ts';
import type { DeniedTraffic } from './denied-traffic.ts';
import type { Fact } from './fact.ts';
import type { AwsNetworkFactValues } from './facts-aws-network.ts';
import type {
  EksCluster,
  Image,
  Instance,
  LaunchTemplateVersion,
  NodeProbe,
  Nodegroup,
  VpcCniAddon,
} from './facts-aws.ts';
import type {
  ApiService,
  AwsNodePod,
  CniNode,
  CustomResourceDefinition,
  DaemonSet,
  EniConfig,
  KubernetesAccess,
  Labels,
  Namespace,
  NetworkPolicy,
  NetworkWorkload,
  Node,
  NodeClass,
  Pod,
  PolicyEndpoint,
  SecurityGroupPolicy,
} from './facts-kubernetes.ts';
import type {
  ClusterPolicyEndpoint,
  ClusterRole,
  EndpointSlice,
  KubeProxyConfig,
  KubernetesEvents,
  Service,
} from './facts-kubernetes-network.ts';

/** Every fact there is, by key. A list fact is complete or it is unobserved; an empty list was looked at. */
export interface FactValues extends AwsNetworkFactValues {
  'eks.cluster': EksCluster;
  'eks.vpc-cni-addon': VpcCniAddon;
  'eks.nodegroups': readonly Nodegroup[];
  'ec2.instances': readonly Instance[];
  'ec2.images': readonly Image[];
  'ec2.launch-templates': readonly LaunchTemplateVersion[];
  'kubernetes.access': KubernetesAccess;
  'kubernetes.nodes': readonly Node[];
  'kubernetes.aws-node': DaemonSet;
  'kubernetes.aws-node-pods': readonly AwsNodePod[];
  /** `data` of ConfigMap kube-system/amazon-vpc-cni. */
  'kubernetes.amazon-vpc-cni': Labels;
  'kubernetes.network-workloads': readonly NetworkWorkload[];
  'kubernetes.crds': readonly CustomResourceDefinition[];
  'kubernetes.api-services': readonly ApiService[];
  'kubernetes.namespaces': readonly Namespace[];
  'kubernetes.pods': readonly Pod[];
  'kubernetes.network-policies': readonly NetworkPolicy[];
  'kubernetes.policy-endpoints': readonly PolicyEndpoint[];
  'kubernetes.cninodes': readonly CniNode[];
  'kubernetes.eniconfigs': readonly EniConfig[];
  'kubernetes.security-group-policies': readonly SecurityGroupPolicy[];
  'kubernetes.nodeclasses': readonly NodeClass[];
  'kubernetes.services': readonly Service[];
  'kubernetes.endpoint-slices': readonly EndpointSlice[];
  'kubernetes.kube-proxy-config': KubeProxyConfig;
  'kubernetes.cluster-network-policies': readonly ClusterNetworkPolicy[];
  'kubernetes.application-network-policies': readonly ApplicationNetworkPolicy[];
  'kubernetes.cluster-policy-endpoints': readonly ClusterPolicyEndpoint[];
  'kubernetes.aws-node-cluster-role': ClusterRole;
  'kubernetes.events': KubernetesEvents;
  'nodes.probes': readonly NodeProbe[];
  /** From the network policy agent's verdict logs. Absent: the log path is known not to exist. */
  'verdicts.denied-traffic': DeniedTraffic;
}

export type FactKey = keyof FactValues;

/** The keys at run time; the type guarantees that none is forgotten. */
const KEYS: { readonly [K in FactKey]: true } = {
  'eks.cluster': true,
  'eks.vpc-cni-addon': true,
  'eks.nodegroups': true,
  'ec2.instances': true,
  'ec2.images': true,
  'ec2.launch-templates': true,
  'kubernetes.access': true,
  'kubernetes.nodes': true,
  'kubernetes.aws-node': true,
  'kubernetes.aws-node-pods': true,
  'kubernetes.amazon-vpc-cni': true,
  'kubernetes.network-workloads': true,
  'kubernetes.crds': true,
  'kubernetes.api-services': true,
  'kubernetes.namespaces': true,
  'kubernetes.pods': true,
  'kubernetes.network-policies': true,
  'kubernetes.policy-endpoints': true,
  'kubernetes.cninodes': true,
  'kubernetes.eniconfigs': true,
  'kubernetes.security-group-policies': true,
  'kubernetes.nodeclasses': true,
  'kubernetes.services': true,
  'kubernetes.endpoint-slices': true,
  'kubernetes.kube-proxy-config': true,
  'kubernetes.cluster-network-policies': true,
  'kubernetes.application-network-policies': true,
  'kubernetes.cluster-policy-endpoints': true,
  'kubernetes.aws-node-cluster-role': true,
  'kubernetes.events': true,
  'nodes.probes': true,
  'verdicts.denied-traffic': true,
  'eks.addon-schema': true,
  'eks.addon-versions': true,
  'eks.updates': true,
  'eks.pod-identity-associations': true,
  'autoscaling.groups': true,
  'ec2.subnets': true,
  'ec2.network-interfaces': true,
  'ec2.security-groups': true,
  'ec2.instance-types': true,
  'iam.roles': true,
  'logs.log-groups': true,
  'ssm.ami-recommendations': true,
  'kubernetes.service-accounts': true,
};

// Object.keys of a constant typed by FactKey gives exactly its keys.
export const FACT_KEYS = Object.keys(KEYS) as readonly FactKey[];

export type Facts = { readonly [K in FactKey]: Fact<FactValues[K]> };

/** All facts about one cluster at one moment. */
export interface Snapshot {
  readonly cluster: ClusterRef;
  /** RFC 3339, UTC: when collection began. Orders snapshots of one cluster; ages are measured against it. */
  readonly takenAt: string;
  readonly facts: Facts;
}
