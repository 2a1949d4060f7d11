import { KubernetesError, messageOf } from './error.ts';

/** What ended an exchange before an answer was read, besides what Node reports itself. */
export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
}

/** A kept connection turned out to be closed when it was used again: usual after a Lambda was frozen. */
export class StaleConnectionError extends Error {
  override readonly name = 'StaleConnectionError';
}

const NOT_TRUSTED =
  "certificate not trusted: it was not issued by the cluster's certificate authority (another cluster, or something between us and it)";

/** Codes of OpenSSL's verification and of Node's own check: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE: { readonly [code: string]: string } = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  CERT_SIGNATURE_FAILURE: NOT_TRUSTED,
  CERT_UNTRUSTED: NOT_TRUSTED,
  INVALID_CA: NOT_TRUSTED,
  CERT_CHAIN_TOO_LONG: NOT_TRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate not trusted: it is for another name than the endpoint',
};

const NETWORK: { readonly [code: string]: string } = {
  ENOTFOUND: 'no such host: DNS does not know the endpoint (a private endpoint has a name only inside its VPC)',
  EAI_AGAIN: 'DNS did not answer',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the other side',
  EPIPE: 'connection closed by the other side',
  ETIMEDOUT: 'i/o timeout',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'no address to connect from',
};

/** Connections that broke may hold the next time; a refused one, an unknown name or a wrong certificate will not. */
const TRANSIENT = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ETIMEDOUT']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const isTransient = (error: unknown): boolean => TRANSIENT.has(codeOf(error));

/**
 * Says in plain words why no answer came. `now` is for certificates: one that is "expired" or "not yet valid" may be
 * fine, and this machine's clock wrong.
 */
export const unreachable = (error: unknown, endpoint: string, now: Date): KubernetesError => {
  const code = codeOf(error);
  const say = (why: string): KubernetesError =>
    new KubernetesError('unreachable', `${endpoint}: ${why}`, { cause: error });
  if (error instanceof ConnectTimeoutError) return say(`i/o timeout: ${error.message}`);
  if (code === 'CERT_HAS_EXPIRED') return say(`expired certificate; this machine's clock says ${now.toISOString()}`);
  if (code === 'CERT_NOT_YET_VALID') {
    return say(`certificate not yet valid; this machine's clock says ${now.toISOString()}`);
  }
  const known = CERTIFICATE[code] ?? NETWORK[code];
  if (known !== undefined) return say(known);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return say(`TLS handshake failed (${code}): ${messageOf(error)}`);
  }
  // The HTTP parser's codes: bytes came, and they were not HTTP.
  if (code.startsWith('HPE_')) {
    return new KubernetesError('malformed', `${endpoint}: the answer is not HTTP (${code})`, { cause: error });
  }
  return say(messageOf(error) || code || 'no answer');
};

/** AWS refuses signatures of a clock that is five minutes off, so a token from such a machine never works. */
const SKEW_MS = 5 * 60_000;

/** What the `Date` header of an answer says about this machine's clock; empty where it says nothing worth telling. */
export const clockSkewHint = (dateHeader: string | undefined, now: Date): string => {
  const server = Date.parse(dateHeader ?? '');
  if (Number.isNaN(server)) return '';
  const skew = now.getTime() - server;
  if (Math.abs(skew) < SKEW_MS) return '';
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return `; this machine's clock is ${minutes} minutes ${skew > 0 ? 'ahead of' : 'behind'} the server's, and tokens signed with a wrong clock are refused`;
};
