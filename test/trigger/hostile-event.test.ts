import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadEventError } from '../../shared/trigger/envelope.ts';
import { readEvent } from '../../shared/trigger/read-event.ts';
import { recordedEvent } from '../recorded/event.ts';

const HOME = '999988887777';

const changed = (name: string, change: { readonly [key: string]: unknown }): unknown => ({
  ...recordedEvent(name),
  ...change,
});

const inDetail = (name: string, change: { readonly [key: string]: unknown }): unknown => {
  const event = recordedEvent(name);
  // Every recorded event has an object there.
  return { ...event, detail: { ...(event['detail'] as object), ...change } };
};

describe('events that are not what they say', () => {
  it.each([
    ['nothing', undefined, 'event: '],
    ['text', 'UpdateAddon', 'event: '],
    ['an account that is none', changed('manual', { account: '12' }), 'event.account: '],
    ['a region that is a path', changed('manual', { region: '../../etc' }), 'event.region: '],
    ['a time that is none', changed('manual', { time: 'yesterday' }), 'event.time: '],
    ['a detail that is none', changed('manual', { detail: null }), 'event.detail: '],
  ])('refuses %s and names the place', (_, event, path) => {
    expect(() => readEvent(event, HOME)).toThrow(BadEventError);
    expect(() => readEvent(event, HOME)).toThrow(path);
  });

  it.each([
    '../../etc/passwd',
    'shop prod',
    'shop-prod\n',
    '%2e%2e%2fshop',
    '',
    'a'.repeat(101),
    '__proto__',
    { $ne: null },
    ['shop-prod'],
    7,
  ])('audits nothing for a cluster named %j', (name) => {
    const event = inDetail('cloudtrail-update-addon', { requestParameters: { name, addonName: 'vpc-cni' } });
    expect(readEvent(event, HOME)).toEqual([{ do: 'nothing', why: 'UpdateAddon names no cluster of the account' }]);
  });

  it('decodes a percent-encoded name, and leaves a bad escape as it is', () => {
    const named = (name: string): unknown =>
      inDetail('cloudtrail-update-addon', { requestParameters: { name, addonName: 'vpc%2Dcni' } });
    expect(readEvent(named('shop%2Dprod'), HOME)).toMatchObject([{ request: { cluster: { name: 'shop-prod' } } }]);
    expect(readEvent(named('shop%zzprod'), HOME)).toMatchObject([{ do: 'nothing' }]);
  });

  it("takes no other account's cluster from an add-on's ARN", () => {
    const resources = ['arn:aws:eks:us-west-2:444455556666:addon/shop-prod/vpc-cni/1'];
    expect(readEvent(changed('eks-addon-update-succeeded', { resources }), HOME)).toMatchObject([
      { do: 'look-up', lookUp: { need: 'clusters', place: { account: '111122223333' } } },
    ]);
  });

  it("lets only the service's own account ask for clusters of others", () => {
    const detail = { cluster: 'arn:aws:eks:us-west-2:444455556666:cluster/theirs' };
    expect(readEvent(changed('manual', { detail }), HOME)).toEqual([
      { do: 'nothing', why: 'account 111122223333 may not ask for clusters of 444455556666' },
    ]);
    expect(readEvent(changed('manual', { detail, account: HOME }), HOME)).toMatchObject([
      { do: 'audit', request: { cluster: { account: '444455556666', name: 'theirs' } } },
    ]);
  });

  it('puts no control character into what people read', () => {
    const event = inDetail('cloudtrail-update-addon', { eventID: '\u001b[31mred\nline' });
    expect(readEvent(event, HOME)).toMatchObject([
      { request: { source: 'aws.eks UpdateAddon \\u{1b}[31mred\\u{a}line' } },
    ]);
  });

  it.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-central-1', 'aws'],
  ])('knows the partition of %s', (region, partition) => {
    expect(readEvent(changed('cloudtrail-update-addon', { region }), HOME)).toMatchObject([
      { request: { cluster: { region, partition } } },
    ]);
  });

  it('answers every event with an account, region and time, whatever is in it', () => {
    const names = ['aws.eks', 'aws.ec2', 'aws.autoscaling', 'aws.securityhub', 'netpol-warden'];
    const types = [
      'AWS API Call via CloudTrail',
      'EC2 Instance State-change Notification',
      'EC2 Instance Launch Successful',
      'Security Hub Findings - Custom Action',
      'EKS Addon Update Succeeded',
      'Netpol Warden Audit Requested',
    ];
    const keys = fc.constantFrom(
      'eventName',
      'eventSource',
      'requestParameters',
      'findings',
      'AutoScalingGroupName',
      'EC2InstanceId',
      'cluster',
      'instance-id',
      'state',
      '__proto__',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(...types),
        fc.dictionary(keys, fc.jsonValue()),
        (source, type, detail) => {
          const event = changed('manual', { source, 'detail-type': type, detail });
          expect(readEvent(event, HOME).length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
