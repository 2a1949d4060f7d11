import type { ClusterRef } from '../model/cluster.ts';
import { singleLine } from '../model/single-line.ts';
import type { Place } from './request.ts';

export const ACCOUNT = /^\d{12}$/;
export const REGION = /^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/;
/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
export const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;
/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
export const INSTANCE_ID = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

/** Events name no partition; the Region tells it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionOf = (region: string): string =>
  PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';

export const placeOf = (account: string, region: string): Place => ({
  partition: partitionOf(region),
  account,
  region,
});

/** The cluster of this name, where it can be a cluster's name at all. */
export const clusterIn = (place: Place, name: unknown): ClusterRef | undefined =>
  typeof name === 'string' && CLUSTER_NAME.test(name) ? { ...place, name } : undefined;

const EKS_ARN =
  /^arn:([a-z-]+):eks:([a-z0-9-]+):(\d{12}):(?:cluster|addon|nodegroup|fargateprofile|access-entry)\/([^/]+)/;

/** The cluster of an EKS ARN: its own, or of an add-on, a node group, … */
export const clusterOfArn = (arn: unknown): ClusterRef | undefined => {
  const [, partition, region, account, name] = (typeof arn === 'string' ? EKS_ARN.exec(arn) : null) ?? [];
  if (partition === undefined || region === undefined || account === undefined || !REGION.test(region))
    return undefined;
  return clusterIn({ partition, account, region }, name);
};

export const samePlace = (a: Place, b: Place): boolean => a.account === b.account && a.region === b.region;

const SOURCE_LIMIT = 200;

/** What was seen, for people. */
export const sourceText = (...parts: readonly string[]): string => singleLine(parts.join(' '), SOURCE_LIMIT);

/** Path parameters stand percent-encoded in some CloudTrail records; a bad escape stands for itself. */
export const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
