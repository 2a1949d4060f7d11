import type { KubernetesRequest } from './client.ts';
import { KubernetesError } from './error.ts';

/** How long one request may take, from when it was asked for: waits for a slot, for a token and between tries included. */
export interface Deadline {
  /** Aborted when the time is over or the caller cancels. */
  readonly signal: AbortSignal;
  /** By `performance.now()`. */
  readonly endsAt: number;
  /** What to throw once `signal` is aborted. */
  readonly stopped: () => KubernetesError;
}

export const startDeadline = (
  { path, signal }: Pick<KubernetesRequest, 'path' | 'signal'>,
  deadlineMs: number,
  origin: string,
): Deadline => {
  const timeout = AbortSignal.timeout(deadlineMs);
  return {
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    endsAt: performance.now() + deadlineMs,
    stopped: () => {
      const why = timeout.aborted
        ? `i/o timeout: no whole answer within ${deadlineMs / 1000} s`
        : 'cancelled before the answer was whole';
      return new KubernetesError('unreachable', `GET ${path} at ${origin}: ${why}`);
    },
  };
};

/**
 * What `work` ends with, or the end of the time where that comes first: `work` cannot be stopped, only no longer waited
 * for. It is handed a function to call once it needs no such watch any more.
 *
 * @throws KubernetesError `unreachable` at the deadline; what `work` throws
 */
export const withinDeadline = <T>(
  { signal, stopped }: Deadline,
  work: (unwatch: () => void) => Promise<T>,
): Promise<T> => {
  if (signal.aborted) return Promise.reject(stopped());
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(stopped());
    const unwatch = (): void => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop, { once: true });
    work(unwatch).then(resolve, reject).finally(unwatch);
  });
};
