import { describe, expect, test } from 'vitest';
import { normaliseNodegroup, normaliseNodegroupNames } from '../../../shared/collect/normalise/nodegroups.ts';
import { refusal } from './malformed.ts';

const nodegroup = {
  nodegroupName: 'general',
  clusterName: 'shop-prod',
  version: '1.33',
  releaseVersion: '1.33.5-20251112',
  status: 'ACTIVE',
  instanceTypes: ['m6i.xlarge', 'm5.xlarge'],
  amiType: 'AL2023_x86_64_STANDARD',
  launchTemplate: { name: 'general', version: '3', id: 'lt-0a' },
  resources: { autoScalingGroups: [{ name: 'eks-general-b4bcf913' }] },
  health: { issues: [] },
};

describe('eks:ListNodegroups', () => {
  test('names are sorted', () => {
    expect(normaliseNodegroupNames({ nodegroups: ['b', 'a'] })).toEqual(['a', 'b']);
  });

  test('a list that is missing is not an empty one', () => {
    expect(refusal(() => normaliseNodegroupNames({}))).toEqual({
      path: 'nodegroups',
      expected: 'array',
      found: 'nothing',
    });
  });
});

describe('eks:DescribeNodegroup', () => {
  test('a group as the command line prints it', () => {
    expect(normaliseNodegroup({ nodegroup })).toEqual({
      name: 'general',
      status: 'ACTIVE',
      amiType: 'AL2023_x86_64_STANDARD',
      releaseVersion: '1.33.5-20251112',
      version: '1.33',
      instanceTypes: ['m5.xlarge', 'm6i.xlarge'],
      launchTemplate: { id: 'lt-0a', name: 'general', version: '3' },
      autoScalingGroups: ['eks-general-b4bcf913'],
    });
  });

  test('a group that is being made has neither resources nor, with a template, instance types', () => {
    const { resources: _, instanceTypes: __, launchTemplate: ___, ...rest } = nodegroup;
    expect(normaliseNodegroup({ nodegroup: { ...rest, status: 'CREATING', amiType: 'CUSTOM' } })).toEqual({
      name: 'general',
      status: 'CREATING',
      amiType: 'CUSTOM',
      releaseVersion: '1.33.5-20251112',
      version: '1.33',
      instanceTypes: [],
      autoScalingGroups: [],
    });
  });

  test('the AMI type is promised', () => {
    const { amiType: _, ...rest } = nodegroup;
    expect(refusal(() => normaliseNodegroup({ nodegroup: rest }))).toEqual({
      path: 'nodegroup.amiType',
      expected: 'string',
      found: 'nothing',
    });
  });
});
