import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventPatterns } from '../../infra/generate/spoke.ts';
import { readEvent } from '../../shared/trigger/read-event.ts';
import { matches } from './match-pattern.ts';

const patterns = await eventPatterns();

/** The patterns an event matches, by name. */
const matched = (event: object): readonly string[] =>
  [...patterns].filter(([, pattern]) => matches(pattern, event)).map(([name]) => name);

const call = (service: string, eventName: string, more: object = {}): object => ({
  source: `aws.${service}`,
  'detail-type': 'AWS API Call via CloudTrail',
  account: '111122223333',
  region: 'eu-west-1',
  detail: { eventSource: `${service}.amazonaws.com`, eventName, ...more },
});

const RECORDED = new URL('../recorded/events/', import.meta.url);
const HOME = '111122223333';

const recorded = readdirSync(RECORDED)
  .filter((file) => file.endsWith('.json'))
  .map((file): readonly [string, unknown] => [file, JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8'))])
  // The others are of CloudWatch Logs and of queues.
  .filter((entry): entry is readonly [string, object] => Object.hasOwn(Object(entry[1]), 'detail-type'));

/** An instance that shuts down is terminated soon after, and that is told of. */
const TOLD_OF_LATER = 'ec2-instance-shutting-down.json';

describe('of the recorded events', () => {
  it('each about which there is anything to do wakes the service, and by one rule only', () => {
    const toDo = recorded.filter(([, event]) => readEvent(event, HOME).some(({ do: what }) => what !== 'nothing'));
    const missed = toDo.filter(([, event]) => matched(event).length === 0).map(([file]) => file);
    expect(toDo.length).toBeGreaterThan(30);
    expect(missed).toEqual([TOLD_OF_LATER]);
    expect(recorded.filter(([, event]) => matched(event).length > 1)).toEqual([]);
  });

  it('calls that were refused and calls that only read wake nobody', () => {
    const names = recorded.filter(([, event]) => matched(event).length === 0).map(([file]) => file);
    expect(names).toEqual(
      expect.arrayContaining([
        'cloudtrail-delete-addon-denied.json',
        'cloudtrail-describe-addon.json',
        'cloudtrail-run-instances-managed-node-group.json',
        'cloudtrail-run-instances-no-cluster.json',
        'cloudtrail-update-addon-coredns.json',
        'cloudtrail-update-addon-refused.json',
      ]),
    );
  });
});

describe('the event patterns', () => {
  it('are within what EventBridge takes: 4,096 characters each', () => {
    // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
    for (const pattern of patterns.values()) expect(JSON.stringify(pattern).length).toBeLessThan(4096);
  });

  it.each([
    ['a finished update of an add-on', { source: 'aws.eks', 'detail-type': 'EKS Addon Update Succeeded' }, 'eks-addon'],
    [
      'an accepted UpdateAddon',
      call('eks', 'UpdateAddon', { requestParameters: { name: 'shop-prod', addonName: 'vpc-cni' } }),
      'eks-addon-calls',
    ],
    ['an accepted UpdateClusterVersion', call('eks', 'UpdateClusterVersion'), 'eks-calls'],
    [
      'a launched instance of a group',
      { source: 'aws.autoscaling', 'detail-type': 'EC2 Instance Launch Successful', detail: {} },
      'autoscaling-events',
    ],
    [
      'a launch that waits for its lifecycle hook',
      { source: 'aws.autoscaling', 'detail-type': 'EC2 Instance-launch Lifecycle Action', detail: {} },
      'autoscaling-events',
    ],
    [
      'an instance refresh that has begun',
      { source: 'aws.autoscaling', 'detail-type': 'EC2 Auto Scaling Instance Refresh Started', detail: {} },
      'autoscaling-events',
    ],
    ['a changed group', call('autoscaling', 'UpdateAutoScalingGroup'), 'autoscaling-calls'],
    ['a new version of a launch template', call('ec2', 'CreateLaunchTemplateVersion'), 'ec2-launch-template-calls'],
    [
      'an instance that runs',
      {
        source: 'aws.ec2',
        'detail-type': 'EC2 Instance State-change Notification',
        detail: { 'instance-id': 'i-0abc', state: 'running' },
      },
      'ec2-instance-state',
    ],
    [
      'a person who presses the button on one of our findings',
      {
        source: 'aws.securityhub',
        'detail-type': 'Security Hub Findings - Custom Action',
        detail: { actionName: 'audit', findings: [{ GeneratorId: 'netpol-warden/network-policy/enforced' }] },
      },
      'security-hub-action',
    ],
    [
      'a request of a pipeline',
      { source: 'netpol-warden', 'detail-type': 'Netpol Warden Audit Requested', detail: { cluster: 'shop-prod' } },
      'audit-requested',
    ],
  ])('take %s', (_, event, name) => {
    expect(matched(event)).toEqual([name]);
  });

  it.each([
    ['kubernetes.io/cluster/shop-prod', 'self-managed and Karpenter'],
    ['eks:cluster-name', 'a managed node group'],
    ['eks:eks-cluster-name', 'Auto Mode'],
  ])('take RunInstances of nodes by their tag %s: %s', (key) => {
    const tags = [
      { key: 'Name', value: 'a' },
      { key, value: 'owned' },
    ];
    const items = [{ resourceType: 'instance', tags }];
    expect(
      matched(
        call('ec2', 'RunInstances', {
          sourceIPAddress: '192.0.2.7',
          requestParameters: { tagSpecificationSet: { items } },
        }),
      ),
    ).toEqual(['ec2-run-instances']);
  });

  it.each([
    ['a call that was refused', call('eks', 'UpdateAddon', { errorCode: 'AccessDenied', responseElements: null })],
    ['a call that only reads', call('eks', 'DescribeCluster')],
    [
      'an instance that stops',
      { source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification', detail: { state: 'stopped' } },
    ],
    [
      'RunInstances of something that is no node',
      call('ec2', 'RunInstances', {
        requestParameters: { tagSpecificationSet: { items: [{ tags: [{ key: 'Name' }] }] } },
      }),
    ],
    [
      'a custom action on findings of others',
      {
        source: 'aws.securityhub',
        'detail-type': 'Security Hub Findings - Custom Action',
        detail: { findings: [{ GeneratorId: 'prowler-eks' }] },
      },
    ],
    [
      'what we publish ourselves',
      { source: 'netpol-warden', 'detail-type': 'Netpol Warden Finding Change', detail: {} },
    ],
    ['a termination of Fargate pods', { source: 'aws.eks', 'detail-type': 'EKS Fargate Pod Scheduled Termination' }],
  ])('leave out %s', (_, event) => {
    expect(matched(event)).toEqual([]);
  });
});
