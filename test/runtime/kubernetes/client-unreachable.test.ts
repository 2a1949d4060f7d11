import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../support/kubernetes-endpoint/certificate.ts';
import { clientOf, NOW } from '../../support/kubernetes-endpoint/client.ts';
import { endpointForTest, PODS } from '../../support/kubernetes-endpoint/for-test.ts';
import { failureOf } from '../../support/kubernetes-endpoint/outcome.ts';

describe('no answer', () => {
  it('because the certificate is of another authority', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { certificateAuthority: createAuthority('kubernetes').certificate });
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error.reason).toBe('unreachable');
    expect(error.message).toContain(
      "certificate not trusted: it was not issued by the cluster's certificate authority",
    );
    expect(endpoint.requests).toEqual([]);
  });

  it('because the certificate is for another name', async () => {
    const authority = createAuthority('kubernetes');
    const certificate = authority.issue({ commonName: 'other', names: ['other.example'] });
    const endpoint = await endpointForTest({ authority, certificate });
    expect((await failureOf(clientOf(endpoint).client.getJson({ path: PODS }))).message).toContain('for another name');
    const { client } = clientOf(endpoint, { serverName: 'other.example' });
    await expect(client.getJson({ path: PODS })).resolves.toBeDefined();
  });

  it('because the certificate has expired, with our clock beside it', async () => {
    const authority = createAuthority('kubernetes');
    const request = { commonName: 'old', names: ['127.0.0.1'], notBefore: '2000-01-01', notAfter: '2001-01-01' };
    const endpoint = await endpointForTest({ authority, certificate: authority.issue(request) });
    const error = await failureOf(clientOf(endpoint).client.getJson({ path: PODS }));
    expect(error.message).toBe(`${endpoint.url}: expired certificate; this machine's clock says ${NOW.toISOString()}`);
  });

  it('because the certificate is not valid yet', async () => {
    const authority = createAuthority('kubernetes');
    const request = { commonName: 'new', names: ['127.0.0.1'], notBefore: '2099-01-01' };
    const endpoint = await endpointForTest({ authority, certificate: authority.issue(request) });
    expect((await failureOf(clientOf(endpoint).client.getJson({ path: PODS }))).message).toContain(
      'certificate not yet valid',
    );
  });

  it('because nobody listens', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    await endpoint.close();
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error).toMatchObject({ reason: 'unreachable', message: `${endpoint.url}: connection refused` });
    expect(waits).toEqual([]);
  });

  it('because connections are dropped, after five attempts', async () => {
    const endpoint = await endpointForTest();
    const { client, waits } = clientOf(endpoint);
    endpoint.next(...Array.from({ length: 5 }, () => ({ kind: 'drop', after: 'request' }) as const));
    const error = await failureOf(client.getJson({ path: PODS }));
    expect(error).toMatchObject({
      reason: 'unreachable',
      message: `${endpoint.url}: connection reset by the other side`,
    });
    expect(waits).toHaveLength(4);
  });

  it('on a kept connection that was closed meanwhile is no failure: a new one is made at once', async () => {
    const endpoint = await endpointForTest();
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
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint, { endpoint: url, connectTimeoutMs: 50 });
    const error = await failureOf(client.getJson({ path: PODS }));
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
    const endpoint = await endpointForTest();
    const error = await failureOf(clientOf(endpoint, { endpoint: url }).client.getJson({ path: PODS }));
    expect(error.reason).toBe('unreachable');
    expect(error.message).toContain(`${url}: TLS handshake failed`);
    plain.close();
  });

  it.each(['request', 'head'] as const)('within the deadline, behind the %s', async (after) => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'hang', after });
    const error = await failureOf(client.getJson({ path: PODS, deadlineMs: 100 }));
    expect(error.reason).toBe('unreachable');
    expect(error.message).toBe(`GET ${PODS} at ${endpoint.url}: i/o timeout: no whole answer within 0.1 s`);
  });

  it('because the caller cancelled', async () => {
    const endpoint = await endpointForTest();
    const { client } = clientOf(endpoint);
    endpoint.next({ kind: 'hang', after: 'request' });
    const cancel = new AbortController();
    const pending = failureOf(client.getJson({ path: PODS, signal: cancel.signal }));
    cancel.abort();
    expect(await pending).toMatchObject({ reason: 'unreachable' });
    expect((await pending).message).toContain('cancelled before the answer was whole');
  });
});
