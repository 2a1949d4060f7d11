import { DescribeInstancesCommand, type Reservation } from '@aws-sdk/client-ec2';
import { allPages } from './aws-pages.ts';
import type { CollectContext } from './collector.ts';

/**
 * The cluster's instances as ec2:DescribeInstances gives them. Three facts read them, so it is asked through
 * `context.once`. EC2 leaves an empty list out; the command line prints it.
 */
export const describeInstances = async ({
  aws,
  cluster,
  signal,
}: Pick<CollectContext, 'aws' | 'cluster' | 'signal'>): Promise<readonly Reservation[]> => {
  const ec2 = await aws.ec2();
  return allPages(async (NextToken) => {
    const command = new DescribeInstancesCommand({
      Filters: [
        { Name: 'tag-key', Values: [`kubernetes.io/cluster/${cluster.name}`] },
        { Name: 'instance-state-name', Values: ['pending', 'running'] },
      ],
      MaxResults: 1000,
      NextToken,
    });
    const page = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
    return { items: page.Reservations ?? [], next: page.NextToken };
  });
};
