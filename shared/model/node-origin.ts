import type { NodeOrigin } from './facts-aws-network.ts';

/**
 * Who makes nodes, by the tags of an Auto Scaling group or an instance. Managed node groups set `eks:nodegroup-name`
 * (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html), Karpenter `karpenter.sh/nodepool` and
 * `karpenter.k8s.aws/ec2nodeclass` (https://karpenter.sh/docs/concepts/nodeclasses/#spectags), Auto Mode
 * `eks:eks-cluster-name`. Karpenter sets that one too, and Auto Mode's nodes come from a node pool as well: what tells the
 * two apart is Karpenter's own node class. Tags of nobody but the owner are a self-managed node's.
 */
export const nodeOriginOf = (tags: { readonly [key: string]: string }): NodeOrigin => {
  const has = (key: string): boolean => Object.hasOwn(tags, key);
  if (has('eks:nodegroup-name')) return 'managed-node-group';
  if (has('karpenter.k8s.aws/ec2nodeclass')) return 'karpenter';
  if (has('eks:eks-cluster-name')) return 'auto-mode';
  return has('karpenter.sh/nodepool') ? 'karpenter' : 'self-managed';
};
