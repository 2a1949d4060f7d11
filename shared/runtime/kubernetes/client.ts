import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';
import pLimit from 'p-limit';
import { startDeadline, withinDeadline } from './deadline.ts';
import { checkCertificateAuthority, parseEndpoint } from './endpoint.ts';
import type { Query } from './endpoint.ts';
import { KubernetesError, malformed, messageOf } from './error.ts';
import type { Representation } from './media-type.ts';
import { requestWithRetries } from './request.ts';
import { DEFAULT_RETRY } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

/**
 * Gives a bearer token. When the server refused a token it is called once more with that one, and must then not answer
 * with what it remembers.
 */
export type TokenProvider = (refused?: string) => Promise<string>;

export interface KubernetesClientOptions {
  /** `https://…`, from DescribeCluster or a kubeconfig. Nothing that an answer says ever changes it. */
  readonly endpoint: string;
  /** PEM. The only authority trusted; those of the system are not. */
  readonly certificateAuthority: string;
  /** Where the certificate is for another name than the endpoint's (`tls-server-name` of a kubeconfig). */
  readonly serverName?: string;
  readonly token?: TokenProvider;
  /** PEM both. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
  readonly userAgent: string;
  /**
   * Requests at the same time, and so connections; by default 4. Every connection costs both ends a TLS handshake, more
   * than most answers do, and what waits for another answer waits on few of them.
   */
  readonly concurrency?: number;
  /** From the call to the last byte of the body, waits for other requests and for a token included; by default 60 s. */
  readonly deadlineMs?: number;
  /** TCP and TLS; by default 5 s, since a private endpoint without a route answers nothing at all. */
  readonly connectTimeoutMs?: number;
  /** Greatest body after decompression, by default 64 MiB. */
  readonly maxBytes?: number;
  readonly retry?: RetryPolicy;
  readonly now: () => Date;
  /** Resolves early, without an error, when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface KubernetesRequest {
  /** From `/`, without a query: `/api/v1/nodes`. */
  readonly path: string;
  readonly query?: Query;
  /** By default `json`. */
  readonly accept?: Representation;
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
  readonly maxBytes?: number;
  /** Statuses that are no error here: a failed `/readyz` answers 500 and says in its body what failed. */
  readonly alsoAccept?: readonly number[];
  /** Counts up what this request takes, whether it succeeds or not. */
  readonly count?: UsageCount;
}

export interface KubernetesAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** The body, decompressed. A chunk holds only until the next one is asked for: keep copies, not views. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** HTTP requests sent, those that failed and were repeated included, and bytes of their bodies. */
export interface Usage {
  readonly calls: number;
  /** Before decompression. */
  readonly wireBytes: number;
  /** After it. */
  readonly bodyBytes: number;
}

/** A usage that is being counted. */
export type UsageCount = { -readonly [K in keyof Usage]: Usage[K] };

export interface KubernetesClient {
  readonly endpoint: string;
  /**
   * One GET. `consume` reads the body. It is called again, from the start, when the connection broke in the middle: it
   * must keep nothing from an earlier call. What it throws itself is passed on.
   *
   * @throws KubernetesError
   */
  get<T>(request: KubernetesRequest, consume: (answer: KubernetesAnswer) => Promise<T>): Promise<T>;
  /** @throws KubernetesError; `malformed` when the body is not JSON */
  getJson(request: KubernetesRequest): Promise<unknown>;
  /** @throws KubernetesError */
  getText(request: KubernetesRequest): Promise<{ readonly status: number; readonly text: string }>;
  /** Of all requests so far, failed ones included. */
  usage(): Usage;
  /** Closes the connections that are kept open. */
  close(): void;
}

/**
 * Reads a Kubernetes API server over node:https. It sends nothing but GET and follows no redirect.
 *
 * @throws KubernetesError `malformed` when the endpoint is not an https URL or the authority not a PEM certificate
 */
export const createKubernetesClient = (options: KubernetesClientOptions): KubernetesClient => {
  const { clientCertificate, concurrency = 4, now, random, sleep, userAgent } = options;
  const endpoint = parseEndpoint(options.endpoint, options.serverName);
  const trust = { ca: checkCertificateAuthority(options.certificateAuthority), minVersion: 'TLSv1.2' } as const;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: concurrency,
    maxFreeSockets: concurrency,
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED=0 in somebody's environment would otherwise turn it off.
    rejectUnauthorized: true,
    ...(endpoint.serverName === undefined ? {} : { servername: endpoint.serverName }),
    // Node reads the authority anew for each connection unless they share what it made of it. With a certificate of our
    // own it may: one that is no good fails the connection then, in words of its own.
    ...(clientCertificate === undefined
      ? { secureContext: createSecureContext(trust) }
      : { ...trust, cert: clientCertificate.certificate, key: clientCertificate.key }),
  });
  const total: UsageCount = { calls: 0, wireBytes: 0, bodyBytes: 0 };
  const limit = pLimit(concurrency);
  const context = {
    agent,
    endpoint,
    total,
    token: checkedToken(options),
    connectTimeoutMs: options.connectTimeoutMs ?? 5000,
    retry: options.retry ?? DEFAULT_RETRY,
    now,
    random,
    sleep,
    userAgent,
  };

  const get: KubernetesClient['get'] = (request, consume) => {
    const deadline = startDeadline(request, request.deadlineMs ?? options.deadlineMs ?? 60_000, endpoint.origin);
    const bounded = { ...request, deadline, maxBytes: request.maxBytes ?? options.maxBytes ?? 64 * 1024 * 1024 };
    // Watched from outside only until its turn comes: from then on the request ends itself, and lets go of what it holds.
    return withinDeadline(deadline, (unwatch) =>
      limit(() => {
        unwatch();
        return requestWithRetries(context, bounded, consume);
      }),
    );
  };
  const getText: KubernetesClient['getText'] = (request) =>
    get(request, async ({ chunks, status }) => {
      const parts: Buffer[] = [];
      for await (const chunk of chunks) parts.push(Buffer.from(chunk));
      return { status, text: Buffer.concat(parts).toString('utf8') };
    });

  return {
    endpoint: endpoint.origin,
    get,
    getText,
    getJson: async (request) => {
      const { text } = await getText(request);
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        throw malformed(`GET ${request.path}: the body is not JSON: ${messageOf(error)}`);
      }
    },
    usage: () => ({ ...total }),
    close: () => agent.destroy(),
  };
};

/** The token provider with its failures in our words, and its tokens safe to put into a header. */
const checkedToken = ({ endpoint, token }: KubernetesClientOptions): TokenProvider | undefined => {
  if (token === undefined) return undefined;
  return async (refused) => {
    let given: string;
    try {
      given = await token(refused);
    } catch (error) {
      if (error instanceof KubernetesError) throw error;
      throw new KubernetesError('denied', `no token for ${endpoint}: ${messageOf(error)}`, { cause: error });
    }
    // Node would refuse it too, with an error that quotes the header.
    if (!/^[\x21-\x7e]+$/.test(given)) {
      throw new KubernetesError('denied', `the token for ${endpoint} is empty or holds characters that no token has`);
    }
    return given;
  };
};
