import { textOf, type WireEvent } from './envelope.ts';
import { INSTANCE_ID, sourceText } from './place.ts';
import { type AuditReason, type Intent, type LifecycleAction, nothing, type Triggered } from './request.ts';

/** Ours, by name: EKS has hooks on its managed groups too, and those are not ours to answer. */
export const HOOK_PREFIX = 'netpol-warden';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html */
const REFRESH = /^EC2 Auto Scaling Instance Refresh (?:Started|Succeeded|Failed|Cancelled|Checkpoint Reached)$/;

const lifecycleOf = ({ detail }: WireEvent, group: string): LifecycleAction | undefined => {
  const hook = textOf(detail, 'LifecycleHookName');
  if (hook === undefined || !hook.startsWith(HOOK_PREFIX)) return undefined;
  const token = textOf(detail, 'LifecycleActionToken');
  return { group, hook, ...(token === undefined ? {} : { token }) };
};

const launched = (event: WireEvent, group: string): readonly Intent[] | string => {
  const { detail, time, detailType, id } = event;
  const instanceId = textOf(detail, 'EC2InstanceId');
  if (instanceId === undefined || !INSTANCE_ID.test(instanceId)) return 'the event names no instance';
  if (textOf(detail, 'Destination') === 'WarmPool') return 'the instance goes to a warm pool and joins no cluster yet';
  const lifecycle = lifecycleOf(event, group);
  return [
    { do: 'audit', reason: 'nodes-launched', source: sourceText('aws.autoscaling', detailType, id), at: time },
    { do: 'verify', instanceId, launchedAt: time, ...(lifecycle === undefined ? {} : { lifecycle }) },
  ];
};

const audit = ({ detailType, time, id }: WireEvent, reason: AuditReason): readonly Intent[] => [
  { do: 'audit', reason, source: sourceText('aws.autoscaling', detailType, id), at: time },
];

const intentsOf = (event: WireEvent, group: string): readonly Intent[] | string => {
  const { detailType } = event;
  if (REFRESH.test(detailType)) return audit(event, 'instances-refreshed');
  switch (detailType) {
    case 'EC2 Instance Launch Successful':
      return launched(event, group);
    case 'EC2 Instance-launch Lifecycle Action':
      // Without a hook of ours the launch's own event follows and says the same.
      return lifecycleOf(event, group) === undefined ? 'a lifecycle hook of somebody else' : launched(event, group);
    case 'EC2 Instance Terminate Successful':
      return audit(event, 'nodes-gone');
    case 'EC2 Instance-terminate Lifecycle Action':
      return 'the instance is still there';
    case 'EC2 Instance Launch Unsuccessful':
    case 'EC2 Instance Terminate Unsuccessful':
      return 'nothing came and nothing went';
    default:
      return `not an event of nodes: ${sourceText(detailType)}`;
  }
};

/** Instances come and go in a group. Such events carry no tags: whose nodes they are has to be asked. */
export const fromAutoScaling = (event: WireEvent): readonly Triggered[] => {
  const name = textOf(event.detail, 'AutoScalingGroupName');
  if (name === undefined) return nothing('the event names no Auto Scaling group');
  const intents = intentsOf(event, name);
  if (typeof intents === 'string') return nothing(intents);
  return [{ do: 'look-up', lookUp: { need: 'auto-scaling-group', name, place: event.place, intents } }];
};
