import * as z from 'zod';
import type { LaunchTemplateVersion } from '../../model/facts-aws.ts';
import { given, text } from './field.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { readUserData } from './user-data.ts';

const version = z.object({
  LaunchTemplateId: text,
  LaunchTemplateName: text,
  VersionNumber: z.int(),
  DefaultVersion: z.boolean(),
  LaunchTemplateData: z.object({
    ImageId: text.nullish(),
    InstanceType: text.nullish(),
    UserData: z.string().nullish(),
  }),
});

type Version = z.output<typeof version>;

const readVersion = (item: unknown, index: number): Version => parse(version, item, `LaunchTemplateVersions[${index}]`);

const toModel = (read: Version, isLatest: boolean): LaunchTemplateVersion => ({
  id: read.LaunchTemplateId,
  name: read.LaunchTemplateName,
  version: String(read.VersionNumber),
  isDefault: read.DefaultVersion,
  isLatest,
  userData: readUserData(read.LaunchTemplateData.UserData ?? undefined),
  ...given({ imageId: read.LaunchTemplateData.ImageId, instanceType: read.LaunchTemplateData.InstanceType }),
});

const answer = z.object({ LaunchTemplateVersions: z.array(z.unknown()) });

/**
 * ec2:DescribeLaunchTemplateVersions, `{ LaunchTemplateVersions: […] }`, sorted by template id and version number
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateVersion.html). The API marks the default
 * version and not the latest: the latest is the highest number of its template **in this answer**, so ask for all
 * versions, or for `$Latest` among them. The user data itself is read and dropped.
 * @throws MalformedError
 */
export const normaliseLaunchTemplateVersions = (raw: unknown): readonly LaunchTemplateVersion[] => {
  const versions = parse(answer, raw, '').LaunchTemplateVersions.map(readVersion);
  const latest = new Map<string, number>();
  for (const { LaunchTemplateId, VersionNumber } of versions) {
    latest.set(LaunchTemplateId, Math.max(latest.get(LaunchTemplateId) ?? VersionNumber, VersionNumber));
  }
  const sorted = sortedBy(
    versions.toSorted((a, b) => a.VersionNumber - b.VersionNumber),
    ({ LaunchTemplateId }) => [LaunchTemplateId],
  );
  return sorted.map((read) => toModel(read, latest.get(read.LaunchTemplateId) === read.VersionNumber));
};
