import * as z from 'zod';
import type { Nodegroup } from '../../model/facts-aws.ts';
import { given, listOf, text } from './field.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

const names = z.object({ nodegroups: z.array(text) });

/**
 * eks:ListNodegroups, `{ nodegroups: [name] }`, sorted
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_ListNodegroups.html).
 * @throws MalformedError
 */
export const normaliseNodegroupNames = (raw: unknown): readonly string[] => distinct(parse(names, raw, '').nodegroups);

const answer = z.object({
  nodegroup: z.object({
    nodegroupName: text,
    status: text,
    amiType: text,
    releaseVersion: text.nullish(),
    version: text.nullish(),
    instanceTypes: listOf(text),
    launchTemplate: z.object({ id: text.nullish(), name: text.nullish(), version: text.nullish() }).nullish(),
    resources: z.object({ autoScalingGroups: listOf(z.object({ name: text })) }).nullish(),
  }),
});

/**
 * eks:DescribeNodegroup, `{ nodegroup: … }`
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html). Without `instanceTypes` the launch template
 * names them; without `resources` the group is not built yet.
 * @throws MalformedError
 */
export const normaliseNodegroup = (raw: unknown): Nodegroup => {
  const { nodegroup } = parse(answer, raw, '');
  const template = nodegroup.launchTemplate;
  return {
    name: nodegroup.nodegroupName,
    status: nodegroup.status,
    amiType: nodegroup.amiType,
    instanceTypes: distinct(nodegroup.instanceTypes),
    autoScalingGroups: distinct((nodegroup.resources?.autoScalingGroups ?? []).map(({ name }) => name)),
    ...given({
      releaseVersion: nodegroup.releaseVersion,
      version: nodegroup.version,
      launchTemplate:
        template === undefined || template === null
          ? undefined
          : given({ id: template.id, name: template.name, version: template.version }),
    }),
  };
};
