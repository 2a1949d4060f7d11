import { describe, expect, it } from 'vitest';
import { answerLookUp } from '../../shared/trigger/answer.ts';
import { clustersOfTags } from '../../shared/trigger/cluster-of-tags.ts';
import { readEvent } from '../../shared/trigger/read-event.ts';
import type { LookUp } from '../../shared/trigger/request.ts';
import { recordedEvent } from '../recorded/event.ts';

const lookUpOf = (name: string): LookUp => {
  const [triggered] = readEvent(recordedEvent(name), '999988887777');
  if (triggered?.do !== 'look-up') throw new Error(`${name} asks for no look-up`);
  return triggered.lookUp;
};

describe('the cluster that tags name', () => {
  it.each([
    [
      'a managed node group',
      { 'eks:cluster-name': 'shop-prod', 'kubernetes.io/cluster/shop-prod': 'owned' },
      ['shop-prod'],
    ],
    ['Karpenter', { 'eks:eks-cluster-name': 'shop-prod', 'karpenter.sh/nodepool': 'default' }, ['shop-prod']],
    ["EC2's own copy", { 'aws:eks:cluster-name': 'shop-prod' }, ['shop-prod']],
    ['self-managed nodes', { 'kubernetes.io/cluster/shop-prod': 'shared' }, ['shop-prod']],
    [
      'the cluster autoscaler',
      { 'k8s.io/cluster-autoscaler/enabled': 'true', 'k8s.io/cluster-autoscaler/shop-prod': 'owned' },
      ['shop-prod'],
    ],
    [
      'a group that two clusters share',
      { 'kubernetes.io/cluster/b': 'shared', 'kubernetes.io/cluster/a': 'shared' },
      ['a', 'b'],
    ],
    ['an autoscaler switch alone', { 'k8s.io/cluster-autoscaler/enabled': 'true' }, []],
    ['a tag without its value', { 'kubernetes.io/cluster/shop-prod': '' }, []],
    ['a hostile name', { 'eks:cluster-name': '../admin', 'kubernetes.io/cluster/$(id)': 'owned' }, []],
    ['no tags', {}, []],
  ])('%s', (_, tags, expected) => {
    expect(clustersOfTags(tags)).toEqual(expected);
  });
});

describe('an event whose cluster had to be asked for', () => {
  const tags = { 'eks:cluster-name': 'shop-prod' };

  it('becomes an audit and the verification of its node, with the hook to answer', () => {
    expect(answerLookUp(lookUpOf('asg-launch-lifecycle-ours'), { of: 'tags', tags: [tags] })).toMatchObject([
      { do: 'audit', request: { cluster: { name: 'shop-prod' }, reason: 'nodes-launched' } },
      {
        do: 'verify',
        verification: {
          cluster: { name: 'shop-prod' },
          instanceId: 'i-0a3c844322fab4955',
          launchedAt: '2026-11-20T09:00:00Z',
          attempt: 1,
          lifecycle: { hook: 'netpol-warden-launch', token: '87654321-4321-4321-4321-210987654321' },
        },
      },
    ]);
  });

  it('asks for each cluster once, however many groups use a launch template', () => {
    const found = { of: 'tags', tags: [tags, tags, { 'eks:cluster-name': 'pay-prod' }, {}] } as const;
    expect(
      answerLookUp(lookUpOf('cloudtrail-create-launch-template-version'), found).map((each) =>
        each.do === 'audit' ? each.request.cluster.name : each.do,
      ),
    ).toEqual(['pay-prod', 'shop-prod']);
  });

  it("leaves an instance of an Auto Scaling group to the group's own events", () => {
    const found = { of: 'tags', tags: [{ ...tags, 'aws:autoscaling:groupName': 'eks-workers' }] } as const;
    expect(answerLookUp(lookUpOf('ec2-instance-running'), found)).toMatchObject([{ do: 'nothing' }]);
    expect(answerLookUp(lookUpOf('ec2-instance-running'), { of: 'tags', tags: [tags] })).toMatchObject([
      { do: 'audit' },
      { do: 'verify' },
    ]);
  });

  it('is nothing where the thing is gone or of no cluster', () => {
    expect(answerLookUp(lookUpOf('ec2-instance-terminated'), { of: 'tags', tags: [] })).toEqual([
      { do: 'nothing', why: 'the instance belongs to no cluster' },
    ]);
  });

  it('asks for all clusters of the account where an add-on event names none', () => {
    const found = { of: 'clusters', names: ['shop-prod', 'pay-prod', '../x'] } as const;
    expect(answerLookUp(lookUpOf('eks-addon-update-succeeded-without-arn'), found)).toHaveLength(2);
  });
});
