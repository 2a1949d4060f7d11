import { describe, expect, it } from 'vitest';
import { clockSkewHint, isTransient, unreachable } from '../../../shared/runtime/kubernetes/transport-error.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const ENDPOINT = 'https://ABCD.gr7.us-west-2.eks.amazonaws.com';

const coded = (code: string, message = 'what Node says'): Error => Object.assign(new Error(message), { code });

describe('unreachable', () => {
  it.each([
    ['ENOTFOUND', 'no such host: DNS does not know the endpoint (a private endpoint has a name only inside its VPC)'],
    ['EAI_AGAIN', 'DNS did not answer'],
    ['ECONNREFUSED', 'connection refused'],
    ['ETIMEDOUT', 'i/o timeout'],
    ['EHOSTUNREACH', 'no route to host'],
    ['ENETUNREACH', 'network unreachable'],
    ['CERT_HAS_EXPIRED', "expired certificate; this machine's clock says 2026-11-21T12:00:00.000Z"],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS handshake failed (ERR_SSL_WRONG_VERSION_NUMBER): what Node says'],
    ['ESOMETHING', 'what Node says'],
  ])('says of %s: %s', (code, said) => {
    const error = unreachable(coded(code), ENDPOINT, NOW);
    expect(error).toMatchObject({ reason: 'unreachable', message: `${ENDPOINT}: ${said}` });
    expect(error.cause).toMatchObject({ code });
  });

  it.each(['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])(
    'says of %s that the certificate is not trusted',
    (code) => {
      expect(unreachable(coded(code), ENDPOINT, NOW).message).toContain(
        'certificate not trusted: it was not issued by',
      );
    },
  );

  it('calls bytes that are not HTTP malformed', () => {
    expect(unreachable(coded('HPE_INVALID_CONSTANT'), ENDPOINT, NOW)).toMatchObject({
      reason: 'malformed',
      message: `${ENDPOINT}: the answer is not HTTP (HPE_INVALID_CONSTANT)`,
    });
  });

  it('names an error without code or message too, and what is no error', () => {
    expect(unreachable(new Error(''), ENDPOINT, NOW).message).toBe(`${ENDPOINT}: no answer`);
    expect(unreachable('gone', ENDPOINT, NOW).message).toBe(`${ENDPOINT}: gone`);
  });
});

describe('isTransient', () => {
  it('is a broken connection, not a wrong one', () => {
    expect(['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ETIMEDOUT'].map((code) => isTransient(coded(code)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', ''].map((code) => isTransient(coded(code)))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('clockSkewHint', () => {
  it('says nothing where the server says no time', () => {
    expect(clockSkewHint(undefined, NOW)).toBe('');
  });
});
