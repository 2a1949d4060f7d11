import { HttpResponse } from '@smithy/core/protocols';

export interface Recorded {
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}

export interface Answer {
  readonly status?: number;
  readonly body: string;
  readonly headers?: { readonly [name: string]: string };
}

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : body instanceof Uint8Array ? new TextDecoder().decode(body) : '';

/** What a real SDK client is given to answer from memory: every request is recorded, none leaves the process. */
export const answering = (answer: (request: Recorded) => Answer) => {
  const requests: Recorded[] = [];
  const config = {
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: (request: { readonly body?: unknown; readonly headers: { readonly [name: string]: string } }) => {
        const recorded: Recorded = {
          body: textOf(request.body),
          headers: request.headers,
        };
        requests.push(recorded);
        const { status = 200, body, headers = {} } = answer(recorded);
        return Promise.resolve({
          response: new HttpResponse({
            statusCode: status,
            headers: { ...headers },
            body: new TextEncoder().encode(body),
          }),
        });
      },
    },
  };
  return { config, requests };
};
