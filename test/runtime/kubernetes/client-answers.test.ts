import { describe, expect, it } from 'vitest';
import { clientOf } from '../../support/kubernetes-endpoint/client.ts';
import { endpointForTest, PODS } from '../../support/kubernetes-endpoint/for-test.ts';
import { goldenProtobuf } from '../../support/kubernetes-endpoint/golden.ts';
import { failureOf } from '../../support/kubernetes-endpoint/outcome.ts';

describe('an error answer', () => {
  it('403 is denied, with what the server says about it', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    const message = 'pods is forbidden: User "x" cannot list resource "pods" in API group "" at the cluster scope';
    endpoint.next({ kind: 'status', code: 403, reason: 'Forbidden', message });
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error).toMatchObject({
      reason: 'denied',
      status: 403,
      message: `GET ${PODS}: 403, not allowed: ${message}`,
    });
    expect(waits).toEqual([]);
  });

  it('401 names a clock that is five minutes off or more', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    const at = async (date: string): Promise<string> => {
      endpoint.next({ kind: 'status', code: 401, headers: { date } });
      return (await failureOf(client.getJson({ path: PODS }))).message;
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
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({
      kind: 'status',
      code: 404,
      reason: 'NotFound',
      name: 'aws-node',
      message: 'daemonsets.apps "aws-node" not found',
    });
    expect(
      await failureOf(client.getJson({ path: '/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node' })),
    ).toMatchObject({
      reason: 'not-found',
      missing: 'object',
    });
    const path = '/apis/networking.k8s.aws/v1alpha1/policyendpoints';
    expect(await failureOf(client.getJson({ path }))).toMatchObject({ reason: 'not-found', missing: 'resource-type' });
    endpoint.next({
      kind: 'status',
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    });
    expect(await failureOf(client.getJson({ path }))).toMatchObject({ reason: 'not-found', missing: 'resource-type' });
  });

  it('429 is asked again after what the server says, and half of that at most on top', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 429, headers: { 'retry-after': '2' } });
    await client.getJson({ path: PODS });
    expect(waits).toEqual([2500]);
  });

  it('429 that goes on is throttled, after five attempts', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    endpoint.next(
      ...Array.from({ length: 5 }, () => ({ kind: 'status', code: 429, headers: { 'retry-after': '1' } }) as const),
    );
    expect(await failureOf(client.getJson({ path: PODS }))).toMatchObject({ reason: 'throttled', status: 429 });
    expect(waits).toEqual([1250, 1250, 1250, 1250]);
    expect(endpoint.requests).toHaveLength(5);
  });

  it('429 with a wait beyond the deadline is throttled at once', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 429, headers: { 'retry-after': '3600' } });
    expect(await failureOf(client.getJson({ path: PODS }))).toMatchObject({ reason: 'throttled' });
    expect(waits).toEqual([]);
  });

  it('5xx is asked again with growing waits, then api-error', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 503 }, { kind: 'status', code: 500 });
    await client.getJson({ path: PODS });
    expect(waits).toEqual([100, 200]);
    endpoint.next(
      ...Array.from({ length: 5 }, () => ({ kind: 'status', code: 503, message: 'etcd is gone' }) as const),
    );
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'api-error', status: 503, message: `GET ${PODS}: status 503: etcd is gone` });
  });

  it('501 is not asked again', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'status', code: 501 });
    expect(await failureOf(client.getJson({ path: PODS }))).toMatchObject({ reason: 'api-error' });
    expect(endpoint.requests).toHaveLength(1);
  });

  it('a redirect is not followed, and the token goes nowhere else', async () => {
    const endpoint = await endpointForTest();
    const elsewhere = await endpointForTest();
    const { client } = clientOf(endpoint, { token: () => Promise.resolve('t0ken') });
    endpoint.next({ kind: 'raw', code: 302, body: '', headers: { location: `${elsewhere.url}${PODS}` } });
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'api-error', status: 302 });
    expect(error.message).toContain('redirects are not followed');
    expect(elsewhere.requests).toEqual([]);
  });

  it('in protobuf is read too', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    endpoint.next({ kind: 'raw', code: 410, body: goldenProtobuf('status-gone'), headers });
    const error = await failureOf(client.getJson({ path: PODS, accept: 'protobuf' }));
    expect(error).toMatchObject({ reason: 'api-error', status: 410, continueToken: 'eyJpbmNvbnNpc3RlbnQiOnRydWV9' });
    expect(error.message).toContain('The provided continue parameter is too old');
  });

  it('is one bounded line, whatever the server sends', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({
      kind: 'raw',
      code: 403,
      body: `a\r\n\u001b[31mb\u2028c${'x'.repeat(100_000)}`,
      headers: { 'content-type': 'text/html' },
    });
    const { message } = await failureOf(client.getJson({ path: PODS }));
    expect(message).toMatch(/^GET \/api\/v1\/pods: 403, not allowed: a \[31mb cx+…$/);
    expect(message.length).toBeLessThanOrEqual(600);
  });
});

describe('a body', () => {
  it('that is not JSON is malformed', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'raw', code: 200, body: '<html>sign in</html>' });
    expect(await failureOf(client.getJson({ path: PODS }))).toMatchObject({ reason: 'malformed' });
  });

  it('whose gzip is cut off is malformed', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'cut-gzip', body: '{"items":[]}'.repeat(1000) });
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'malformed' });
    expect(error.message).toMatch(/the gzip body is (damaged or cut off|longer than it says)/);
  });

  it('in an encoding that was not asked for is malformed', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'raw', code: 200, body: 'x', headers: { 'content-encoding': 'br' } });
    expect((await failureOf(client.getJson({ path: PODS }))).message).toContain('content-encoding "br", expected gzip');
  });

  it('that breaks off is read again from its start, and malformed when it never ends', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    const drop = { kind: 'drop', after: 'half-a-body' } as const;
    endpoint.next(drop);
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
    expect(waits).toEqual([100]);
    endpoint.next(drop, drop, drop, drop, drop);
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error.reason).toBe('malformed');
    expect(error.message).toMatch(/the answer was cut off after \d+ bytes/);
  });

  it.each([
    ['plain', {}],
    ['gzipped', { items: Array.from({ length: 50 }, (_, index) => ({ metadata: { name: `pod-${index}` } })) }],
  ])('larger than allowed is malformed (%s)', async (_name, collection) => {
    const endpoint = await endpointForTest({ collections: { [PODS]: { kind: 'PodList', items: [], ...collection } } });
    const { client } = clientOf(endpoint);
    expect((await failureOf(client.getJson({ path: PODS, maxBytes: 20 }))).message).toContain(
      'the answer has more than 20 bytes',
    );
    // The connection is not left with the rest of it.
    expect(await client.getJson({ path: PODS })).toMatchObject({ kind: 'PodList' });
  });
});
