import type { UnobservedReason } from '../../model/fact.ts';
import { KubernetesError } from '../../runtime/kubernetes/error.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { oneLine } from '../normalise/one-line.ts';
import { DependencyError, PartialError } from './collector.ts';
import { ProbesOffError } from './probes.ts';
import { VerdictLogsNotReadError } from './verdict-logs.ts';

/** What a failed read is worth as a fact. `not-found` is for the collector to judge: absent, or wrong. */
export interface Failure {
  readonly reason: UnobservedReason | 'not-found';
  readonly detail: string;
}

/** Error names of AWS services, by what they mean to us. https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html */
const AWS_ERRORS: ReadonlyMap<string, { readonly reason: Failure['reason']; readonly hint?: string }> = new Map([
  ['AccessDenied', { reason: 'denied' }],
  ['AccessDeniedException', { reason: 'denied' }],
  ['UnauthorizedOperation', { reason: 'denied' }],
  ['AuthFailure', { reason: 'denied' }],
  ['OptInRequired', { reason: 'denied', hint: 'the Region is not enabled for this account' }],
  ['UnrecognizedClientException', { reason: 'denied', hint: 'the credentials are not known in this Region' }],
  ['InvalidClientTokenId', { reason: 'denied', hint: 'the access key is not known' }],
  ['ExpiredToken', { reason: 'denied', hint: 'the credentials have expired' }],
  ['ExpiredTokenException', { reason: 'denied', hint: 'the credentials have expired' }],
  ['RequestExpired', { reason: 'denied', hint: 'the clock of this machine is wrong, or the credentials have expired' }],
  ['SignatureDoesNotMatch', { reason: 'denied', hint: 'the secret key is wrong, or the clock of this machine is' }],
  ['RequestTimeTooSkewed', { reason: 'denied', hint: 'the clock of this machine is wrong' }],
  ['InvalidSignatureException', { reason: 'denied', hint: 'the secret key is wrong, or the clock of this machine is' }],
  ['CredentialsProviderError', { reason: 'denied', hint: 'no credentials were found' }],
  ['TokenProviderError', { reason: 'denied', hint: 'the single sign-on session has ended' }],
  ['Throttling', { reason: 'throttled' }],
  ['ThrottlingException', { reason: 'throttled' }],
  ['ThrottledException', { reason: 'throttled' }],
  ['TooManyRequestsException', { reason: 'throttled' }],
  ['RequestLimitExceeded', { reason: 'throttled' }],
  ['RequestThrottledException', { reason: 'throttled' }],
  ['LimitExceededException', { reason: 'throttled' }],
  ['SlowDown', { reason: 'throttled' }],
  ['ResourceNotFoundException', { reason: 'not-found' }],
  ['NoSuchEntityException', { reason: 'not-found' }],
  ['NoSuchEntity', { reason: 'not-found' }],
  ['ParameterNotFound', { reason: 'not-found' }],
]);

/** Node's own codes, and the names that the SDK's HTTP handler gives. https://nodejs.org/api/errors.html#common-system-errors */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'TimeoutError',
  'AbortError',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

const statusOf = (error: Error): number | undefined => {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
};

/** What an HTTP status alone tells. https://www.rfc-editor.org/rfc/rfc9110#section-15 */
const reasonOf = (status: number): UnobservedReason => {
  if (status >= 200 && status < 300) return 'malformed';
  if (status === 401 || status === 403) return 'denied';
  return status === 429 ? 'throttled' : 'api-error';
};

/** What a gateway or proxy says of itself: the service behind it was not reached. */
const GATEWAY: ReadonlySet<number> = new Set([407, 502, 503, 504]);

/** The SDK appends a hint to programmers on a line of its own. */
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/**
 * An answer that no AWS service gives: a page of HTML, a body cut short, no body at all. The SDK marks its own exceptions
 * with `$fault`; what its parsers throw has the status and no such mark, and an error without a name is called `Unknown`.
 */
const fromForeignAnswer = (error: Error, status: number): Failure => ({
  reason: GATEWAY.has(status) ? 'unreachable' : reasonOf(status),
  detail: oneLine(`HTTP ${status} with a body that is not the service's own: ${firstLine(error.message)}`),
});

const fromAws = (error: Error): Failure => {
  const known = AWS_ERRORS.get(error.name);
  if (known !== undefined) {
    const hint = known.hint === undefined ? '' : ` (${known.hint})`;
    return { reason: known.reason, detail: oneLine(`${error.name}: ${error.message}${hint}`) };
  }
  const code = codeOf(error);
  if (NETWORK.has(code) || NETWORK.has(error.name)) {
    return { reason: 'unreachable', detail: oneLine(`${code === '' ? error.name : code}: ${error.message}`) };
  }
  const status = statusOf(error);
  if (status === undefined) return { reason: 'api-error', detail: oneLine(`${error.name}: ${error.message}`) };
  if (!('$fault' in error) || error.name === 'Unknown') return fromForeignAnswer(error, status);
  return { reason: reasonOf(status), detail: oneLine(`${error.name}: ${error.message} (HTTP ${status})`) };
};

/** Any thrown thing in the words of an unobserved fact. */
export const classifyFailure = (error: unknown): Failure => {
  if (error instanceof MalformedError) return { reason: 'malformed', detail: oneLine(error.message) };
  if (error instanceof KubernetesError) return { reason: error.reason, detail: oneLine(error.message) };
  if (error instanceof DependencyError) {
    const reason = error.fact.state === 'absent' ? 'not-found' : error.fact.reason;
    return { reason, detail: oneLine(error.message) };
  }
  if (error instanceof PartialError) return { reason: 'partial', detail: oneLine(error.message) };
  if (error instanceof ProbesOffError || error instanceof VerdictLogsNotReadError)
    return { reason: 'not-collected', detail: error.message };
  return error instanceof Error ? fromAws(error) : { reason: 'api-error', detail: oneLine(String(error)) };
};
