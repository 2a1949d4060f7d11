import { describe, expect, test } from 'vitest';
import { normaliseEksCluster } from '../../../shared/collect/normalise/eks-cluster.ts';
import { refusal } from './malformed.ts';

const cluster = {
  name: 'shop-prod',
  arn: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod',
  createdAt: '2026-03-30T12:14:36.670000+00:00',
  version: '1.33',
  platformVersion: 'eks.9',
  status: 'ACTIVE',
  endpoint: 'https://0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com',
  roleArn: 'arn:aws:iam::111122223333:role/shop-prod-cluster',
  resourcesVpcConfig: {
    subnetIds: ['subnet-0b', 'subnet-0a'],
    securityGroupIds: ['sg-0c', 'sg-0b'],
    clusterSecurityGroupId: 'sg-0a',
    vpcId: 'vpc-0a',
    endpointPublicAccess: true,
    endpointPrivateAccess: false,
  },
  kubernetesNetworkConfig: { serviceIpv4Cidr: '10.100.0.0/16', ipFamily: 'ipv4' },
  logging: {
    clusterLogging: [
      { types: ['audit', 'api'], enabled: true },
      { types: ['scheduler'], enabled: false },
      { types: ['api', 'authenticator'], enabled: true },
    ],
  },
  certificateAuthority: { data: 'LS0tLS1CRUdJTi4uLg==' },
  accessConfig: { authenticationMode: 'API' },
  tags: { Owner: 'owner@example.com' },
};

describe('eks:DescribeCluster', () => {
  test('a cluster as the command line prints it', () => {
    expect(normaliseEksCluster({ cluster })).toEqual({
      arn: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod',
      version: '1.33',
      platformVersion: 'eks.9',
      status: 'ACTIVE',
      ipFamily: 'ipv4',
      serviceCidr: '10.100.0.0/16',
      authenticationMode: 'API',
      endpoint: 'https://0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com',
      certificateAuthorityData: 'LS0tLS1CRUdJTi4uLg==',
      endpointPublicAccess: true,
      endpointPrivateAccess: false,
      autoMode: 'disabled',
      vpcId: 'vpc-0a',
      subnetIds: ['subnet-0a', 'subnet-0b'],
      securityGroupIds: ['sg-0b', 'sg-0c'],
      clusterSecurityGroupId: 'sg-0a',
      roleArn: 'arn:aws:iam::111122223333:role/shop-prod-cluster',
      createdAt: '2026-03-30T12:14:36.670Z',
      enabledLogTypes: ['api', 'audit', 'authenticator'],
    });
  });

  test('the SDK’s Date is the same time', () => {
    const raw = { cluster: { ...cluster, createdAt: new Date('2026-03-30T12:14:36.670Z') } };
    expect(normaliseEksCluster(raw).createdAt).toBe('2026-03-30T12:14:36.670Z');
  });

  test('a cluster that is still being made has no endpoint and no certificate yet', () => {
    const { endpoint: _, ...rest } = cluster;
    const made = normaliseEksCluster({ cluster: { ...rest, status: 'CREATING', certificateAuthority: {} } });
    expect(made).not.toHaveProperty('endpoint');
    expect(made).not.toHaveProperty('certificateAuthorityData');
  });

  test('Auto Mode is compute configuration that is enabled', () => {
    const autoModeOf = (computeConfig: unknown): string =>
      normaliseEksCluster({ cluster: { ...cluster, computeConfig } }).autoMode;
    expect(autoModeOf({ enabled: true, nodePools: ['system'] })).toBe('enabled');
    expect(autoModeOf({ enabled: false })).toBe('disabled');
  });

  test('an IPv6 cluster gives its IPv6 service range', () => {
    const kubernetesNetworkConfig = { ipFamily: 'ipv6', serviceIpv6Cidr: 'fd00::/108' };
    expect(normaliseEksCluster({ cluster: { ...cluster, kubernetesNetworkConfig } })).toMatchObject({
      ipFamily: 'ipv6',
      serviceCidr: 'fd00::/108',
    });
  });

  test('without a family the cluster is IPv4, as documented', () => {
    const { kubernetesNetworkConfig: _, ...rest } = cluster;
    expect(normaliseEksCluster({ cluster: rest }).ipFamily).toBe('ipv4');
  });

  test.each([
    { change: { version: 1.33 }, path: 'cluster.version', expected: 'string', found: 'number 1.33' },
    { change: { platformVersion: undefined }, path: 'cluster.platformVersion', expected: 'string', found: 'nothing' },
    {
      change: { kubernetesNetworkConfig: { ipFamily: 'dual' } },
      path: 'cluster.kubernetesNetworkConfig.ipFamily',
      expected: '"ipv4" or "ipv6"',
      found: '"dual"',
    },
    {
      change: { logging: { clusterLogging: [{ types: 'api', enabled: true }] } },
      path: 'cluster.logging.clusterLogging[0].types',
      expected: 'array',
      found: '"api"',
    },
    {
      change: { certificateAuthority: { data: 'A'.repeat(70_000) } },
      path: 'cluster.certificateAuthority.data',
      expected: 'at most 65536',
      found: `"${'A'.repeat(60)}"`,
    },
  ])('$path must be $expected', ({ change, path, expected, found }) => {
    expect(refusal(() => normaliseEksCluster({ cluster: { ...cluster, ...change } }))).toEqual({
      path,
      expected,
      found,
    });
  });

  test('something else altogether is refused as a whole', () => {
    expect(refusal(() => normaliseEksCluster([]))).toEqual({ path: '', expected: 'object', found: 'array of 0' });
    expect(refusal(() => normaliseEksCluster({ error: 'x' }))).toEqual({
      path: 'cluster',
      expected: 'object',
      found: 'nothing',
    });
  });
});
