import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { KeepFull } from './message/finding-message.ts';

export interface KeepFullOptions {
  readonly client: () => Promise<S3Client>;
  readonly bucket: string;
  /** Without a slash at either end. */
  readonly prefix: string;
}

/**
 * Keeps whole messages in a bucket: one object a change, under the same key however often it is kept. An id is foreign
 * text, so its digest is the key. IAM: s3:PutObject on the prefix.
 * @throws what the SDK throws
 */
export const keepFullInS3 =
  ({ client, bucket, prefix }: KeepFullOptions): KeepFull =>
  async (id, body) => {
    const [s3, { PutObjectCommand }] = await Promise.all([client(), import('@aws-sdk/client-s3')]);
    const key = `${prefix}/${createHash('sha256').update(id, 'utf8').digest('hex')}.json`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
    return `s3://${bucket}/${key}`;
  };
