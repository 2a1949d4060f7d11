import { DescribeLogGroupsCommand, DescribeSubscriptionFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroup } from '../../model/facts-aws-network.ts';
import { normaliseLogGroups, normaliseSubscriptionFilters } from '../normalise/log-groups.ts';
import { sortedBy } from '../normalise/order.ts';
import type { Collector } from './collector.ts';
import { allPages } from './aws-pages.ts';

/**
 * Where the control plane and, through its own pipeline, the network policy agent write:
 * https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html. An empty list: there is no such group.
 */
export const logGroups: Collector<'logs.log-groups'> = {
  key: 'logs.log-groups',
  source: 'logs:DescribeLogGroups, logs:DescribeSubscriptionFilters',
  iam: [
    { action: 'logs:DescribeLogGroups', resource: 'arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:*' },
    {
      action: 'logs:DescribeSubscriptionFilters',
      resource: 'arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:/aws/eks/*',
    },
  ],
  rbac: [],
  collect: async ({ aws, cluster, signal }) => {
    const logs = await aws.logs();
    const name = `/aws/eks/${cluster.name}/cluster`;
    const described = await allPages(async (nextToken) => {
      const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken });
      const page = await aws.limit(() => logs.send(command, { abortSignal: signal }));
      return { items: normaliseLogGroups({ logGroups: page.logGroups ?? [] }), next: page.nextToken };
    });
    const found = await Promise.all(
      // A prefix also finds what only begins like it.
      described
        .filter((group) => group.name === name)
        .map(async (group): Promise<LogGroup> => {
          const filters = await allPages(async (nextToken) => {
            const command = new DescribeSubscriptionFiltersCommand({ logGroupName: group.name, nextToken });
            const page = await aws.limit(() => logs.send(command, { abortSignal: signal }));
            const items = normaliseSubscriptionFilters({ subscriptionFilters: page.subscriptionFilters ?? [] });
            return { items, next: page.nextToken };
          });
          return { ...group, subscriptionFilters: sortedBy(filters, (filter) => [filter.name]) };
        }),
    );
    return sortedBy(found, (group) => [group.name]);
  },
};
