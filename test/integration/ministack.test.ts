import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  CreatePodIdentityAssociationCommand,
  EKSClient,
} from '@aws-sdk/client-eks';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectLive, type Collected } from '../../shared/compose-live.ts';
import { FACT_KEYS, type FactKey, type FactValues } from '../../shared/model/snapshot.ts';
import { kubernetesBeside, type KubernetesBeside } from '../support/emulator/beside.ts';
import { awsEnvironment, replaceEnvironment } from '../support/emulator/environment.ts';
import { MINISTACK_ACCOUNT, ministackProgram, startMinistack } from '../support/emulator/ministack.ts';
import type { EmulatorServer } from '../support/emulator/server.ts';

const program = ministackProgram();
const required = process.env['CI'] === 'true';

const region = 'us-west-2';
const roleArn = (name: string): string => `arn:aws:iam::${MINISTACK_ACCOUNT}:role/${name}`;

test('with CI=true the emulator is there: test/support/emulator/install.sh has installed it', () => {
  expect(required && program === undefined).toBe(false);
});

const makeRole = async (iam: IAMClient, RoleName: string, Service: string, Action: string): Promise<void> => {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument }));
};

/** A cluster with what moto has no calls for: its VPC CNI as an add-on, and roles through Pod Identity. */
const makeCluster = async (eks: EKSClient, name: string): Promise<void> => {
  await eks.send(
    new CreateClusterCommand({
      name,
      version: '1.33',
      roleArn: roleArn('cluster'),
      resourcesVpcConfig: { subnetIds: ['subnet-0b', 'subnet-0a'], endpointPrivateAccess: true },
      accessConfig: { authenticationMode: 'API' },
    }),
  );
};

describe.skipIf(program === undefined)('an account that MiniStack emulates', () => {
  let ministack: EmulatorServer;
  let kubernetes: KubernetesBeside;
  let restore = (): void => undefined;
  let collected: Collected;
  let selfManaged: Collected;

  const collect = (clusterName: string): Promise<Collected> =>
    collectLive({
      target: { clusterName, region, kubeconfig: kubernetes.kubeconfig },
      keys: FACT_KEYS,
      extent: 'whole',
      probes: { kind: 'off' },
      deadlineSeconds: 60,
      userAgent: 'netpol-warden/test',
      onFact: () => undefined,
    });

  beforeAll(async () => {
    ministack = await startMinistack(program ?? '');
    restore = replaceEnvironment(awsEnvironment(ministack.url));
    const eks = new EKSClient({ region });
    const iam = new IAMClient({ region });
    await makeRole(iam, 'cluster', 'eks.amazonaws.com', 'ec2:DescribeInstances');
    await makeRole(iam, 'cni', 'pods.eks.amazonaws.com', 'ec2:AssignPrivateIpAddresses');
    await makeCluster(eks, 'shop-prod');
    await makeCluster(eks, 'self-managed');
    const clusterName = 'shop-prod';
    await eks.send(
      new CreateNodegroupCommand({
        clusterName,
        nodegroupName: 'workers',
        nodeRole: roleArn('cluster'),
        subnets: ['subnet-0a'],
        amiType: 'AL2023_x86_64_STANDARD',
        instanceTypes: ['m6i.large'],
      }),
    );
    await eks.send(
      new CreateAddonCommand({
        clusterName,
        addonName: 'vpc-cni',
        addonVersion: 'v1.21.1-eksbuild.1',
        // The YAML form, which DescribeAddon gives back as it was written.
        configurationValues: 'enableNetworkPolicy: "true"\nenv:\n  ENABLE_POD_ENI: "true"\n',
        serviceAccountRoleArn: roleArn('cni'),
      }),
    );
    await eks.send(
      new CreatePodIdentityAssociationCommand({
        clusterName,
        namespace: 'kube-system',
        serviceAccount: 'aws-node',
        roleArn: roleArn('cni'),
      }),
    );
    kubernetes = await kubernetesBeside('shop-prod');
    collected = await collect('shop-prod');
    selfManaged = await collect('self-managed');
  });

  afterAll(async () => {
    restore();
    await kubernetes.close();
    await ministack.stop();
  });

  const valueOf = <K extends FactKey>(key: K): FactValues[K] => {
    const fact = collected.snapshot.facts[key];
    if (fact.state !== 'observed') throw new Error(`${key}: ${JSON.stringify(fact)}`);
    return fact.value;
  };

  test('its cluster, with the subnets of the control plane', () => {
    expect(collected.snapshot.cluster).toEqual({
      partition: 'aws',
      account: MINISTACK_ACCOUNT,
      region,
      name: 'shop-prod',
    });
    expect(valueOf('eks.cluster')).toMatchObject({
      version: '1.33',
      status: 'ACTIVE',
      ipFamily: 'ipv4',
      authenticationMode: 'API',
      subnetIds: ['subnet-0a', 'subnet-0b'],
      securityGroupIds: [],
      clusterSecurityGroupId: expect.stringMatching(/^sg-/),
      roleArn: roleArn('cluster'),
    });
  });

  test('its VPC CNI as an add-on, configured in YAML', () => {
    expect(valueOf('eks.vpc-cni-addon')).toMatchObject({
      version: 'v1.21.1-eksbuild.1',
      status: 'ACTIVE',
      healthIssues: [],
      configuration: { form: 'values', values: { enableNetworkPolicy: 'true', env: { ENABLE_POD_ENI: 'true' } } },
      serviceAccountRoleArn: roleArn('cni'),
    });
  });

  test('a cluster without the add-on has none: absent, and not an error', () => {
    expect(selfManaged.snapshot.facts['eks.vpc-cni-addon'].state).toBe('absent');
    expect(selfManaged.snapshot.facts['eks.addon-schema'].state).toBe('absent');
    expect(selfManaged.snapshot.facts['eks.pod-identity-associations']).toMatchObject({ state: 'observed', value: [] });
  });

  test('its node group', () => {
    expect(valueOf('eks.nodegroups')).toMatchObject([
      { name: 'workers', amiType: 'AL2023_x86_64_STANDARD', instanceTypes: ['m6i.large'] },
    ]);
  });

  test('its Pod Identity association, and the roles of cluster and VPC CNI with what they allow', () => {
    expect(valueOf('eks.pod-identity-associations')).toMatchObject([
      { namespace: 'kube-system', serviceAccount: 'aws-node', roleArn: roleArn('cni') },
    ]);
    expect(valueOf('iam.roles')).toMatchObject([
      {
        purpose: 'aws-node',
        arn: roleArn('cni'),
        through: 'pod-identity',
        reading: 'read',
        trust: [{ actions: ['sts:AssumeRole'], principals: ['pods.eks.amazonaws.com'] }],
        statements: [{ effect: 'Allow', actions: ['ec2:AssignPrivateIpAddresses'], resources: ['*'] }],
      },
      {
        purpose: 'cluster',
        arn: roleArn('cluster'),
        through: 'cluster',
        reading: 'read',
        statements: [{ actions: ['ec2:DescribeInstances'] }],
      },
    ]);
  });

  test.each(['eks.addon-schema', 'eks.addon-versions', 'eks.updates'] as const)(
    '%s, for which MiniStack has no route, is not observed, with its name for it and the status',
    (key) => {
      expect(collected.snapshot.facts[key]).toMatchObject({
        state: 'unobserved',
        reason: 'api-error',
        detail: expect.stringMatching(/^InvalidRequestException: No route for GET .* \(HTTP 400\)$/),
      });
    },
  );
});
