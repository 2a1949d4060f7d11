import { gunzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { ocsfS3Destination } from '../../../shared/publish/ocsf/s3-destination.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { announcementOf, HOSTILE_TEXTS } from '../announcements.ts';
import { nodeAnnouncement } from '../notices.ts';

interface Put {
  readonly path: string;
  readonly events: readonly { readonly metadata: { readonly uid: string } }[];
}

/** A real client whose requests are kept, and answered with this status where the path has the text. */
const bucket = (failing?: { readonly path: string; readonly status: number; readonly body: string }) => {
  const puts: Put[] = [];
  const client = new S3Client({
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { readonly path: string; readonly body?: unknown }) => {
        const { HttpResponse } = await import('@smithy/core/protocols');
        const fails = failing !== undefined && request.path.includes(failing.path);
        if (!fails && request.body instanceof Uint8Array) {
          const lines = gunzipSync(request.body).toString('utf8').trimEnd().split('\n');
          puts.push({ path: request.path, events: lines.map((line) => JSON.parse(line)) });
        }
        const body = new TextEncoder().encode(fails ? failing.body : '');
        return { response: new HttpResponse({ statusCode: fails ? failing.status : 200, headers: {}, body }) };
      },
    },
  });
  const destination = ocsfS3Destination({
    client: () => Promise.resolve(client),
    bucket: 'audit',
    prefix: 'ocsf',
    version: '1.2.3',
  });
  return { destination, puts };
};

describe('OCSF events in a bucket', () => {
  it('are one object for each account, region and day, one event a line', async () => {
    const { destination, puts } = bucket();
    const other = announcementOf({ cluster: { ...CLUSTER, region: 'eu-west-1' } });
    const done = await destination.publish([nodeAnnouncement(1), nodeAnnouncement(2), other]);

    expect(done.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(puts.map(({ events }) => events.length).toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(puts.map(({ path }) => path).toSorted()).toEqual([
      expect.stringMatching(
        /^\/ocsf\/region%3Deu-west-1\/accountId%3D111122223333\/eventDay%3D20261120\/[0-9a-f]{64}\.ndjson\.gz$/,
      ),
      expect.stringMatching(/^\/ocsf\/region%3Dus-west-2\//),
    ]);
  });

  it('overwrite themselves when a batch is tried again, in whatever order', async () => {
    const { destination, puts } = bucket();
    await destination.publish([nodeAnnouncement(1), nodeAnnouncement(2)]);
    await destination.publish([nodeAnnouncement(2), nodeAnnouncement(1)]);

    expect(puts[1]).toEqual(puts[0]);
  });

  it('wait where the bucket does not answer, without touching another account’s', async () => {
    const { destination } = bucket({ path: 'eu-west-1', status: 503, body: '<Error><Code>SlowDown</Code></Error>' });
    const other = announcementOf({ cluster: { ...CLUSTER, region: 'eu-west-1' } });
    const done = await destination.publish([nodeAnnouncement(1), other]);

    expect(new Map(done.map(({ id, outcome }) => [id, outcome]))).toEqual(
      new Map([
        [nodeAnnouncement(1).id, 'delivered'],
        [other.id, 'retry'],
      ]),
    );
  });

  it.each(HOSTILE_TEXTS)(
    'let no hostile account or region leave its folder, nor make a line of its own: %j',
    async (text) => {
      const { destination, puts } = bucket();
      const cluster = { ...CLUSTER, account: text, region: text, name: text };
      await destination.publish([announcementOf({ cluster, message: { key: 'disabled', values: {}, text } })]);

      expect(puts).toHaveLength(1);
      expect(puts[0]?.events).toHaveLength(1);
      expect(puts[0]?.path).toMatch(
        /^\/ocsf\/region%3D[A-Za-z0-9_-]+\/accountId%3D[A-Za-z0-9_-]+\/eventDay%3D\d{8}\/[0-9a-f]{64}\.ndjson\.gz$/,
      );
    },
  );
});
