import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createKubernetesClient } from '../../../shared/runtime/kubernetes/client.ts';
import { KubernetesError } from '../../../shared/runtime/kubernetes/error.ts';
import { createAuthority } from '../../support/kubernetes-endpoint/certificate.ts';
import { clientOf, NOW } from '../../support/kubernetes-endpoint/client.ts';
import { startKubernetesEndpoint } from '../../support/kubernetes-endpoint/endpoint.ts';
import type { EndpointOptions, KubernetesEndpoint } from '../../support/kubernetes-endpoint/endpoint.ts';
import { goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';

const PODS = '/api/v1/pods';
const open: KubernetesEndpoint[] = [];

const start = async (options: EndpointOptions = {}): Promise<KubernetesEndpoint> => {
  const endpoint = await startKubernetesEndpoint({
    collections: { [PODS]: { kind: 'PodList', items: [{ metadata: { name: 'a' } }] } },
    ...options,
  });
  open.push(endpoint);
  return endpoint;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()));
});

const failure = async (promise: Promise<unknown>): Promise<KubernetesError> => {
  const thrown: unknown = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (thrown instanceof KubernetesError) return thrown;
  throw new Error('expected a KubernetesError', { cause: thrown });
};

describe('a request', () => {
  it('asks for gzip, names the tool, carries the token, and gets JSON', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint, { token: () => Promise.resolve('t0ken') });
    expect(
      await client.getJson({ path: PODS, query: { limit: 5, labelSelector: 'k8s-app=aws-node', none: undefined } }),
    ).toEqual({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '1', continue: '' },
      items: [{ metadata: { name: 'a' } }],
    });
    expect(endpoint.requests).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: PODS,
        query: { limit: '5', labelSelector: 'k8s-app=aws-node' },
        headers: expect.objectContaining({
          accept: 'application/json',
          'accept-encoding': 'gzip',
          authorization: 'Bearer t0ken',
          'user-agent': 'netpol-warden/test',
        }),
      }),
    ]);
  });

  it('keeps its connection for the next one', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    await client.getJson({ path: PODS });
    await client.getJson({ path: PODS });
    expect(endpoint.connections()).toBe(1);
  });

  it('counts calls and bytes', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    const count = { calls: 0, wireBytes: 0, bodyBytes: 0 };
    endpoint.next({ kind: 'status', code: 500 }, { kind: 'raw', code: 200, body: '{"a":1}' });
    await client.getJson({ path: PODS, count });
    expect(count).toMatchObject({ calls: 2 });
    expect(count.bodyBytes).toBeGreaterThan(7);
    await client.getJson({ path: PODS });
    expect(client.usage().calls).toBe(3);
    expect(client.usage().bodyBytes).toBeGreaterThan(count.bodyBytes);
  });

  it('never has more requests under way than allowed', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint, { concurrency: 2 });
    let running = 0;
    const gate = Promise.withResolvers<undefined>();
    const one = (): Promise<void> =>
      client.get({ path: PODS }, async () => {
        running += 1;
        await gate.promise;
        running -= 1;
      });
    const all = Promise.all([one(), one(), one(), one(), one(), one()]);
    await vi.waitFor(() => expect(running).toBe(2));
    expect(endpoint.requests).toHaveLength(2);
    gate.resolve(undefined);
    await all;
    expect(endpoint.requests).toHaveLength(6);
    // Nobody read a body, and the connections served again all the same.
    expect(endpoint.connections()).toBe(2);
  });

  it('shows its client certificate where it has one', async () => {
    const people = createAuthority('people');
    const endpoint = await start({ clientAuthority: people });
    const { certificate, key } = people.issue({ commonName: 'auditor' });
    const { client } = clientOf(endpoint, { clientCertificate: { certificate, key } });
    await client.getJson({ path: PODS });
    expect(endpoint.requests[0]?.clientName).toBe('auditor');
  });

  it('hands the consumer an accepted error status with its body', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'raw', code: 500, body: '[-]bpf failed\n', headers: { 'content-type': 'text/plain' } });
    expect(await client.getText({ path: '/readyz', query: { verbose: '' }, alsoAccept: [500] })).toEqual({
      status: 500,
      text: '[-]bpf failed\n',
    });
    expect(waits).toEqual([]);
  });

  it('gives up the connection of a body that the consumer leaves before its end', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint, { concurrency: 1 });
    endpoint.next({ kind: 'hang', after: 'head' });
    expect(await client.get({ path: PODS }, () => Promise.resolve('enough'))).toBe('enough');
    expect(await client.getJson({ path: PODS, deadlineMs: 2000 })).toMatchObject({ kind: 'PodList' });
  });

  it("passes the consumer's own error on as it is, and asks only once", async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    const own = new TypeError('mine');
    await expect(client.get({ path: PODS }, () => Promise.reject(own))).rejects.toBe(own);
    expect(endpoint.requests).toHaveLength(1);
    await expect(client.getJson({ path: PODS })).resolves.toBeDefined();
  });
});

describe('a token', () => {
  it('is asked for again, once, after a 401', async () => {
    const endpoint = await start();
    const asked: unknown[] = [];
    const { client, waits } = clientOf(endpoint, {
      token: (refused) => {
        asked.push(refused);
        return Promise.resolve(refused === undefined ? 'old' : 'new');
      },
    });
    endpoint.next({ kind: 'status', code: 401 });
    await client.getJson({ path: PODS });
    expect(asked).toEqual([undefined, 'old']);
    expect(endpoint.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
    expect(waits).toEqual([]);
  });

  it('that is refused twice means denied', async () => {
    const endpoint = await start();
    let made = 0;
    const { client } = clientOf(endpoint, { token: () => Promise.resolve(`t${(made += 1)}`) });
    endpoint.next({ kind: 'status', code: 401, message: 'Unauthorized' }, { kind: 'status', code: 401 });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'denied', status: 401 });
    expect(endpoint.requests).toHaveLength(2);
  });

  it('that stays the same is not tried a second time', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint, { token: () => Promise.resolve('same') });
    endpoint.next({ kind: 'status', code: 401 });
    expect(await failure(client.getJson({ path: PODS }))).toMatchObject({ reason: 'denied' });
    expect(endpoint.requests).toHaveLength(1);
  });

  it('that cannot be had means denied, and nothing is sent', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint, { token: () => Promise.reject(new Error('the credentials expired')) });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error.reason).toBe('denied');
    expect(error.message).toBe(`no token for ${endpoint.url}: the credentials expired`);
    expect(endpoint.requests).toEqual([]);
  });

  it('that would break out of its header is not sent and not quoted', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint, { token: () => Promise.resolve('S3CRET\r\nx-evil: 1') });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error.reason).toBe('denied');
    expect(error.message).not.toContain('S3CRET');
    expect(endpoint.requests).toEqual([]);
  });
});

describe('an error answer', () => {
  it('403 is denied, with what the server says about it', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    const message = 'pods is forbidden: User "x" cannot list resource "pods" in API group "" at the cluster scope';
    endpoint.next({ kind: 'status', code: 403, reason: 'Forbidden', message });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error).toMatchObject({
      reason: 'denied',
      status: 403,
      message: `GET ${PODS}: 403, not allowed: ${message}`,
    });
    expect(waits).toEqual([]);
  });

  it('401 names a clock that is five minutes off or more', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    const at = async (date: string): Promise<string> => {
      endpoint.next({ kind: 'status', code: 401, headers: { date } });
      return (await failure(client.getJson({ path: PODS }))).message;
    };
    expect(await at('Sat, 21 Nov 2026 11:53:00 GMT')).toContain(
      "this machine's clock is 7 minutes ahead of the server's",
    );
    expect(await at('Sat, 21 Nov 2026 12:05:00 GMT')).toContain(
      "this machine's clock is 5 minutes behind the server's",
    );
    expect(await at('Sat, 21 Nov 2026 12:04:59 GMT')).not.toContain('clock');
    expect(await at('no date')).not.toContain('clock');
  });

  it('404 of an object is told from 404 of a resource type', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({
      kind: 'status',
      code: 404,
      reason: 'NotFound',
      name: 'aws-node',
      message: 'daemonsets.apps "aws-node" not found',
    });
    expect(
      await failure(client.getJson({ path: '/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node' })),
    ).toMatchObject({
      reason: 'not-found',
      missing: 'object',
    });
    const path = '/apis/networking.k8s.aws/v1alpha1/policyendpoints';
    expect(await failure(client.getJson({ path }))).toMatchObject({ reason: 'not-found', missing: 'resource-type' });
    endpoint.next({
      kind: 'status',
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    });
    expect(await failure(client.getJson({ path }))).toMatchObject({ reason: 'not-found', missing: 'resource-type' });
  });

  it('429 is asked again after what the server says, and half of that at most on top', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 429, headers: { 'retry-after': '2' } });
    await client.getJson({ path: PODS });
    expect(waits).toEqual([2500]);
  });

  it('429 that goes on is throttled, after five attempts', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    endpoint.next(
      ...Array.from({ length: 5 }, () => ({ kind: 'status', code: 429, headers: { 'retry-after': '1' } }) as const),
    );
    expect(await failure(client.getJson({ path: PODS }))).toMatchObject({ reason: 'throttled', status: 429 });
    expect(waits).toEqual([1250, 1250, 1250, 1250]);
    expect(endpoint.requests).toHaveLength(5);
  });

  it('429 with a wait beyond the deadline is throttled at once', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 429, headers: { 'retry-after': '3600' } });
    expect(await failure(client.getJson({ path: PODS }))).toMatchObject({ reason: 'throttled' });
    expect(waits).toEqual([]);
  });

  it('5xx is asked again with growing waits, then api-error', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 503 }, { kind: 'status', code: 500 });
    await client.getJson({ path: PODS });
    expect(waits).toEqual([100, 200]);
    endpoint.next(
      ...Array.from({ length: 5 }, () => ({ kind: 'status', code: 503, message: 'etcd is gone' }) as const),
    );
    const error = await failure(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'api-error', status: 503, message: `GET ${PODS}: status 503: etcd is gone` });
  });

  it('501 is not asked again', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 501 });
    expect(await failure(client.getJson({ path: PODS }))).toMatchObject({ reason: 'api-error' });
    expect(endpoint.requests).toHaveLength(1);
  });

  it('a redirect is not followed, and the token goes nowhere else', async () => {
    const endpoint = await start();
    const elsewhere = await start();
    const { client } = clientOf(endpoint, { token: () => Promise.resolve('t0ken') });
    endpoint.next({ kind: 'raw', code: 302, body: '', headers: { location: `${elsewhere.url}${PODS}` } });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'api-error', status: 302 });
    expect(error.message).toContain('redirects are not followed');
    expect(elsewhere.requests).toEqual([]);
  });

  it('in protobuf is read too', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    endpoint.next({ kind: 'raw', code: 410, body: goldenProtobuf('status-gone'), headers });
    const error = await failure(client.getJson({ path: PODS, accept: 'protobuf' }));
    expect(error).toMatchObject({ reason: 'api-error', status: 410, continueToken: 'eyJpbmNvbnNpc3RlbnQiOnRydWV9' });
    expect(error.message).toContain('The provided continue parameter is too old');
  });

  it('is one bounded line, whatever the server sends', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({
      kind: 'raw',
      code: 403,
      body: `a\r\n\u001b[31mb\u2028c${'x'.repeat(100_000)}`,
      headers: { 'content-type': 'text/html' },
    });
    const { message } = await failure(client.getJson({ path: PODS }));
    expect(message).toMatch(/^GET \/api\/v1\/pods: 403, not allowed: a \[31mb cx+…$/);
    expect(message.length).toBeLessThanOrEqual(600);
  });
});

describe('a body', () => {
  it('that is not JSON is malformed', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'raw', code: 200, body: '<html>sign in</html>' });
    expect(await failure(client.getJson({ path: PODS }))).toMatchObject({ reason: 'malformed' });
  });

  it('whose gzip is cut off is malformed', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'cut-gzip', body: '{"items":[]}'.repeat(1000) });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'malformed' });
    expect(error.message).toMatch(/the gzip body is (damaged or cut off|longer than it says)/);
  });

  it('in an encoding that was not asked for is malformed', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'raw', code: 200, body: 'x', headers: { 'content-encoding': 'br' } });
    expect((await failure(client.getJson({ path: PODS }))).message).toContain('content-encoding "br", expected gzip');
  });

  it('that breaks off is read again from its start, and malformed when it never ends', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    const drop = { kind: 'drop', after: 'half-a-body' } as const;
    endpoint.next(drop);
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
    expect(waits).toEqual([100]);
    endpoint.next(drop, drop, drop, drop, drop);
    const error = await failure(client.getJson({ path: PODS }));
    expect(error.reason).toBe('malformed');
    expect(error.message).toMatch(/the answer was cut off after \d+ bytes/);
  });

  it.each([
    ['plain', {}],
    ['gzipped', { items: Array.from({ length: 50 }, (_, index) => ({ metadata: { name: `pod-${index}` } })) }],
  ])('larger than allowed is malformed (%s)', async (_name, collection) => {
    const endpoint = await start({ collections: { [PODS]: { kind: 'PodList', items: [], ...collection } } });
    const { client } = clientOf(endpoint);
    expect((await failure(client.getJson({ path: PODS, maxBytes: 20 }))).message).toContain(
      'the answer has more than 20 bytes',
    );
    // The connection is not left with the rest of it.
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
  });
});

describe('no answer', () => {
  it('because the certificate is of another authority', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint, { certificateAuthority: createAuthority('kubernetes').certificate });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error.reason).toBe('unreachable');
    expect(error.message).toContain(
      "certificate not trusted: it was not issued by the cluster's certificate authority",
    );
    expect(endpoint.requests).toEqual([]);
  });

  it('because the certificate is for another name', async () => {
    const authority = createAuthority('kubernetes');
    const certificate = authority.issue({ commonName: 'other', names: ['other.example'] });
    const endpoint = await start({ authority, certificate });
    expect((await failure(clientOf(endpoint).client.getJson({ path: PODS }))).message).toContain('for another name');
    const { client } = clientOf(endpoint, { serverName: 'other.example' });
    await expect(client.getJson({ path: PODS })).resolves.toBeDefined();
  });

  it('because the certificate has expired, with our clock beside it', async () => {
    const authority = createAuthority('kubernetes');
    const request = { commonName: 'old', names: ['127.0.0.1'], notBefore: '2000-01-01', notAfter: '2001-01-01' };
    const endpoint = await start({ authority, certificate: authority.issue(request) });
    const error = await failure(clientOf(endpoint).client.getJson({ path: PODS }));
    expect(error.message).toBe(`${endpoint.url}: expired certificate; this machine's clock says ${NOW.toISOString()}`);
  });

  it('because the certificate is not valid yet', async () => {
    const authority = createAuthority('kubernetes');
    const request = { commonName: 'new', names: ['127.0.0.1'], notBefore: '2099-01-01' };
    const endpoint = await start({ authority, certificate: authority.issue(request) });
    expect((await failure(clientOf(endpoint).client.getJson({ path: PODS }))).message).toContain(
      'certificate not yet valid',
    );
  });

  it('because nobody listens', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    await endpoint.close();
    const error = await failure(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'unreachable', message: `${endpoint.url}: connection refused` });
    expect(waits).toEqual([]);
  });

  it('because connections are dropped, after five attempts', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    endpoint.next(...Array.from({ length: 5 }, () => ({ kind: 'drop', after: 'request' }) as const));
    const error = await failure(client.getJson({ path: PODS }));
    expect(error).toMatchObject({
      reason: 'unreachable',
      message: `${endpoint.url}: connection reset by the other side`,
    });
    expect(waits).toHaveLength(4);
  });

  it('on a kept connection that was closed meanwhile is no failure: a new one is made at once', async () => {
    const endpoint = await start();
    const { client, waits } = clientOf(endpoint);
    await client.getJson({ path: PODS });
    endpoint.next({ kind: 'drop', after: 'request' });
    await client.getJson({ path: PODS });
    expect(waits).toEqual([]);
    expect(endpoint.connections()).toBe(2);
  });

  it('because nothing is said on the connection, long before the deadline', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    // A server that listens on TCP has an address of this type.
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const endpoint = await start();
    const { client } = clientOf(endpoint, { endpoint: url, connectTimeoutMs: 50 });
    const error = await failure(client.getJson({ path: PODS }));
    expect(error.message).toBe(
      `${url}: i/o timeout: no connection within 0.05 s (a private endpoint, a route or a security group?)`,
    );
    silent.close();
  });

  it('because what listens speaks no TLS', async () => {
    const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    // As above.
    const url = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const endpoint = await start();
    const error = await failure(clientOf(endpoint, { endpoint: url }).client.getJson({ path: PODS }));
    expect(error.reason).toBe('unreachable');
    expect(error.message).toContain(`${url}: TLS handshake failed`);
    plain.close();
  });

  it.each(['request', 'head'] as const)('within the deadline, behind the %s', async (after) => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'hang', after });
    const error = await failure(client.getJson({ path: PODS, deadlineMs: 100 }));
    expect(error.reason).toBe('unreachable');
    expect(error.message).toBe(`GET ${PODS} at ${endpoint.url}: i/o timeout: no whole answer within 0.1 s`);
  });

  it('because the caller cancelled', async () => {
    const endpoint = await start();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'hang', after: 'request' });
    const cancel = new AbortController();
    const pending = failure(client.getJson({ path: PODS, signal: cancel.signal }));
    cancel.abort();
    expect(await pending).toMatchObject({ reason: 'unreachable' });
    expect((await pending).message).toContain('cancelled before the answer was whole');
  });
});

describe('createKubernetesClient', () => {
  const options = {
    endpoint: 'https://127.0.0.1',
    certificateAuthority: createAuthority('kubernetes').certificate,
    userAgent: 'netpol-warden/test',
    now: () => NOW,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
  };

  it.each(['http://127.0.0.1', 'https://user:secret@host', 'https://host?x=1', 'host:443', ''])(
    'refuses %j as an endpoint',
    (endpoint) => {
      expect(() => createKubernetesClient({ ...options, endpoint })).toThrow('must be an https URL');
    },
  );

  it('refuses to go without an authority: Node would trust every public one', () => {
    expect(() => createKubernetesClient({ ...options, certificateAuthority: '' })).toThrow('not a PEM certificate');
    expect(() => createKubernetesClient({ ...options, certificateAuthority: 'LS0tLS1CRUdJTi' })).toThrow('not a PEM');
    const garbage = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(() => createKubernetesClient({ ...options, certificateAuthority: garbage })).toThrow('not a PEM');
  });

  it.each(['/api/v1/../../x', '/api/v1/nodes?limit=1', '//evil.example/x', 'api/v1', '/api/%2e%2e/x', '/a\nb', '/'])(
    'refuses the path %j, which a hostile name could make',
    async (path) => {
      const client = createKubernetesClient(options);
      expect((await failure(client.getJson({ path }))).message).toContain('not a path of the Kubernetes API');
    },
  );

  it('puts the path of its endpoint before every request', async () => {
    const endpoint = await start({ collections: { [`/k8s/clusters/c-1${PODS}`]: { kind: 'PodList', items: [] } } });
    const client = createKubernetesClient({
      ...options,
      endpoint: `${endpoint.url}/k8s/clusters/c-1/`,
      certificateAuthority: endpoint.certificateAuthority,
    });
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
  });
});
