import { DescribeImagesCommand, DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import type { Image, LaunchTemplateVersion } from '../../model/facts-aws.ts';
import { normaliseImages } from '../normalise/images.ts';
import { normaliseInstances } from '../normalise/instances.ts';
import { normaliseLaunchTemplateVersions } from '../normalise/launch-templates.ts';
import { distinct, sortedBy } from '../normalise/order.ts';
import { describeInstances } from './aws-instances.ts';
import { chunks } from './aws-pages.ts';
import { required, type CollectContext, type Collector } from './collector.ts';

/** EC2 takes at most so many values in one filter: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const FILTER_VALUES = 200;

/** AL2 is the only EKS system whose bpffs mount depends on the AMI release and on user data. */
const SELF_EVIDENT = /^(Amazon Linux 2023|Bottlerocket)\b/;

/** Where every node's operating system already decides what EC2 would be asked for, EC2 is not asked. */
export const decidedByOperatingSystem = async ({ fact }: Pick<CollectContext, 'fact'>): Promise<string | undefined> => {
  const nodes = await fact('kubernetes.nodes');
  if (nodes.state !== 'observed') return undefined;
  const linux = nodes.value.filter(({ operatingSystem }) => operatingSystem === 'linux');
  return linux.every(({ osImage }) => SELF_EVIDENT.test(osImage))
    ? 'not asked: the operating system of every node already decides what it would tell'
    : undefined;
};

export const instances: Collector<'ec2.instances'> = {
  key: 'ec2.instances',
  source: 'ec2:DescribeInstances',
  iam: [{ action: 'ec2:DescribeInstances', resource: '*' }],
  rbac: [],
  unneeded: decidedByOperatingSystem,
  collect: async ({ once }) => normaliseInstances({ Reservations: await once(describeInstances) }),
};

/** Deprecated and disabled images too: old nodes run exactly those. */
export const images: Collector<'ec2.images'> = {
  key: 'ec2.images',
  source: 'ec2:DescribeImages',
  iam: [{ action: 'ec2:DescribeImages', resource: '*' }],
  rbac: [],
  unneeded: decidedByOperatingSystem,
  collect: async (context) => {
    const { aws, signal } = context;
    const ids = distinct((await required(context, 'ec2.instances')).map(({ imageId }) => imageId));
    const ec2 = await aws.ec2();
    const found: Image[] = [];
    for (const values of chunks(ids, FILTER_VALUES)) {
      const command = new DescribeImagesCommand({
        Filters: [{ Name: 'image-id', Values: values }],
        IncludeDeprecated: true,
        IncludeDisabled: true,
      });
      const page = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
      found.push(...normaliseImages({ Images: page.Images ?? [] }));
    }
    return sortedBy(found, ({ imageId }) => [imageId]);
  },
};

interface Used {
  readonly id?: string;
  readonly name?: string;
  readonly version?: string;
}

const versionsByTemplate = (used: readonly Used[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const versions = new Map<string, Set<string>>();
  for (const { id, version } of used) {
    if (id === undefined) continue;
    const known = versions.get(id) ?? new Set<string>();
    versions.set(id, known.add(version ?? '$Default'));
  }
  return versions;
};

/** The versions that instances were started from and that node groups name. Their user data is read and not kept. */
export const launchTemplates: Collector<'ec2.launch-templates'> = {
  key: 'ec2.launch-templates',
  source: 'ec2:DescribeLaunchTemplateVersions',
  iam: [{ action: 'ec2:DescribeLaunchTemplateVersions', resource: '*' }],
  rbac: [],
  unneeded: decidedByOperatingSystem,
  collect: async (context) => {
    const { aws, signal } = context;
    const running = await required(context, 'ec2.instances');
    const groups = await required(context, 'eks.nodegroups');
    const used = [...running, ...groups].flatMap(({ launchTemplate }) => launchTemplate ?? []);
    const ec2 = await aws.ec2();
    const found = await Promise.all(
      [...versionsByTemplate(used)].map(async ([id, versions]): Promise<readonly LaunchTemplateVersion[]> => {
        // With the newest and the default among them it is known which these are.
        const Versions = [...new Set([...versions, '$Default', '$Latest'])];
        const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions });
        const answer = await aws.limit(() => ec2.send(command, { abortSignal: signal }));
        return normaliseLaunchTemplateVersions({ LaunchTemplateVersions: answer.LaunchTemplateVersions ?? [] });
      }),
    );
    // A version that is also the default or the newest may come once for each of its names.
    const each = new Map(found.flat().map((version) => [`${version.id} ${version.version}`, version]));
    return sortedBy([...each.values()], ({ id, version }) => [id, version]);
  },
};
