import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { toXml, type Tree } from './xml.ts';

/** One call as the service reads it: `eks GET /clusters/a`, `ec2 DescribeSubnets`, with its parameters. */
export interface AwsRequest {
  /** `ec2:DescribeSubnets`; of EKS, a REST service, `eks:GET /clusters/shop-prod`. */
  readonly call: string;
  /** Of a query service the form, of a JSON service the body, of EKS the query string. */
  readonly parameters: { readonly [name: string]: unknown };
}

export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message = `${code} by the test`) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** An answer of somebody between the client and the service: whatever body, in nobody's form. */
export class ForeignAnswer extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`${status} by the test`);
    this.status = status;
    this.body = body;
  }
}

export const accessDenied = (code = 'AccessDeniedException'): AwsFault => new AwsFault(code, 403);
export const throttling = (code = 'ThrottlingException'): AwsFault => new AwsFault(code, 400);

/** Answers a call with a tree, or throws a fault or a foreign answer. */
export type Handler = (request: AwsRequest) => Tree;

export interface AwsEndpoint {
  readonly url: string;
  readonly requests: readonly AwsRequest[];
  readonly close: () => Promise<void>;
}

type Service = 'eks' | 'ec2' | 'autoscaling' | 'iam' | 'logs' | 'ssm';

/** The service that a signature is for: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const serviceOf = (request: IncomingMessage): string =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '')?.[1] ?? 'unsigned';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  // Without an encoding set, a request's chunks are buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const read = (request: IncomingMessage, service: string, body: string): AwsRequest => {
  if (service === 'eks') {
    const url = new URL(request.url ?? '/', 'http://endpoint');
    const parameters = Object.fromEntries(url.searchParams);
    return { call: `eks:${request.method ?? ''} ${decodeURIComponent(url.pathname)}`, parameters };
  }
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    // What the SDK sends to a JSON service is a JSON object.
    const parameters = JSON.parse(body) as AwsRequest['parameters'];
    return { call: `${service}:${target.split('.').at(-1) ?? ''}`, parameters };
  }
  const { Action = '', ...parameters } = Object.fromEntries(new URLSearchParams(body));
  return { call: `${service}:${Action}`, parameters };
};

const XML: ReadonlySet<string> = new Set<Service>(['ec2', 'autoscaling', 'iam']);

const faultBody = (service: string, { code, message }: AwsFault): string => {
  if (service === 'ec2') {
    return toXml('Response', { Errors: { Error: { Code: code, Message: message } }, RequestID: 'r-1' });
  }
  if (XML.has(service)) {
    return toXml('ErrorResponse', { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: 'r-1' });
  }
  return JSON.stringify({ __type: code, message });
};

const answerBody = (service: string, call: string, tree: Tree): string => {
  const action = call.slice(call.indexOf(':') + 1);
  if (service === 'ec2') return toXml(`${action}Response`, tree);
  if (XML.has(service)) return toXml(`${action}Response`, { [`${action}Result`]: tree });
  return JSON.stringify(tree);
};

/** AWS's six services of the collectors on 127.0.0.1, speaking each one's own protocol to the real SDK. */
export const startAwsEndpoint = async (handler: Handler): Promise<AwsEndpoint> => {
  const requests: AwsRequest[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const service = serviceOf(request);
    const asked = read(request, service, await bodyOf(request));
    requests.push(asked);
    const type = XML.has(service) ? 'text/xml' : service === 'eks' ? 'application/json' : 'application/x-amz-json-1.1';
    try {
      const text = answerBody(service, asked.call, handler(asked));
      response.writeHead(200, { 'content-type': type }).end(text);
    } catch (error) {
      if (error instanceof ForeignAnswer) {
        response.writeHead(error.status, { 'content-type': 'text/html' }).end(error.body);
        return;
      }
      const fault = error instanceof AwsFault ? error : new AwsFault('InternalFailure', 500, String(error));
      response
        .writeHead(fault.status, { 'content-type': type, 'x-amzn-errortype': fault.code })
        .end(faultBody(service, fault));
    }
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
