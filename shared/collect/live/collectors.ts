import type { FactKey } from '../../model/snapshot.ts';
import { images, instances, launchTemplates } from './aws-ec2.ts';
import { eksCluster, nodegroups, vpcCniAddon } from './aws-eks.ts';
import { AWS_NETWORK_COLLECTORS } from './aws-network.ts';
import type { Collectors } from './collector.ts';
import { kubernetesAccess } from './kubernetes-access.ts';
import {
  amazonVpcCni,
  apiServices,
  awsNode,
  awsNodePods,
  cniNodes,
  crds,
  eniConfigs,
  namespaces,
  networkPolicies,
  networkWorkloads,
  nodeClasses,
  nodes,
  pods,
  policyEndpoints,
  securityGroupPolicies,
} from './kubernetes-lists.ts';
import {
  applicationNetworkPolicies,
  awsNodeClusterRole,
  clusterNetworkPolicies,
  clusterPolicyEndpoints,
  endpointSlices,
  events,
  kubeProxyConfig,
  services,
} from './kubernetes-network.ts';
import { noProbes, readyzProbes } from './probes.ts';
import { ssmProbes } from './ssm-probe.ts';
import { verdictLogs } from './verdict-logs.ts';

/** `ssm` runs `findmnt` and `uname` on the instances named. */
export type ProbeChoice =
  | { readonly kind: 'off' }
  | { readonly kind: 'readyz' }
  | { readonly kind: 'ssm'; readonly instanceIds: readonly string[] };

const probeCollector = (choice: ProbeChoice): Collectors['nodes.probes'] => {
  switch (choice.kind) {
    case 'off':
      return noProbes;
    case 'readyz':
      return readyzProbes;
    case 'ssm':
      return ssmProbes(choice.instanceIds);
  }
};

export interface CollectorOptions {
  /** The facts of this run: `kubernetes.access` tells of their answers. */
  readonly keys: readonly FactKey[];
  readonly probes: ProbeChoice;
}

/** How each fact is read live; the type guarantees that none is forgotten. */
export const liveCollectors = ({ keys, probes }: CollectorOptions): Collectors => {
  const collectors: Collectors = {
    'eks.cluster': eksCluster,
    'eks.vpc-cni-addon': vpcCniAddon,
    'eks.nodegroups': nodegroups,
    'ec2.instances': instances,
    'ec2.images': images,
    'ec2.launch-templates': launchTemplates,
    'kubernetes.access': kubernetesAccess(keys, () => collectors),
    'kubernetes.nodes': nodes,
    'kubernetes.aws-node': awsNode,
    'kubernetes.aws-node-pods': awsNodePods,
    'kubernetes.amazon-vpc-cni': amazonVpcCni,
    'kubernetes.network-workloads': networkWorkloads,
    'kubernetes.crds': crds,
    'kubernetes.api-services': apiServices,
    'kubernetes.namespaces': namespaces,
    'kubernetes.pods': pods,
    'kubernetes.network-policies': networkPolicies,
    'kubernetes.policy-endpoints': policyEndpoints,
    'kubernetes.cninodes': cniNodes,
    'kubernetes.eniconfigs': eniConfigs,
    'kubernetes.security-group-policies': securityGroupPolicies,
    'kubernetes.nodeclasses': nodeClasses,
    'kubernetes.services': services,
    'kubernetes.endpoint-slices': endpointSlices,
    'kubernetes.kube-proxy-config': kubeProxyConfig,
    'kubernetes.cluster-network-policies': clusterNetworkPolicies,
    'kubernetes.application-network-policies': applicationNetworkPolicies,
    'kubernetes.cluster-policy-endpoints': clusterPolicyEndpoints,
    'kubernetes.aws-node-cluster-role': awsNodeClusterRole,
    'kubernetes.events': events,
    'nodes.probes': probeCollector(probes),
    'verdicts.denied-traffic': verdictLogs,
    ...AWS_NETWORK_COLLECTORS,
  };
  return collectors;
};
