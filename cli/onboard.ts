import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { ClusterDoor, Onboarding, SubscriptionFilter } from '../shared/runtime/aws/access-entry.ts';
import { oneLine, UsageError, type ExitCode, type Io } from './io.ts';
import { applyManifest, serverOfKubectl } from './kubectl.ts';

interface OnboardFlags {
  readonly cluster: string;
  readonly region?: string;
  readonly roleArn: string;
  readonly profile?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly verdictLogs?: string;
  readonly dryRun: boolean;
}

interface Plan {
  readonly cluster: string;
  readonly region: string;
  readonly roleArn: string;
  readonly logs?: SubscriptionFilter;
}

/** The group that infra/rbac.generated.yml binds. */
const GROUP = 'netpol-warden-readers';
export const MANIFEST = 'infra/rbac.generated.yml';

const wanted = (name: string, value: string | undefined, pattern: RegExp, expected: string): string => {
  if (value !== undefined && pattern.test(value)) return value;
  throw new UsageError(`${name}: expected ${expected}${value === undefined ? '' : `, found ${oneLine(value, 100)}`}`);
};

const planOf = (flags: OnboardFlags, io: Io): Plan => {
  const destination = flags.verdictLogs;
  const arn = /^arn:[\w-]+:(logs:[\w-]+:\d{12}:destination:[\w.-]+|lambda:[\w-]+:\d{12}:function:[\w-]+)$/;
  const logs = 'the ARN of a destination of CloudWatch Logs or of the function watch-verdicts';
  return {
    // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
    cluster: wanted('--cluster', flags.cluster, /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, 'the name of an EKS cluster'),
    region: wanted(
      '--region',
      flags.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'],
      /^[a-z]{2}(-[a-z]+)+-\d+$/,
      'a Region, as eu-west-1, or AWS_REGION',
    ),
    roleArn: wanted(
      '--role-arn',
      flags.roleArn,
      /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      'arn:<partition>:iam::<account>:role/<name>, the role that audits',
    ),
    ...(destination === undefined
      ? {}
      : {
          logs: {
            name: 'netpol-warden-denials',
            pattern: '"PolicyVerdict: DENY"',
            destinationArn: wanted('--verdict-logs', destination, arn, logs),
          },
        }),
  };
};

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
const command = (name: string, options: { readonly [flag: string]: string | undefined }): string => {
  const given = Object.entries(options).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, quoted(value)],
  );
  return `${[name, ...given].join(' ')}\n`;
};
const logGroupOf = (cluster: string): string => `/aws/eks/${cluster}/cluster`;

/** Every command that does what `onboard` does, to be read, kept or run by somebody else; and the same for Terraform. */
const script = ({ cluster, region, roleArn, logs }: Plan, flags: OnboardFlags): string => {
  const { kubeconfig, context, profile } = flags;
  const parts = [
    '# 1. What the group may read in the cluster\n',
    command('kubectl apply', { kubeconfig, context, filename: MANIFEST }),
    '\n# 2. The auditing role becomes a member of that group, and of nothing else\n',
    command('aws eks create-access-entry', {
      'cluster-name': cluster,
      'principal-arn': roleArn,
      type: 'STANDARD',
      'kubernetes-groups': GROUP,
      region,
      profile,
    }),
  ];
  if (logs !== undefined) {
    parts.push(
      '\n# 3. Denied flows, and no other line\n',
      command('aws logs put-subscription-filter', {
        'log-group-name': logGroupOf(cluster),
        'filter-name': logs.name,
        'filter-pattern': logs.pattern,
        'destination-arn': logs.destinationArn,
        region,
        profile,
      }),
    );
  }
  parts.push(`
# 2 in Terraform
resource "aws_eks_access_entry" "netpol_warden" {
  cluster_name      = "${cluster}"
  principal_arn     = "${roleArn}"
  type              = "STANDARD"
  kubernetes_groups = ["${GROUP}"]
}
`);
  return parts.join('');
};

const refuseWithoutEntries = ({ authenticationMode }: ClusterDoor, { cluster, region }: Plan): void => {
  if (authenticationMode !== 'CONFIG_MAP') return;
  throw new UsageError(
    `${cluster} takes no access entries (authentication mode CONFIG_MAP). First: aws eks update-cluster-config ` +
      `--name ${cluster} --region ${region} --access-config authenticationMode=API_AND_CONFIG_MAP`,
  );
};

/** `apply` goes where kubectl points: that has to be this cluster, or somebody else's would be changed. */
const refuseOtherCluster = (server: string, { endpoint }: ClusterDoor, { cluster }: Plan): void => {
  if (URL.canParse(server) && new URL(server).host === new URL(endpoint).host) return;
  throw new UsageError(
    `kubectl points to ${oneLine(server, 200)}, not to ${cluster} at ${endpoint}: give --context or --kubeconfig, ` +
      'or run the commands of --dry-run by hand',
  );
};

const onboard = async (plan: Plan, flags: OnboardFlags, io: Io, aws: Onboarding): Promise<void> => {
  const door = await aws.describe();
  refuseWithoutEntries(door, plan);
  refuseOtherCluster(await serverOfKubectl(flags, io.env), door, plan);
  const manifest = await readFile(new URL(`../${MANIFEST}`, import.meta.url), 'utf8');
  io.stderr(await applyManifest(manifest, flags, io.env));
  const granted = await aws.grant(plan.roleArn, GROUP);
  io.stderr(`access entry of ${plan.roleArn}: ${granted}\n`);
  if (plan.logs !== undefined) {
    await aws.subscribe(logGroupOf(plan.cluster), plan.logs);
    io.stderr(`${logGroupOf(plan.cluster)}: denials go to ${plan.logs.destinationArn}\n`);
  }
  io.stderr(`now: netpol-warden audit --cluster ${plan.cluster} --region ${plan.region}, as that role\n`);
};

export const onboardCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  new Command('onboard')
    .description('let the auditing role read one cluster: an access entry, and read-only rules for its group')
    .requiredOption('--cluster <name>', 'name of the EKS cluster')
    .requiredOption('--role-arn <arn>', 'role that audits, as the output ReaderRoleArn of the member stack')
    .option('--region <region>', 'AWS Region (default: AWS_REGION)')
    .option('--profile <name>', 'profile of the AWS shared configuration files, with rights on the cluster')
    .option('--context <name>', 'kubeconfig context for kubectl')
    .option('--kubeconfig <file>', 'kubeconfig for kubectl')
    .option('--verdict-logs <arn>', 'send denied flows there: a destination of CloudWatch Logs, or watch-verdicts')
    .option('--dry-run', 'print the commands, and a Terraform snippet, and call nobody', false)
    .action(async (flags: OnboardFlags) => {
      const plan = planOf(flags, io);
      if (flags.dryRun) {
        io.stdout(script(plan, flags));
        done(0);
        return;
      }
      // Only here: a dry run loads no SDK.
      const { onboarding } = await import('../shared/runtime/aws/access-entry.ts');
      const { cluster: clusterName, region } = plan;
      const { profile } = flags;
      const aws = await onboarding({ clusterName, region, ...(profile === undefined ? {} : { profile }) });
      await onboard(plan, flags, io, aws);
      done(0);
    });
