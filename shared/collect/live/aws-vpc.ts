import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  GetSubnetCidrReservationsCommand,
} from '@aws-sdk/client-ec2';
import type { Subnet } from '../../model/facts-aws-network.ts';
import { normaliseNetworkInterfaces } from '../normalise/network-interfaces.ts';
import { normaliseNodePlacement, type NodePlacement } from '../normalise/node-placement.ts';
import { distinct, sortedBy } from '../normalise/order.ts';
import { normaliseSecurityGroups } from '../normalise/security-groups.ts';
import { normaliseCidrReservations, normaliseSubnets } from '../normalise/subnets.ts';
import { describeInstances } from './aws-instances.ts';
import { allPages, chunks } from './aws-pages.ts';
import { required, type CollectContext, type Collector } from './collector.ts';

/** Values in one filter: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const FILTER_VALUES = 200;

const nodePlacement = async ({ once }: CollectContext): Promise<NodePlacement> =>
  normaliseNodePlacement({ Reservations: await once(describeInstances) });

/** The control plane's subnets and those that interfaces of its nodes are in. */
export const subnets: Collector<'ec2.subnets'> = {
  key: 'ec2.subnets',
  source: 'ec2:DescribeSubnets, ec2:GetSubnetCidrReservations',
  iam: [
    { action: 'ec2:DescribeInstances', resource: '*' },
    { action: 'ec2:DescribeSubnets', resource: '*' },
    { action: 'ec2:GetSubnetCidrReservations', resource: '*' },
  ],
  rbac: [],
  collect: async (context) => {
    const { aws, signal } = context;
    const { subnetIds: ofCluster } = await required(context, 'eks.cluster');
    const { subnetIds } = await nodePlacement(context);
    const ec2 = await aws.ec2();
    // As a filter: an id that is gone would fail the whole call.
    const described = await Promise.all(
      chunks(distinct([...ofCluster, ...subnetIds]), FILTER_VALUES).map((Values) =>
        allPages(async (NextToken) => {
          const command = new DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values }], NextToken });
          const page = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
          return { items: normaliseSubnets({ Subnets: page.Subnets ?? [] }), next: page.NextToken };
        }),
      ),
    );
    const found = await Promise.all(
      described.flat().map(async (subnet): Promise<Subnet> => {
        const pages = await allPages(async (NextToken) => {
          const command = new GetSubnetCidrReservationsCommand({ SubnetId: subnet.id, NextToken });
          const page = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
          return { items: normaliseCidrReservations(page), next: page.NextToken };
        });
        return { ...subnet, reservations: sortedBy(pages, ({ cidr, type }) => [cidr, type]) };
      }),
    );
    return sortedBy(found, ({ id }) => [id]);
  },
};

/** Every interface of those subnets, whoever owns it: a load balancer's addresses are taken as well as a node's. */
export const networkInterfaces: Collector<'ec2.network-interfaces'> = {
  key: 'ec2.network-interfaces',
  source: 'ec2:DescribeNetworkInterfaces',
  iam: [{ action: 'ec2:DescribeNetworkInterfaces', resource: '*' }],
  rbac: [],
  collect: async (context) => {
    const { aws, signal } = context;
    const ids = (await required(context, 'ec2.subnets')).map(({ id }) => id);
    const ec2 = await aws.ec2();
    const found = await Promise.all(
      chunks(ids, FILTER_VALUES).map((Values) =>
        allPages(async (NextToken) => {
          const command = new DescribeNetworkInterfacesCommand({
            Filters: [{ Name: 'subnet-id', Values }],
            MaxResults: 1000,
            NextToken,
          });
          const page = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
          const items = normaliseNetworkInterfaces({ NetworkInterfaces: page.NetworkInterfaces ?? [] });
          return { items, next: page.NextToken };
        }),
      ),
    );
    return sortedBy(found.flat(), ({ id }) => [id]);
  },
};

/** The cluster's own group, those of its nodes' interfaces, and those that SecurityGroupPolicies name. */
const groupIdsOf = async (context: CollectContext): Promise<readonly string[]> => {
  const { clusterSecurityGroupId } = await required(context, 'eks.cluster');
  const policies = await context.fact('kubernetes.security-group-policies');
  const named = policies.state === 'absent' ? [] : await required(context, 'kubernetes.security-group-policies');
  const { securityGroupIds } = await nodePlacement(context);
  return distinct([
    ...(clusterSecurityGroupId === undefined ? [] : [clusterSecurityGroupId]),
    ...securityGroupIds,
    ...named.flatMap(({ groupIds }) => groupIds),
  ]);
};

/** A group that a policy names and EC2 does not list does not exist in this account and Region. */
export const securityGroups: Collector<'ec2.security-groups'> = {
  key: 'ec2.security-groups',
  source: 'ec2:DescribeSecurityGroups',
  iam: [
    { action: 'ec2:DescribeInstances', resource: '*' },
    { action: 'ec2:DescribeSecurityGroups', resource: '*' },
  ],
  rbac: [],
  collect: async (context) => {
    const { aws, signal } = context;
    const ids = await groupIdsOf(context);
    const ec2 = await aws.ec2();
    const found = await Promise.all(
      chunks(ids, FILTER_VALUES).map((Values) =>
        allPages(async (NextToken) => {
          const command = new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-id', Values }], NextToken });
          const page = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
          return {
            items: normaliseSecurityGroups({ SecurityGroups: page.SecurityGroups ?? [] }),
            next: page.NextToken,
          };
        }),
      ),
    );
    return sortedBy(found.flat(), ({ id }) => [id]);
  },
};
