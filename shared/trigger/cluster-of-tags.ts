import { CLUSTER_NAME } from './place.ts';

export type Tags = { readonly [key: string]: string };

/**
 * The tags that name the cluster, strongest first: managed node groups (`eks:cluster-name`), Karpenter and Auto Mode
 * (`eks:eks-cluster-name`), EC2's own copy (`aws:eks:cluster-name`), and last what self-managed nodes must carry
 * (`kubernetes.io/cluster/<name>`, `owned` or `shared`).
 * https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
 * https://docs.aws.amazon.com/eks/latest/userguide/worker.html
 * https://karpenter.sh/docs/concepts/nodeclasses/#spectags
 */
const NAMED = ['eks:cluster-name', 'eks:eks-cluster-name', 'aws:eks:cluster-name'] as const;
const OWNED = /^(?:kubernetes\.io\/cluster|k8s\.io\/cluster-autoscaler)\/(.+)$/;
const OWNERSHIP = new Set(['owned', 'shared']);

/** Clusters that the tags name. One, but for groups that several clusters share. None: it is no node. */
export const clustersOfTags = (tags: Tags): readonly string[] => {
  for (const key of NAMED) {
    const name = Object.hasOwn(tags, key) ? tags[key] : undefined;
    if (name !== undefined && CLUSTER_NAME.test(name)) return [name];
  }
  const names = Object.entries(tags)
    .filter(([, value]) => OWNERSHIP.has(value))
    .flatMap(([key]) => OWNED.exec(key)?.[1] ?? [])
    .filter((name) => CLUSTER_NAME.test(name));
  return [...new Set(names)].toSorted();
};

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html */
export const isOfAutoScalingGroup = (tags: Tags): boolean => Object.hasOwn(tags, 'aws:autoscaling:groupName');
