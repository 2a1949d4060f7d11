import type { Observed } from '../../model/fact.ts';
import type { EksCluster } from '../../model/facts-aws.ts';
import { evidence, unreadable } from './evidence.ts';
import type { Link } from './link.ts';
import { parseVersion } from './version.ts';

export const KUBERNETES_VERSION_MESSAGES = {
  'version-supported': 'Kubernetes {version} on platform {platform} supports NetworkPolicy enforcement by the VPC CNI',
  'version-too-old': 'Kubernetes {version} is older than 1.25, the first that the VPC CNI enforces NetworkPolicy on',
  'platform-too-old':
    'Kubernetes {version} needs platform eks.{minimum} or later for NetworkPolicy; this is {platform}',
  'version-unreadable': 'The cluster version {version} on platform {platform} cannot be understood',
} as const;

/** First platform version with the network policy controller, by minor; later minors have it on every platform. */
const FIRST_PLATFORM: Readonly<Record<number, number>> = { 25: 7, 26: 6, 27: 5 };

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html (considerations: platform versions). */
export const kubernetesVersion = (cluster: Observed<EksCluster>): Link<keyof typeof KUBERNETES_VERSION_MESSAGES> => {
  const { version, platformVersion } = cluster.value;
  const found = parseVersion(version);
  const platform = /^eks\.(\d{1,6})$/.exec(platformVersion)?.[1];
  const values = { version, platform: platformVersion };
  const seen = [
    evidence('eks.cluster', cluster, 'version', version),
    evidence('eks.cluster', cluster, 'platformVersion', platformVersion),
  ] as const;
  if (found === undefined) {
    const detail = `version: expected <major>.<minor>, found ${version}`;
    return {
      state: 'unknown',
      message: 'version-unreadable',
      values,
      missing: [unreadable('eks.cluster', cluster, detail)],
    };
  }
  if (found.major === 1 && found.minor < 25)
    return { state: 'broken', message: 'version-too-old', values, evidence: [seen[0]] };
  const minimum = found.major === 1 ? FIRST_PLATFORM[found.minor] : undefined;
  if (minimum === undefined) return { state: 'holds', message: 'version-supported', values, evidence: [...seen] };
  if (platform === undefined) {
    const detail = `platformVersion: expected eks.<number>, found ${platformVersion}`;
    return {
      state: 'unknown',
      message: 'version-unreadable',
      values,
      missing: [unreadable('eks.cluster', cluster, detail)],
    };
  }
  return Number(platform) >= minimum
    ? { state: 'holds', message: 'version-supported', values, evidence: [...seen] }
    : { state: 'broken', message: 'platform-too-old', values: { ...values, minimum }, evidence: [...seen] };
};
