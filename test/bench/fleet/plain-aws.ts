import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { normaliseEksCluster } from '../../../shared/collect/normalise/eks-cluster.ts';
import { normaliseImages } from '../../../shared/collect/normalise/images.ts';
import { normaliseInstances } from '../../../shared/collect/normalise/instances.ts';
import { normaliseLaunchTemplateVersions } from '../../../shared/collect/normalise/launch-templates.ts';
import { normaliseNodegroup, normaliseNodegroupNames } from '../../../shared/collect/normalise/nodegroups.ts';
import { normaliseVpcCniAddon } from '../../../shared/collect/normalise/vpc-cni-addon.ts';
import { sortedBy } from '../../../shared/collect/normalise/order.ts';
import type { EksCluster } from '../../../shared/model/facts-aws.ts';
import type { Credentials } from '../../../shared/runtime/aws/session.ts';

export interface PlainAccount {
  readonly credentials: Credentials;
  readonly eks: EKSClient;
  readonly ec2: EC2Client;
}

/** A role's clients, as the SDK comes. */
export const enter = async (account: string, region: string): Promise<PlainAccount> => {
  const { Credentials: given } = await new STSClient({ region }).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/warden`, RoleSessionName: 'bench' }),
  );
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  await new STSClient({ region, credentials }).send(new GetCallerIdentityCommand({}));
  return { credentials, eks: new EKSClient({ region, credentials }), ec2: new EC2Client({ region, credentials }) };
};

export const readCluster = async ({ eks }: PlainAccount, name: string): Promise<EksCluster> =>
  normaliseEksCluster(await eks.send(new DescribeClusterCommand({ name })));

const nodegroupsOf = async (eks: EKSClient, clusterName: string) => {
  const names = normaliseNodegroupNames(await eks.send(new ListNodegroupsCommand({ clusterName, maxResults: 100 })));
  const groups = await Promise.all(
    names.map(async (nodegroupName) =>
      normaliseNodegroup(await eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }))),
    ),
  );
  return sortedBy(groups, ({ name }) => [name]);
};

const instancesOf = async (ec2: EC2Client, clusterName: string) => {
  const Filters = [
    { Name: 'tag-key', Values: [`kubernetes.io/cluster/${clusterName}`] },
    { Name: 'instance-state-name', Values: ['pending', 'running'] },
  ];
  const page = await ec2.send(new DescribeInstancesCommand({ Filters, MaxResults: 1000 }));
  return normaliseInstances({ Reservations: page.Reservations ?? [] });
};

const imagesOf = async (ec2: EC2Client, ids: readonly string[]) => {
  const Filters = [{ Name: 'image-id', Values: [...new Set(ids)] }];
  const page = await ec2.send(new DescribeImagesCommand({ Filters, IncludeDeprecated: true, IncludeDisabled: true }));
  return normaliseImages({ Images: page.Images ?? [] });
};

const templatesOf = async (ec2: EC2Client, used: readonly { readonly id?: string; readonly version?: string }[]) => {
  const versions = new Map<string, Set<string>>();
  for (const { id, version = '$Default' } of used) {
    if (id !== undefined) versions.set(id, (versions.get(id) ?? new Set(['$Default', '$Latest'])).add(version));
  }
  const found = await Promise.all(
    [...versions].map(async ([LaunchTemplateId, names]) => {
      const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [...names] });
      const answer = await ec2.send(command);
      return normaliseLaunchTemplateVersions({ LaunchTemplateVersions: answer.LaunchTemplateVersions ?? [] });
    }),
  );
  return sortedBy(found.flat(), ({ id, version }) => [id, version]);
};

/** The calls of an audit, as many at once as depend on nothing. */
export const readAws = async (
  { ec2, eks }: PlainAccount,
  clusterName: string,
): Promise<{ readonly [key: string]: unknown }> => {
  const addon = eks.send(new DescribeAddonCommand({ clusterName, addonName: 'vpc-cni' }));
  const [groups, instances] = await Promise.all([nodegroupsOf(eks, clusterName), instancesOf(ec2, clusterName)]);
  const used = [...instances, ...groups].flatMap(({ launchTemplate }) => launchTemplate ?? []);
  const [images, templates] = await Promise.all([
    imagesOf(
      ec2,
      instances.map(({ imageId }) => imageId),
    ),
    templatesOf(ec2, used),
  ]);
  return {
    'eks.vpc-cni-addon': normaliseVpcCniAddon(await addon),
    'eks.nodegroups': groups,
    'ec2.instances': instances,
    'ec2.images': images,
    'ec2.launch-templates': templates,
  };
};
