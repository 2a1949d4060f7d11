import { observed, unobserved, type Fact } from '../../model/fact.ts';
import type { AwsNetworkFactValues, LogGroup, Subnet } from '../../model/facts-aws-network.ts';
import { normaliseAddonSchema } from '../normalise/addon-schema.ts';
import { normaliseAddonVersions } from '../normalise/addon-versions.ts';
import { normaliseAmiRecommendations } from '../normalise/ami-recommendations.ts';
import { normaliseAutoScalingGroups } from '../normalise/auto-scaling-groups.ts';
import { normaliseInstanceTypes } from '../normalise/instance-types.ts';
import { normaliseLogGroups, normaliseSubscriptionFilters } from '../normalise/log-groups.ts';
import { normaliseNetworkInterfaces } from '../normalise/network-interfaces.ts';
import { oneLine } from '../normalise/one-line.ts';
import { normaliseSecurityGroups } from '../normalise/security-groups.ts';
import { normaliseServiceAccounts } from '../normalise/service-accounts.ts';
import { normaliseCidrReservations, normaliseSubnets } from '../normalise/subnets.ts';
import type { DumpDirectory } from './dump-directory.ts';
import { answerOf, readFact, type Origin } from './fact-of.ts';
import type { SingleFile } from './single-files.ts';

/** Facts that more than one call gives. */
type Composed = 'ec2.subnets' | 'logs.log-groups';
/** Facts whose calls form a tree that a dump does not hold. */
type LiveOnly = 'eks.updates' | 'eks.pod-identity-associations' | 'iam.roles';
type Key = keyof AwsNetworkFactValues;
type SingleKey = Exclude<Key, Composed | LiveOnly>;

const FILES: { readonly [K in SingleKey]: SingleFile<AwsNetworkFactValues[K]> } = {
  'eks.addon-schema': {
    name: 'aws/describe-addon-configuration',
    source: 'eks:DescribeAddonConfiguration',
    notFound: 'api-error',
    read: normaliseAddonSchema,
  },
  'eks.addon-versions': {
    name: 'aws/describe-addon-versions',
    source: 'eks:DescribeAddonVersions',
    notFound: 'api-error',
    read: (raw) => normaliseAddonVersions(raw),
  },
  'autoscaling.groups': {
    name: 'aws/describe-auto-scaling-groups',
    source: 'autoscaling:DescribeAutoScalingGroups',
    notFound: 'api-error',
    read: normaliseAutoScalingGroups,
  },
  'ec2.network-interfaces': {
    name: 'aws/describe-network-interfaces',
    source: 'ec2:DescribeNetworkInterfaces',
    notFound: 'api-error',
    read: normaliseNetworkInterfaces,
  },
  'ec2.security-groups': {
    name: 'aws/describe-security-groups',
    source: 'ec2:DescribeSecurityGroups',
    notFound: 'api-error',
    read: normaliseSecurityGroups,
  },
  'ec2.instance-types': {
    name: 'aws/describe-instance-types',
    source: 'ec2:DescribeInstanceTypes',
    notFound: 'api-error',
    read: normaliseInstanceTypes,
  },
  'ssm.ami-recommendations': {
    name: 'aws/get-parameters',
    source: 'ssm:GetParameters',
    notFound: 'api-error',
    read: normaliseAmiRecommendations,
  },
  'kubernetes.service-accounts': {
    name: 'kubernetes/serviceaccounts',
    source: 'GET /api/v1/serviceaccounts',
    notFound: 'api-error',
    read: normaliseServiceAccounts,
  },
};

/** A fact without its parts, and each part's file; one part that was not read leaves a fact with a hole in it. */
interface Parts<Whole, Part, T> {
  readonly file: string;
  readonly source: string;
  readonly wholes: (raw: unknown) => readonly Whole[];
  /** Never leaves the dump: ids of another form are refused. */
  readonly partFile: (whole: Whole) => string | undefined;
  readonly part: (raw: unknown) => Part;
  readonly join: (whole: Whole, part: Part) => T;
}

const importWithParts = async <Whole, Part, T>(
  dump: Pick<DumpDirectory, 'look'>,
  gatheredAt: string,
  { file, source, wholes, partFile, part, join }: Parts<Whole, Part, T>,
): Promise<Fact<readonly T[]>> => {
  const origin: Origin = { source, gatheredAt };
  const list = await dump.look(file);
  const answer = answerOf(list, origin, 'api-error');
  if (answer.kind === 'fact') return answer.fact;
  const described = readFact(list.file, origin, () => wholes(answer.value));
  if (described.state !== 'observed') return described;
  const found: T[] = [];
  for (const whole of described.value) {
    const name = partFile(whole);
    if (name === undefined) return unobserved('malformed', `${list.file}: an id of no known form`, source, gatheredAt);
    const look = await dump.look(name);
    const said = answerOf(look, origin, 'api-error');
    if (said.kind === 'fact') {
      const { fact } = said;
      if (fact.state !== 'unobserved' || fact.reason === 'malformed') return fact;
      return unobserved('partial', oneLine(`${fact.reason}: ${fact.detail}`), source, gatheredAt);
    }
    const read = readFact(look.file, origin, () => part(said.value));
    if (read.state !== 'observed') return read;
    found.push(join(whole, read.value));
  }
  return observed(found, source, gatheredAt);
};

const SUBNET_ID = /^subnet-[0-9a-f]{8,17}$/;

/**
 * The facts about the network, the roles and the logs, from the files that a dump may hold of them:
 * `aws/describe-subnets` with `aws/subnet-cidr-reservations/<subnet>`, `aws/describe-log-groups` with
 * `aws/describe-subscription-filters` (of the cluster's own log group), and one file each for the others.
 */
export const importAwsNetwork = async (
  dump: Pick<DumpDirectory, 'look'>,
  cluster: string,
  gatheredAt: string,
): Promise<{ readonly [K in Key]: Fact<AwsNetworkFactValues[K]> }> => {
  const single = async <K extends SingleKey>(key: K): Promise<Fact<AwsNetworkFactValues[K]>> => {
    const { name, source, notFound, read } = FILES[key];
    const look = await dump.look(name);
    const answer = answerOf(look, { source, gatheredAt }, notFound);
    return answer.kind === 'fact' ? answer.fact : readFact(look.file, { source, gatheredAt }, () => read(answer.value));
  };
  const liveOnly = (source: string): Fact<never> =>
    unobserved('not-collected', 'a dump does not hold it: only live collection asks for it', source, gatheredAt);
  const logGroup = `/aws/eks/${cluster}/cluster`;

  return {
    'eks.addon-schema': await single('eks.addon-schema'),
    'eks.addon-versions': await single('eks.addon-versions'),
    'eks.updates': liveOnly('eks:ListUpdates, eks:DescribeUpdate'),
    'eks.pod-identity-associations': liveOnly('eks:ListPodIdentityAssociations, eks:DescribePodIdentityAssociation'),
    'autoscaling.groups': await single('autoscaling.groups'),
    'ec2.subnets': await importWithParts(dump, gatheredAt, {
      file: 'aws/describe-subnets',
      source: 'ec2:DescribeSubnets, ec2:GetSubnetCidrReservations',
      wholes: normaliseSubnets,
      partFile: ({ id }) => (SUBNET_ID.test(id) ? `aws/subnet-cidr-reservations/${id}` : undefined),
      part: normaliseCidrReservations,
      join: (subnet, reservations): Subnet => ({ ...subnet, reservations }),
    }),
    'ec2.network-interfaces': await single('ec2.network-interfaces'),
    'ec2.security-groups': await single('ec2.security-groups'),
    'ec2.instance-types': await single('ec2.instance-types'),
    'iam.roles': liveOnly('iam:GetRole'),
    'logs.log-groups': await importWithParts(dump, gatheredAt, {
      file: 'aws/describe-log-groups',
      source: 'logs:DescribeLogGroups, logs:DescribeSubscriptionFilters',
      // A prefix also finds what only begins like it.
      wholes: (raw) => normaliseLogGroups(raw).filter(({ name }) => name === logGroup),
      partFile: () => 'aws/describe-subscription-filters',
      part: normaliseSubscriptionFilters,
      join: (group, subscriptionFilters): LogGroup => ({ ...group, subscriptionFilters }),
    }),
    'ssm.ami-recommendations': await single('ssm.ami-recommendations'),
    'kubernetes.service-accounts': await single('kubernetes.service-accounts'),
  };
};
