/**
 * Stands for the native part of aws-lambda-ric, which needs a compiler to install: the same four calls over node:http.
 * Loaded with --require before the runtime.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
'use strict';
const { Agent, request } = require('node:http');
const Module = require('node:module');

const [host, port] = String(process.env.AWS_LAMBDA_RUNTIME_API).split(':');
const agent = new Agent({ keepAlive: true });

const call = (method, path, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asked = request(
      { host, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers: { ...length, ...headers } },
      (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });

/** The runtime asks for the next event without waiting until its answer has arrived. */
let answered = Promise.resolve();

const client = {
  initializeClient: () => undefined,
  next: async () => {
    await answered;
    const { headers, body } = await call('GET', 'invocation/next');
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    return { bodyJson: body, headers: { ...headers, 'lambda-runtime-deadline-ms': deadline } };
  },
  done: (id, body) => {
    answered = call('POST', `invocation/${id}/response`, body);
  },
  error: (id, body, cause) => {
    answered = call('POST', `invocation/${id}/error`, body, { 'lambda-runtime-function-xray-error-cause': cause });
  },
};

/** How `require` finds modules; private to Node, and the only place where a native module can be stood in for. */
const LOAD = '_load';
const load = Module[LOAD];
Module[LOAD] = function (name, ...rest) {
  return name.endsWith('rapid-client.node') ? client : load.call(this, name, ...rest);
};
