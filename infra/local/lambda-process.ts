import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ROOT } from '../build.ts';

const RUNTIME = join(ROOT, 'node_modules/aws-lambda-ric/index.mjs');
const NATIVE_CLIENT = join(import.meta.dirname, 'native-client.cjs');
const ACCOUNT = '999988887777';
const REGION = 'us-west-2';
const TIMEOUT_MS = 60_000;

export interface LambdaOptions {
  /** Of the bundle: holds `index.cjs`. */
  readonly directory: string;
  readonly name: string;
  readonly env: { readonly [name: string]: string };
}

/** A function failed: what its runtime posted, or what it printed before it died. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}

export interface LambdaProcess {
  /** Milliseconds from the start of the process until it asked for its first event. */
  readonly ready: Promise<number>;
  /** One event after the other, as Lambda does with one environment. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly body: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const bodyOf = async (stream: AsyncIterable<unknown>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

/** What AWS's own runtime is given. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const environment = (name: string, directory: string, api: string): { readonly [name: string]: string } => ({
  PATH: process.env['PATH'] ?? '',
  AWS_LAMBDA_RUNTIME_API: api,
  LAMBDA_TASK_ROOT: directory,
  _HANDLER: 'index.handler',
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: 'local',
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
});

/** A packaged function under AWS's own runtime client, with a small Runtime API in this process. */
export const startLambda = async ({ directory, name, env }: LambdaOptions): Promise<LambdaProcess> => {
  const waiting: Invocation[] = [];
  const running = new Map<string, Invocation>();
  let idle: ServerResponse | undefined;
  let output = '';
  const began = performance.now();
  const { promise: ready, resolve: isReady, reject: isBroken } = Promise.withResolvers<number>();

  const next = (): void => {
    const [invocation] = waiting;
    if (invocation === undefined || idle === undefined) return;
    waiting.shift();
    running.set(invocation.id, invocation);
    idle
      .writeHead(200, {
        'content-type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': invocation.id,
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + TIMEOUT_MS),
        'Lambda-Runtime-Invoked-Function-Arn': `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
        'Lambda-Runtime-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0',
      })
      .end(invocation.body);
    idle = undefined;
  };

  const answer = (path: string, body: string): void => {
    const [, id = '', kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const invocation = running.get(id);
    running.delete(id);
    if (kind === 'response') invocation?.resolve(body === '' ? undefined : JSON.parse(body));
    else if (kind === 'error') invocation?.reject(new FunctionError(`${name}: ${body}`));
    else isBroken(new FunctionError(`${name} did not start: ${body}`));
  };

  const server = createServer((asked, answering) => {
    const url = asked.url ?? '';
    if (url.endsWith('/invocation/next')) {
      idle = answering;
      isReady(performance.now() - began);
      next();
      return;
    }
    const take = async (): Promise<void> => {
      const body = await bodyOf(asked);
      answering.writeHead(202).end('{}');
      answer(url, body);
    };
    take().catch(() => answering.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;

  const child: ChildProcess = spawn(process.execPath, ['--require', NATIVE_CLIENT, RUNTIME, 'index.handler'], {
    cwd: directory,
    env: { ...environment(name, directory, `127.0.0.1:${port}`), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      const died = new FunctionError(`${name} ended: ${output.slice(-2000)}`);
      isBroken(died);
      for (const { reject } of [...waiting, ...running.values()]) reject(died);
      resolve();
    });
  });
  ready.catch(() => undefined);

  return {
    ready,
    invoke: async (event) => {
      await ready;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.push({ id: randomUUID(), body: JSON.stringify(event), resolve, reject });
      next();
      return promise;
    },
    output: () => output,
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
};
