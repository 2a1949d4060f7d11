import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createAuthority } from '../../support/kubernetes-endpoint/certificate.ts';
import { protobufList } from '../../support/kubernetes-endpoint/protobuf-writer.ts';
import { encode, templatesOf } from './templates.ts';
import type { Encoded, Template } from './templates.ts';

/**
 * The API server of the bench, in a process of its own: lists of nodes and pods in pages of 500, made and packed before
 * the first request. Gzip level 1 is what the real one uses
 * (https://github.com/kubernetes/kubernetes/blob/v1.33.0/staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go).
 */

export const PAGE = 500;

interface Page {
  readonly protobuf: Buffer;
  readonly json: Buffer;
}

const page = (kind: string, items: readonly Encoded[], next: string): Page => {
  const protobuf = protobufList({
    kind,
    resourceVersion: '987654321',
    continueToken: next,
    items: items.map((it) => it.protobuf),
  });
  const metadata = JSON.stringify({ resourceVersion: '987654321', ...(next === '' ? {} : { continue: next }) });
  const json = Buffer.concat([
    Buffer.from(`{"kind":"${kind}","apiVersion":"v1","metadata":${metadata},"items":[`),
    ...items.flatMap((item, index) => (index === 0 ? [item.json] : [Buffer.from(','), item.json])),
    Buffer.from(']}\n'),
  ]);
  return { protobuf: gzipSync(protobuf, { level: 1 }), json: gzipSync(json, { level: 1 }) };
};

/** Twenty owners in turn: a cluster's mix of Deployments, StatefulSets, a DaemonSet, Jobs and single pods. */
const MIX = [0, 0, 0, 1, 0, 0, 2, 0, 1, 0, 3, 0, 0, 1, 0, 2, 0, 1, 4, 5];
const PODS_PER_OWNER = 5;

const pages = (
  kind: string,
  templates: readonly Template[],
  mix: readonly number[],
  count: number,
): readonly Page[] => {
  const made: Page[] = [];
  for (let start = 0; start < count || start === 0; start += PAGE) {
    const items: Encoded[] = [];
    for (let index = start; index < Math.min(count, start + PAGE); index += 1) {
      const owner = Math.floor(index / PODS_PER_OWNER);
      const template = templates[mix[owner % mix.length] ?? 0];
      if (template !== undefined) items.push(encode(template, index, owner));
    }
    made.push(page(kind, items, start + PAGE < count ? String(made.length + 1) : ''));
  }
  return made;
};

const [nodes = 0, pods = 0] = process.argv.slice(2).map(Number);
const lists: { readonly [path: string]: readonly Page[] } = {
  '/api/v1/nodes': pages('NodeList', templatesOf('node-list'), [0], nodes),
  '/api/v1/pods': pages('PodList', templatesOf('pod-list'), MIX, pods),
};

const authority = createAuthority('kubernetes');
const { certificate, key } = authority.issue({ commonName: 'kube-apiserver', names: ['127.0.0.1', 'localhost'] });
const server = createServer({ cert: certificate, key }, (request, response) => {
  const url = new URL(request.url ?? '/', 'https://bench');
  const found = lists[url.pathname]?.[Number(url.searchParams.get('continue') ?? '0')];
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  const type = request.headers.accept?.startsWith('application/vnd.kubernetes.protobuf') === true ? 'protobuf' : 'json';
  response.writeHead(200, {
    'content-type': type === 'json' ? 'application/json' : 'application/vnd.kubernetes.protobuf',
    'content-encoding': 'gzip',
  });
  response.end(found[type]);
});
// Also when the bench breaks off.
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  // A server that listens on TCP has an address of this type.
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `https://127.0.0.1:${port}`, certificateAuthority: authority.certificate });
});
