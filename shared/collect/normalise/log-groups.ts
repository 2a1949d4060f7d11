import * as z from 'zod';
import type { LogGroup } from '../../model/facts-aws-network.ts';
import { count, given, text } from './field.ts';
import { normaliseItems } from './items.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';

export type SubscriptionFilter = LogGroup['subscriptionFilters'][number];
/** A log group as logs:DescribeLogGroups alone gives it. */
export type DescribedLogGroup = Omit<LogGroup, 'subscriptionFilters'>;

const group = z.object({ logGroupName: text, retentionInDays: count.nullish() });

/** One group of logs:DescribeLogGroups. @throws MalformedError */
export const normaliseLogGroup = (item: unknown, path = ''): DescribedLogGroup => {
  const read = parse(group, item, path);
  return { name: read.logGroupName, ...given({ retentionDays: read.retentionInDays }) };
};

const groups = z.object({ logGroups: z.array(z.unknown()) });

/**
 * logs:DescribeLogGroups, `{ logGroups: […] }`, sorted by name; without `retentionInDays` nothing expires
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html).
 * @throws MalformedError
 */
export const normaliseLogGroups = (raw: unknown): readonly DescribedLogGroup[] =>
  normaliseItems(parse(groups, raw, '').logGroups, normaliseLogGroup, ({ name }) => [name], 'logGroups');

const filters = z.object({
  subscriptionFilters: z.array(z.object({ filterName: text, filterPattern: text.nullish(), destinationArn: text })),
});

/**
 * logs:DescribeSubscriptionFilters, `{ subscriptionFilters: […] }`, sorted by name; an empty pattern matches everything
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_SubscriptionFilter.html).
 * @throws MalformedError
 */
export const normaliseSubscriptionFilters = (raw: unknown): readonly SubscriptionFilter[] =>
  sortedBy(
    parse(filters, raw, '').subscriptionFilters.map(({ filterName, filterPattern, destinationArn }) => ({
      name: filterName,
      pattern: filterPattern ?? '',
      destinationArn,
    })),
    ({ name }) => [name],
  );
