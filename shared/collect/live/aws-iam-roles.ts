import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import type { PolicyStatement, RolePurpose, RoleReading } from '../../model/facts-aws-network.ts';
import {
  normaliseAttachedPolicyArns,
  normaliseDefaultVersion,
  normaliseInlinePolicyNames,
  normalisePolicyVersion,
  normaliseRole,
  normaliseRolePolicy,
  readRoleArn,
} from '../normalise/iam-roles.ts';
import { describeFound } from '../normalise/expectation.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { distinct, sortedBy } from '../normalise/order.ts';
import { isServiceAccountOfInterest } from '../normalise/service-accounts.ts';
import { required, type CollectContext, type Collector } from './collector.ts';
import { allPages } from './aws-pages.ts';

const ROLE_ARN = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*';
/** Policies of the account and those of AWS. */
const POLICY_ARNS = [
  'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*',
  'arn:${AWS::Partition}:iam::aws:policy/*',
];

type Use = Pick<RoleReading, 'purpose' | 'arn' | 'through'>;

const PURPOSES: ReadonlyMap<string, RolePurpose> = new Map([
  ['aws-node', 'aws-node'],
  ['aws-load-balancer-controller', 'aws-load-balancer-controller'],
  ['external-dns', 'external-dns'],
]);

/** The cluster's role, and what the service accounts of interest get through either mechanism; each use once. */
const usesOf = async (context: CollectContext): Promise<readonly Use[]> => {
  const { roleArn } = await required(context, 'eks.cluster');
  const accounts = await required(context, 'kubernetes.service-accounts');
  const associations = (await required(context, 'eks.pod-identity-associations')).filter((association) =>
    isServiceAccountOfInterest({ namespace: association.namespace, name: association.serviceAccount }),
  );
  const bound = [
    ...accounts.map(({ name, roleArn: arn }) => ({ name, arn, through: 'irsa' as const })),
    ...associations.map(({ serviceAccount: name, roleArn: arn }) => ({ name, arn, through: 'pod-identity' as const })),
  ];
  const uses: readonly Use[] = [
    ...(roleArn === undefined ? [] : [{ purpose: 'cluster' as const, arn: roleArn, through: 'cluster' as const }]),
    ...bound.flatMap(({ name, arn, through }) => {
      const purpose = PURPOSES.get(name);
      return purpose === undefined || arn === undefined ? [] : [{ purpose, arn, through }];
    }),
  ];
  return [...new Map(uses.map((use) => [JSON.stringify(use), use])).values()];
};

type Contents = Pick<RoleReading, 'reading' | 'attachedPolicyArns' | 'trust' | 'statements'>;

const NOTHING_READ = { attachedPolicyArns: [], trust: [], statements: [] } as const;

const isMissing = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'NoSuchEntityException' || error.name === 'NoSuchEntity');

/** Reads roles and policies, each once however many uses they have. */
const reader = ({ aws, cluster, signal }: CollectContext, iam: IAMClient) => {
  const options = { abortSignal: signal };
  const policies = new Map<string, Promise<readonly PolicyStatement[]>>();
  const contents = new Map<string, Promise<Contents>>();

  const managedPolicy = async (PolicyArn: string): Promise<readonly PolicyStatement[]> => {
    const policy = await aws.limit(() => iam.send(new GetPolicyCommand({ PolicyArn }), options));
    const VersionId = normaliseDefaultVersion(policy);
    const version = await aws.limit(() => iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }), options));
    return normalisePolicyVersion(version);
  };
  const managed = (arn: string): Promise<readonly PolicyStatement[]> => {
    const reading = policies.get(arn) ?? managedPolicy(arn);
    policies.set(arn, reading);
    return reading;
  };
  const inline = async (RoleName: string, PolicyName: string): Promise<readonly PolicyStatement[]> =>
    normaliseRolePolicy(await aws.limit(() => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }), options)));

  const trustOf = async (RoleName: string, arn: string): Promise<readonly PolicyStatement[] | 'missing'> => {
    try {
      const role = normaliseRole(await aws.limit(() => iam.send(new GetRoleCommand({ RoleName }), options)));
      // A name is unique in an account and a path is not part of it, so an ARN may name a role that is not this one.
      return role.arn === arn ? role.trust : 'missing';
    } catch (error) {
      if (isMissing(error)) return 'missing';
      throw error;
    }
  };

  const read = async (arn: string): Promise<Contents> => {
    const parts = readRoleArn(arn);
    if (parts === undefined) throw new MalformedError('roleArn', 'ARN of an IAM role', describeFound(arn));
    // GetRole takes a name: asked here, a stranger's role would be mistaken for our own of the same name.
    if (parts.account !== cluster.account) return { reading: 'other-account', ...NOTHING_READ };
    const RoleName = parts.name;
    const trust = await trustOf(RoleName, arn);
    if (trust === 'missing') return { reading: 'missing', ...NOTHING_READ };
    const attached = await allPages(async (Marker) => {
      const page = await aws.limit(() => iam.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker }), options));
      return { items: normaliseAttachedPolicyArns(page), next: page.IsTruncated === true ? page.Marker : undefined };
    });
    const names = await allPages(async (Marker) => {
      const page = await aws.limit(() => iam.send(new ListRolePoliciesCommand({ RoleName, Marker }), options));
      return { items: normaliseInlinePolicyNames(page), next: page.IsTruncated === true ? page.Marker : undefined };
    });
    const attachedPolicyArns = distinct(attached);
    const statements = await Promise.all([
      ...attachedPolicyArns.map(managed),
      ...distinct(names).map((name) => inline(RoleName, name)),
    ]);
    return { reading: 'read', attachedPolicyArns, trust, statements: statements.flat() };
  };
  return (arn: string): Promise<Contents> => {
    const reading = contents.get(arn) ?? read(arn);
    contents.set(arn, reading);
    return reading;
  };
};

export const iamRoles: Collector<'iam.roles'> = {
  key: 'iam.roles',
  source:
    'iam:GetRole, iam:ListAttachedRolePolicies, iam:GetPolicy, iam:GetPolicyVersion, iam:ListRolePolicies, iam:GetRolePolicy',
  iam: [
    ...['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies', 'iam:GetRolePolicy'].map((action) => ({
      action,
      resource: ROLE_ARN,
    })),
    ...['iam:GetPolicy', 'iam:GetPolicyVersion'].flatMap((action) =>
      POLICY_ARNS.map((resource) => ({ action, resource })),
    ),
  ],
  rbac: [],
  collect: async (context) => {
    const uses = await usesOf(context);
    const contentsOf = reader(context, await context.aws.iam());
    const found = await Promise.all(
      uses.map(async (use): Promise<RoleReading> => {
        const contents = await contentsOf(use.arn);
        return { ...use, name: readRoleArn(use.arn)?.name ?? '', ...contents };
      }),
    );
    return sortedBy(found, ({ purpose, arn, through }) => [purpose, arn, through]);
  },
};
