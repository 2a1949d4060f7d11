import type { Agent } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { MAX_ERROR_BODY_BYTES, readErrorAnswer } from './answer-error.ts';
import { readBody } from './body.ts';
import type { Meter } from './body.ts';
import type { KubernetesAnswer, KubernetesRequest, TokenProvider, UsageCount } from './client.ts';
import { withinDeadline } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { requestPath } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { KubernetesError, malformed } from './error.ts';
import { release, send } from './exchange.ts';
import { ACCEPT } from './media-type.ts';
import { waitMs } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { isTransient, StaleConnectionError, unreachable } from './transport-error.ts';

/** What all requests of one client share. */
export interface RequestContext {
  readonly agent: Agent;
  readonly endpoint: Endpoint;
  readonly token: TokenProvider | undefined;
  readonly userAgent: string;
  readonly connectTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly total: UsageCount;
}

export interface BoundedRequest extends KubernetesRequest {
  readonly maxBytes: number;
  readonly deadline: Deadline;
}

type Consume<T> = (answer: KubernetesAnswer) => Promise<T>;

/** How one attempt ended. `at-once` does not count as an attempt: nothing was asked of the server. */
type Attempt<T> =
  | { readonly end: 'done'; readonly value: T }
  | {
      readonly end: 'failed';
      readonly error: KubernetesError;
      readonly again: 'never' | 'at-once' | 'after-wait';
      readonly retryAfterMs: number | undefined;
    };

const failed = (
  error: KubernetesError,
  again: 'never' | 'at-once' | 'after-wait',
  retryAfterMs?: number,
): Attempt<never> => ({ end: 'failed', error, again, retryAfterMs });

/**
 * One GET with everything that may be repeated: 429 and 5xx after a wait, broken connections, one new token after a 401.
 *
 * @throws KubernetesError of the last attempt, also when the deadline leaves no time for another; or what `consume` throws
 */
export const requestWithRetries = async <T>(
  context: RequestContext,
  request: BoundedRequest,
  consume: Consume<T>,
): Promise<T> => {
  const { deadline } = request;
  const { endsAt, signal, stopped } = deadline;
  // A token provider that hangs must not hold this request's slot for ever.
  const tokenAfter = async (refusedToken?: string): Promise<string | undefined> => {
    const { token: provide } = context;
    return provide === undefined ? undefined : withinDeadline(deadline, () => provide(refusedToken));
  };
  let token = await tokenAfter();
  let refused = false;
  let failures = 0;
  /** As many kept connections may have been closed as there are. */
  let staleLeft = context.agent.maxSockets;

  for (;;) {
    if (signal.aborted) throw stopped();
    const attempt = await tryOnce(context, request, consume, token);
    if (attempt.end === 'done') return attempt.value;

    const { again, error, retryAfterMs } = attempt;
    if (error.status === 401 && context.token !== undefined && !refused) {
      refused = true;
      const next = await tokenAfter(token);
      if (next === token) throw error;
      token = next;
      continue;
    }
    if (again === 'at-once' && staleLeft > 0) {
      staleLeft -= 1;
      continue;
    }
    failures += 1;
    if (again === 'never' || failures >= context.retry.attempts) throw error;
    const wait = waitMs(context.retry, failures, retryAfterMs, context.random);
    // Better the server's own word now than a timeout later.
    if (performance.now() + wait >= endsAt) throw error;
    await context.sleep(wait, signal);
  }
};

const tryOnce = async <T>(
  context: RequestContext,
  request: BoundedRequest,
  consume: Consume<T>,
  token: string | undefined,
): Promise<Attempt<T>> => {
  const { signal, stopped } = request.deadline;
  const meter: Meter = { wireBytes: 0, bodyBytes: 0 };
  let response: IncomingMessage | undefined;
  /** An error of the connection while the body was read, as opposed to one of `consume`. */
  let broken: unknown;
  try {
    response = await send({
      agent: context.agent,
      endpoint: context.endpoint,
      path: requestPath(context.endpoint, request.path, request.query ?? {}),
      headers: {
        accept: ACCEPT[request.accept ?? 'json'],
        'accept-encoding': 'gzip',
        'user-agent': context.userAgent,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      connectTimeoutMs: context.connectTimeoutMs,
      signal,
    });
    const status = response.statusCode ?? 0;
    if ((status < 200 || status > 299) && request.alsoAccept?.includes(status) !== true) {
      const body = await readStart(response, meter);
      const { error, retry, retryAfterMs } = readErrorAnswer(
        status,
        response.headers,
        body,
        `GET ${request.path}`,
        context.now(),
      );
      return failed(error, retry ? 'after-wait' : 'never', retryAfterMs);
    }
    const body = readBody(response, request.maxBytes, meter);
    const chunks = watched(body, (error) => {
      broken = error;
    });
    return { end: 'done', value: await consume({ status, contentType: response.headers['content-type'], chunks }) };
  } catch (error) {
    // Not ours: the consumer's, or a token's, or already in our words.
    if (error instanceof KubernetesError || (response !== undefined && error !== broken)) throw error;
    if (signal.aborted) return failed(stopped(), 'never');
    if (response !== undefined) {
      return failed(
        malformed(`GET ${request.path}: the answer was cut off after ${meter.wireBytes} bytes`, error),
        'after-wait',
      );
    }
    const plain = unreachable(
      error instanceof StaleConnectionError ? error.cause : error,
      context.endpoint.origin,
      context.now(),
    );
    if (error instanceof StaleConnectionError) return failed(plain, 'at-once');
    return failed(plain, isTransient(error) ? 'after-wait' : 'never');
  } finally {
    addUsage(context.total, meter);
    if (request.count !== undefined) addUsage(request.count, meter);
    if (response !== undefined) release(response);
  }
};

/** Passes a body on and reports what broke it. */
async function* watched(body: AsyncIterable<Buffer>, onBroken: (error: unknown) => void): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    onBroken(error);
    throw error;
  }
}

/** The first bytes of an error answer; one that cannot be read is taken as empty, since its status says enough. */
const readStart = async (response: IncomingMessage, meter: Meter): Promise<Buffer> => {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of readBody(response, MAX_ERROR_BODY_BYTES, meter)) parts.push(Buffer.from(chunk));
  } catch {
    return Buffer.concat(parts);
  }
  return Buffer.concat(parts);
};

const addUsage = (usage: UsageCount, meter: Meter): void => {
  usage.calls += 1;
  usage.wireBytes += meter.wireBytes;
  usage.bodyBytes += meter.bodyBytes;
};
