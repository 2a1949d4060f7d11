import type { S3Client } from '@aws-sdk/client-s3';
import { once } from './cached.ts';

/** JSON documents in a bucket. */
export interface JsonBucket {
  /** @throws where there is none or it is no JSON, naming it */
  readonly get: (bucket: string, key: string) => Promise<unknown>;
  readonly put: (bucket: string, key: string, value: unknown) => Promise<void>;
  readonly putText: (bucket: string, key: string, text: string) => Promise<void>;
}

export const jsonBucket = (region: string): JsonBucket => {
  // Path style, because a local endpoint has no host names for buckets.
  const forcePathStyle = process.env['AWS_ENDPOINT_URL'] !== undefined;
  const client = once(
    async (): Promise<S3Client> => new (await import('@aws-sdk/client-s3')).S3Client({ region, forcePathStyle }),
  );
  const putText = async (bucket: string, key: string, text: string): Promise<void> => {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const s3 = await client();
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json; charset=utf-8' }),
    );
  };
  return {
    get: async (bucket, key) => {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const s3 = await client();
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const text = await Body?.transformToString('utf8');
      try {
        return JSON.parse(text ?? '');
      } catch {
        throw new Error(`s3://${bucket}/${key}: expected JSON`);
      }
    },
    put: async (bucket, key, value) => putText(bucket, key, JSON.stringify(value)),
    putText,
  };
};
