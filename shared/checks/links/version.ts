/** Dotted versions as EKS, the VPC CNI and Linux write them. */

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `N` of `-eksbuild.N`; 0 where there is none. */
  readonly eksBuild: number;
}

const DOTTED = /^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:-eksbuild\.(\d{1,6}))?/;

/** The version at the start of a text (`v1.14.0-eksbuild.3`, `5.10.186-179.amzn2.x86_64`, `1.33+`), or nothing. */
export const parseVersion = (text: string): Version | undefined => {
  const match = DOTTED.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, eksBuild] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0), eksBuild: Number(eksBuild ?? 0) };
};

/** Negative, zero or positive, by major, minor, patch; builds of one release are equal. */
export const compareVersions = (a: Version, b: Version): number =>
  a.major - b.major || a.minor - b.minor || a.patch - b.patch;

export const version = (major: number, minor: number, patch = 0): Version => ({ major, minor, patch, eksBuild: 0 });

export const atLeast = (found: Version, minimum: Version): boolean => compareVersions(found, minimum) >= 0;

export const formatVersion = (v: Version): string => `${v.major}.${v.minor}.${v.patch}`;

/** The version in an image's tag; a digest or a tag of words has none. */
export const imageVersion = (image: string): Version | undefined => {
  const slash = image.lastIndexOf('/');
  const name = image.slice(slash + 1).split('@')[0] ?? '';
  const colon = name.indexOf(':');
  return colon < 0 ? undefined : parseVersion(name.slice(colon + 1));
};
