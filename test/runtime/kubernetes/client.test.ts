import { describe, expect, it, vi } from 'vitest';
import { createKubernetesClient } from '../../../shared/runtime/kubernetes/client.ts';
import { createAuthority } from '../../support/kubernetes-endpoint/certificate.ts';
import { clientOf, NOW } from '../../support/kubernetes-endpoint/client.ts';
import { endpointForTest, PODS } from '../../support/kubernetes-endpoint/for-test.ts';
import { failureOf } from '../../support/kubernetes-endpoint/outcome.ts';

describe('a request', () => {
  it('asks for gzip, names the tool, carries the token, and gets JSON', async () => {
    const endpoint = await endpointForTest();
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
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    await client.getJson({ path: PODS });
    await client.getJson({ path: PODS });
    expect(endpoint.connections()).toBe(1);
  });

  it('counts calls and bytes', async () => {
    const endpoint = await endpointForTest();
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

  it.each([
    { what: 'allowed', options: { concurrency: 2 }, most: 2 },
    { what: 'four, unless told otherwise', options: {}, most: 4 },
  ])('never has more requests under way than $what', async ({ most, options }) => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, options);
    let running = 0;
    const gate = Promise.withResolvers<undefined>();
    const one = (): Promise<void> =>
      client.get({ path: PODS }, async () => {
        running += 1;
        await gate.promise;
        running -= 1;
      });
    const all = Promise.all([one(), one(), one(), one(), one(), one()]);
    await vi.waitFor(() => expect(running).toBe(most));
    expect(endpoint.requests).toHaveLength(most);
    gate.resolve(undefined);
    await all;
    expect(endpoint.requests).toHaveLength(6);
    // Nobody read a body, and the connections served again all the same.
    expect(endpoint.connections()).toBe(most);
  });

  it('shows its client certificate where it has one', async () => {
    const people = createAuthority('people');
    const endpoint = await endpointForTest({ clientAuthority: people });
    const { certificate, key } = people.issue({ commonName: 'auditor' });
    const { client } = clientOf(endpoint, { clientCertificate: { certificate, key } });
    await client.getJson({ path: PODS });
    expect(endpoint.requests[0]?.clientName).toBe('auditor');
  });

  it('hands the consumer an accepted error status with its body', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'raw', code: 500, body: '[-]bpf failed\n', headers: { 'content-type': 'text/plain' } });
    expect(await client.getText({ path: '/readyz', query: { verbose: '' }, alsoAccept: [500] })).toEqual({
      status: 500,
      text: '[-]bpf failed\n',
    });
    expect(waits).toEqual([]);
  });

  it('gives up the connection of a body that the consumer leaves before its end', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { concurrency: 1 });
    endpoint.next({ kind: 'hang', after: 'head' });
    expect(await client.get({ path: PODS }, () => Promise.resolve('enough'))).toBe('enough');
    expect(await client.getJson({ path: PODS, deadlineMs: 2000 })).toMatchObject({ kind: 'PodList' });
  });

  it("passes the consumer's own error on as it is, and asks only once", async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    const own = new TypeError('mine');
    await expect(client.get({ path: PODS }, () => Promise.reject(own))).rejects.toBe(own);
    expect(endpoint.requests).toHaveLength(1);
    await expect(client.getJson({ path: PODS })).resolves.toBeDefined();
  });
});

describe('a token', () => {
  it('is asked for again, once, after a 401', async () => {
    const endpoint = await endpointForTest();
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
    const endpoint = await endpointForTest();
    let made = 0;
    const { client } = clientOf(endpoint, { token: () => Promise.resolve(`t${(made += 1)}`) });
    endpoint.next({ kind: 'status', code: 401, message: 'Unauthorized' }, { kind: 'status', code: 401 });
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'denied', status: 401 });
    expect(endpoint.requests).toHaveLength(2);
  });

  it('that stays the same is not tried a second time', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { token: () => Promise.resolve('same') });
    endpoint.next({ kind: 'status', code: 401 });
    expect(await failureOf(client.getJson({ path: PODS }))).toMatchObject({ reason: 'denied' });
    expect(endpoint.requests).toHaveLength(1);
  });

  it('that cannot be had means denied, and nothing is sent', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { token: () => Promise.reject(new Error('the credentials expired')) });
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error.reason).toBe('denied');
    expect(error.message).toBe(`no token for ${endpoint.url}: the credentials expired`);
    expect(endpoint.requests).toEqual([]);
  });

  it('that would break out of its header is not sent and not quoted', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { token: () => Promise.resolve('S3CRET\r\nx-evil: 1') });
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error.reason).toBe('denied');
    expect(error.message).not.toContain('S3CRET');
    expect(endpoint.requests).toEqual([]);
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
      expect((await failureOf(client.getJson({ path }))).message).toContain('not a path of the Kubernetes API');
    },
  );

  it('puts the path of its endpoint before every request', async () => {
    const endpoint = await endpointForTest({
      collections: { [`/k8s/clusters/c-1${PODS}`]: { kind: 'PodList', items: [] } },
    });
    const client = createKubernetesClient({
      ...options,
      endpoint: `${endpoint.url}/k8s/clusters/c-1/`,
      certificateAuthority: endpoint.certificateAuthority,
    });
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
  });
});
