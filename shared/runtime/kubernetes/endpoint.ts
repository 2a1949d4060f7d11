import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { malformed } from './error.ts';

export interface Endpoint {
  /** Scheme, host and port, for messages. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** Empty, or a path before every request's, as a kubeconfig of a management server has; without a slash at its end. */
  readonly basePath: string;
  /** The name for SNI and for the certificate; undefined where the host is an address, which SNI does not allow. */
  readonly serverName: string | undefined;
}

/**
 * @throws KubernetesError `malformed` when the text is not an `https` URL of a host, a port and at most a path
 */
export const parseEndpoint = (text: string, serverName: string | undefined): Endpoint => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    url.protocol !== 'https:' ||
    `${url.username}${url.password}${url.search}${url.hash}` !== ''
  ) {
    throw malformed(
      `the endpoint of the API server must be an https URL such as https://….eks.amazonaws.com, got ${JSON.stringify(text)}`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    origin: url.origin,
    host,
    port: url.port === '' ? 443 : Number(url.port),
    basePath: url.pathname.replace(/\/+$/, ''),
    serverName: serverName ?? (isIP(host) === 0 ? host : undefined),
  };
};

/**
 * Node takes an empty `ca` for "none given" and would then trust every public authority, so what is no certificate must
 * not get that far.
 *
 * @throws KubernetesError `malformed`
 */
export const checkCertificateAuthority = (pem: string): string => {
  try {
    // X509Certificate reads DER too, which the agent would not.
    if (pem.includes('-----BEGIN CERTIFICATE-----') && new X509Certificate(pem).subject !== '') return pem;
  } catch (error) {
    throw notACertificate(error);
  }
  throw notACertificate();
};

const notACertificate = (cause?: unknown): Error =>
  malformed("the cluster's certificate authority is not a PEM certificate (DescribeCluster gives it in base64)", cause);

export type Query = { readonly [name: string]: string | number | undefined };

/**
 * The path of a request with its query. Names of objects become part of paths and are hostile: a path that would mean
 * another one is refused.
 *
 * @throws KubernetesError `malformed`
 */
export const requestPath = (endpoint: Endpoint, path: string, query: Query): string => {
  if (!/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~:@!$&'()*+,;=%-]+)+$/.test(path) || /%2f|%2e%2e/i.test(path)) {
    throw malformed(`not a path of the Kubernetes API: ${JSON.stringify(path)}`);
  }
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return `${endpoint.basePath}${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
};
