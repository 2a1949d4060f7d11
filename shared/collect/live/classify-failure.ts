import type { UnobservedReason } from '../../model/fact.ts';
import { KubernetesError } from '../../runtime/kubernetes/error.ts';
import { MalformedError } from '../normalise/malformed-error.ts';
import { oneLine } from '../normalise/one-line.ts';
import { DependencyError } from './collector.ts';
import { ProbesOffError } from './probes.ts';

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
  const detail = oneLine(`${error.name}: ${error.message}`);
  if (status === 429) return { reason: 'throttled', detail };
  if (status === 401 || status === 403) return { reason: 'denied', detail };
  // The SDK could not read the body: what came is not what the service's model promises.
  if (error.name === 'SyntaxError') return { reason: 'malformed', detail };
  return { reason: 'api-error', detail };
};

/** Any thrown thing in the words of an unobserved fact. */
export const classifyFailure = (error: unknown): Failure => {
  if (error instanceof MalformedError) return { reason: 'malformed', detail: oneLine(error.message) };
  if (error instanceof KubernetesError) return { reason: error.reason, detail: oneLine(error.message) };
  if (error instanceof DependencyError) {
    const reason = error.fact.state === 'absent' ? 'not-found' : error.fact.reason;
    return { reason, detail: oneLine(error.message) };
  }
  if (error instanceof ProbesOffError) return { reason: 'not-collected', detail: error.message };
  return error instanceof Error ? fromAws(error) : { reason: 'api-error', detail: oneLine(String(error)) };
};
