import { describe, expect, it } from 'vitest';
import {
  atLeast,
  compareVersions,
  formatVersion,
  imageVersion,
  parseVersion,
  version,
} from '../../../shared/checks/links/version.ts';

describe('parseVersion', () => {
  it('reads an add-on version with its build', () => {
    expect(parseVersion('v1.14.0-eksbuild.3')).toEqual({ major: 1, minor: 14, patch: 0, eksBuild: 3 });
  });

  it('reads an upstream release without a build', () => {
    expect(parseVersion('v1.21.1')).toEqual({ major: 1, minor: 21, patch: 1, eksBuild: 0 });
  });

  it('reads a Kubernetes version of two numbers', () => {
    expect(parseVersion('1.33')).toEqual({ major: 1, minor: 33, patch: 0, eksBuild: 0 });
  });

  it('reads the plus that some distributions put behind the minor', () => {
    expect(parseVersion('1.33+')).toEqual({ major: 1, minor: 33, patch: 0, eksBuild: 0 });
  });

  it('takes the numbers before what a kernel release carries behind them', () => {
    expect(parseVersion('5.10.186-179.751.amzn2.x86_64')).toEqual({ major: 5, minor: 10, patch: 186, eksBuild: 0 });
  });

  it('knows only eksbuild as a build', () => {
    expect(parseVersion('v1.14.0-rc.3')).toEqual({ major: 1, minor: 14, patch: 0, eksBuild: 0 });
  });

  it('finds none in words, in a lone number, behind other text or in nothing', () => {
    expect(parseVersion('latest')).toBeUndefined();
    expect(parseVersion('5')).toBeUndefined();
    expect(parseVersion('release-1.14.0')).toBeUndefined();
    expect(parseVersion(' 1.14.0')).toBeUndefined();
    expect(parseVersion('')).toBeUndefined();
  });

  it('does not take a number of seven digits for a version', () => {
    expect(parseVersion('20260406.1.2')).toBeUndefined();
  });
});

describe('compareVersions', () => {
  it('compares major before minor before patch, as numbers', () => {
    expect(compareVersions(version(2, 0), version(1, 99))).toBeGreaterThan(0);
    expect(compareVersions(version(1, 9), version(1, 10))).toBeLessThan(0);
    expect(compareVersions(version(1, 14, 2), version(1, 14, 10))).toBeLessThan(0);
  });

  it('takes two builds of one release for equal', () => {
    const third = { major: 1, minor: 14, patch: 0, eksBuild: 3 };
    expect(compareVersions(third, { ...third, eksBuild: 1 })).toBe(0);
  });
});

describe('atLeast', () => {
  it('holds at the minimum itself and not just below', () => {
    expect(atLeast(version(1, 14, 0), version(1, 14, 0))).toBe(true);
    expect(atLeast(version(1, 13, 99), version(1, 14, 0))).toBe(false);
  });
});

describe('formatVersion', () => {
  it('writes three numbers and no build', () => {
    expect(formatVersion({ major: 1, minor: 14, patch: 0, eksBuild: 3 })).toBe('1.14.0');
  });
});

describe('imageVersion', () => {
  it('reads the tag of an ECR image', () => {
    expect(imageVersion('602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.21.1-eksbuild.1')).toEqual({
      major: 1,
      minor: 21,
      patch: 1,
      eksBuild: 1,
    });
  });

  it('does not take the port of a registry for a tag', () => {
    expect(imageVersion('registry.corp.example:5000/amazon-k8s-cni')).toBeUndefined();
    expect(imageVersion('registry.corp.example:5000/amazon-k8s-cni:v1.21.1')).toEqual(version(1, 21, 1));
  });

  it('does not take a digest for a tag, and reads a tag before one', () => {
    expect(imageVersion('public.ecr.aws/eks/amazon-k8s-cni@sha256:1.14.0')).toBeUndefined();
    expect(imageVersion('public.ecr.aws/eks/amazon-k8s-cni:v1.21.1@sha256:0a1b')).toEqual(version(1, 21, 1));
  });

  it('reads an image without a registry', () => {
    expect(imageVersion('amazon-k8s-cni:v1.14.0')).toEqual(version(1, 14, 0));
  });

  it('finds none in a tag of words, without a tag, or in nothing', () => {
    expect(imageVersion('public.ecr.aws/eks/amazon-k8s-cni:latest')).toBeUndefined();
    expect(imageVersion('public.ecr.aws/eks/amazon-k8s-cni')).toBeUndefined();
    expect(imageVersion('')).toBeUndefined();
  });
});
