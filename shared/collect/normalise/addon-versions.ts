import { compare, parse as parseVersion } from 'semver';
import * as z from 'zod';
import type { AddonVersion } from '../../model/facts-aws-network.ts';
import { listOf, text } from './field.ts';
import { compareText } from './order.ts';
import { parse } from './parse.ts';

const compatibility = z.object({ clusterVersion: text.nullish(), defaultVersion: z.boolean().nullish() });

const answer = z.object({
  addons: z.array(
    z.object({
      addonName: z.literal('vpc-cni'),
      addonVersions: listOf(z.object({ addonVersion: text, compatibilities: listOf(compatibility) })),
    }),
  ),
});

/** `v1.21.1-eksbuild.3` is above `v1.21.1-eksbuild.1`; what is no version stands last. */
const newestFirst = (a: AddonVersion, b: AddonVersion): number => {
  const left = parseVersion(a.version);
  const right = parseVersion(b.version);
  if (left !== null && right !== null) return compare(right, left) || compareText(a.version, b.version);
  return Number(left === null) - Number(right === null) || compareText(a.version, b.version);
};

/**
 * eks:DescribeAddonVersions of `vpc-cni`, `{ addons: [{ addonVersions }] }`, newest first
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonVersionInfo.html). The same add-on may stand in several
 * pages. Asked for one Kubernetes version, each version lists that one; others are left out.
 * @throws MalformedError
 */
export const normaliseAddonVersions = (raw: unknown, kubernetesVersion?: string): readonly AddonVersion[] => {
  const found = new Map<string, AddonVersion>();
  for (const { addonVersion, compatibilities } of parse(answer, raw, '').addons.flatMap(
    (addon) => addon.addonVersions,
  )) {
    const ours = compatibilities.filter(
      ({ clusterVersion }) => kubernetesVersion === undefined || clusterVersion === kubernetesVersion,
    );
    if (ours.length === 0) continue;
    const isDefault = ours.some(({ defaultVersion }) => defaultVersion === true);
    found.set(addonVersion, { version: addonVersion, isDefault });
  }
  return [...found.values()].toSorted(newestFirst);
};
