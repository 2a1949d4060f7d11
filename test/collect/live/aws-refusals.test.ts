import { beforeAll, describe, expect, test } from 'vitest';
import { FACT_KEYS, type FactKey } from '../../../shared/model/snapshot.ts';
import { collectOver, type Given } from '../../support/aws-endpoint/collect.ts';
import type { Handler } from '../../support/aws-endpoint/endpoint.ts';
import { addon, eksCluster, node } from '../../support/cluster.ts';
import { accountOf, denial, failing, throttle } from '../../support/emulator/account.ts';
import { COLLECTORS } from './live-run.ts';

const TEMPLATE = { id: 'lt-0123456789abcdef0', version: '1' };

/** What the collectors take from other facts, so that each makes every call that it declares. */
const GIVEN: Given = {
  'eks.cluster': eksCluster({ roleArn: 'arn:aws:iam::111122223333:role/cluster' }),
  'eks.vpc-cni-addon': addon(),
  'eks.nodegroups': [
    {
      name: 'workers',
      status: 'ACTIVE',
      amiType: 'AL2023_x86_64_STANDARD',
      instanceTypes: ['m6i.large'],
      launchTemplate: TEMPLATE,
      autoScalingGroups: [],
    },
  ],
  'eks.pod-identity-associations': [],
  'ec2.instances': [
    {
      instanceId: 'i-0aaaaaaaaaaaaaaa1',
      instanceType: 'm6i.large',
      imageId: 'ami-0123456789abcdef0',
      launchTime: '2026-11-01T00:00:00Z',
      launchTemplate: TEMPLATE,
      tags: {},
    },
  ],
  'ec2.subnets': [
    {
      id: 'subnet-0a',
      vpcId: 'vpc-1',
      availabilityZone: 'us-west-2a',
      cidr: '10.0.0.0/24',
      ipv6Cidrs: [],
      availableIps: 200,
      reservations: [],
      tags: {},
    },
  ],
  'kubernetes.nodes': [node()],
  'kubernetes.security-group-policies': 'absent',
  'kubernetes.service-accounts': [],
};

/** Every collector that calls AWS, with every action that it declares: nothing here is written down by hand. */
const DECLARED: readonly { readonly key: FactKey; readonly actions: readonly string[] }[] = FACT_KEYS.flatMap((key) => {
  const actions = [...new Set(COLLECTORS[key].iam.map(({ action }) => action))].toSorted();
  return actions.length === 0 ? [] : [{ key, actions }];
});

let account: Handler;

beforeAll(async () => {
  account = await accountOf({
    cluster: 'shop-prod',
    kubernetes: { url: 'https://127.0.0.1:1', certificateAuthority: 'none' },
  });
});

test('no collector of AWS facts is missed', () => {
  const prefixes = /^(eks|ec2|autoscaling|iam|logs|ssm)\./;
  expect(DECLARED.map(({ key }) => key)).toEqual(FACT_KEYS.filter((key) => prefixes.test(key)));
});

describe.each(DECLARED)('$key', ({ key, actions }) => {
  test('makes every call that it declares, and no other', async () => {
    const collected = await collectOver(key, account, GIVEN);
    expect(collected.ending).toHaveProperty('value');
    expect(collected.actions).toEqual(actions);
  });

  test.each(actions)('%s refused: not known, as denied', async (action) => {
    const { ending } = await collectOver(key, failing(account, action, denial(action)), GIVEN);
    expect(ending).toMatchObject({
      failure: { reason: 'denied', detail: expect.stringContaining(denial(action).code) },
    });
  });

  test.each(actions)('%s throttled: not known, as throttled', async (action) => {
    const { ending } = await collectOver(key, failing(account, action, throttle(action)), GIVEN);
    expect(ending).toMatchObject({
      failure: { reason: 'throttled', detail: expect.stringContaining(throttle(action).code) },
    });
  });
});
