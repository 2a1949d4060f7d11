import { textOf } from './envelope.ts';
import type { ApiCall } from './cloudtrail.ts';
import { sourceText } from './place.ts';
import { type AuditReason, nothing, type Triggered } from './request.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html. What is deleted cannot be asked any more. */
const CALLS: ReadonlyMap<string, AuditReason> = new Map([
  ['CreateAutoScalingGroup', 'group-changed'],
  ['UpdateAutoScalingGroup', 'group-changed'],
  ['StartInstanceRefresh', 'instances-refreshed'],
  ['RollbackInstanceRefresh', 'instances-refreshed'],
]);

/** Changes of a group. Its tags tell whose nodes it makes, and the record has them at most when it was made. */
export const fromAutoScalingCall = ({ event, name, request, source }: ApiCall): readonly Triggered[] => {
  const reason = CALLS.get(name);
  const group = textOf(request, 'autoScalingGroupName');
  if (reason === undefined || group === undefined) return nothing(`${sourceText(name)} changes no group's nodes`);
  return [
    {
      do: 'look-up',
      lookUp: {
        need: 'auto-scaling-group',
        name: group,
        place: event.place,
        intents: [{ do: 'audit', reason, source, at: event.time }],
      },
    },
  ];
};
