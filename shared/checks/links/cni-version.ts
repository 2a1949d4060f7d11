import type { Fact, Observed } from '../../model/fact.ts';
import type { VpcCniAddon } from '../../model/facts-aws.ts';
import type { Container } from '../../model/facts-kubernetes.ts';
import type { FactKey } from '../../model/snapshot.ts';
import { evidence, unreadable } from './evidence.ts';
import type { Link } from './link.ts';
import { atLeast, formatVersion, imageVersion, parseVersion, version, type Version } from './version.ts';

export const CNI_VERSION_MESSAGES = {
  'cni-supported': 'VPC CNI {version} can enforce NetworkPolicy',
  'cni-too-old': 'VPC CNI {version} is older than {minimum}, the first that can enforce NetworkPolicy',
  'cni-version-unreadable': 'The image {image} does not tell the VPC CNI version',
} as const;

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html: 1.14.0, as the EKS add-on v1.14.0-eksbuild.3. */
const FIRST = version(1, 14, 0);
const FIRST_EKS_BUILD = 3;

export interface RunningCni {
  readonly version: Version;
  /** `declared` where the image's tag tells nothing and the add-on's version has to stand in. */
  readonly grade: 'observed' | 'declared';
  readonly text: string;
}

/** The version of the aws-node container that runs, or what the managed add-on says it installed. */
export const runningCni = (container: Container | undefined, addon: Fact<VpcCniAddon>): RunningCni | undefined => {
  const tagged = container === undefined ? undefined : imageVersion(container.image);
  if (tagged !== undefined) return { version: tagged, grade: 'observed', text: container?.image ?? '' };
  if (addon.state !== 'observed') return undefined;
  const declared = parseVersion(addon.value.version);
  return declared === undefined ? undefined : { version: declared, grade: 'declared', text: addon.value.version };
};

/**
 * Whether the VPC CNI that runs is new enough.
 * @param holder the fact that the container was read from, and the container's path in it
 */
export const cniVersion = (
  container: Container | undefined,
  addon: Fact<VpcCniAddon>,
  holder: { readonly key: FactKey; readonly fact: Observed<unknown>; readonly path: string },
): Link<keyof typeof CNI_VERSION_MESSAGES> => {
  const running = runningCni(container, addon);
  const image = container?.image ?? '(no container aws-node)';
  if (running === undefined) {
    const detail = `${holder.path}.image: expected a tag that begins with the version, found ${image}`;
    return {
      state: 'unknown',
      message: 'cni-version-unreadable',
      values: { image },
      missing: [unreadable(holder.key, holder.fact, detail)],
    };
  }
  const seen =
    running.grade === 'declared' && addon.state === 'observed'
      ? evidence('eks.vpc-cni-addon', addon, 'version', running.text, 'declared')
      : evidence(holder.key, holder.fact, `${holder.path}.image`, running.text);
  const managed = running.version.eksBuild > 0;
  const isFirst = running.version.major === 1 && running.version.minor === 14 && running.version.patch === 0;
  const supported =
    atLeast(running.version, FIRST) && !(managed && isFirst && running.version.eksBuild < FIRST_EKS_BUILD);
  const shown = managed
    ? `${formatVersion(running.version)}-eksbuild.${running.version.eksBuild}`
    : formatVersion(running.version);
  return supported
    ? { state: 'holds', message: 'cni-supported', values: { version: shown }, evidence: [seen] }
    : {
        state: 'broken',
        message: 'cni-too-old',
        values: { version: shown, minimum: managed ? '1.14.0-eksbuild.3' : '1.14.0' },
        evidence: [seen],
      };
};
