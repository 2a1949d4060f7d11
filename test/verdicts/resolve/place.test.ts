import { describe, expect, it } from 'vitest';
import type { ResolvedAddress } from '../../../shared/model/denied-traffic.ts';
import type { NetworkInterface, Subnet } from '../../../shared/model/facts-aws-network.ts';
import { addressBook } from '../../../shared/verdicts/resolve/index.ts';
import type { AddressBookInputs } from '../../../shared/verdicts/resolve/index.ts';
import { AT, eksCluster, facts, node } from '../../support/cluster.ts';

const eni = (change: Partial<NetworkInterface> = {}): NetworkInterface => ({
  id: 'eni-0a1',
  type: 'interface',
  status: 'in-use',
  description: '',
  subnetId: 'subnet-a',
  vpcId: 'vpc-1',
  availabilityZone: 'us-west-2a',
  privateIps: ['10.0.1.77'],
  ipv6s: [],
  ipv4Prefixes: [],
  ipv6Prefixes: [],
  securityGroupIds: [],
  tags: {},
  ...change,
});

const subnet = (change: Partial<Subnet> = {}): Subnet => ({
  id: 'subnet-a',
  vpcId: 'vpc-1',
  availabilityZone: 'us-west-2a',
  cidr: '10.0.0.0/20',
  ipv6Cidrs: ['2001:db8:a::/64'],
  availableIps: 100,
  reservations: [],
  tags: {},
  ...change,
});

type Given = Parameters<typeof facts>[0];

const READ: Given = { 'kubernetes.pods': [], 'kubernetes.nodes': [node()], 'kubernetes.services': [] };

const resolve = (given: Given, address: string, more: Omit<AddressBookInputs, 'facts'> = {}): ResolvedAddress =>
  addressBook({ facts: facts({ ...READ, ...given }), ...more }).resolve(address, Date.parse(AT));

describe('addresses with a fixed meaning', () => {
  it.each([
    ['169.254.169.254', 'imds'],
    ['fd00:ec2::254', 'imds'],
    ['169.254.170.23', 'pod-identity-agent'],
    ['fd00:ec2::23', 'pod-identity-agent'],
    ['169.254.170.2', 'container-credentials'],
    ['169.254.169.253', 'vpc-resolver'],
    ['fd00:ec2::253', 'vpc-resolver'],
    ['169.254.169.123', 'time-sync'],
    ['fd00:ec2::123', 'time-sync'],
    ['169.254.20.10', 'node-local-dns'],
  ])('%s is %s, even where nothing could be read', (address, service) => {
    const { certainty, owners } = addressBook({ facts: facts({}) }).resolve(address, 0);
    expect({ certainty, owners }).toEqual({ certainty: 'exact', owners: [{ kind: 'well-known', service }] });
  });

  it.each([
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['ff02::16', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
  ])('%s is in the %s range', (address, range) => {
    expect(resolve({}, address)).toMatchObject({ certainty: 'exact', owners: [{ kind: 'special', range }] });
  });

  it.each([
    ['the base plus two of a VPC range that is given', {}, '10.1.64.2', { vpcCidrs: ['10.1.64.0/18'] }],
    ['the base plus two of a subnet at the base of a /16', { 'ec2.subnets': [subnet()] }, '10.0.0.2', {}],
  ])('the VPC resolver is %s', (_, given, address, more) => {
    expect(resolve(given, address, more)).toMatchObject({
      certainty: 'exact',
      owners: [{ kind: 'well-known', service: 'vpc-resolver' }],
    });
  });

  it('the VPC resolver is not the base plus two of any other subnet', () => {
    expect(resolve({ 'ec2.subnets': [subnet({ cidr: '10.0.64.0/18' })] }, '10.0.64.2').owners).toEqual([
      { kind: 'vpc', subnetId: 'subnet-a' },
    ]);
  });
});

describe('an address of a network interface', () => {
  it.each([
    ['NAT gateway', { type: 'nat_gateway' }],
    ['NAT gateway', { type: 'interface', description: 'Interface for NAT Gateway nat-0a1' }],
    ['VPC endpoint', { type: 'vpc_endpoint' }],
    ['VPC endpoint', { description: 'VPC Endpoint Interface vpce-0a1' }],
    ['AWS Lambda', { type: 'lambda' }],
    ['AWS Lambda', { description: 'AWS Lambda VPC ENI-orders-0a1' }],
    ['AWS Transit Gateway', { type: 'transit_gateway' }],
    ['Network Load Balancer', { type: 'network_load_balancer', description: 'ELB net/shop/0a1' }],
    ['Application Load Balancer', { description: 'ELB app/shop/0a1', requesterId: 'amazon-elb' }],
    ['Elastic Load Balancing', { description: 'ELB shop', requesterId: 'amazon-elb' }],
    ['Amazon EFS', { type: 'efs', description: 'EFS mount target for fs-1 (fsmt-1)' }],
    ['Amazon RDS', { description: 'RDSNetworkInterface' }],
    ['Amazon RDS', { requesterId: 'amazon-rds' }],
    ['Amazon ElastiCache', { description: 'ElastiCache shop-001' }],
    ['Amazon Redshift', { description: 'RedshiftNetworkInterface' }],
    ['Amazon EKS', { description: 'Amazon EKS other-cluster' }],
    ['Amazon EC2', { instanceId: 'i-0bbbbbbbbbbbbbbb2' }],
  ])('is of %s by %j', (service, change) => {
    expect(resolve({ 'ec2.network-interfaces': [eni(change)] }, '10.0.1.77')).toMatchObject({
      certainty: 'exact',
      owners: [{ kind: 'network-interface', id: 'eni-0a1', service }],
    });
  });

  it('has no service where nothing tells', () => {
    expect(resolve({ 'ec2.network-interfaces': [eni({ description: 'mine' })] }, '10.0.1.77').owners).toEqual([
      { kind: 'network-interface', id: 'eni-0a1', interfaceType: 'interface', description: 'mine' },
    ]);
  });

  it('is the API server of this cluster', () => {
    const given = {
      'eks.cluster': eksCluster(),
      'ec2.network-interfaces': [eni({ description: 'Amazon EKS shop-prod' })],
    };
    expect(resolve(given, '10.0.1.77')).toMatchObject({ certainty: 'exact', owners: [{ kind: 'api-server' }] });
  });

  it.each([
    ['a node', { instanceId: 'i-0aaaaaaaaaaaaaaa1' }, 'on node ip-10-0-1-5.us-west-2.compute.internal'],
    ['the VPC CNI', { description: 'aws-K8S-i-0ccc', instanceId: 'i-0ccc' }, 'which is for pods'],
    ['a branch', { type: 'branch' }, 'which is for pods'],
  ])('is a place for pods on an interface of %s', (_, change, because) => {
    const resolved = resolve({ 'ec2.network-interfaces': [eni(change)] }, '10.0.1.77');
    expect(resolved).toMatchObject({ certainty: 'unknown', owners: [{ kind: 'vpc', subnetId: 'subnet-a' }] });
    expect(resolved.because).toContain(because);
  });

  it('may be a node where nodes could not be read', () => {
    const given: Given = {
      'kubernetes.nodes': 'denied',
      'ec2.network-interfaces': [eni({ instanceId: 'i-0aaaaaaaaaaaaaaa1' })],
    };
    expect(resolve(given, '10.0.1.77')).toMatchObject({
      certainty: 'unknown',
      because: `of network interface eni-0a1 as of ${AT}, on instance i-0aaaaaaaaaaaaaaa1, which may be a node; nodes could not be read (denied)`,
    });
  });

  it.each(['10.0.2.31', '2001:db8:a::1:2'])('is found by its prefixes: %s', (address) => {
    const prefixes = { ipv4Prefixes: ['10.0.2.16/28'], ipv6Prefixes: ['2001:db8:a::/80'] };
    const book = addressBook({
      facts: facts({ ...READ, 'ec2.network-interfaces': [eni({ ...prefixes, instanceId: 'i-0aaaaaaaaaaaaaaa1' })] }),
    });
    expect(book.nodeOfInterface(address)).toBe(node().name);
    expect(book.nodeOfInterface('10.0.2.32')).toBeUndefined();
  });
});

describe('an address that only its range tells of', () => {
  it.each(['10.0.1.99', '2001:db8:a::99'])('is in a subnet of the cluster: %s', (address) => {
    const resolved = resolve({ 'ec2.subnets': [subnet()] }, address);
    expect(resolved).toMatchObject({ certainty: 'unknown', owners: [{ kind: 'vpc', subnetId: 'subnet-a' }] });
    expect(resolved.because).toBe('in subnet subnet-a; nobody known had it');
  });

  it('is in the VPC, outside the cluster’s subnets', () => {
    const resolved = resolve({ 'ec2.subnets': [subnet()] }, '10.0.200.1', { vpcCidrs: ['10.0.0.0/16'] });
    expect(resolved).toMatchObject({ certainty: 'unknown', owners: [{ kind: 'vpc' }] });
  });

  it('is nobody in the range of Services', () => {
    const given = { 'eks.cluster': eksCluster({ serviceCidr: '172.20.0.0/16' }) };
    expect(resolve(given, '172.20.9.9')).toMatchObject({
      certainty: 'unknown',
      owners: [],
      because: "in the cluster's Service range 172.20.0.0/16; no known Service had it",
    });
  });

  it('says so where Services could not be read', () => {
    const given: Given = {
      'eks.cluster': eksCluster({ serviceCidr: '172.20.0.0/16' }),
      'kubernetes.services': 'denied',
    };
    expect(resolve(given, '172.20.9.9').because).toContain('; Services could not be read (denied)');
  });

  it('is a service of AWS by the ranges given', () => {
    const awsRanges = [{ cidr: '198.51.100.0/24', service: 'S3', region: 'us-west-2' }];
    expect(resolve({}, '198.51.100.7', { awsRanges })).toMatchObject({
      certainty: 'exact',
      owners: [{ kind: 'aws-service', service: 'S3', region: 'us-west-2' }],
    });
    expect(resolve({}, '198.51.101.7', { awsRanges })).toMatchObject({ owners: [{ kind: 'external' }] });
  });

  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3::4', '2001:db8:1::/48'],
    ['192.168.7.7', '192.168.7.0/24'],
  ])('is outside: %s', (address, network) => {
    expect(resolve({ 'ec2.subnets': [subnet()] }, address)).toMatchObject({
      certainty: 'exact',
      owners: [{ kind: 'external', network }],
    });
  });

  it.each<readonly [string, Given, string, string]>([
    ['subnets were not', {}, '192.168.7.7', "the cluster's subnets could not be read"],
    ['subnets were not', {}, '2001:db8:1::4', "the cluster's subnets could not be read"],
    ['pods were not', { 'ec2.subnets': [subnet()], 'kubernetes.pods': 'throttled' }, '192.168.7.7', '(throttled)'],
    ['nodes were not', { 'ec2.subnets': [subnet()], 'kubernetes.nodes': 'denied' }, '192.168.7.7', 'nodes could not'],
  ])('may be inside where %s read', (_, given, address, because) => {
    const resolved = resolve(given, address);
    expect(resolved).toMatchObject({ certainty: 'unknown', owners: [{ kind: 'external' }] });
    expect(resolved.because).toContain(because);
  });

  it('is outside where it is a public IPv4 address, whatever could not be read', () => {
    expect(addressBook({ facts: facts({}) }).resolve('203.0.113.77', 0).certainty).toBe('exact');
  });
});
