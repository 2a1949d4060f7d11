import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createAuthority } from '../../support/kubernetes-endpoint/certificate.ts';
import { awsAnswers, type AwsAsked, type ClusterEndpoint } from './aws-answers.ts';
import { kubernetesAnswers, type Body, type KubernetesAnswers, type Page } from './kubernetes-answers.ts';

/**
 * AWS and the API servers of all clusters, in a process of its own. Every answer comes after the latency given; the long
 * ones are written before the first request.
 */

const [count = 0, nodes = 0, pods = 0, latencyMs = 0] = process.argv.slice(2).map(Number);

const later = (response: ServerResponse, answer: () => void): void => {
  setTimeout(() => {
    if (!response.destroyed) answer();
  }, latencyMs);
};

const pick = ({ json, metadata, protobuf }: Page, accept: string): readonly [body: Body, type: string] => {
  if (accept.includes('as=PartialObjectMetadataList')) return [metadata, 'application/json'];
  if (protobuf !== undefined && accept.startsWith('application/vnd.kubernetes.protobuf')) {
    return [protobuf, 'application/vnd.kubernetes.protobuf'];
  }
  return [json, 'application/json'];
};

const NOT_FOUND: Body = { bytes: Buffer.from('404 page not found\n'), gzipped: false };

const kubernetes =
  ({ lists, objects }: KubernetesAnswers): RequestListener =>
  (request, response) => {
    const url = new URL(request.url ?? '/', 'https://bench');
    const page = lists.get(url.pathname)?.[Number(url.searchParams.get('continue') ?? '0')];
    const object = objects.get(url.pathname);
    const [body, type] =
      page === undefined ? [object ?? NOT_FOUND, 'application/json'] : pick(page, request.headers.accept ?? '');
    const status = page === undefined && object === undefined ? 404 : 200;
    later(response, () =>
      response
        .writeHead(status, {
          'content-type': status === 200 ? type : 'text/plain; charset=utf-8',
          ...(body.gzipped ? { 'content-encoding': 'gzip' } : {}),
        })
        .end(body.bytes),
    );
  };

const asked = async (request: IncomingMessage): Promise<AwsAsked> => {
  const chunks: Buffer[] = [];
  // Without an encoding set, a request's chunks are buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [, accessKeyId = '', service = ''] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
  const { method = '', url = '/' } = request;
  return { service, method, url, accessKeyId, body: Buffer.concat(chunks).toString('utf8') };
};

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    // A server that listens on TCP has an address of this type.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const authority = createAuthority('kubernetes');
const { certificate, key } = authority.issue({ commonName: 'kube-apiserver', names: ['127.0.0.1', 'localhost'] });

const serve = async (answers: KubernetesAnswers, size: number): Promise<ClusterEndpoint> => {
  const port = await listening(createTlsServer({ cert: certificate, key }, kubernetes(answers)));
  return { url: `https://127.0.0.1:${port}`, certificateAuthority: authority.certificate, nodes: size };
};

const clusters = new Map<string, ClusterEndpoint>();
const ordinary = await kubernetesAnswers({ nodes, pods, namespaces: 10 });
for (let index = 0; index < count; index += 1) clusters.set(`fleet-${index}`, await serve(ordinary, nodes));
clusters.set('many-namespaces', await serve(await kubernetesAnswers({ nodes: 100, pods: 4000, namespaces: 200 }), 100));

const answer = await awsAnswers(clusters);
const aws = createServer((request, response) => {
  const respond = async (): Promise<void> => {
    const { body, type } = answer(await asked(request));
    later(response, () => response.writeHead(200, { 'content-type': type }).end(body));
  };
  respond().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
});
const port = await listening(aws);
// Also when the bench breaks off.
process.once('disconnect', () => process.exit());
process.send?.({ url: `http://127.0.0.1:${port}` });
