import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EKSClient } from '@aws-sdk/client-eks';
import { localCredentials } from './credentials.ts';

/** Where somebody with rights on the cluster lets the auditing role in. */
export interface OnboardingTarget {
  readonly clusterName: string;
  readonly region: string;
  readonly profile?: string;
}

export interface ClusterDoor {
  /** URL of the Kubernetes API. */
  readonly endpoint: string;
  /** API, API_AND_CONFIG_MAP or CONFIG_MAP: https://docs.aws.amazon.com/eks/latest/APIReference/API_AccessConfigResponse.html */
  readonly authenticationMode: string;
}

export type Granted = 'created' | 'extended' | 'unchanged';

export interface Onboarding {
  readonly describe: () => Promise<ClusterDoor>;
  /** The role becomes a member of the group; groups that it has stay. */
  readonly grant: (principalArn: string, group: string) => Promise<Granted>;
  /** Replaces the filter of this name; another account's destination must allow this one. */
  readonly subscribe: (logGroup: string, filter: SubscriptionFilter) => Promise<void>;
}

export interface SubscriptionFilter {
  readonly name: string;
  readonly pattern: string;
  readonly destinationArn: string;
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

const grant = async (eks: EKSClient, clusterName: string, principalArn: string, group: string): Promise<Granted> => {
  const { CreateAccessEntryCommand, DescribeAccessEntryCommand, UpdateAccessEntryCommand } =
    await import('@aws-sdk/client-eks');
  const entry = { clusterName, principalArn };
  try {
    await eks.send(new CreateAccessEntryCommand({ ...entry, type: 'STANDARD', kubernetesGroups: [group] }));
    return 'created';
  } catch (error) {
    if (!isNamed(error, 'ResourceInUseException')) throw error;
  }
  const { accessEntry } = await eks.send(new DescribeAccessEntryCommand(entry));
  if (accessEntry?.type !== 'STANDARD') {
    throw new Error(`${principalArn} has an access entry of type ${accessEntry?.type ?? 'unknown'}, not STANDARD`);
  }
  const groups = accessEntry.kubernetesGroups ?? [];
  if (groups.includes(group)) return 'unchanged';
  await eks.send(new UpdateAccessEntryCommand({ ...entry, kubernetesGroups: [...groups, group] }));
  return 'extended';
};

/**
 * IAM of the person who onboards: eks:DescribeCluster, eks:CreateAccessEntry, eks:DescribeAccessEntry,
 * eks:UpdateAccessEntry, and for verdict logs logs:PutSubscriptionFilter.
 * https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
 */
export const onboarding = async ({ clusterName, region, profile }: OnboardingTarget): Promise<Onboarding> => {
  const config = { region, credentials: await localCredentials(profile) };
  const eks = new (await import('@aws-sdk/client-eks')).EKSClient(config);
  const logs = async (): Promise<CloudWatchLogsClient> =>
    new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogsClient(config);
  return {
    describe: async () => {
      const { DescribeClusterCommand } = await import('@aws-sdk/client-eks');
      const { cluster } = await eks.send(new DescribeClusterCommand({ name: clusterName }));
      if (cluster?.endpoint === undefined) throw new Error(`eks:DescribeCluster of ${clusterName} gave no endpoint`);
      // Before access entries there was only the ConfigMap, and clusters from then do not say so.
      return {
        endpoint: cluster.endpoint,
        authenticationMode: cluster.accessConfig?.authenticationMode ?? 'CONFIG_MAP',
      };
    },
    grant: (principalArn, group) => grant(eks, clusterName, principalArn, group),
    subscribe: async (logGroupName, { name, pattern, destinationArn }) => {
      const { PutSubscriptionFilterCommand } = await import('@aws-sdk/client-cloudwatch-logs');
      const client = await logs();
      await client.send(
        new PutSubscriptionFilterCommand({ logGroupName, filterName: name, filterPattern: pattern, destinationArn }),
      );
    },
  };
};
