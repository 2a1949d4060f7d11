import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** A request as the endpoint saw it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly headers: IncomingHttpHeaders;
  /** Of the client's certificate, where it showed one. */
  readonly clientName: string | undefined;
}

/** What the endpoint answers instead of what it serves. */
export type Reply =
  /** A `Status` such as the API server sends with every error of its own. */
  | {
      readonly kind: 'status';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      /** Of the object that the error is about. */
      readonly name?: string;
      readonly continueToken?: string;
      readonly headers?: { readonly [name: string]: string };
    }
  | {
      readonly kind: 'raw';
      readonly code: number;
      readonly body: Buffer | string;
      readonly headers?: { readonly [name: string]: string };
    }
  /** The body gzipped, without its last bytes, but as if it were whole. */
  | { readonly kind: 'cut-gzip'; readonly body: string }
  /** The connection is cut: without an answer, or in the middle of a body. */
  | { readonly kind: 'drop'; readonly after: 'request' | 'half-a-body' }
  /** Nothing is ever answered, or nothing after the head. */
  | { readonly kind: 'hang'; readonly after: 'request' | 'head' };

export const send = (response: ServerResponse, reply: Reply): void => {
  switch (reply.kind) {
    case 'status':
      response.writeHead(reply.code, { 'content-type': 'application/json', ...reply.headers }).end(statusBody(reply));
      return;
    case 'raw':
      response.writeHead(reply.code, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
      return;
    case 'cut-gzip': {
      const packed = gzipSync(reply.body);
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(packed.subarray(0, packed.length - 12));
      return;
    }
    case 'drop':
      if (reply.after === 'request') response.socket?.destroy();
      else {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"kind":"PodList","items":[{}', () => response.socket?.destroy());
      }
      return;
    case 'hang':
      if (reply.after === 'head') response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      return;
    default:
      reply satisfies never;
  }
};

const statusBody = (reply: Extract<Reply, { kind: 'status' }>): string =>
  JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: reply.continueToken === undefined ? {} : { continue: reply.continueToken },
    status: 'Failure',
    message: reply.message ?? '',
    reason: reply.reason ?? '',
    details: reply.name === undefined ? {} : { name: reply.name },
    code: reply.code,
  });
