import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What becomes of one request. */
export type Reaction =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: string;
      readonly headers?: { readonly [name: string]: string };
    }
  /** The connection breaks after the request was taken: the sender cannot know. */
  | { readonly kind: 'cut' }
  /** No answer ever comes. */
  | { readonly kind: 'silence' };

export interface PublishServer {
  readonly url: string;
  /** Everything that came, in order. */
  readonly received: readonly Received[];
  readonly close: () => Promise<void>;
}

const react = (response: ServerResponse, reaction: Reaction): void => {
  if (reaction.kind === 'silence') return;
  if (reaction.kind === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(reaction.status, reaction.headers).end(reaction.body ?? '');
};

/** A server on a socket that takes what is posted to it, and reacts as it is told by number of request, from 0. */
export const startPublishServer = async (
  reactionTo: (request: Received, index: number) => Reaction,
): Promise<PublishServer> => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one: Received = { path: request.url ?? '', headers: request.headers, body };
      received.push(one);
      react(response, reactionTo(one, received.length - 1));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
};
