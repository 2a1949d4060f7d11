import * as z from 'zod';
import type { Instance } from '../../model/facts-aws.ts';
import { bounded } from './bounded.ts';
import { given, listOf, text } from './field.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { mapOf } from './text-map.ts';
import { awsTime } from './time.ts';

const instance = z.object({
  InstanceId: text,
  InstanceType: text,
  ImageId: text,
  LaunchTime: awsTime,
  Placement: z.object({ AvailabilityZone: text.nullish() }).nullish(),
  Tags: listOf(z.object({ Key: z.string(), Value: z.string().nullish() })),
});

/**
 * One instance of ec2:DescribeInstances (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html).
 * EC2 names the launch template and the Auto Scaling group of an instance only in tags it sets itself
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html).
 * @throws MalformedError
 */
export const normaliseInstance = (item: unknown, path = ''): Instance => {
  const read = parse(instance, item, path);
  const tags = mapOf(read.Tags.map(({ Key, Value }) => [bounded(Key), bounded(Value ?? '')] as const));
  const launchTemplate = given({
    id: tags['aws:ec2launchtemplate:id'],
    version: tags['aws:ec2launchtemplate:version'],
  });
  return {
    instanceId: read.InstanceId,
    instanceType: read.InstanceType,
    imageId: read.ImageId,
    launchTime: read.LaunchTime,
    tags,
    ...given({
      availabilityZone: read.Placement?.AvailabilityZone,
      launchTemplate: Object.keys(launchTemplate).length === 0 ? undefined : launchTemplate,
      autoScalingGroup: tags['aws:autoscaling:groupName'],
    }),
  };
};

const answer = z.object({ Reservations: z.array(z.object({ Instances: listOf(z.unknown()) })) });

/**
 * ec2:DescribeInstances, `{ Reservations: [{ Instances: […] }] }`, sorted by instance id.
 * @throws MalformedError
 */
export const normaliseInstances = (raw: unknown): readonly Instance[] =>
  sortedBy(
    parse(answer, raw, '').Reservations.flatMap(({ Instances }, reservation) =>
      Instances.map((item, index) => normaliseInstance(item, `Reservations[${reservation}].Instances[${index}]`)),
    ),
    ({ instanceId }) => [instanceId],
  );
