import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, element, integer, objectId, octets, sequence, set, tagged, time, utf8, yes } from './der.ts';

/** Certificates made when a test starts, so that no key is ever stored. PEM all. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** DNS names and IPv4 addresses that it is for. */
  readonly names?: readonly string[];
  /** `YYYY-MM-DD`; by default from 2000 to 2100, whatever the clock says. */
  readonly notBefore?: string;
  readonly notAfter?: string;
}

export interface Authority {
  readonly certificate: string;
  issue(request: CertificateRequest): KeyPair;
}

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const BASIC_CONSTRAINTS = objectId('2.5.29.19');
const SUBJECT_ALT_NAME = objectId('2.5.29.17');

const nameOf = (commonName: string): Buffer => sequence(set(sequence(objectId('2.5.4.3'), utf8(commonName))));

const altName = (name: string): Buffer =>
  isIP(name) === 4 ? element(0x87, Buffer.from(name.split('.').map(Number))) : element(0x82, Buffer.from(name));

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

/** RFC 5280, section 4.1. */
const certificate = (
  request: CertificateRequest,
  publicKey: KeyObject,
  issuer: { readonly commonName: string; readonly key: KeyObject },
  isAuthority: boolean,
): string => {
  const { commonName, names = [], notAfter = '2100-01-01', notBefore = '2000-01-01' } = request;
  const extensions = [
    ...(isAuthority ? [sequence(BASIC_CONSTRAINTS, yes(), octets(sequence(yes())))] : []),
    ...(names.length === 0 ? [] : [sequence(SUBJECT_ALT_NAME, octets(sequence(...names.map(altName))))]),
  ];
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    nameOf(issuer.commonName),
    sequence(time(notBefore), time(notAfter)),
    nameOf(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [tagged(3, sequence(...extensions))]),
  );
  return pem(sequence(toBeSigned, ECDSA_WITH_SHA256, bits(sign('sha256', toBeSigned, issuer.key))));
};

const newKeys = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** A certificate authority of its own. */
export const createAuthority = (commonName: string): Authority => {
  const { privateKey, publicKey } = newKeys();
  const issuer = { commonName, key: privateKey };
  return {
    certificate: certificate({ commonName }, publicKey, issuer, true),
    issue: (request) => {
      const keys = newKeys();
      return {
        certificate: certificate(request, keys.publicKey, issuer, false),
        key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
};
