import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateLaunchTemplateCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand, CreateNodegroupCommand, EKSClient } from '@aws-sdk/client-eks';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectLive, type Collected } from '../../shared/compose-live.ts';
import { AWS_NETWORK_COLLECTORS } from '../../shared/collect/live/aws-network.ts';
import { askedOnce } from '../../shared/collect/live/collector.ts';
import { observed } from '../../shared/model/fact.ts';
import { FACT_KEYS, type FactKey, type Facts, type FactValues } from '../../shared/model/snapshot.ts';
import { callLog } from '../../shared/runtime/aws/calls.ts';
import { awsSession, type Credentials } from '../../shared/runtime/aws/session.ts';
import { kubernetesBeside, type KubernetesBeside } from '../support/emulator/beside.ts';
import { awsEnvironment, replaceEnvironment } from '../support/emulator/environment.ts';
import { startMoto, type Moto } from '../support/emulator/moto.ts';

/** Printed by test/support/emulator/install.sh. */
const program = process.env['MOTO_SERVER'] ?? '';
const required = process.env['CI'] === 'true';

const region = 'us-west-2';
/** Moto's own. */
const account = '123456789012';
const cluster = 'shop-prod';
const ROLE = `arn:aws:iam::${account}:role/cluster`;

test('with CI=true the emulator is there: MOTO_SERVER names its program', () => {
  expect(required && program === '').toBe(false);
});

interface Made {
  readonly imageId: string;
  readonly subnetId: string;
  readonly templateId: string;
  readonly instanceId: string;
}

const there = (value: string | undefined): string => {
  if (value === undefined) throw new Error('moto answered without an id');
  return value;
};

/** The parts of an account with one cluster that moto can make. */
const make = async (): Promise<Made> => {
  const ec2 = new EC2Client({ region });
  const eks = new EKSClient({ region });
  const iam = new IAMClient({ region });
  const logs = new CloudWatchLogsClient({ region });
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.9.0.0/24', AvailabilityZone: 'us-west-2a' }),
  );
  const subnetId = there(Subnet?.SubnetId);
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  const imageId = there(Images[0]?.ImageId);
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'workers',
      LaunchTemplateData: {
        ImageId: imageId,
        InstanceType: 'm5.large',
        UserData: Buffer.from('#!/bin/bash\nmount -t bpf bpffs /sys/fs/bpf\n').toString('base64'),
      },
    }),
  );
  const templateId = there(LaunchTemplate?.LaunchTemplateId);
  const tag = { Key: `kubernetes.io/cluster/${cluster}`, Value: 'owned' };
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: imageId,
      InstanceType: 'm5.large',
      SubnetId: subnetId,
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [tag] }],
    }),
  );
  await ec2.send(
    new RunInstancesCommand({
      ImageId: imageId,
      InstanceType: 'm5.large',
      SubnetId: subnetId,
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'eks.amazonaws.com' } };
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'cluster',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'cluster',
      PolicyName: 'inline',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' }],
      }),
    }),
  );
  await eks.send(
    new CreateClusterCommand({
      name: cluster,
      version: '1.33',
      roleArn: ROLE,
      resourcesVpcConfig: { subnetIds: [subnetId], endpointPublicAccess: true, endpointPrivateAccess: true },
    }),
  );
  await eks.send(
    new CreateNodegroupCommand({
      clusterName: cluster,
      nodegroupName: 'workers',
      nodeRole: ROLE,
      subnets: [subnetId],
      launchTemplate: { id: templateId, version: '1' },
    }),
  );
  await new AutoScalingClient({ region }).send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'own',
      MinSize: 0,
      MaxSize: 3,
      DesiredCapacity: 0,
      VPCZoneIdentifier: subnetId,
      LaunchTemplate: { LaunchTemplateId: templateId, Version: '1' },
      Tags: [{ ...tag, PropagateAtLaunch: true, ResourceId: 'own', ResourceType: 'auto-scaling-group' }],
    }),
  );
  const logGroupName = `/aws/eks/${cluster}/cluster`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: `${logGroupName}-old` }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 30 }));
  return { imageId, subnetId, templateId, instanceId: there(Instances[0]?.InstanceId) };
};

describe.skipIf(program === '')('an account that moto emulates', () => {
  let moto: Moto;
  let kubernetes: KubernetesBeside;
  let restore = (): void => undefined;
  let made: Made;
  let collected: Collected;

  beforeAll(async () => {
    moto = await startMoto(program);
    restore = replaceEnvironment(awsEnvironment(moto.url));
    made = await make();
    // The endpoint that moto makes up does not exist.
    kubernetes = await kubernetesBeside(cluster);
    collected = await collectLive({
      target: {
        clusterName: cluster,
        region,
        roleArn: ROLE,
        externalId: 'from-the-hub',
        sessionTags: { team: 'platform' },
        kubeconfig: kubernetes.kubeconfig,
      },
      keys: FACT_KEYS,
      extent: 'whole',
      probes: { kind: 'off' },
      deadlineSeconds: 60,
      userAgent: 'netpol-warden/test',
      onFact: () => undefined,
    });
  });

  afterAll(async () => {
    restore();
    await kubernetes.close();
    await moto.stop();
  });

  const valueOf = <K extends FactKey>(key: K): FactValues[K] => {
    const fact = collected.snapshot.facts[key];
    if (fact.state !== 'observed') throw new Error(`${key}: ${JSON.stringify(fact)}`);
    return fact.value;
  };

  test('is told apart by the role that was assumed', () => {
    expect(collected.snapshot.cluster).toEqual({ partition: 'aws', account, region, name: cluster });
    expect(collected.aws.counts().get('sts:AssumeRole')).toBe(1);
  });

  test('its cluster and node groups', () => {
    expect(valueOf('eks.cluster')).toMatchObject({
      version: '1.33',
      status: 'ACTIVE',
      roleArn: ROLE,
      endpointPublicAccess: true,
      endpointPrivateAccess: true,
      autoMode: 'disabled',
    });
    expect(valueOf('eks.nodegroups')).toMatchObject([
      { name: 'workers', status: 'ACTIVE', launchTemplate: { id: made.templateId, name: 'workers', version: '1' } },
    ]);
  });

  test('its instances with the cluster’s tag and no other, and their image', () => {
    expect(valueOf('ec2.instances')).toMatchObject([
      {
        instanceId: made.instanceId,
        instanceType: 'm5.large',
        imageId: made.imageId,
        availabilityZone: 'us-west-2a',
        tags: { 'kubernetes.io/cluster/shop-prod': 'owned' },
      },
    ]);
    expect(valueOf('ec2.images').map(({ imageId }) => imageId)).toEqual([made.imageId]);
  });

  test('its launch template, of whose user data only the meaning is kept', () => {
    // Moto gives a version once for its number, once for $Default and once for $Latest.
    const versions = new Set(valueOf('ec2.launch-templates').map((version) => JSON.stringify(version)));
    expect([...versions].map((version): unknown => JSON.parse(version))).toEqual([
      {
        id: made.templateId,
        name: 'workers',
        version: '1',
        isDefault: true,
        isLatest: true,
        imageId: made.imageId,
        instanceType: 'm5.large',
        userData: { form: 'shell', bpffs: 'mounted', bpffsLine: 'mount -t bpf bpffs /sys/fs/bpf' },
      },
    ]);
  });

  test('its Auto Scaling group', () => {
    expect(valueOf('autoscaling.groups')).toMatchObject([
      {
        name: 'own',
        origin: 'self-managed',
        launchTemplates: [{ id: made.templateId, version: '1' }],
        subnetIds: [made.subnetId],
        minSize: 0,
        maxSize: 3,
      },
    ]);
  });

  test('its network', () => {
    expect(valueOf('ec2.subnets')).toMatchObject([
      // Of 256 addresses AWS keeps 5, and two instances have one each.
      { id: made.subnetId, cidr: '10.9.0.0/24', availableIps: 249, reservations: [] },
    ]);
    const interfaces = valueOf('ec2.network-interfaces');
    expect(interfaces).toHaveLength(2);
    expect(interfaces.map(({ instanceId }) => instanceId)).toContain(made.instanceId);
    expect(interfaces.map(({ subnetId }) => subnetId)).toEqual([made.subnetId, made.subnetId]);
    const groups = interfaces.find(({ instanceId }) => instanceId === made.instanceId)?.securityGroupIds;
    expect(valueOf('ec2.security-groups').map(({ id }) => id)).toEqual(groups);
    expect(valueOf('ec2.security-groups')[0]?.egress).toMatchObject([{ protocol: '-1', cidrs: ['0.0.0.0/0'] }]);
  });

  test('the figures of its instance types', () => {
    expect(valueOf('ec2.instance-types')).toMatchObject([
      { name: 'm5.large', hypervisor: 'nitro', vcpus: 2, ipv4PerInterface: 10, defaultCardInterfaces: 3 },
      { name: 'm5.xlarge', hypervisor: 'nitro', vcpus: 4, ipv4PerInterface: 15, defaultCardInterfaces: 4 },
      { name: 't3.medium', hypervisor: 'nitro', vcpus: 2, ipv4PerInterface: 6, defaultCardInterfaces: 3 },
    ]);
  });

  test('the cluster’s log group and not the one that only begins like it', () => {
    expect(valueOf('logs.log-groups')).toEqual([
      { name: `/aws/eks/${cluster}/cluster`, retentionDays: 30, subscriptionFilters: [] },
    ]);
  });

  test('the cluster’s role, asked for apart because moto knows no Pod Identity', async () => {
    const facts: Facts = {
      ...collected.snapshot.facts,
      'kubernetes.service-accounts': observed([], 'test', ''),
      'eks.pod-identity-associations': observed([], 'test', ''),
    };
    const credentials = (): Promise<Credentials> =>
      Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
    const calling = {
      cluster: collected.snapshot.cluster,
      aws: awsSession({ account, region, credentials, calls: callLog() }),
      signal: new AbortController().signal,
    };
    const roles = await AWS_NETWORK_COLLECTORS['iam.roles'].collect({
      ...calling,
      once: askedOnce(calling),
      kubernetes: () => Promise.reject(new Error('not asked')),
      fact: (key) => Promise.resolve(facts[key]),
      now: () => new Date(),
    });
    expect(roles).toMatchObject([
      {
        purpose: 'cluster',
        arn: ROLE,
        reading: 'read',
        attachedPolicyArns: [],
        trust: [{ actions: ['sts:AssumeRole'], principals: ['eks.amazonaws.com'] }],
        statements: [{ effect: 'Allow', actions: ['ec2:DescribeInstances'], resources: ['*'] }],
      },
    ]);
  });

  test.each(['eks.vpc-cni-addon', 'eks.addon-versions', 'eks.pod-identity-associations', 'eks.updates'] as const)(
    '%s, which moto answers with a page of HTML and 404, is not observed and never absent',
    (key) => {
      expect(collected.snapshot.facts[key]).toMatchObject({
        state: 'unobserved',
        reason: 'api-error',
        detail: expect.stringMatching(/HTTP 404 with a body that is not the service's own: /),
      });
    },
  );
});
