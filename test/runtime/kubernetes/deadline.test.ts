import { describe, expect, it, vi } from 'vitest';
import { startDeadline, withinDeadline } from '../../../shared/runtime/kubernetes/deadline.ts';
import { clientOf } from '../../support/kubernetes-endpoint/client.ts';
import { endpointForTest, PODS } from '../../support/kubernetes-endpoint/for-test.ts';
import { failureOf } from '../../support/kubernetes-endpoint/outcome.ts';

const never = (): Promise<never> => new Promise(() => undefined);

const TIMEOUT = /^GET \/api\/v1\/pods at https:\S+: i\/o timeout: no whole answer within 0\.05 s$/;

describe('a token that never comes', () => {
  it('ends the request at its deadline and gives its place to the next', async () => {
    const endpoint = await endpointForTest();
    const tokens = [never(), Promise.resolve('late')];
    const { client } = clientOf(endpoint, { concurrency: 1, token: () => tokens.shift() ?? never() });
    const error = await failureOf(client.getJson({ path: PODS, deadlineMs: 50 }));
    expect(error.reason).toBe('unreachable');
    expect(error.message).toMatch(TIMEOUT);
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
    expect(endpoint.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer late']);
  });

  it('ends the request when the caller cancels', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { token: never });
    const cancel = new AbortController();
    const pending = failureOf(client.getJson({ path: PODS, signal: cancel.signal }));
    cancel.abort();
    expect((await pending).message).toContain('cancelled before the answer was whole');
    expect(endpoint.requests).toEqual([]);
  });

  it('after a 401 ends the request at its deadline too', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, {
      token: (refused) => (refused === undefined ? Promise.resolve('old') : never()),
    });
    endpoint.next({ kind: 'status', code: 401 });
    expect((await failureOf(client.getJson({ path: PODS, deadlineMs: 50 }))).message).toMatch(TIMEOUT);
    expect(endpoint.requests).toHaveLength(1);
  });
});

describe('a wait for other requests', () => {
  it('counts towards the deadline, and what waited is never sent', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { concurrency: 1 });
    endpoint.next({ kind: 'hang', after: 'request' });
    const first = new AbortController();
    const holding = failureOf(client.getJson({ path: PODS, signal: first.signal }));
    expect((await failureOf(client.getJson({ path: PODS, deadlineMs: 50 }))).message).toMatch(TIMEOUT);
    first.abort();
    await holding;
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
    expect(endpoint.requests).toHaveLength(2);
  });

  it('ends at once when the caller cancels', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { concurrency: 1 });
    endpoint.next({ kind: 'hang', after: 'request' });
    const cancel = new AbortController();
    const holding = failureOf(client.getJson({ path: PODS, deadlineMs: 500 }));
    const waiting = failureOf(client.getJson({ path: PODS, signal: cancel.signal }));
    cancel.abort();
    const ended = await Promise.race([waiting.then(() => 'waiting'), holding.then(() => 'holding')]);
    expect(ended).toBe('waiting');
    await holding;
  });

  it('is not begun where the caller has cancelled already', async () => {
    const endpoint = await endpointForTest();
    const token = vi.fn<() => Promise<never>>(never);
    const { client } = clientOf(endpoint, { token });
    const error = await failureOf(client.getJson({ path: PODS, signal: AbortSignal.abort() }));
    expect(error.message).toContain('cancelled before the answer was whole');
    expect(token).not.toHaveBeenCalled();
  });
});

describe('a request that has begun', () => {
  it('ends only when its consumer does: nothing of it runs on after the answer', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    const cancel = new AbortController();
    const read = client.get({ path: PODS, signal: cancel.signal }, async () => {
      cancel.abort();
      await new Promise((resolve) => setImmediate(resolve));
      return 'kept';
    });
    expect(await read).toBe('kept');
  });
});

describe('withinDeadline', () => {
  it.each([
    { ending: 'an answer', work: () => Promise.resolve() },
    { ending: 'a failure', work: () => Promise.reject(new Error('mine')) },
    {
      ending: 'work that needs no watch',
      work: (unwatch: () => void) => {
        unwatch();
        return Promise.resolve();
      },
    },
  ])('leaves no listener behind after $ending', async ({ work }) => {
    const { signal } = new AbortController();
    const deadline = { ...startDeadline({ path: PODS }, 1000, 'https://x'), signal };
    const removed = vi.spyOn(signal, 'removeEventListener');
    const added = vi.spyOn(signal, 'addEventListener');
    await Promise.allSettled([withinDeadline(deadline, work)]);
    const [listener] = added.mock.calls.map(([, listening]) => listening);
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledWith('abort', listener);
  });
});
