import { FACT_KEYS, type FactKey } from '../../model/snapshot.ts';
import { images, instances, launchTemplates } from './aws-ec2.ts';
import { eksCluster, nodegroups, vpcCniAddon } from './aws-eks.ts';
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
import { noProbes, readyzProbes } from './probes.ts';

export interface CollectorOptions {
  /** The facts of this run: `kubernetes.access` tells of their answers. */
  readonly keys: readonly FactKey[];
  readonly probes: 'off' | 'readyz';
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
    'nodes.probes': probes === 'readyz' ? readyzProbes : noProbes,
  };
  return collectors;
};

/** Every collector with everything switched on: what the generated permissions are made from. */
export const ALL_COLLECTORS: Collectors = liveCollectors({ keys: FACT_KEYS, probes: 'readyz' });
