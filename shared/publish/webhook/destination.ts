import { createHmac } from 'node:crypto';
import type { Announcement } from '../../model/announcement.ts';
import { singleLine } from '../../model/single-line.ts';
import { toMessage } from '../message/finding-message.ts';
import type { Delivery, RecordDestination } from '../port.ts';
import { sendEach } from '../send-each.ts';
import { toPagerDuty } from './to-pagerduty.ts';

const TIMEOUT_MS = 10_000;
const CONCURRENCY = 4;
const REASON = 300;
const DEFAULT_RETRY_MS = 30_000;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface WebhookOptions {
  readonly url: string;
  /** The key of the signature. Read anew for every run, so that it can be rotated. */
  readonly secret: () => Promise<string>;
  /** `finding`: docs/finding-message.schema.json. `pagerduty`: Events API v2, whose routing key the secret is. */
  readonly payload: 'finding' | 'pagerduty';
  readonly fetch: Fetch;
  readonly now: () => Date;
  readonly timeoutMs?: number;
}

/**
 * `v1=<hex of HMAC-SHA-256 over "<timestamp>.<body>">`. The time is part of it, so that a receiver can refuse what is
 * sent again later; compare in constant time.
 */
export const signatureOf = (secret: string, timestamp: number, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`;

const retryAfterMs = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : DEFAULT_RETRY_MS;
};

const read = (id: string, response: Response): Delivery => {
  const reason = `HTTP ${response.status}`;
  if (response.ok) return { id, outcome: 'delivered' };
  if (response.status === 429) return { id, outcome: 'retry', reason, retryAfterMs: retryAfterMs(response) };
  // 401, 403 and 404 are mended at the other end or in our configuration; only what names the request itself is final.
  return [400, 413, 415, 422].includes(response.status)
    ? { id, outcome: 'refused', reason }
    : { id, outcome: 'retry', reason };
};

const request = async (item: Announcement, options: WebhookOptions): Promise<RequestInit> => {
  const secret = await options.secret();
  const body = JSON.stringify(options.payload === 'pagerduty' ? toPagerDuty(item, secret) : toMessage(item));
  const timestamp = Math.floor(options.now().getTime() / 1000);
  return {
    method: 'POST',
    body,
    // A redirect would take a signed finding to a place that nobody named.
    redirect: 'error',
    signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': item.id,
      ...(options.payload === 'pagerduty'
        ? {}
        : {
            'netpol-warden-timestamp': String(timestamp),
            'netpol-warden-signature': signatureOf(secret, timestamp, body),
          }),
    },
  };
};

/** Each change by HTTP POST, signed; PagerDuty's form is authenticated by its routing key instead. */
export const webhookDestination = (options: WebhookOptions): RecordDestination => ({
  kind: 'record',
  name: options.payload === 'pagerduty' ? 'pagerduty' : 'webhook',
  wants: 'every-change',
  publish: (items) =>
    sendEach(items, CONCURRENCY, async (item) => {
      try {
        const response = await options.fetch(options.url, await request(item, options));
        await response.body?.cancel();
        return read(item.id, response);
      } catch (error) {
        const reason = singleLine(error instanceof Error ? error.message : String(error), REASON);
        return { id: item.id, outcome: 'retry', reason };
      }
    }),
});
