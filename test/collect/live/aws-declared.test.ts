import { describe, expect, test } from 'vitest';
import { AWS_NETWORK_COLLECTORS } from '../../../shared/collect/live/aws-network.ts';

const collectors = Object.entries(AWS_NETWORK_COLLECTORS);

describe('what the collectors declare', () => {
  test.each(collectors)('%s is registered under its own key', (key, collector) => {
    expect(collector.key).toBe(key);
    expect(collector.source).not.toBe('');
  });

  test.each(collectors)('%s only reads', (_key, { iam, rbac }) => {
    for (const { action } of iam) expect(action).toMatch(/^[a-z0-9]+:(Describe|List|Get)[A-Z]\w+$/);
    for (const { verbs } of rbac) expect(verbs).toEqual(['list']);
  });

  test('actions that take a resource are scoped to one', () => {
    const anywhere = collectors.flatMap(([, { iam }]) =>
      iam.filter(({ resource }) => resource === '*').map(({ action }) => action),
    );
    // https://docs.aws.amazon.com/service-authorization/latest/reference/: none of these takes a resource.
    expect([...new Set(anywhere)].toSorted()).toEqual([
      'autoscaling:DescribeAutoScalingGroups',
      'ec2:DescribeInstanceTypes',
      'ec2:DescribeInstances',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:GetSubnetCidrReservations',
      'eks:DescribeAddonConfiguration',
      'eks:DescribeAddonVersions',
    ]);
  });
});
