import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { servedCluster } from '../../collect/live/served-cluster.ts';
import { protobufList } from '../../support/kubernetes-endpoint/protobuf-writer.ts';
import { encode, templatesOf, type Encoded } from '../kubernetes/templates.ts';

export interface Body {
  readonly bytes: Buffer;
  readonly gzipped: boolean;
}

export interface Page {
  readonly json: Body;
  readonly protobuf?: Body;
  readonly metadata: Body;
}

/** What an API server answers, by path: lists in pages and single objects. */
export interface KubernetesAnswers {
  readonly lists: ReadonlyMap<string, readonly Page[]>;
  readonly objects: ReadonlyMap<string, Body>;
}

export interface Size {
  readonly nodes: number;
  readonly pods: number;
  readonly namespaces: number;
}

export const PAGE = 500;

/** The real one packs from here on: https://github.com/kubernetes/kubernetes/blob/v1.33.0/staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go */
const GZIP_FROM = 128 * 1024;

const body = (text: Buffer | string): Body => {
  const bytes = Buffer.from(text);
  return bytes.length < GZIP_FROM ? { bytes, gzipped: false } : { bytes: gzipSync(bytes, { level: 1 }), gzipped: true };
};

const named = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });

interface Item extends Partial<Encoded> {
  readonly json: Buffer;
  readonly metadata: string;
}

const item = (json: Buffer, protobuf?: Buffer): Item => ({
  json,
  metadata: JSON.stringify({
    kind: 'PartialObjectMetadata',
    metadata: named.parse(JSON.parse(json.toString())).metadata,
  }),
  ...(protobuf === undefined ? {} : { protobuf }),
});

const pagesOf = (kind: string, items: readonly Item[]): readonly Page[] =>
  Array.from({ length: Math.max(1, Math.ceil(items.length / PAGE)) }, (_, index) => {
    const some = items.slice(index * PAGE, (index + 1) * PAGE);
    const next = (index + 1) * PAGE < items.length ? String(index + 1) : '';
    const text = (listKind: string, parts: readonly (Buffer | string)[]): string =>
      `{"kind":"${listKind}","apiVersion":"v1","metadata":{"resourceVersion":"1","continue":"${next}"},"items":[${parts.join(',')}]}`;
    const protobuf = some.flatMap((it) => it.protobuf ?? []);
    return {
      json: body(
        text(
          kind,
          some.map((it) => it.json),
        ),
      ),
      metadata: body(
        text(
          'PartialObjectMetadataList',
          some.map((it) => it.metadata),
        ),
      ),
      ...(protobuf.length === some.length
        ? { protobuf: body(protobufList({ kind, resourceVersion: '1', continueToken: next, items: protobuf })) }
        : {}),
    };
  });

/** The golden node is of Amazon Linux 2023, of which EC2 is asked nothing; this has its length. */
const AL2023 = 'Amazon Linux 2023.8.20250804';
const AL2 = 'Amazon Linux 2 (fleet bench)';

const nodes = (count: number): readonly Item[] => {
  const [template] = templatesOf('node-list');
  if (template === undefined) throw new Error('the golden list has no node');
  return Array.from({ length: count }, (_, index) => {
    const { json, protobuf } = encode(template, index, index);
    const old = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replace(AL2023, AL2), 'latin1');
    return item(old(json), old(protobuf));
  });
};

const pods = (count: number): readonly Item[] => {
  const templates = templatesOf('pod-list');
  return Array.from({ length: count }, (_, index) => {
    const owner = Math.floor(index / 5);
    const template = templates[owner % templates.length];
    if (template === undefined) throw new Error('the golden list has no pods');
    const { json, protobuf } = encode(template, index, owner);
    return item(json, protobuf);
  });
};

/** So many of a few: each with a name of its own. */
const repeated = (items: readonly unknown[], count: number): readonly Item[] =>
  Array.from({ length: items.length === 0 ? 0 : count }, (_, index) => {
    const read = named.parse(items[index % items.length]);
    return item(
      Buffer.from(JSON.stringify({ ...read, metadata: { ...read.metadata, name: `${read.metadata.name}-${index}` } })),
    );
  });

/** A cluster of the committed fleet with more nodes, pods and namespaces. */
export const kubernetesAnswers = async (size: Size): Promise<KubernetesAnswers> => {
  const { collections, objects } = await servedCluster('shop-prod');
  const lists = new Map<string, readonly Page[]>();
  const counts: { readonly [path: string]: number } = {
    '/api/v1/namespaces/kube-system/pods': size.nodes,
    '/apis/vpcresources.k8s.aws/v1alpha1/cninodes': size.nodes,
    '/api/v1/namespaces': size.namespaces,
    '/apis/networking.k8s.io/v1/networkpolicies': size.namespaces,
    '/api/v1/configmaps': size.namespaces,
  };
  for (const [path, { items, kind }] of Object.entries(collections)) {
    const count = counts[path];
    const made =
      count === undefined ? items.map((it) => item(Buffer.from(JSON.stringify(it)))) : repeated(items, count);
    lists.set(path, pagesOf(kind, made));
  }
  lists.set('/api/v1/nodes', pagesOf('NodeList', nodes(size.nodes)));
  lists.set('/api/v1/pods', pagesOf('PodList', pods(size.pods)));
  return { lists, objects: new Map([...objects].map(([path, text]) => [path, body(text)])) };
};
