import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { normaliseEksCluster } from '../normalise/eks-cluster.ts';
import { normaliseNodegroup, normaliseNodegroupNames } from '../normalise/nodegroups.ts';
import { sortedBy } from '../normalise/order.ts';
import { normaliseVpcCniAddon } from '../normalise/vpc-cni-addon.ts';
import { ADDON_ARN, CLUSTER_ARN, NODEGROUP_ARN, NOT_THERE, type Collector } from './collector.ts';

const isNotFound = (error: unknown): boolean => error instanceof Error && error.name === 'ResourceNotFoundException';

export const eksCluster: Collector<'eks.cluster'> = {
  key: 'eks.cluster',
  source: 'eks:DescribeCluster',
  iam: [{ action: 'eks:DescribeCluster', resource: CLUSTER_ARN }],
  rbac: [],
  collect: async ({ aws, cluster, signal }) => {
    const eks = await aws.eks();
    return normaliseEksCluster(
      await aws.limit(() => eks.send(new DescribeClusterCommand({ name: cluster.name }), { abortSignal: signal })),
    );
  },
};

/** Not found also means that the cluster is: EKS answers the same, so the cluster's own fact tells the two apart. */
export const vpcCniAddon: Collector<'eks.vpc-cni-addon'> = {
  key: 'eks.vpc-cni-addon',
  source: 'eks:DescribeAddon',
  iam: [{ action: 'eks:DescribeAddon', resource: ADDON_ARN }],
  rbac: [],
  collect: async ({ aws, cluster, fact, signal }) => {
    const eks = await aws.eks();
    const command = new DescribeAddonCommand({ clusterName: cluster.name, addonName: 'vpc-cni' });
    try {
      return normaliseVpcCniAddon(await aws.limit(() => eks.send(command, { abortSignal: signal })));
    } catch (error) {
      const described = isNotFound(error) ? await fact('eks.cluster') : undefined;
      if (described?.state === 'observed') return NOT_THERE;
      throw error;
    }
  },
};

export const nodegroups: Collector<'eks.nodegroups'> = {
  key: 'eks.nodegroups',
  source: 'eks:ListNodegroups, eks:DescribeNodegroup',
  iam: [
    { action: 'eks:ListNodegroups', resource: CLUSTER_ARN },
    { action: 'eks:DescribeNodegroup', resource: NODEGROUP_ARN },
  ],
  rbac: [],
  collect: async ({ aws, cluster, signal }) => {
    const eks = await aws.eks();
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const command = new ListNodegroupsCommand({ clusterName: cluster.name, maxResults: 100, nextToken });
      const page = await aws.limit(() => eks.send(command, { abortSignal: signal }));
      names.push(...normaliseNodegroupNames(page));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && nextToken !== '');
    const groups = await Promise.all(
      names.map((nodegroupName) =>
        aws.limit(async () =>
          normaliseNodegroup(
            await eks.send(new DescribeNodegroupCommand({ clusterName: cluster.name, nodegroupName }), {
              abortSignal: signal,
            }),
          ),
        ),
      ),
    );
    return sortedBy(groups, ({ name }) => [name]);
  },
};
