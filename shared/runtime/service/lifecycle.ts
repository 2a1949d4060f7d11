import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';

/** An instance that waits in a hook. */
export interface WaitingInstance {
  readonly instanceId: string;
  readonly group: string;
  readonly hook: string;
  readonly token?: string;
}

/**
 * Nothing waits there any more: somebody answered, or the hook's time ended.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CompleteLifecycleAction.html
 */
const isOver = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && /no active lifecycle action/i.test(error.message);

const unlessOver = (error: unknown): void => {
  if (!isOver(error)) throw error;
};

const fieldsOf = ({ instanceId, group, hook, token }: WaitingInstance) => ({
  AutoScalingGroupName: group,
  LifecycleHookName: hook,
  ...(token === undefined ? { InstanceId: instanceId } : { LifecycleActionToken: token }),
});

/** IAM: autoscaling:CompleteLifecycleAction, on groups that have a hook of ours. */
export const completeLifecycle = async (
  client: AutoScalingClient,
  waiting: WaitingInstance,
  result: 'CONTINUE' | 'ABANDON',
): Promise<void> => {
  const { CompleteLifecycleActionCommand } = await import('@aws-sdk/client-auto-scaling');
  await client
    .send(new CompleteLifecycleActionCommand({ ...fieldsOf(waiting), LifecycleActionResult: result }))
    .catch(unlessOver);
};

/** Begins the hook's time anew. IAM: autoscaling:RecordLifecycleActionHeartbeat. */
export const keepLifecycleWaiting = async (client: AutoScalingClient, waiting: WaitingInstance): Promise<void> => {
  const { RecordLifecycleActionHeartbeatCommand } = await import('@aws-sdk/client-auto-scaling');
  await client.send(new RecordLifecycleActionHeartbeatCommand(fieldsOf(waiting))).catch(unlessOver);
};
