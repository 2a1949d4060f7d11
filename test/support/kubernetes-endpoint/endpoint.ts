import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { createAuthority } from './certificate.ts';
import type { Authority, KeyPair } from './certificate.ts';
import { render } from './render.ts';
import type { Collection } from './render.ts';
import { send } from './replies.ts';
import type { RecordedRequest, Reply } from './replies.ts';

export type { Collection } from './render.ts';

export interface EndpointOptions {
  readonly collections?: { readonly [path: string]: Collection };
  /** By default one for 127.0.0.1 and localhost, issued by the endpoint's own authority. */
  readonly certificate?: KeyPair;
  readonly authority?: Authority;
  /** Client certificates of this authority are accepted; none has to be shown. */
  readonly clientAuthority?: Authority;
  /** Answers a request before a collection does; undefined leaves it to them. */
  readonly answer?: (request: RecordedRequest) => Reply | undefined;
}

export interface KubernetesEndpoint {
  readonly url: string;
  readonly port: number;
  readonly certificateAuthority: string;
  /** Every request so far. */
  readonly requests: readonly RecordedRequest[];
  /** Connections accepted so far. */
  connections(): number;
  /** These answer the next requests, one each, before anything else does. */
  next(...replies: readonly Reply[]): void;
  /** Sets what a path lists from now on. Lists begun before go on with the items they began with. */
  set(path: string, collection: Collection): void;
  /**
   * Forgets all states but the newest, as etcd's compaction does every five minutes. Tokens from before are answered
   * with 410, with or without a token for going on from the newest state.
   */
  compact(offer: 'newer-token' | 'nothing'): void;
  close(): Promise<void>;
}

interface ContinueToken {
  /** The state it reads from; -1: the newest, whichever that is. */
  readonly version: number;
  readonly start: number;
}

const encodeToken = (token: ContinueToken): string => Buffer.from(JSON.stringify(token)).toString('base64url');
const decodeToken = (text: string): ContinueToken =>
  // Only tokens of this endpoint come back to it; another one fails the test, which is what it should do.
  JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as ContinueToken;

/** A Kubernetes API server as far as lists and errors go, on 127.0.0.1 with TLS. */
export const startKubernetesEndpoint = async (options: EndpointOptions = {}): Promise<KubernetesEndpoint> => {
  const authority = options.authority ?? createAuthority('kubernetes');
  const pair =
    options.certificate ?? authority.issue({ commonName: 'kube-apiserver', names: ['127.0.0.1', 'localhost'] });
  const requests: RecordedRequest[] = [];
  const replies: Reply[] = [];
  const states = new Map([[1, options.collections ?? {}]]);
  let newest = 1;
  let offer: 'newer-token' | 'nothing' = 'nothing';
  let accepted = 0;

  const list = (request: RecordedRequest): Reply => {
    const { query } = request;
    const token = query['continue'] === undefined ? undefined : decodeToken(query['continue']);
    const version = token === undefined || token.version === -1 ? newest : token.version;
    const state = states.get(version);
    if (state === undefined) {
      const continueToken = encodeToken({ version: -1, start: token?.start ?? 0 });
      return {
        kind: 'status',
        code: 410,
        reason: 'Expired',
        message: 'The provided continue parameter is too old to display a consistent list result.',
        ...(offer === 'newer-token' ? { continueToken } : {}),
      };
    }
    const collection = state[request.path];
    if (collection === undefined) {
      return {
        kind: 'raw',
        code: 404,
        body: '404 page not found\n',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      };
    }
    const start = token?.start ?? 0;
    // The real server ignores a limit when it may answer from memory.
    const limit = query['resourceVersion'] === '0' ? Infinity : Number(query['limit'] ?? Infinity);
    const end = Math.min(collection.items.length, start + limit);
    const continueToken = end < collection.items.length ? encodeToken({ version, start: end }) : '';
    return render(collection, start, end, { resourceVersion: String(version), continueToken }, request.headers.accept);
  };

  const answer = (incoming: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(incoming.url ?? '/', 'https://endpoint');
    const request: RecordedRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      clientName: incoming.socket instanceof TLSSocket ? peerName(incoming.socket) : undefined,
    };
    requests.push(request);
    send(response, replies.shift() ?? options.answer?.(request) ?? list(request));
  };

  const server = createServer(
    {
      cert: pair.certificate,
      key: pair.key,
      ...(options.clientAuthority === undefined
        ? {}
        : { ca: options.clientAuthority.certificate, requestCert: true, rejectUnauthorized: false }),
    },
    answer,
  );
  server.on('connection', () => {
    accepted += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address of this type.
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    certificateAuthority: authority.certificate,
    requests,
    connections: () => accepted,
    next: (...more) => {
      replies.push(...more);
    },
    set: (path, collection) => {
      states.set(newest + 1, { ...states.get(newest), [path]: collection });
      newest += 1;
    },
    compact: (newOffer) => {
      offer = newOffer;
      for (const version of states.keys()) if (version !== newest) states.delete(version);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const peerName = (socket: TLSSocket): string | undefined => {
  if (!socket.authorized) return undefined;
  const name = socket.getPeerCertificate().subject?.CN;
  return Array.isArray(name) ? name[0] : name;
};
