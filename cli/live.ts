import { type Command, Option } from 'commander';
import type { ProbeChoice } from '../shared/collect/live/collectors.ts';
import type { Collected, LiveTarget } from '../shared/compose-live.ts';
import type { FactKey } from '../shared/model/snapshot.ts';
import { oneLine, progress, UsageError, type Io } from './io.ts';
import { VERSION } from './version.ts';

/** The flags of a live collection, as the AWS command line and kubectl spell them. */
export interface LiveFlags {
  readonly cluster?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly sessionTag?: readonly string[];
  readonly probe: 'off' | 'readyz' | 'ssm';
  readonly probeInstance?: readonly string[];
  readonly deadline: string;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const withLiveFlags = (command: Command): Command =>
  command
    .option('--cluster <name>', 'name of the EKS cluster')
    .option('--region <region>', 'AWS Region (default: AWS_REGION)')
    .option('--profile <name>', 'profile of the AWS shared configuration files')
    .option('--role-arn <arn>', 'role to assume first, as in a member account')
    .option('--external-id <id>', 'external id that the role demands')
    .option('--session-tag <key=value>', 'session tag for the role; repeatable', collect)
    .option('--context <name>', 'connect through this kubeconfig context instead of with a token of ours')
    .option('--kubeconfig <file>', 'connect through this kubeconfig')
    .addOption(
      new Option(
        '--probe <kind>',
        'look on the nodes themselves: readyz asks every agent, ssm runs findmnt on named instances',
      )
        .choices(['off', 'readyz', 'ssm'])
        .default('off'),
    )
    .option('--probe-instance <id>', 'instance for --probe ssm; repeatable, at most 50', collect)
    .option('--deadline <seconds>', 'for the whole collection; what is not read by then is not observed', '120');

const sessionTags = (given: readonly string[]): { readonly [key: string]: string } =>
  Object.fromEntries(
    given.map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw new UsageError(`--session-tag ${text}: expected <key>=<value>`);
      return [text.slice(0, equals), text.slice(equals + 1)] as const;
    }),
  );

/** EKS: a letter or digit, then letters, digits, hyphens and underscores. https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;

const targetOf = (flags: LiveFlags, io: Io): LiveTarget => {
  const region = flags.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'];
  if (flags.cluster === undefined || !CLUSTER_NAME.test(flags.cluster)) {
    throw new UsageError('expected --cluster <name> (or --snapshot <path…> for clusters recorded before)');
  }
  if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) {
    throw new UsageError(
      `expected --region <region> or AWS_REGION, as eu-west-1; found ${oneLine(region ?? 'neither')}`,
    );
  }
  if (flags.roleArn !== undefined && !/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(flags.roleArn)) {
    throw new UsageError(`--role-arn ${oneLine(flags.roleArn)}: expected arn:<partition>:iam::<account>:role/<name>`);
  }
  const viaKubeconfig = flags.context !== undefined || flags.kubeconfig !== undefined;
  return {
    clusterName: flags.cluster,
    region,
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
    ...(flags.roleArn === undefined ? {} : { roleArn: flags.roleArn }),
    ...(flags.externalId === undefined ? {} : { externalId: flags.externalId }),
    ...(flags.sessionTag === undefined ? {} : { sessionTags: sessionTags(flags.sessionTag) }),
    ...(viaKubeconfig
      ? {
          kubeconfig: {
            ...(flags.kubeconfig === undefined ? {} : { path: flags.kubeconfig }),
            ...(flags.context === undefined ? {} : { context: flags.context }),
          },
        }
      : {}),
  };
};

const probeOf = ({ probe, probeInstance = [] }: LiveFlags): ProbeChoice => {
  if (probe !== 'ssm') {
    if (probeInstance.length > 0) throw new UsageError('--probe-instance goes with --probe ssm');
    return { kind: probe };
  }
  const bad = probeInstance.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (probeInstance.length === 0 || probeInstance.length > 50 || bad !== undefined) {
    throw new UsageError(
      `--probe ssm: expected 1 to 50 --probe-instance i-…, found ${bad ?? String(probeInstance.length)}`,
    );
  }
  return { kind: 'ssm', instanceIds: probeInstance };
};

const MOST_SECONDS = 3600;

const deadlineOf = (text: string): number => {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 1 || seconds > MOST_SECONDS) {
    throw new UsageError(`--deadline ${oneLine(text)}: expected seconds from 1 to ${MOST_SECONDS}`);
  }
  return seconds;
};

/** Collects one cluster, with a progress line where a person watches. */
export const collectCluster = async (
  flags: LiveFlags,
  keys: readonly FactKey[],
  extent: 'lean' | 'whole',
  io: Io,
): Promise<Collected> => {
  const target = targetOf(flags, io);
  const deadlineSeconds = deadlineOf(flags.deadline);
  // Only here: a run on snapshots loads no SDK.
  const { collectLive } = await import('../shared/compose-live.ts');
  const bar = progress(io);
  let done = 0;
  try {
    return await collectLive({
      target,
      keys,
      extent,
      probes: probeOf(flags),
      deadlineSeconds,
      userAgent: `netpol-warden/${VERSION}`,
      onFact: (key) => {
        done += 1;
        bar.show(`collecting ${target.clusterName}: ${done}/${keys.length} facts, last ${key}`);
      },
    });
  } finally {
    bar.clear();
  }
};

/** What the collection cost, in one line. */
export const costLine = ({ aws, kubernetesCalls }: Collected, milliseconds: number): string => {
  const calls = [...aws.counts().values()].reduce((sum, count) => sum + count, 0);
  return `${calls} AWS calls and ${kubernetesCalls} Kubernetes calls in ${(milliseconds / 1000).toFixed(1)} s`;
};
