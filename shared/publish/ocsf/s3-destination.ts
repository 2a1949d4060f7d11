import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Announcement, findingOf } from '../../model/announcement.ts';
import type { Delivery, RecordDestination } from '../port.ts';
import { failedWith } from '../send-each.ts';
import { type OcsfOptions, toOcsf } from './to-ocsf.ts';

export interface OcsfS3Options extends OcsfOptions {
  readonly client: () => Promise<S3Client>;
  readonly bucket: string;
  /** Without a slash at either end. */
  readonly prefix: string;
}

const part = (text: string): string => text.replaceAll(/[^A-Za-z0-9-]/g, '_').slice(0, 64);

/** Partitions as query engines read them. */
const folderOf = (announcement: Announcement): string => {
  const { region, account } = findingOf(announcement).cluster;
  const eventDay = new Date(announcement.at).toISOString().slice(0, 10).replaceAll('-', '');
  return `region=${part(region)}/accountId=${part(account)}/eventDay=${eventDay}`;
};

/** The same changes have the same name, in whatever order they come. */
const nameOf = (items: readonly Announcement[]): string => {
  const ids = items.map(({ id }) => id).toSorted();
  return `${createHash('sha256').update(JSON.stringify(ids), 'utf8').digest('hex')}.ndjson.gz`;
};

/** One event a line, in order of id, so that the same changes are the same bytes. */
const bodyOf = (items: readonly Announcement[], options: OcsfOptions): Uint8Array =>
  gzipSync(
    items
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((item) => `${JSON.stringify(toOcsf(item, options))}\n`)
      .join(''),
  );

/**
 * OCSF events in a bucket: for each account, region and day of a batch one gzipped object of one event a line. A batch that
 * is tried again overwrites its own object; a change that is tried again in another batch stands in two, with the same
 * `metadata.uid`. IAM: s3:PutObject on the prefix.
 */
export const ocsfS3Destination = ({ client, bucket, prefix, ...options }: OcsfS3Options): RecordDestination => ({
  kind: 'record',
  name: 'ocsf-s3',
  wants: 'every-change',
  publish: async (announcements) => {
    const folders = Map.groupBy(announcements, folderOf);
    const done = await Promise.all(
      [...folders].map(async ([folder, items]): Promise<readonly Delivery[]> => {
        const key = `${prefix}/${folder}/${nameOf(items)}`;
        try {
          const [s3, { PutObjectCommand }] = await Promise.all([client(), import('@aws-sdk/client-s3')]);
          await s3.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: bodyOf(items, options),
              ContentType: 'application/x-ndjson',
              ContentEncoding: 'gzip',
            }),
          );
          return items.map(({ id }) => ({ id, outcome: 'delivered', reference: `s3://${bucket}/${key}` }));
        } catch (error) {
          return items.map(({ id }) => failedWith(id, error));
        }
      }),
    );
    return done.flat();
  },
});
