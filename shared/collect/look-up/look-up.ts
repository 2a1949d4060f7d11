import type { AwsSession } from '../../runtime/aws/session.ts';
import type { LookedUp } from '../../trigger/answer.ts';
import type { Tags } from '../../trigger/cluster-of-tags.ts';
import type { LookUp } from '../../trigger/request.ts';
import type { IamGrant } from '../live/collector.ts';
import { allPages, chunks } from '../live/aws-pages.ts';

/** What answering look-ups needs, beside what an audit reads. */
export const LOOK_UP_IAM: readonly IamGrant[] = [
  { action: 'autoscaling:DescribeAutoScalingGroups', resource: '*' },
  { action: 'ec2:DescribeInstances', resource: '*' },
  { action: 'eks:ListClusters', resource: '*' },
  { action: 'eks:ListNodegroups', resource: 'arn:${AWS::Partition}:eks:*:${AWS::AccountId}:cluster/*' },
  { action: 'eks:DescribeNodegroup', resource: 'arn:${AWS::Partition}:eks:*:${AWS::AccountId}:nodegroup/*/*/*' },
];

/** Of this account and Region, as eks:ListClusters gives them. */
export const listClusters = async (aws: AwsSession): Promise<readonly string[]> => {
  const { ListClustersCommand } = await import('@aws-sdk/client-eks');
  const client = await aws.eks();
  return allPages(async (nextToken) => {
    const { clusters = [], nextToken: next } = await aws.limit(() =>
      client.send(new ListClustersCommand({ maxResults: 100, nextToken })),
    );
    return { items: clusters, next };
  });
};

const tagsOf = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Tags => Object.fromEntries(tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])));

const groupTags = async (aws: AwsSession, name: string): Promise<readonly Tags[]> => {
  const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
  const client = await aws.autoScaling();
  const { AutoScalingGroups = [] } = await aws.limit(() =>
    client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })),
  );
  return AutoScalingGroups.map(({ Tags: tags }) => tagsOf(tags));
};

/** Terminated instances are described for a while. One that is gone has no tags. */
const instanceTags = async (aws: AwsSession, instanceId: string): Promise<readonly Tags[]> => {
  const { DescribeInstancesCommand } = await import('@aws-sdk/client-ec2');
  const client = await aws.ec2();
  // By filter and not by id: an unknown id would be an error.
  const { Reservations = [] } = await aws.limit(() =>
    client.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [instanceId] }] })),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ Tags: tags }) => tagsOf(tags)));
};

type Template = Extract<LookUp, { readonly need: 'launch-template' }>['template'];

interface Named {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

const isTemplate = (template: Template, { id, name }: Named): boolean =>
  'id' in template ? id === template.id : name === template.name;

/** Groups that use the template, alone or among several instance types. */
const groupsOfTemplate = async (aws: AwsSession, template: Template): Promise<readonly Tags[]> => {
  const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
  const client = await aws.autoScaling();
  const groups = await allPages(async (NextToken) => {
    const { AutoScalingGroups = [], NextToken: next } = await aws.limit(() =>
      client.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 100, NextToken })),
    );
    return { items: AutoScalingGroups, next };
  });
  return groups
    .filter(({ LaunchTemplate, MixedInstancesPolicy }) => {
      const mixed = MixedInstancesPolicy?.LaunchTemplate;
      const used = [
        LaunchTemplate,
        mixed?.LaunchTemplateSpecification,
        ...(mixed?.Overrides ?? []).map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification),
      ];
      return used.some((each) => isTemplate(template, { id: each?.LaunchTemplateId, name: each?.LaunchTemplateName }));
    })
    .map(({ Tags: tags }) => tagsOf(tags));
};

const AT_ONCE = 8;

/** EKS copies the template that a managed node group names: the group's Auto Scaling group uses the copy. */
const nodegroupsOfTemplate = async (aws: AwsSession, template: Template): Promise<readonly string[]> => {
  const { DescribeNodegroupCommand, ListNodegroupsCommand } = await import('@aws-sdk/client-eks');
  const client = await aws.eks();
  const uses = async (clusterName: string): Promise<boolean> => {
    const names = await allPages(async (nextToken) => {
      const page = await aws.limit(() => client.send(new ListNodegroupsCommand({ clusterName, nextToken })));
      return { items: page.nodegroups ?? [], next: page.nextToken };
    });
    const groups = await Promise.all(
      names.map((nodegroupName) =>
        aws.limit(() => client.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }))),
      ),
    );
    return groups.some(({ nodegroup }) => {
      const used = nodegroup?.launchTemplate;
      return isTemplate(template, { id: used?.id, name: used?.name });
    });
  };
  const found: string[] = [];
  for (const some of chunks(await listClusters(aws), AT_ONCE)) {
    const answers = await Promise.all(some.map(uses));
    found.push(...some.filter((_, index) => answers[index]));
  }
  return found;
};

/** Asks AWS whose a thing is. @throws what the SDK throws: the event must come again */
export const lookUp = async (aws: AwsSession, wanted: LookUp): Promise<LookedUp> => {
  switch (wanted.need) {
    case 'auto-scaling-group':
      return { of: 'tags', tags: await groupTags(aws, wanted.name) };
    case 'instance':
      return { of: 'tags', tags: await instanceTags(aws, wanted.instanceId) };
    case 'clusters':
      return { of: 'clusters', names: await listClusters(aws) };
    case 'launch-template': {
      const tags = await groupsOfTemplate(aws, wanted.template);
      const names = await nodegroupsOfTemplate(aws, wanted.template);
      return { of: 'tags', tags: [...tags, ...names.map((name) => ({ 'eks:cluster-name': name }))] };
    }
  }
};
