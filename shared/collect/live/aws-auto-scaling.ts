import { DescribeAutoScalingGroupsCommand, type Filter } from '@aws-sdk/client-auto-scaling';
import { normaliseAutoScalingGroups } from '../normalise/auto-scaling-groups.ts';
import { sortedBy } from '../normalise/order.ts';
import type { Collector } from './collector.ts';
import { allPages } from './aws-pages.ts';

/**
 * By the tag that every node needs and by the one that EKS sets. Filters of one call all have to fit, so each is a call.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
 */
const filtersOf = (cluster: string): readonly Filter[] => [
  { Name: 'tag-key', Values: [`kubernetes.io/cluster/${cluster}`] },
  { Name: 'tag:eks:cluster-name', Values: [cluster] },
];

export const autoScalingGroups: Collector<'autoscaling.groups'> = {
  key: 'autoscaling.groups',
  source: 'autoscaling:DescribeAutoScalingGroups',
  iam: [{ action: 'autoscaling:DescribeAutoScalingGroups', resource: '*' }],
  rbac: [],
  collect: async ({ aws, cluster, signal }) => {
    const client = await aws.autoScaling();
    const found = await Promise.all(
      filtersOf(cluster.name).map((filter) =>
        allPages(async (NextToken) => {
          const command = new DescribeAutoScalingGroupsCommand({ Filters: [filter], MaxRecords: 100, NextToken });
          const page = await aws.limit(() => client.send(command, { abortSignal: signal }));
          return {
            items: normaliseAutoScalingGroups({ AutoScalingGroups: page.AutoScalingGroups ?? [] }),
            next: page.NextToken,
          };
        }),
      ),
    );
    const groups = new Map(found.flat().map((group) => [group.arn, group]));
    return sortedBy(groups.values(), ({ name }) => [name]);
  },
};
