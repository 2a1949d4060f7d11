import * as z from 'zod';
import type { SecurityGroup, SecurityGroupRule } from '../../model/facts-aws-network.ts';
import { given, listOf, text } from './field.ts';
import { normaliseItems } from './items.ts';
import { distinct } from './order.ts';
import { parse } from './parse.ts';

/** ICMP puts its type and code here, and -1 for all of them. */
const port = z.int();

const permission = z.object({
  IpProtocol: text,
  FromPort: port.nullish(),
  ToPort: port.nullish(),
  IpRanges: listOf(z.object({ CidrIp: text })),
  Ipv6Ranges: listOf(z.object({ CidrIpv6: text })),
  UserIdGroupPairs: listOf(z.object({ GroupId: text })),
  PrefixListIds: listOf(z.object({ PrefixListId: text })),
});

const group = z.object({
  GroupId: text,
  GroupName: text,
  VpcId: text,
  IpPermissions: listOf(permission),
  IpPermissionsEgress: listOf(permission),
});

const ruleOf = (read: z.output<typeof permission>): SecurityGroupRule => ({
  protocol: read.IpProtocol,
  cidrs: distinct(read.IpRanges.map(({ CidrIp }) => CidrIp)),
  ipv6Cidrs: distinct(read.Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6)),
  groupIds: distinct(read.UserIdGroupPairs.map(({ GroupId }) => GroupId)),
  prefixListIds: distinct(read.PrefixListIds.map(({ PrefixListId }) => PrefixListId)),
  ...given({ fromPort: read.FromPort, toPort: read.ToPort }),
});

/**
 * One group of ec2:DescribeSecurityGroups
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html), rules in EC2's order.
 * @throws MalformedError
 */
export const normaliseSecurityGroup = (item: unknown, path = ''): SecurityGroup => {
  const read = parse(group, item, path);
  return {
    id: read.GroupId,
    name: read.GroupName,
    vpcId: read.VpcId,
    ingress: read.IpPermissions.map(ruleOf),
    egress: read.IpPermissionsEgress.map(ruleOf),
  };
};

const answer = z.object({ SecurityGroups: z.array(z.unknown()) });

/**
 * ec2:DescribeSecurityGroups, `{ SecurityGroups: […] }`, sorted by id.
 * @throws MalformedError
 */
export const normaliseSecurityGroups = (raw: unknown): readonly SecurityGroup[] =>
  normaliseItems(parse(answer, raw, '').SecurityGroups, normaliseSecurityGroup, ({ id }) => [id], 'SecurityGroups');
