import type { KubernetesAnswer, KubernetesClient, Usage, UsageCount } from './client.ts';
import { KubernetesError, malformed, messageOf } from './error.ts';
import { JsonItemStream } from './item-stream.ts';
import type { ListEnvelope, ListSplitter, OnItem } from './list-envelope.ts';
import { mediaType, PROTOBUF } from './media-type.ts';
import { ProtobufItemStream } from './protobuf-stream.ts';

/** Reads items of one type from protobuf. Takes `bytes[start, end)`, which hold only until it returns. */
export interface ProtobufDecoder<T> {
  /** The list's `kind`, e.g. `PodList`. */
  readonly kind: string;
  readonly decode: (bytes: Buffer, start: number, end: number) => T | undefined;
}

export interface ListRequest<T> {
  /** `/api/v1/pods`. */
  readonly path: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Items a page, by default 500 as in kubectl. */
  readonly limit?: number;
  /**
   * `0`: from the API server's memory, of any age, and in one answer, because the server then ignores a limit. For short
   * lists whose age does not matter. By default the newest state, in pages
   * (https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list).
   */
  readonly resourceVersion?: '0';
  /** By default `json`, or protobuf where `protobuf` is given. With `table`, items are rows. */
  readonly accept?: 'json' | 'table' | 'metadata';
  /** Takes one parsed item and keeps what is needed of it; undefined leaves it out. What it throws makes the list malformed. */
  readonly project: (item: unknown) => T | undefined;
  /** Asks for protobuf; `project` then serves only a server that answers in JSON all the same. */
  readonly protobuf?: ProtobufDecoder<T>;
  readonly signal?: AbortSignal;
  /** Of one page. */
  readonly deadlineMs?: number;
  readonly maxBytes?: number;
  /** A cluster that never stops listing is stopped here; by default one million. */
  readonly maxItems?: number;
}

export interface List<T> {
  readonly items: readonly T[];
  /** State of the cluster that the list shows; with `mixed` the last page's. */
  readonly resourceVersion: string;
  /**
   * `snapshot`: one state of the cluster. `mixed`: it took so long that later pages are from a newer state: what existed
   * all the while is there, what changed meanwhile may be or not.
   */
  readonly consistency: 'snapshot' | 'mixed';
  /** Of a table. */
  readonly columns: readonly string[];
  readonly usage: Usage;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly envelope: ListEnvelope;
}

/** How often a list goes on from a newer state before it is begun again. */
const MAX_CONTINUATIONS = 3;

const MAX_ITEMS = 1_000_000;

/**
 * Reads a whole list page by page; of each item only its projection is kept. A list is complete or it is an error:
 * `partial` when a later page fails, otherwise the error of the first page.
 *
 * When the state that the pages are read from was compacted away (410), it goes on from the newer state if the server
 * offers that, and otherwise begins again, once.
 *
 * @throws KubernetesError
 */
export const listPages = async <T>(client: KubernetesClient, request: ListRequest<T>): Promise<List<T>> => {
  const usage: UsageCount = { calls: 0, wireBytes: 0, bodyBytes: 0 };
  const list = (await readAll(client, request, usage)) ?? (await readAll(client, request, usage));
  if (list === undefined) {
    throw new KubernetesError(
      'partial',
      `GET ${request.path}: the list expired while it was read, twice; its items were discarded`,
      {
        status: 410,
      },
    );
  }
  return { ...list, usage };
};

/** Undefined when the list has to be begun again. */
const readAll = async <T>(
  client: KubernetesClient,
  request: ListRequest<T>,
  usage: UsageCount,
): Promise<Omit<List<T>, 'usage'> | undefined> => {
  const items: T[] = [];
  const maxItems = request.maxItems ?? MAX_ITEMS;
  let first: string | undefined;
  let mixed = false;
  let continuations = 0;
  let pages = 0;
  for (let token = ''; ;) {
    let page: Page<T>;
    try {
      page = await readPage(client, request, token, usage);
    } catch (error) {
      if (!(error instanceof KubernetesError) || pages === 0) throw error;
      if (error.status !== 410) throw partial(request.path, pages, items.length, error);
      const { continueToken } = error;
      if (continueToken === undefined || continuations === MAX_CONTINUATIONS) return undefined;
      continuations += 1;
      mixed = true;
      token = continueToken;
      continue;
    }
    const { envelope } = page;
    pages += 1;
    first ??= envelope.resourceVersion;
    mixed ||= envelope.resourceVersion !== first;
    for (const item of page.items) items.push(item);
    if (items.length > maxItems) {
      throw partial(request.path, pages, items.length, malformed(`more than ${maxItems} items`));
    }
    if (envelope.continueToken === '') {
      const { columns, resourceVersion } = envelope;
      return { items, resourceVersion, consistency: mixed ? 'mixed' : 'snapshot', columns };
    }
    if (envelope.continueToken === token) {
      throw partial(request.path, pages, items.length, malformed('the server gave the same continue token twice'));
    }
    token = envelope.continueToken;
  }
};

const partial = (path: string, pages: number, items: number, cause: KubernetesError): KubernetesError =>
  new KubernetesError(
    'partial',
    `GET ${path}: page ${pages + 1} failed, the ${items} items before it were discarded: ${cause.message}`,
    { cause, ...(cause.status === undefined ? {} : { status: cause.status }) },
  );

const readPage = <T>(
  client: KubernetesClient,
  request: ListRequest<T>,
  token: string,
  count: UsageCount,
): Promise<Page<T>> => {
  const { deadlineMs, fieldSelector, labelSelector, maxBytes, path, protobuf, resourceVersion, signal } = request;
  const accept = request.accept ?? (protobuf === undefined ? 'json' : 'protobuf');
  const query = {
    limit: resourceVersion === undefined ? (request.limit ?? 500) : undefined,
    // A token carries its own resource version, and the server refuses both together.
    resourceVersion: token === '' ? resourceVersion : undefined,
    fieldSelector,
    labelSelector,
    continue: token === '' ? undefined : token,
  };
  return client.get(
    {
      path,
      query,
      accept,
      count,
      ...(signal === undefined ? {} : { signal }),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    },
    (answer) => readItems(answer, request),
  );
};

const readItems = async <T>(answer: KubernetesAnswer, request: ListRequest<T>): Promise<Page<T>> => {
  const items: T[] = [];
  let seen = 0;
  const keep = (item: T | undefined): void => {
    seen += 1;
    if (item !== undefined) items.push(item);
  };
  const { project, protobuf } = request;
  const isProtobuf = mediaType(answer.contentType) === PROTOBUF;
  const splitter = isProtobuf
    ? new ProtobufItemStream(fromProtobuf(protobuf, keep))
    : new JsonItemStream(
        (bytes, start, end) => keep(project(JSON.parse(bytes.toString('utf8', start, end)))),
        request.accept === 'table' ? 'rows' : 'items',
      );
  for await (const chunk of answer.chunks)
    pushInto(splitter, chunk, () => `GET ${request.path}: item ${seen} of a page`);
  const envelope = splitter.end();
  if (isProtobuf && envelope.kind !== protobuf?.kind) {
    throw malformed(
      `GET ${request.path}: got a ${JSON.stringify(envelope.kind)}, expected ${protobuf?.kind ?? 'JSON'}`,
    );
  }
  return { items, envelope };
};

const fromProtobuf = <T>(protobuf: ProtobufDecoder<T> | undefined, keep: (item: T | undefined) => void): OnItem => {
  if (protobuf === undefined) throw malformed('the server answered in protobuf, which was not asked for');
  return (bytes, start, end) => keep(protobuf.decode(bytes, start, end));
};

/** What goes wrong inside an item, whoever notices, is a malformed answer; errors of the connection do not come by here. */
const pushInto = (splitter: ListSplitter, chunk: Buffer, where: () => string): void => {
  try {
    splitter.push(chunk);
  } catch (error) {
    throw malformed(`${where()}: ${messageOf(error)}`, error);
  }
};
