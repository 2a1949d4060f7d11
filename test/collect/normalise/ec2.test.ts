import { describe, expect, test } from 'vitest';
import { normaliseImages } from '../../../shared/collect/normalise/images.ts';
import { normaliseInstance, normaliseInstances } from '../../../shared/collect/normalise/instances.ts';
import { normaliseLaunchTemplateVersions } from '../../../shared/collect/normalise/launch-templates.ts';
import { refusal } from './malformed.ts';

const instance = {
  InstanceId: 'i-0b',
  ImageId: 'ami-0a',
  InstanceType: 'm6i.large',
  LaunchTime: '2026-11-01T00:00:00+00:00',
  Placement: { AvailabilityZone: 'us-west-2a', Tenancy: 'default' },
  Tags: [
    { Key: 'aws:ec2launchtemplate:id', Value: 'lt-0a' },
    { Key: 'aws:ec2launchtemplate:version', Value: '3' },
    { Key: 'aws:autoscaling:groupName', Value: 'eks-general-b4bcf913' },
    { Key: '__proto__', Value: 'x' },
  ],
};

describe('ec2:DescribeInstances', () => {
  test('an instance with the tags that EC2 and Auto Scaling set', () => {
    const read = normaliseInstance(instance);
    expect(read).toMatchObject({
      instanceId: 'i-0b',
      instanceType: 'm6i.large',
      imageId: 'ami-0a',
      launchTime: '2026-11-01T00:00:00Z',
      availabilityZone: 'us-west-2a',
      launchTemplate: { id: 'lt-0a', version: '3' },
      autoScalingGroup: 'eks-general-b4bcf913',
    });
    expect(Object.entries(read.tags)).toContainEqual(['__proto__', 'x']);
  });

  test('an instance without those tags belongs to no template and no group', () => {
    const read = normaliseInstance({ ...instance, Tags: undefined });
    expect(read).not.toHaveProperty('launchTemplate');
    expect(read).not.toHaveProperty('autoScalingGroup');
    expect(Object.keys(read.tags)).toEqual([]);
  });

  test('reservations are opened and their instances sorted', () => {
    const raw = { Reservations: [{ Instances: [instance] }, { Instances: [{ ...instance, InstanceId: 'i-0a' }] }] };
    expect(normaliseInstances(raw).map(({ instanceId }) => instanceId)).toEqual(['i-0a', 'i-0b']);
  });

  test('a fault is found in the reservation it is in', () => {
    const raw = { Reservations: [{ Instances: [] }, { Instances: [instance, { ...instance, ImageId: null }] }] };
    expect(refusal(() => normaliseInstances(raw))).toEqual({
      path: 'Reservations[1].Instances[1].ImageId',
      expected: 'string',
      found: 'null',
    });
  });
});

describe('ec2:DescribeImages', () => {
  test('images sorted by id', () => {
    const raw = {
      Images: [
        { ImageId: 'ami-0b', Name: 'custom', CreationDate: '2023-07-28T01:02:03.000Z' },
        { ImageId: 'ami-0a', Name: 'amazon-eks-node-1.24-v20230728', OwnerId: '602401143452' },
      ],
    };
    expect(normaliseImages(raw)).toEqual([
      { imageId: 'ami-0a', name: 'amazon-eks-node-1.24-v20230728', ownerId: '602401143452' },
      { imageId: 'ami-0b', name: 'custom', creationDate: '2023-07-28T01:02:03Z' },
    ]);
  });

  test('an image without a name breaks the promise', () => {
    expect(refusal(() => normaliseImages({ Images: [{ ImageId: 'ami-0a' }] }))).toEqual({
      path: 'Images[0].Name',
      expected: 'string',
      found: 'nothing',
    });
  });
});

describe('ec2:DescribeLaunchTemplateVersions', () => {
  const version = (id: string, number: number, isDefault: boolean, data: object = {}): object => ({
    LaunchTemplateId: id,
    LaunchTemplateName: `name-of-${id}`,
    VersionNumber: number,
    CreateTime: '2026-01-01T00:00:00+00:00',
    DefaultVersion: isDefault,
    LaunchTemplateData: data,
  });

  test('versions are sorted by template and number, and the highest of each template is its latest', () => {
    const raw = {
      LaunchTemplateVersions: [
        version('lt-0b', 1, true),
        version('lt-0a', 10, false, { ImageId: 'ami-0a', InstanceType: 'm6i.large' }),
        version('lt-0a', 9, true),
      ],
    };
    const none = { form: 'none', bpffs: 'not-mentioned' };
    expect(normaliseLaunchTemplateVersions(raw)).toEqual([
      { id: 'lt-0a', name: 'name-of-lt-0a', version: '9', isDefault: true, isLatest: false, userData: none },
      {
        id: 'lt-0a',
        name: 'name-of-lt-0a',
        version: '10',
        isDefault: false,
        isLatest: true,
        imageId: 'ami-0a',
        instanceType: 'm6i.large',
        userData: none,
      },
      { id: 'lt-0b', name: 'name-of-lt-0b', version: '1', isDefault: true, isLatest: true, userData: none },
    ]);
  });

  test('user data is read and dropped', () => {
    const secret = '#!/bin/bash\nexport TOKEN=hunter2\n/etc/eks/bootstrap.sh shop-prod --mount-bpf-fs true\n';
    const raw = {
      LaunchTemplateVersions: [version('lt-0a', 1, true, { UserData: Buffer.from(secret).toString('base64') })],
    };
    const [read] = normaliseLaunchTemplateVersions(raw);
    expect(read?.userData).toEqual({ form: 'shell', bpffs: 'mounted', bpffsLine: '--mount-bpf-fs true' });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  test('a version number is a number', () => {
    const raw = { LaunchTemplateVersions: [{ ...version('lt-0a', 1, true), VersionNumber: '1' }] };
    expect(refusal(() => normaliseLaunchTemplateVersions(raw))).toEqual({
      path: 'LaunchTemplateVersions[0].VersionNumber',
      expected: 'number',
      found: '"1"',
    });
  });
});
