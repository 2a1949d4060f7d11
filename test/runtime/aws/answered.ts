import { Readable } from 'node:stream';
import { EC2Client } from '@aws-sdk/client-ec2';
import { scanLongLists } from '../../../shared/runtime/aws/ec2-scan.ts';

/** A client of the real SDK whose every request is answered with this body and status 200. */
const answering = (body: string | Buffer): EC2Client =>
  new EC2Client({
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: () =>
        Promise.resolve({
          response: {
            statusCode: 200,
            headers: { 'x-amzn-requestid': 'r-1' },
            body: Readable.from([Buffer.from(body)]),
          },
        }),
    },
  });

/** The SDK alone, and as we use it. */
export const clientsAnswered = (body: string | Buffer): { readonly sdk: EC2Client; readonly ours: EC2Client } => ({
  sdk: answering(body),
  ours: scanLongLists(answering(body)),
});
