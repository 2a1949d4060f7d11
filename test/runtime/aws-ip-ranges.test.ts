import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type DownloadOptions, downloadAwsRanges } from '../../shared/runtime/aws-ip-ranges.ts';

const DOCUMENT = { syncToken: '1', createDate: '2026-08-22-21-17-05', prefixes: [], ipv6_prefixes: [] };

const from = async (listener: RequestListener, options: DownloadOptions = {}): Promise<unknown> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  try {
    return await downloadAwsRanges({ url: `http://127.0.0.1:${port}/ip-ranges.json`, ...options });
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

describe('the list of addresses that Amazon publishes', () => {
  it('is downloaded as it is', async () => {
    expect(await from((_, response) => response.end(JSON.stringify(DOCUMENT)))).toEqual(DOCUMENT);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['is not there', (_, response) => response.writeHead(404).end('{}'), /ip-ranges\.json: HTTP status 404/],
    ['is elsewhere', (_, response) => response.writeHead(302, { location: '/x' }).end(), /ip-ranges\.json: .*redirect/],
    ['is no JSON', (_, response) => response.end('<html>'), /ip-ranges\.json: .*JSON/],
    ['is endless', (_, response) => response.write('x'.repeat(2000)), /ip-ranges\.json: more than 1000 bytes/],
    ['breaks off', (_, response) => response.write('{', () => response.destroy()), /ip-ranges\.json: /],
    ['never comes', () => undefined, /ip-ranges\.json: .*timeout/],
  ])('rejects, naming its address, where it %s', async (_, listener, expected) => {
    await expect(from(listener, { mostBytes: 1000, timeoutMs: 300 })).rejects.toThrow(expected);
  });
});
