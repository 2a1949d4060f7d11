/** How often and how long: the waits of one request. All times in milliseconds. */
export interface RetryPolicy {
  /** The first attempt included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 200, capMs: 10_000 };

/**
 * The wait before the attempt after `failed` ones: a random part of an exponential bound ("full jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). A time that the server named is kept and
 * gets up to half of itself on top: priority and fairness tells everybody the same second, and a fleet would come back as one.
 */
export const waitMs = (
  policy: RetryPolicy,
  failed: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number =>
  retryAfterMs === undefined
    ? random() * Math.min(policy.capMs, policy.baseMs * 2 ** (failed - 1))
    : retryAfterMs + random() * Math.min(policy.capMs, retryAfterMs / 2);
