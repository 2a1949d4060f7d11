import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KubernetesClient, KubernetesRequest } from '../../../shared/runtime/kubernetes/client.ts';
import { clientOf } from '../../support/kubernetes-endpoint/client.ts';
import { endpointForTest } from '../../support/kubernetes-endpoint/for-test.ts';

/** A client whose next answer is these bytes, said to be gzip. */
const answered = async (body: Buffer): Promise<KubernetesClient> => {
  const endpoint = await endpointForTest();
  endpoint.next({ kind: 'raw', code: 200, body, headers: { 'content-encoding': 'gzip' } });
  return clientOf(endpoint).client;
};

const GET: KubernetesRequest = { path: '/api/v1/pods' };
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** Text that gzip cannot make much smaller. */
const noise = (length: number): string => {
  let text = '';
  for (let count = 0; text.length < length; count += 1) text += sha256(`noise ${count}`);
  return text.slice(0, length);
};

describe('a gzip body', () => {
  it.each([
    ['of one page', noise(500_000)],
    ['too large on the wire to be unpacked at once', noise(4_000_000)],
    ['small on the wire and too large unpacked to be unpacked at once', 'a'.repeat(20_000_000)],
    ['that is empty', ''],
  ])('%s comes out as it went in', async (_name, text) => {
    const client = await answered(gzipSync(text));
    expect(sha256((await client.getText(GET)).text)).toBe(sha256(text));
  });

  it('is refused as soon as it is larger than allowed, on either way', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(60_000);
    const client = await answered(bomb);
    await expect(client.getText({ ...GET, maxBytes: 1_000_000 })).rejects.toThrow(
      'the answer has more than 1000000 bytes',
    );
    expect(client.usage().bodyBytes).toBeLessThan(2_000_000);
  });

  it('that says it is shorter than it is, is malformed', async () => {
    const body = gzipSync(noise(100_000));
    body.writeUInt32LE(10, body.length - 4);
    const client = await answered(body);
    await expect(client.getText(GET)).rejects.toMatchObject({
      reason: 'malformed',
      message: 'the gzip body is longer than it says',
    });
  });

  it('that says it is longer than it is, is malformed', async () => {
    const body = gzipSync(noise(100_000));
    body.writeUInt32LE(1_000_000, body.length - 4);
    const client = await answered(body);
    await expect(client.getText(GET)).rejects.toMatchObject({ reason: 'malformed', message: /damaged or cut off/ });
  });

  it('that is no gzip at all, is malformed', async () => {
    const client = await answered(Buffer.from('{"kind":"PodList","items":[]}'));
    await expect(client.getText(GET)).rejects.toMatchObject({ reason: 'malformed', message: /Z_DATA_ERROR/ });
  });

  it('gives its memory back once the next chunk is asked for', async () => {
    const client = await answered(gzipSync(noise(500_000)));
    const lengths = await client.get(GET, async ({ chunks }) => {
      const seen: Buffer[] = [];
      for await (const chunk of chunks) {
        expect(chunk.length).toBe(500_000);
        seen.push(chunk);
      }
      return seen.map(({ length }) => length);
    });
    expect(lengths).toEqual([0]);
  });
});
