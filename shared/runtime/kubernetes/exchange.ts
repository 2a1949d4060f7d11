import { request as httpsRequest } from 'node:https';
import type { Agent, RequestOptions } from 'node:https';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Endpoint } from './endpoint.ts';
import { ConnectTimeoutError, StaleConnectionError } from './transport-error.ts';

export interface Exchange {
  readonly agent: Agent;
  readonly endpoint: Endpoint;
  /** Path and query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends one GET and resolves with the answer's head.
 *
 * @throws StaleConnectionError when a kept connection had been closed meanwhile: then nothing was answered and a new one
 * may work; ConnectTimeoutError; or what Node reports
 */
export const send = (exchange: Exchange): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { agent, connectTimeoutMs, endpoint, headers, path, signal } = exchange;
    const options: RequestOptions = {
      agent,
      method: 'GET',
      host: endpoint.host,
      port: endpoint.port,
      path,
      headers,
      signal,
    };
    const request = httpsRequest(options, resolve);
    request.on('error', (error) => {
      const closed = 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(request.reusedSocket && closed ? new StaleConnectionError('', { cause: error }) : error);
    });
    request.on('socket', (socket) => {
      if (request.reusedSocket) return;
      const seconds = connectTimeoutMs / 1000;
      const timer = setTimeout(() => {
        request.destroy(
          new ConnectTimeoutError(
            `no connection within ${seconds} s (a private endpoint, a route or a security group?)`,
          ),
        );
      }, connectTimeoutMs);
      socket.once('secureConnect', () => clearTimeout(timer));
      socket.once('close', () => clearTimeout(timer));
    });
    request.end();
  });

/**
 * Lets go of an answer that nobody reads any further. Its connection is free for the next request only once the answer
 * is at its end: what has arrived is thrown away, and with what has not the connection is.
 */
export const release = (response: IncomingMessage): void => {
  if (response.readableEnded || response.destroyed) return;
  if (response.complete) response.resume();
  else response.destroy();
};
