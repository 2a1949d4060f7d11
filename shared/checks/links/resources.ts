import type { Node } from '../../model/facts-kubernetes.ts';
import type { Resource } from '../../model/outcome.ts';

export const clusterResource = (cluster: { readonly name: string }): Resource => ({
  type: 'cluster',
  id: cluster.name,
  name: cluster.name,
});

/** By name and uid: EC2 gives a private DNS name to another instance as soon as the address is free. */
export const nodeResource = (node: Node): Resource => {
  const instanceId = instanceIdOf(node);
  return {
    type: 'node',
    id: `${node.name}/${node.uid}`,
    name: node.name,
    ...(instanceId === undefined ? {} : { instanceId }),
  };
};

/** `aws:///us-west-2a/i-0123456789abcdef0` (https://github.com/kubernetes/cloud-provider-aws); Fargate and hybrid nodes have no instance. */
export const instanceIdOf = (node: Node): string | undefined =>
  /\/(i-[0-9a-f]{8,17})$/.exec(node.providerId ?? '')?.[1];

export const AWS_NODE: Resource = { type: 'daemonset', id: 'kube-system/aws-node', name: 'kube-system/aws-node' };

export const AMAZON_VPC_CNI: Resource = {
  type: 'configmap',
  id: 'kube-system/amazon-vpc-cni',
  name: 'kube-system/amazon-vpc-cni',
};
