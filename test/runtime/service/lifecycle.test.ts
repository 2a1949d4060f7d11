import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { completeLifecycle, keepLifecycleWaiting } from '../../../shared/runtime/service/lifecycle.ts';

const WAITING = { instanceId: 'i-0a3c844322fab4955', group: 'g', hook: 'netpol-warden-launch' };

const client = (failure?: Error) => {
  const asked: unknown[] = [];
  const send = (command: { readonly input: unknown }): Promise<unknown> => {
    asked.push(command.input);
    return failure === undefined ? Promise.resolve({}) : Promise.reject(failure);
  };
  // Only `send` is used here.
  return { asked, client: { send } as unknown as AutoScalingClient };
};

const validation = (message: string): Error => Object.assign(new Error(message), { name: 'ValidationError' });

describe('a lifecycle hook', () => {
  it('is answered by its token, or by the instance where there is none', async () => {
    const { client: aws, asked } = client();
    await completeLifecycle(aws, { ...WAITING, token: 't' }, 'CONTINUE');
    await completeLifecycle(aws, WAITING, 'ABANDON');
    const group = { AutoScalingGroupName: 'g', LifecycleHookName: 'netpol-warden-launch' };
    expect(asked).toEqual([
      { ...group, LifecycleActionToken: 't', LifecycleActionResult: 'CONTINUE' },
      { ...group, InstanceId: 'i-0a3c844322fab4955', LifecycleActionResult: 'ABANDON' },
    ]);
  });

  it('that nobody waits in any more is no error', async () => {
    const { client: aws } = client(validation('No active Lifecycle Action found with instance ID i-1'));
    await expect(completeLifecycle(aws, WAITING, 'CONTINUE')).resolves.toBeUndefined();
    await expect(keepLifecycleWaiting(aws, WAITING)).resolves.toBeUndefined();
  });

  it.each([validation('Group not found'), Object.assign(new Error('no'), { name: 'AccessDenied' })])(
    'that could not be answered is an error: %s',
    async (error) => {
      const { client: aws } = client(error);
      await expect(completeLifecycle(aws, WAITING, 'CONTINUE')).rejects.toThrow(error.message);
    },
  );
});
