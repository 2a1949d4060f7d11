import { describe, expect, it } from 'vitest';
import { lookUp } from '../../shared/collect/look-up/look-up.ts';
import type { AwsSession } from '../../shared/runtime/aws/session.ts';
import type { LookUp, Place } from '../../shared/trigger/request.ts';

const PLACE: Place = { partition: 'aws', account: '111122223333', region: 'us-west-2' };
const TAG = [{ Key: 'eks:cluster-name', Value: 'shop-prod' }];

type Asked = readonly [operation: string, input: { readonly [key: string]: unknown }];

/** A session whose every client answers by the command's name. */
const session = (answers: { readonly [operation: string]: (input: Asked[1]) => unknown }) => {
  const asked: Asked[] = [];
  const client = {
    send: (command: { readonly constructor: { readonly name: string }; readonly input: Asked[1] }) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      asked.push([operation, command.input]);
      const answer = answers[operation];
      return answer === undefined ? Promise.reject(new Error(operation)) : Promise.resolve(answer(command.input));
    },
  };
  const open = () => Promise.resolve(client);
  // Only these members are used here.
  const aws = {
    eks: open,
    ec2: open,
    autoScaling: open,
    limit: (run: () => Promise<unknown>) => run(),
  } as unknown as AwsSession;
  return { aws, asked };
};

const wanted = (what: object): LookUp => ({ place: PLACE, intents: [], ...what }) as unknown as LookUp;

describe('asking AWS whose a thing is', () => {
  it('takes the tags of an Auto Scaling group, in one call', async () => {
    const { aws, asked } = session({ DescribeAutoScalingGroups: () => ({ AutoScalingGroups: [{ Tags: TAG }] }) });
    expect(await lookUp(aws, wanted({ need: 'auto-scaling-group', name: 'g' }))).toEqual({
      of: 'tags',
      tags: [{ 'eks:cluster-name': 'shop-prod' }],
    });
    expect(asked).toEqual([['DescribeAutoScalingGroups', { AutoScalingGroupNames: ['g'] }]]);
  });

  it('finds no tags of an instance that is gone', async () => {
    const { aws } = session({ DescribeInstances: () => ({ Reservations: [] }) });
    expect(await lookUp(aws, wanted({ need: 'instance', instanceId: 'i-0a3c844322fab4955' }))).toEqual({
      of: 'tags',
      tags: [],
    });
  });

  it('lists every page of clusters', async () => {
    const { aws } = session({
      ListClusters: ({ nextToken }) =>
        nextToken === undefined ? { clusters: ['a'], nextToken: 't' } : { clusters: ['b'] },
    });
    expect(await lookUp(aws, wanted({ need: 'clusters' }))).toEqual({ of: 'clusters', names: ['a', 'b'] });
  });

  it('maps a launch template to groups that use it alone or among several, and to managed node groups', async () => {
    const id = 'lt-06859e733591a6c06';
    const groups = [
      { Tags: [{ Key: 'eks:cluster-name', Value: 'alone' }], LaunchTemplate: { LaunchTemplateId: id } },
      {
        Tags: [{ Key: 'eks:cluster-name', Value: 'mixed' }],
        MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: id } } },
      },
      {
        Tags: [{ Key: 'eks:cluster-name', Value: 'override' }],
        MixedInstancesPolicy: {
          LaunchTemplate: { Overrides: [{ LaunchTemplateSpecification: { LaunchTemplateId: id } }] },
        },
      },
      { Tags: TAG, LaunchTemplate: { LaunchTemplateId: 'lt-00000000000000000' } },
    ];
    const { aws } = session({
      DescribeAutoScalingGroups: () => ({ AutoScalingGroups: groups }),
      ListClusters: () => ({ clusters: ['managed', 'other'] }),
      ListNodegroups: () => ({ nodegroups: ['workers'] }),
      DescribeNodegroup: ({ clusterName }) => ({
        nodegroup: { launchTemplate: { id: clusterName === 'managed' ? id : 'lt-1' } },
      }),
    });
    const found = await lookUp(aws, wanted({ need: 'launch-template', template: { id } }));
    expect(found).toEqual({
      of: 'tags',
      tags: ['alone', 'mixed', 'override', 'managed'].map((name) => ({ 'eks:cluster-name': name })),
    });
  });

  it('throws where AWS does not answer: the event must come again', async () => {
    const { aws } = session({});
    await expect(lookUp(aws, wanted({ need: 'clusters' }))).rejects.toThrow('ListClusters');
  });
});
