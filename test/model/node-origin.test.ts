import { describe, expect, test } from 'vitest';
import { normaliseAutoScalingGroup } from '../../shared/collect/normalise/auto-scaling-groups.ts';
import { normaliseInstance } from '../../shared/collect/normalise/instances.ts';
import { nodeOriginOf } from '../../shared/model/node-origin.ts';

const OWNED = ['kubernetes.io/cluster/shop-prod'];

/** The tags of each kind as EKS, Karpenter 1 and EC2 Auto Scaling set them. */
const KINDS = [
  {
    name: 'a managed node group',
    origin: 'managed-node-group',
    tags: ['eks:cluster-name', 'eks:nodegroup-name', 'k8s.io/cluster-autoscaler/enabled', ...OWNED],
  },
  { name: 'a self-managed group', origin: 'self-managed', tags: OWNED },
  {
    name: 'Karpenter',
    origin: 'karpenter',
    tags: [
      'eks:eks-cluster-name',
      'karpenter.sh/nodepool',
      'karpenter.sh/nodeclaim',
      'karpenter.k8s.aws/ec2nodeclass',
      ...OWNED,
    ],
  },
  { name: 'Karpenter before its version 1', origin: 'karpenter', tags: ['karpenter.sh/nodepool', ...OWNED] },
  {
    name: 'Auto Mode',
    origin: 'auto-mode',
    tags: ['eks:eks-cluster-name', 'karpenter.sh/nodepool', 'eks:kubernetes-node-class-name', ...OWNED],
  },
] as const;

const awsTags = (tags: readonly string[]): readonly object[] => tags.map((Key) => ({ Key, Value: 'x' }));

describe.each(KINDS)('$name', ({ origin, tags }) => {
  test(`is ${origin} by the tags of an instance`, () => {
    const instance = normaliseInstance({
      InstanceId: 'i-0aaaaaaaaaaaaaaa1',
      InstanceType: 'm6i.large',
      ImageId: 'ami-0123456789abcdef0',
      LaunchTime: '2026-11-01T00:00:00Z',
      Tags: awsTags([...tags, 'Name', 'aws:eks:cluster-name']),
    });
    expect(nodeOriginOf(instance.tags)).toBe(origin);
  });

  test(`is ${origin} by the tags of an Auto Scaling group`, () => {
    const group = normaliseAutoScalingGroup({
      AutoScalingGroupName: 'a',
      AutoScalingGroupARN: 'arn:a',
      MinSize: 0,
      MaxSize: 0,
      DesiredCapacity: 0,
      Tags: awsTags(tags),
    });
    expect(group.origin).toBe(origin);
  });
});

test('a tag that is an object’s own only by inheritance is none', () => {
  expect(nodeOriginOf({})).toBe('self-managed');
  expect(nodeOriginOf(Object.fromEntries([['constructor', 'x']]))).toBe('self-managed');
});
