import * as z from 'zod';
import type { AutoScalingGroup } from '../../model/facts-aws-network.ts';
import { nodeOriginOf } from '../../model/node-origin.ts';
import { awsTags } from './aws-tags.ts';
import { count, given, listOf, text } from './field.ts';
import { normaliseItems } from './items.ts';
import { distinct, sortedBy } from './order.ts';
import { parse } from './parse.ts';

const template = z.object({
  LaunchTemplateId: text.nullish(),
  LaunchTemplateName: text.nullish(),
  Version: text.nullish(),
});
type Template = z.output<typeof template>;

const override = z.object({ InstanceType: text.nullish(), LaunchTemplateSpecification: template.nullish() });

const group = z.object({
  AutoScalingGroupName: text,
  AutoScalingGroupARN: text,
  LaunchTemplate: template.nullish(),
  MixedInstancesPolicy: z
    .object({
      LaunchTemplate: z
        .object({ LaunchTemplateSpecification: template.nullish(), Overrides: listOf(override) })
        .nullish(),
    })
    .nullish(),
  MinSize: count,
  MaxSize: count,
  DesiredCapacity: count,
  Instances: listOf(z.object({ InstanceId: text, InstanceType: text.nullish() })),
  VPCZoneIdentifier: text.nullish(),
  Tags: awsTags,
});

const reference = (of: Template): AutoScalingGroup['launchTemplates'][number] =>
  given({ id: of.LaunchTemplateId, name: of.LaunchTemplateName, version: of.Version });

/** Each template once, in an order of its own. */
const templatesOf = (templates: readonly (Template | null | undefined)[]): AutoScalingGroup['launchTemplates'] => {
  const found = new Map<string, AutoScalingGroup['launchTemplates'][number]>();
  for (const one of templates) {
    if (one === null || one === undefined) continue;
    const read = reference(one);
    found.set(JSON.stringify([read.id, read.name, read.version]), read);
  }
  return sortedBy(found.values(), ({ id, name, version }) => [id ?? '', name ?? '', version ?? '']);
};

/**
 * One group of autoscaling:DescribeAutoScalingGroups
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html). `VPCZoneIdentifier` is a list
 * of subnets with commas between. The instance types are those that it may start and those that it runs.
 * @throws MalformedError
 */
export const normaliseAutoScalingGroup = (item: unknown, path = ''): AutoScalingGroup => {
  const read = parse(group, item, path);
  const mixed = read.MixedInstancesPolicy?.LaunchTemplate;
  const overrides = mixed?.Overrides ?? [];
  const types = [...overrides, ...read.Instances].flatMap(({ InstanceType }) => InstanceType ?? []);
  return {
    name: read.AutoScalingGroupName,
    arn: read.AutoScalingGroupARN,
    origin: nodeOriginOf(read.Tags),
    launchTemplates: templatesOf([
      read.LaunchTemplate,
      mixed?.LaunchTemplateSpecification,
      ...overrides.map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification),
    ]),
    instanceTypes: distinct(types),
    instanceIds: distinct(read.Instances.map(({ InstanceId }) => InstanceId)),
    subnetIds: distinct((read.VPCZoneIdentifier ?? '').split(',').flatMap((id) => id.trim() || [])),
    minSize: read.MinSize,
    maxSize: read.MaxSize,
    desiredCapacity: read.DesiredCapacity,
    tags: read.Tags,
    ...given({ nodegroup: read.Tags['eks:nodegroup-name'] }),
  };
};

const answer = z.object({ AutoScalingGroups: z.array(z.unknown()) });

/**
 * autoscaling:DescribeAutoScalingGroups, `{ AutoScalingGroups: […] }`, sorted by name.
 * @throws MalformedError
 */
export const normaliseAutoScalingGroups = (raw: unknown): readonly AutoScalingGroup[] =>
  normaliseItems(
    parse(answer, raw, '').AutoScalingGroups,
    normaliseAutoScalingGroup,
    ({ name }) => [name],
    'AutoScalingGroups',
  );
