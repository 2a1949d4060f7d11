import { textOf, type WireEvent } from './envelope.ts';
import { INSTANCE_ID, sourceText } from './place.ts';
import { type Intent, nothing, type Triggered } from './request.ts';

const GONE = new Set(['shutting-down', 'terminated']);

/**
 * An instance runs, or is gone: what Karpenter's and Auto Mode's nodes tell of themselves, since no group makes them.
 * `detail` spells its key with a hyphen.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
 */
export const fromInstanceState = ({ detail, place, time, id }: WireEvent): readonly Triggered[] => {
  const instanceId = textOf(detail, 'instance-id');
  const state = textOf(detail, 'state') ?? '';
  if (instanceId === undefined || !INSTANCE_ID.test(instanceId)) return nothing('the event names no instance');
  const source = sourceText('aws.ec2', instanceId, state, id);
  const intents: readonly Intent[] =
    state === 'running'
      ? [
          { do: 'audit', reason: 'nodes-launched', source, at: time },
          { do: 'verify', instanceId, launchedAt: time },
        ]
      : [{ do: 'audit', reason: 'nodes-gone', source, at: time }];
  if (state !== 'running' && !GONE.has(state)) return nothing(`an instance that is ${sourceText(state)} is no news`);
  return [{ do: 'look-up', lookUp: { need: 'instance', instanceId, place, intents } }];
};
