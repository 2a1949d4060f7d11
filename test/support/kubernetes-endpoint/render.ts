import { gzipSync } from 'node:zlib';
import { protobufList } from './protobuf-writer.ts';
import type { Reply } from './replies.ts';

/** One kind of object that the endpoint lists at one path. */
export interface Collection {
  /** `PodList`. */
  readonly kind: string;
  readonly items: readonly unknown[];
  /** The same items in protobuf, in the same order; without them the answer is JSON, as for custom resources. */
  readonly protobuf?: readonly Buffer[];
}

/** One page of a collection in the representation that `accept` asks for, gzipped. */
export const render = (
  { items, kind, protobuf }: Collection,
  start: number,
  end: number,
  meta: { readonly resourceVersion: string; readonly continueToken: string },
  accept = '',
): Reply => {
  const gzip = (body: Buffer | string, type: string): Reply => ({
    kind: 'raw',
    code: 200,
    body: gzipSync(body, { level: 1 }),
    headers: { 'content-type': type, 'content-encoding': 'gzip' },
  });
  if (protobuf !== undefined && accept.startsWith('application/vnd.kubernetes.protobuf')) {
    const body = protobufList({ kind, ...meta, items: protobuf.slice(start, end) });
    return gzip(body, 'application/vnd.kubernetes.protobuf');
  }
  const metadata = { resourceVersion: meta.resourceVersion, continue: meta.continueToken };
  const page = items.slice(start, end);
  if (accept.includes('as=Table')) {
    const rows = page.map((item) => ({ cells: [nameOf(item)], object: { metadata: { name: nameOf(item) } } }));
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      columnDefinitions: [{ name: 'Name' }],
      rows,
    };
    return gzip(JSON.stringify(table), 'application/json');
  }
  if (accept.includes('as=PartialObjectMetadataList')) {
    const bare = page.map((item) => ({ kind: 'PartialObjectMetadata', metadata: metadataOf(item) }));
    const body = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: bare };
    return gzip(JSON.stringify(body), 'application/json');
  }
  return gzip(JSON.stringify({ kind, apiVersion: 'v1', metadata, items: page }), 'application/json');
};

const metadataOf = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && 'metadata' in item ? item.metadata : undefined;

const nameOf = (item: unknown): unknown => {
  const metadata = metadataOf(item);
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
};
