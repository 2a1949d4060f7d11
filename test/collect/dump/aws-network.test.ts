import { describe, expect, test } from 'vitest';
import { importAwsNetwork } from '../../../shared/collect/dump/aws-network.ts';
import { openDump } from '../../../shared/collect/dump/dump-directory.ts';
import { AT, list, writeDump } from './dump.ts';

const imported = async (files: { readonly [path: string]: unknown }): ReturnType<typeof importAwsNetwork> =>
  importAwsNetwork(await openDump(await writeDump(files)), 'shop-prod', AT);

const DENIED = 'An error occurred (AccessDeniedException) when calling the X operation: no\nexit: 254\n';

const subnet = (SubnetId: string): object => ({
  SubnetId,
  VpcId: 'vpc-1',
  AvailabilityZone: 'us-west-2a',
  CidrBlock: '10.0.0.0/24',
  AvailableIpAddressCount: 251,
});
const SUBNETS = { 'aws/describe-subnets.json': { Subnets: [subnet('subnet-0aaaaaaa')] } };

describe('a dump’s facts about the network, the roles and the logs', () => {
  test('of an empty dump nothing was collected', async () => {
    for (const fact of Object.values(await imported({}))) {
      expect(fact).toMatchObject({ state: 'unobserved', reason: 'not-collected', observedAt: AT });
      expect(fact.source).not.toBe('');
    }
  });

  test('one file gives one fact, and one that failed spoils its own only', async () => {
    const facts = await imported({
      'aws/describe-addon-configuration.json': { addonVersion: 'v1', configurationSchema: '{"a":1}' },
      'aws/describe-security-groups.error': DENIED,
      'aws/describe-network-interfaces.json': { NetworkInterfaces: [{}] },
      'aws/describe-auto-scaling-groups.json': { AutoScalingGroups: [], NextToken: 'more' },
      'kubernetes/serviceaccounts.json': list({
        kind: 'ServiceAccount',
        metadata: { namespace: 'kube-system', name: 'aws-node' },
      }),
    });
    expect(facts['eks.addon-schema']).toMatchObject({ state: 'observed', value: { schema: { a: 1 } } });
    expect(facts['ec2.security-groups']).toMatchObject({ reason: 'denied' });
    expect(facts['ec2.network-interfaces']).toMatchObject({ reason: 'malformed' });
    expect(facts['autoscaling.groups']).toMatchObject({ reason: 'partial' });
    expect(facts['kubernetes.service-accounts']).toMatchObject({
      value: [{ namespace: 'kube-system', name: 'aws-node' }],
    });
    expect(facts['eks.addon-versions']).toMatchObject({ reason: 'not-collected' });
  });

  test('a subnet with its reservations', async () => {
    const reservations = { SubnetIpv4CidrReservations: [{ Cidr: '10.0.0.16/28', ReservationType: 'prefix' }] };
    const facts = await imported({ ...SUBNETS, 'aws/subnet-cidr-reservations/subnet-0aaaaaaa.json': reservations });
    expect(facts['ec2.subnets']).toMatchObject({
      value: [{ id: 'subnet-0aaaaaaa', reservations: [{ cidr: '10.0.0.16/28', type: 'prefix' }] }],
    });
  });

  test('a subnet whose reservations are missing or refused leaves the list partial', async () => {
    expect((await imported(SUBNETS))['ec2.subnets']).toMatchObject({ reason: 'partial' });
    const refused = { ...SUBNETS, 'aws/subnet-cidr-reservations/subnet-0aaaaaaa.error': DENIED };
    expect((await imported(refused))['ec2.subnets']).toMatchObject({
      reason: 'partial',
      detail: expect.stringContaining('denied: aws/subnet-cidr-reservations/subnet-0aaaaaaa.error'),
    });
  });

  test('an id that leads out of the folder is not followed', async () => {
    const facts = await imported({ 'aws/describe-subnets.json': { Subnets: [subnet('../../gather')] } });
    expect(facts['ec2.subnets']).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('no known form'),
    });
  });

  test('the cluster’s own log group, with its filters', async () => {
    const logGroups = [{ logGroupName: '/aws/eks/shop-prod/cluster' }, { logGroupName: '/aws/eks/shop-prod/cluster2' }];
    const subscriptionFilters = [{ filterName: 'a', filterPattern: '', destinationArn: 'arn:a' }];
    const facts = await imported({
      'aws/describe-log-groups.json': { logGroups },
      'aws/describe-subscription-filters.json': { subscriptionFilters },
    });
    expect(facts['logs.log-groups']).toMatchObject({
      value: [
        {
          name: '/aws/eks/shop-prod/cluster',
          subscriptionFilters: [{ name: 'a', pattern: '', destinationArn: 'arn:a' }],
        },
      ],
    });
  });
});
