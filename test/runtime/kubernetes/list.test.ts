import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import { listPages } from '../../../shared/runtime/kubernetes/list.ts';
import type { ListRequest } from '../../../shared/runtime/kubernetes/list.ts';
import { createPodDecoder } from '../../../shared/runtime/kubernetes/pods-protobuf.ts';
import { FieldCursor } from '../../../shared/runtime/kubernetes/protobuf.ts';
import { clientOf } from '../../support/kubernetes-endpoint/client.ts';
import type { TestClient } from '../../support/kubernetes-endpoint/client.ts';
import type { Collection, KubernetesEndpoint } from '../../support/kubernetes-endpoint/endpoint.ts';
import { endpointForTest, PODS as PATH } from '../../support/kubernetes-endpoint/for-test.ts';
import { goldenItems, goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';
import { failureOf } from '../../support/kubernetes-endpoint/outcome.ts';
import { normalisePod } from '../../../shared/collect/normalise/pods.ts';

const named = (...names: readonly string[]): Collection => ({
  kind: 'PodList',
  items: names.map((name) => ({ metadata: { name } })),
});

const start = async (collection: Collection): Promise<TestClient & { readonly endpoint: KubernetesEndpoint }> => {
  const endpoint = await endpointForTest({ collections: { [PATH]: collection } });
  return { endpoint, ...clientOf(endpoint) };
};

/** Keeps the name; what has none is an error. */
const nameOf = (item: unknown): string => (item as { readonly metadata: { readonly name: string } }).metadata.name;

const names: ListRequest<string> = { path: PATH, limit: 2, project: nameOf };

describe('listPages', () => {
  it('reads page by page, in order, and counts', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c', 'd', 'e'));
    const list = await listPages(client, { ...names, fieldSelector: 'status.phase=Running', labelSelector: 'app' });
    expect(list).toMatchObject({ items: ['a', 'b', 'c', 'd', 'e'], resourceVersion: '1', consistency: 'snapshot' });
    expect(list.usage.calls).toBe(3);
    expect(list.usage.bodyBytes).toBeGreaterThan(list.usage.wireBytes / 2);
    expect(endpoint.requests.map(({ query }) => [query['limit'], query['continue'] !== undefined])).toEqual([
      ['2', false],
      ['2', true],
      ['2', true],
    ]);
    for (const { query } of endpoint.requests) {
      expect(query).toMatchObject({ fieldSelector: 'status.phase=Running', labelSelector: 'app' });
      expect(query).not.toHaveProperty('resourceVersion');
    }
  });

  it('reads an empty list as one that was looked at', async () => {
    const { client } = await start(named());
    expect(await listPages(client, names)).toMatchObject({ items: [], consistency: 'snapshot' });
  });

  it('leaves out what the projection leaves out', async () => {
    const { client } = await start(named('a', 'b', 'c'));
    const project = (item: unknown): string | undefined => (nameOf(item) === 'b' ? undefined : nameOf(item));
    expect((await listPages(client, { ...names, project })).items).toEqual(['a', 'c']);
  });

  it('shows one state of the cluster, whatever changes while it reads', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c', 'd'));
    const project = (item: unknown): string => {
      if (nameOf(item) === 'b') endpoint.set(PATH, named('a', 'b', 'x', 'y', 'z'));
      return nameOf(item);
    };
    expect(await listPages(client, { ...names, project })).toMatchObject({
      items: ['a', 'b', 'c', 'd'],
      consistency: 'snapshot',
    });
  });

  it('without a limit and from memory when asked to, in one answer', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c'));
    const list = await listPages(client, { ...names, resourceVersion: '0' });
    expect(list.items).toEqual(['a', 'b', 'c']);
    expect(endpoint.requests.map(({ query }) => query)).toEqual([{ resourceVersion: '0' }]);
  });

  it('reads only metadata when asked to', async () => {
    const { client, endpoint } = await start({
      kind: 'ConfigMapList',
      items: [{ metadata: { name: 'calico-config' }, data: { secret: 'x' } }],
    });
    const list = await listPages(client, { ...names, accept: 'metadata', project: (item) => item });
    expect(list.items).toEqual([{ kind: 'PartialObjectMetadata', metadata: { name: 'calico-config' } }]);
    expect(endpoint.requests[0]?.headers.accept).toBe(
      'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    );
  });

  it('reads the rows and columns of a table', async () => {
    const { client } = await start(named('a', 'b', 'c'));
    const list = await listPages(client, { ...names, accept: 'table', project: (row) => row });
    expect(list.columns).toEqual(['Name']);
    expect(list.items[2]).toEqual({ cells: ['c'], object: { metadata: { name: 'c' } } });
  });
});

describe('listPages, when the state it reads from was compacted away', () => {
  /** Compacts after the first page, when other items are there. */
  const compactAfterFirstPage = (endpoint: KubernetesEndpoint, offer: 'newer-token' | 'nothing', times = 1) => {
    let left = times;
    return (item: unknown): string => {
      if (nameOf(item) === 'b' && left > 0) {
        left -= 1;
        endpoint.set(PATH, named('a', 'b', 'c2', 'd2'));
        endpoint.compact(offer);
      }
      return nameOf(item);
    };
  };

  it('goes on from the newer state where the server offers it, and says so', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c', 'd'));
    const project = compactAfterFirstPage(endpoint, 'newer-token');
    const list = await listPages(client, { ...names, project });
    expect(list).toMatchObject({ items: ['a', 'b', 'c2', 'd2'], consistency: 'mixed', resourceVersion: '2' });
    expect(list.usage.calls).toBe(3);
  });

  it('says that pages are of different states, also when no token expired', async () => {
    const { client, endpoint } = await start(named('a'));
    const page = (version: string, next: string) =>
      ({
        kind: 'raw',
        code: 200,
        body: `{"metadata":{"resourceVersion":"${version}","continue":"${next}"},"items":[]}`,
      }) as const;
    endpoint.next(page('7', 'x'), page('8', ''));
    expect(await listPages(client, names)).toMatchObject({ consistency: 'mixed', resourceVersion: '8' });
    endpoint.next(page('7', 'x'), page('7', ''));
    expect(await listPages(client, names)).toMatchObject({ consistency: 'snapshot' });
    // A server that leaves versions out.
    endpoint.next(page('', 'x'), { kind: 'status', code: 410, continueToken: 'y' }, page('', ''));
    expect(await listPages(client, names)).toMatchObject({ consistency: 'mixed' });
  });

  it('otherwise begins again and keeps nothing of the first time', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c', 'd'));
    const project = compactAfterFirstPage(endpoint, 'nothing');
    const list = await listPages(client, { ...names, project });
    expect(list).toMatchObject({ items: ['a', 'b', 'c2', 'd2'], consistency: 'snapshot', resourceVersion: '2' });
    expect(list.usage.calls).toBe(4);
  });

  it('twice, is partial', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c', 'd'));
    const project = compactAfterFirstPage(endpoint, 'nothing', 2);
    expect(await failureOf(listPages(client, { ...names, project }))).toMatchObject({
      reason: 'partial',
      status: 410,
      message: `GET ${PATH}: the list expired while it was read, twice; its items were discarded`,
    });
  });

  it('does not follow newer states for ever', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c', 'd'));
    const gone = {
      kind: 'status',
      code: 410,
      reason: 'Expired',
      continueToken: 'eyJ2ZXJzaW9uIjotMSwic3RhcnQiOjJ9',
    } as const;
    const project = (item: unknown): string => {
      if (nameOf(item) === 'b') endpoint.next(gone, gone, gone, gone);
      return nameOf(item);
    };
    expect(await failureOf(listPages(client, { ...names, project }))).toMatchObject({ reason: 'partial', status: 410 });
    // A page and four refusals, twice.
    expect(endpoint.requests).toHaveLength(10);
  });

  it('on the first page, is the server error it is', async () => {
    const { client, endpoint } = await start(named('a'));
    endpoint.next({ kind: 'status', code: 410, reason: 'Expired' });
    expect(await failureOf(listPages(client, names))).toMatchObject({ reason: 'api-error', status: 410 });
  });
});

describe('listPages, when a page fails', () => {
  it('the first: gives its own reason', async () => {
    const { client, endpoint } = await start(named('a'));
    endpoint.next({ kind: 'status', code: 403 });
    expect(await failureOf(listPages(client, names))).toMatchObject({ reason: 'denied', status: 403 });
  });

  it('a resource type that is not served is not found', async () => {
    const { client } = await start(named('a'));
    const path = '/apis/crd.k8s.amazonaws.com/v1alpha1/eniconfigs';
    expect(await failureOf(listPages(client, { ...names, path }))).toMatchObject({
      reason: 'not-found',
      missing: 'resource-type',
    });
  });

  it('a later one: is partial, whatever its reason, never a short list', async () => {
    const { client, endpoint } = await start(named('a', 'b', 'c'));
    const project = (item: unknown): string => {
      if (nameOf(item) === 'b') endpoint.next({ kind: 'status', code: 403, message: 'no more' });
      return nameOf(item);
    };
    const error = await failureOf(listPages(client, { ...names, project }));
    expect(error).toMatchObject({ reason: 'partial', status: 403 });
    expect(error.message).toBe(
      `GET ${PATH}: page 2 failed, the 2 items before it were discarded: GET ${PATH}: 403, not allowed: no more`,
    );
    expect(error.cause).toMatchObject({ reason: 'denied' });
  });

  it('in its middle: is read again, without counting its items twice', async () => {
    const { client, endpoint } = await start(named('a', 'b'));
    endpoint.next({ kind: 'drop', after: 'half-a-body' });
    const list = await listPages(client, { path: PATH, project: (item) => item });
    expect(list.items).toHaveLength(2);
    expect(list.usage.calls).toBe(2);
  });

  it('an item that the projection refuses: is malformed and says which', async () => {
    const { client } = await start({ kind: 'PodList', items: [{ metadata: { name: 'a' } }, { status: {} }] });
    const error = await failureOf(listPages(client, names));
    expect(error.reason).toBe('malformed');
    expect(error.message).toMatch(/^GET \/api\/v1\/pods: item 1 of a page: /);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it('an answer that is no list: is malformed', async () => {
    const { client, endpoint } = await start(named('a'));
    endpoint.next({ kind: 'raw', code: 200, body: '<html>sign in</html>', headers: { 'content-type': 'text/html' } });
    expect(await failureOf(listPages(client, names))).toMatchObject({ reason: 'malformed' });
    endpoint.next({ kind: 'raw', code: 200, body: '{"kind":"PodList","metadata":{},"items":[{}' });
    expect(await failureOf(listPages(client, names))).toMatchObject({ reason: 'malformed' });
  });

  it('a token that comes back as it was: is not followed in a circle', async () => {
    const { client, endpoint } = await start(named('a'));
    const page = { kind: 'raw', code: 200, body: '{"kind":"PodList","metadata":{"continue":"x"},"items":[]}' } as const;
    endpoint.next(page, page, page);
    const error = await failureOf(listPages(client, names));
    expect(error.message).toContain('the same continue token twice');
    expect(endpoint.requests).toHaveLength(2);
  });

  it('more items than any cluster has: is partial', async () => {
    const { client } = await start(named('a', 'b', 'c', 'd', 'e'));
    const error = await failureOf(listPages(client, { ...names, maxItems: 3 }));
    expect(error).toMatchObject({ reason: 'partial' });
    expect(error.message).toContain('more than 3 items');
  });
});

describe('listPages in protobuf', () => {
  const goldenPods = (): Collection => {
    const items: Buffer[] = [];
    const envelope = new FieldCursor().open(goldenProtobuf('pod-list'), 4, goldenProtobuf('pod-list').length);
    while (envelope.next()) {
      if (envelope.field !== 2) continue;
      const list = new FieldCursor().into(envelope);
      while (list.next()) if (list.field === 2) items.push(list.bytes.subarray(list.start, list.stop));
    }
    return { kind: 'PodList', items: goldenItems('pod-list'), protobuf: items };
  };
  const pods = (): ListRequest<Pod> => ({
    path: PATH,
    limit: 4,
    project: (item) => normalisePod(item),
    protobuf: createPodDecoder(),
  });

  it('reads the same pods as in JSON', async () => {
    const { client, endpoint } = await start(goldenPods());
    const list = await listPages(client, pods());
    expect(list.items).toEqual(goldenItems('pod-list').map((item) => normalisePod(item)));
    expect(list.usage.calls).toBe(2);
    expect(endpoint.requests[0]?.headers.accept).toBe('application/vnd.kubernetes.protobuf, application/json;q=0.9');
  });

  it('falls back to JSON when that is what comes', async () => {
    const { client } = await start({ kind: 'PodList', items: goldenItems('pod-list') });
    expect((await listPages(client, pods())).items).toEqual(goldenItems('pod-list').map((item) => normalisePod(item)));
  });

  it('reads an expired token from a Status in protobuf', async () => {
    const { client, endpoint } = await start(goldenPods());
    const limit = 3;
    const request = pods();
    const decode: NonNullable<typeof request.protobuf>['decode'] = (bytes, start, end) => {
      const pod = request.protobuf?.decode(bytes, start, end);
      if (pod?.name === 'cassandra-0') {
        const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
        endpoint.next({ kind: 'raw', code: 410, body: goldenProtobuf('status-gone'), headers });
        endpoint.next({ kind: 'status', code: 403 });
      }
      return pod;
    };
    const error = await failureOf(listPages(client, { ...request, limit, protobuf: { kind: 'PodList', decode } }));
    expect(error).toMatchObject({ reason: 'partial', status: 403 });
    expect(endpoint.requests[2]?.query['continue']).toBe('eyJpbmNvbnNpc3RlbnQiOnRydWV9');
  });

  it('refuses a list of another kind', async () => {
    const { client } = await start({ ...goldenPods(), kind: 'NodeList' });
    const error = await failureOf(listPages(client, pods()));
    expect(error).toMatchObject({ reason: 'malformed', message: `GET ${PATH}: got a "NodeList", expected PodList` });
  });

  it('refuses damaged bytes', async () => {
    const { client, endpoint } = await start(goldenPods());
    const body = Buffer.from(goldenProtobuf('pod-list'));
    // The tag of the first pod's name.
    body.writeUInt8(0xff, body.indexOf('orders-7d9c6f5b8d-x00000') - 2);
    endpoint.next({ kind: 'raw', code: 200, body, headers: { 'content-type': 'application/vnd.kubernetes.protobuf' } });
    expect(await failureOf(listPages(client, pods()))).toMatchObject({ reason: 'malformed' });
  });

  it('refuses protobuf that it did not ask for', async () => {
    const { client, endpoint } = await start(goldenPods());
    const body = goldenProtobuf('pod-list');
    endpoint.next({ kind: 'raw', code: 200, body, headers: { 'content-type': 'application/vnd.kubernetes.protobuf' } });
    expect(await failureOf(listPages(client, names))).toMatchObject({ reason: 'malformed' });
  });
});
