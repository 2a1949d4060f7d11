import * as z from 'zod';
import { singleLine } from '../../model/single-line.ts';
import type { Delivered, Delivery } from '../port.ts';
import type { SlackMessage } from './rich-text.ts';
import type { SlackRoute } from './routes.ts';

const REASON = 300;

/** `fetch`, or what stands for it in a test. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type SlackOptions =
  | {
      readonly form: 'bot';
      /** Read anew for every run: the store caches it, and a rotated secret needs no deployment. `renew` skips the cache. */
      readonly token: (renew: boolean) => Promise<string>;
      readonly channel: string;
      readonly routes: readonly SlackRoute[];
      readonly fetch: Fetch;
      readonly endpoint?: string;
      readonly timeoutMs?: number;
    }
  | {
      /** An incoming webhook writes to one channel and knows no threads. */
      readonly form: 'webhook';
      readonly url: (renew: boolean) => Promise<string>;
      readonly fetch: Fetch;
      readonly timeoutMs?: number;
    };

const TIMEOUT_MS = 10_000;
/** https://docs.slack.dev/apis/web-api/rate-limits/: where a 429 does not say how long. */
const DEFAULT_RETRY_MS = 30_000;

export type Answer =
  | { readonly kind: 'ok'; readonly reference?: string }
  | { readonly kind: 'renew'; readonly reason: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly kind: 'refused'; readonly reason: string };

const retryAfter = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : DEFAULT_RETRY_MS;
};

/** Errors of chat.postMessage that a new token may mend (https://docs.slack.dev/reference/methods/chat.postMessage#errors). */
const TOKEN_ERRORS = new Set(['invalid_auth', 'token_expired', 'token_revoked', 'not_authed', 'account_inactive']);
const PASSING_ERRORS = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

const PostMessageAnswer = z.object({ ok: z.boolean(), error: z.optional(z.string()), ts: z.optional(z.string()) });

const json = async (response: Response): Promise<unknown> => response.json().catch(() => undefined);

const botAnswer = async (response: Response): Promise<Answer> => {
  const parsed = PostMessageAnswer.safeParse(await json(response));
  // Slack may have taken it: sending it again may show it twice, not sending it may lose it.
  if (!parsed.success) return { kind: 'retry', reason: `HTTP ${response.status}, and no answer of chat.postMessage` };
  const { ok, error = 'no error named', ts } = parsed.data;
  if (ok) return { kind: 'ok', ...(ts === undefined ? {} : { reference: ts }) };
  const reason = singleLine(`Slack: ${error}`, REASON);
  if (TOKEN_ERRORS.has(error)) return { kind: 'renew', reason };
  return { kind: PASSING_ERRORS.has(error) ? 'retry' : 'refused', reason };
};

const webhookAnswer = async (response: Response): Promise<Answer> => {
  const body = singleLine((await response.text().catch(() => '')).slice(0, REASON), REASON);
  if (response.ok) return { kind: 'ok' };
  const reason = `Slack webhook: HTTP ${response.status} ${body}`;
  // A webhook that was revoked or made anew answers so: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
  return response.status === 403 || response.status === 404 || response.status === 410
    ? { kind: 'renew', reason }
    : { kind: 'refused', reason };
};

const read = async (response: Response, form: SlackOptions['form']): Promise<Answer> => {
  if (response.status === 429) {
    return { kind: 'retry', reason: 'Slack: HTTP 429', retryAfterMs: retryAfter(response) };
  }
  if (response.status >= 500) return { kind: 'retry', reason: `Slack: HTTP ${response.status}` };
  return form === 'bot' ? botAnswer(response) : webhookAnswer(response);
};

const problem = (error: unknown): string => singleLine(error instanceof Error ? error.message : String(error), REASON);

/** What only a bot can say: another channel than its own, and the thread. */
export interface BotFields {
  readonly channel?: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
}

const request = async (
  options: SlackOptions,
  message: SlackMessage,
  fields: BotFields,
  renew: boolean,
): Promise<Response> => {
  const signal = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  // A redirect would take the secret to a place that nobody named.
  const base = { method: 'POST', redirect: 'error', signal } as const;
  if (options.form === 'webhook') {
    return options.fetch(await options.url(renew), { ...base, headers, body: JSON.stringify(message) });
  }
  const body = { channel: options.channel, ...message, unfurl_links: false, unfurl_media: false, ...fields };
  return options.fetch(`${options.endpoint ?? 'https://slack.com'}/api/chat.postMessage`, {
    ...base,
    headers: { ...headers, authorization: `Bearer ${await options.token(renew)}` },
    body: JSON.stringify(body),
  });
};

const attempt = async (...[options, message, fields, renew]: Parameters<typeof request>): Promise<Answer> => {
  try {
    return await read(await request(options, message, fields, renew), options.form);
  } catch (error) {
    return { kind: 'retry', reason: problem(error) };
  }
};

/** One message. Where the secret no longer serves, once more with a fresh one. Does not throw. */
export const postMessage = async (
  options: SlackOptions,
  message: SlackMessage,
  fields: BotFields = {},
): Promise<Answer> => {
  const answer = await attempt(options, message, fields, false);
  return answer.kind === 'renew' ? attempt(options, message, fields, true) : answer;
};

export const deliveryOf = (id: string, answer: Answer, before?: Delivered): Delivery => {
  switch (answer.kind) {
    case 'ok': {
      const reference = before?.reference ?? answer.reference;
      return { id, outcome: 'delivered', ...(reference === undefined ? {} : { reference }) };
    }
    case 'retry':
      return {
        id,
        outcome: 'retry',
        reason: answer.reason,
        ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
      };
    case 'renew':
      // Whoever rotates the secret may be a moment late.
      return { id, outcome: 'retry', reason: answer.reason, retryAfterMs: 300_000 };
    case 'refused':
      return { id, outcome: 'refused', reason: answer.reason };
  }
};
