import { describe, expect, test } from 'vitest';
import { freePrefixes } from '../../../shared/model/free-prefixes.ts';
import type { NetworkInterface, Subnet } from '../../../shared/model/facts-aws-network.ts';
import { collectOver, type Given } from '../../support/aws-endpoint/collect.ts';
import { accessDenied, throttling, type Handler } from '../../support/aws-endpoint/endpoint.ts';
import type { Tree } from '../../support/aws-endpoint/xml.ts';
import { eksCluster, node } from '../../support/cluster.ts';

const GIVEN: Given = { 'eks.cluster': eksCluster({ subnetIds: ['subnet-0a'] }) };

const RESERVATIONS: Tree = {
  reservationSet: [
    {
      instancesSet: [
        {
          instanceId: 'i-1',
          networkInterfaceSet: [
            { subnetId: 'subnet-0a', groupSet: [{ groupId: 'sg-node' }] },
            { subnetId: 'subnet-0b', groupSet: [{ groupId: 'sg-pods' }] },
          ],
        },
      ],
    },
  ],
};

const subnet = (id: string, cidr: string): Tree => ({
  subnetId: id,
  vpcId: 'vpc-1',
  availabilityZone: 'us-west-2a',
  cidrBlock: cidr,
  availableIpAddressCount: 200,
  ipv6CidrBlockAssociationSet: [],
  tagSet: [{ key: '__proto__', value: '<b>' }],
});

const network: Handler = ({ call, parameters }): Tree => {
  switch (call) {
    case 'ec2:DescribeInstances':
      return RESERVATIONS;
    case 'ec2:DescribeSubnets':
      return parameters['NextToken'] === 'two'
        ? { subnetSet: [subnet('subnet-0a', '10.0.0.0/24')] }
        : { subnetSet: [subnet('subnet-0b', '10.0.1.0/24')], nextToken: 'two' };
    case 'ec2:GetSubnetCidrReservations':
      return parameters['SubnetId'] === 'subnet-0a'
        ? { subnetIpv4CidrReservationSet: [{ cidr: '10.0.0.32/28', reservationType: 'prefix' }] }
        : {};
    default:
      throw new Error(`unexpected ${call}`);
  }
};

describe('subnets', () => {
  test('of the control plane and of every interface of a node, each with its reservations', async () => {
    const { ending, requests, actions } = await collectOver('ec2.subnets', network, GIVEN);
    const common = { vpcId: 'vpc-1', availabilityZone: 'us-west-2a', ipv6Cidrs: [], availableIps: 200 };
    expect(ending).toMatchObject({
      value: [
        { ...common, id: 'subnet-0a', cidr: '10.0.0.0/24', reservations: [{ cidr: '10.0.0.32/28', type: 'prefix' }] },
        { ...common, id: 'subnet-0b', cidr: '10.0.1.0/24', reservations: [] },
      ],
    });
    expect(requests.find(({ call }) => call === 'ec2:DescribeSubnets')?.parameters).toMatchObject({
      'Filter.1.Name': 'subnet-id',
      'Filter.1.Value.1': 'subnet-0a',
      'Filter.1.Value.2': 'subnet-0b',
    });
    expect(actions).toEqual(['ec2:DescribeInstances', 'ec2:DescribeSubnets', 'ec2:GetSubnetCidrReservations']);
  });

  test.each([
    {
      name: 'reservations refused',
      call: 'ec2:GetSubnetCidrReservations',
      fault: accessDenied('UnauthorizedOperation'),
      reason: 'denied',
    },
    {
      name: 'instances throttled',
      call: 'ec2:DescribeInstances',
      fault: throttling('RequestLimitExceeded'),
      reason: 'throttled',
    },
  ])('$name: no list at all', async ({ call, fault, reason }) => {
    const faulty: Handler = (request) => {
      if (request.call === call) throw fault;
      return network(request);
    };
    const { ending } = await collectOver('ec2.subnets', faulty, GIVEN);
    expect(ending).toMatchObject({ failure: { reason } });
  });

  test('are not known where the cluster is not, and nothing is asked', async () => {
    const { ending, requests } = await collectOver('ec2.subnets', network);
    expect(ending).toMatchObject({ failure: { reason: 'denied' } });
    expect(requests).toEqual([]);
  });
});

const SUBNET: Subnet = {
  id: 'subnet-0a',
  vpcId: 'vpc-1',
  availabilityZone: 'us-west-2a',
  cidr: '10.0.0.0/24',
  ipv6Cidrs: [],
  availableIps: 200,
  reservations: [],
  tags: {},
};

describe('network interfaces', () => {
  const networkInterface = (id: string, address: string): Tree => ({
    networkInterfaceId: id,
    interfaceType: 'interface',
    status: 'in-use',
    description: '',
    subnetId: 'subnet-0a',
    vpcId: 'vpc-1',
    availabilityZone: 'us-west-2a',
    attachment: { instanceId: 'i-1' },
    privateIpAddress: address,
    privateIpAddressesSet: [{ privateIpAddress: address }],
    ipv4PrefixSet: [{ ipv4Prefix: '10.0.0.64/28' }],
    groupSet: [{ groupId: 'sg-node' }],
    tagSet: [{ key: 'a', value: 'b' }],
  });

  test('of every page, and what is free beside them', async () => {
    const { ending, requests } = await collectOver(
      'ec2.network-interfaces',
      ({ parameters }): Tree =>
        parameters['NextToken'] === 'two'
          ? { networkInterfaceSet: [networkInterface('eni-1', '10.0.0.20')] }
          : { networkInterfaceSet: [networkInterface('eni-2', '10.0.0.21')], nextToken: 'two' },
      { 'ec2.subnets': [SUBNET] },
    );
    const expected: Omit<NetworkInterface, 'id' | 'privateIps'> = {
      type: 'interface',
      status: 'in-use',
      description: '',
      subnetId: 'subnet-0a',
      vpcId: 'vpc-1',
      availabilityZone: 'us-west-2a',
      instanceId: 'i-1',
      ipv6s: [],
      ipv4Prefixes: ['10.0.0.64/28'],
      ipv6Prefixes: [],
      securityGroupIds: ['sg-node'],
      tags: { a: 'b' },
    };
    const interfaces = [
      { ...expected, id: 'eni-1', privateIps: ['10.0.0.20'] },
      { ...expected, id: 'eni-2', privateIps: ['10.0.0.21'] },
    ];
    expect(ending).toEqual({ value: interfaces });
    expect(requests[0]?.parameters).toMatchObject({ 'Filter.1.Name': 'subnet-id', 'Filter.1.Value.1': 'subnet-0a' });
    // Sixteen blocks less the first, the last, that of .20 and .21, and the prefix.
    expect(freePrefixes(SUBNET, interfaces)).toBe(12);
  });

  test('are not known where the subnets are not', async () => {
    const { ending, requests } = await collectOver('ec2.network-interfaces', network);
    expect(ending).toMatchObject({ failure: { reason: 'denied' } });
    expect(requests).toEqual([]);
  });
});

describe('security groups', () => {
  test('the cluster’s, the nodes’ and those that policies name', async () => {
    const { ending, requests } = await collectOver(
      'ec2.security-groups',
      ({ call }): Tree =>
        call === 'ec2:DescribeInstances'
          ? RESERVATIONS
          : {
              securityGroupInfo: [
                {
                  groupId: 'sg-cluster',
                  groupName: 'eks',
                  vpcId: 'vpc-1',
                  ipPermissions: [
                    { ipProtocol: 'tcp', fromPort: 53, toPort: 53, groups: [{ groupId: 'sg-node' }], ipRanges: [] },
                  ],
                  ipPermissionsEgress: [{ ipProtocol: '-1', ipRanges: [{ cidrIp: '0.0.0.0/0' }] }],
                },
              ],
            },
      {
        'eks.cluster': eksCluster({ clusterSecurityGroupId: 'sg-cluster' }),
        'kubernetes.security-group-policies': [{ namespace: 'a', name: 'b', groupIds: ['sg-policy'] }],
      },
    );
    const nothing = { cidrs: [], ipv6Cidrs: [], groupIds: [], prefixListIds: [] };
    expect(ending).toEqual({
      value: [
        {
          id: 'sg-cluster',
          name: 'eks',
          vpcId: 'vpc-1',
          ingress: [{ ...nothing, protocol: 'tcp', fromPort: 53, toPort: 53, groupIds: ['sg-node'] }],
          egress: [{ ...nothing, protocol: '-1', cidrs: ['0.0.0.0/0'] }],
        },
      ],
    });
    const asked = Object.entries(requests.at(-1)?.parameters ?? {});
    expect(asked.filter(([name]) => name.startsWith('Filter.1.Value')).map(([, value]) => value)).toEqual([
      'sg-cluster',
      'sg-node',
      'sg-pods',
      'sg-policy',
    ]);
  });
});

describe('instance types', () => {
  test('EC2’s figures, the table’s trunk, and a type that neither knows', async () => {
    const labels = (type: string): { readonly [key: string]: string } => ({ 'node.kubernetes.io/instance-type': type });
    const { ending } = await collectOver(
      'ec2.instance-types',
      () => ({
        instanceTypeSet: [
          {
            instanceType: 'm5.large',
            bareMetal: false,
            hypervisor: 'nitro',
            vCpuInfo: { defaultVCpus: 2 },
            networkInfo: {
              maximumNetworkInterfaces: 3,
              ipv4AddressesPerInterface: 10,
              defaultNetworkCardIndex: 0,
              networkCards: [{ networkCardIndex: 0, maximumNetworkInterfaces: 3 }],
            },
          },
        ],
      }),
      {
        'kubernetes.nodes': [node({ labels: labels('m5.large') }), node({ labels: labels('z99.large') })],
        'eks.nodegroups': [],
      },
    );
    expect(ending).toMatchObject({
      value: [
        { name: 'm5.large', hypervisor: 'nitro', trunking: 'yes', branchInterfaces: 9, vcpus: 2, ipv4PerInterface: 10 },
        { name: 'z99.large', hypervisor: 'unknown', trunking: 'unknown' },
      ],
    });
  });
});
