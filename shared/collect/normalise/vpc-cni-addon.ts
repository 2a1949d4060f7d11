import * as z from 'zod';
import type { VpcCniAddon } from '../../model/facts-aws.ts';
import { readAddonConfiguration } from './addon-configuration.ts';
import { given, listOf, text } from './field.ts';
import { distinct, sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { awsTime } from './time.ts';

const answer = z.object({
  addon: z.object({
    addonName: z.literal('vpc-cni'),
    addonVersion: text,
    status: text,
    health: z.object({ issues: listOf(z.object({ code: text, message: text.nullish() })) }).nullish(),
    configurationValues: z.string().nullish(),
    serviceAccountRoleArn: text.nullish(),
    podIdentityAssociations: listOf(text),
    modifiedAt: awsTime.nullish(),
  }),
});

/**
 * eks:DescribeAddon of `vpc-cni`, `{ addon: … }` (https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html).
 * Lists that the API leaves out are empty; an issue may come without a message.
 * @throws MalformedError, never for `configurationValues`: see `readAddonConfiguration`.
 */
export const normaliseVpcCniAddon = (raw: unknown): VpcCniAddon => {
  const { addon } = parse(answer, raw, '');
  const issues = (addon.health?.issues ?? []).map(({ code, message }) => ({ code, message: message ?? '' }));
  return {
    version: addon.addonVersion,
    status: addon.status,
    healthIssues: sortedBy(issues, (issue) => [issue.code, issue.message]),
    configuration: readAddonConfiguration(addon.configurationValues ?? undefined),
    podIdentityAssociationArns: distinct(addon.podIdentityAssociations),
    ...given({ serviceAccountRoleArn: addon.serviceAccountRoleArn, modifiedAt: addon.modifiedAt }),
  };
};
