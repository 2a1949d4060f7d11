import type { IncomingHttpHeaders } from 'node:http';
import { KubernetesError } from './error.ts';
import { readStatus } from './status.ts';
import { clockSkewHint } from './transport-error.ts';

/** How much of an error answer is read: a Status is small. */
export const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** An answer that is an error, and whether asking again may help. */
export interface ErrorAnswer {
  readonly error: KubernetesError;
  readonly retry: boolean;
  /** What the server asked us to wait, in milliseconds; undefined where it did not say. */
  readonly retryAfterMs: number | undefined;
}

/** Puts an answer that is not a success into our words. `source` is `GET <path>`. */
export const readErrorAnswer = (
  status: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
  source: string,
  now: Date,
): ErrorAnswer => {
  const told = readStatus(body, headers['content-type']);
  const text = told?.message ?? body.toString('utf8');
  const say = (what: string): string => `${source}: ${what}${text.trim() === '' ? '' : `: ${text}`}`;
  const fail = (error: KubernetesError): ErrorAnswer => ({ error, retry: false, retryAfterMs: undefined });
  const seconds = told?.retryAfterSeconds ?? 0;
  const retryAfterMs = readRetryAfter(headers['retry-after'], now) ?? (seconds > 0 ? seconds * 1000 : undefined);

  switch (status) {
    case 401: {
      const hint = clockSkewHint(headers.date, now);
      // The hint first: the server's text may be long and is cut.
      return fail(new KubernetesError('denied', say(`401, the server does not know who we are${hint}`), { status }));
    }
    case 403:
      return fail(new KubernetesError('denied', say('403, not allowed'), { status }));
    case 404: {
      // A missing object is named in the Status. A path that is not served gets a Status without a name, or plain text.
      const missing = told?.reason === 'NotFound' && told.name !== '' ? 'object' : 'resource-type';
      const what = missing === 'object' ? '404, no such object' : '404, the server does not serve this resource type';
      return fail(new KubernetesError('not-found', say(what), { status, missing }));
    }
    case 410: {
      const continueToken = told?.continueToken ?? '';
      return fail(
        new KubernetesError('api-error', say('410, no longer available'), {
          status,
          ...(continueToken === '' ? {} : { continueToken }),
        }),
      );
    }
    case 429:
      return {
        error: new KubernetesError('throttled', say('429, too many requests'), { status }),
        retry: true,
        retryAfterMs,
      };
    default:
  }
  if (status >= 300 && status < 400) {
    // Never followed: the endpoint is where the pinned certificate and the token belong, and nowhere else.
    return fail(
      new KubernetesError('api-error', `${source}: ${status}, a redirect; redirects are not followed`, { status }),
    );
  }
  return {
    error: new KubernetesError('api-error', say(`status ${status}`), { status }),
    // Not implemented and HTTP version not supported stay so.
    retry: status >= 500 && status !== 501 && status !== 505,
    retryAfterMs,
  };
};

/** Seconds or an HTTP date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after), as milliseconds from now. */
const readRetryAfter = (header: string | undefined, now: Date): number | undefined => {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
};
