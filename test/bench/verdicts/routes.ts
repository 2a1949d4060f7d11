/** The ways from a payload to flows that the benchmark compares. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { CloudWatchLogsSchema } from '@aws-lambda-powertools/parser/schemas/cloudwatch';
import { FastDecoder } from '../../../shared/verdicts/decode/fast.ts';
import { decodeStream, PayloadDecoder } from '../../../shared/verdicts/decode/index.ts';
import type { DecodedBatch } from '../../../shared/verdicts/decode/index.ts';
import { RecordReader } from '../../../shared/verdicts/decode/record-reader.ts';
import { gunzipWhole } from '../../../shared/verdicts/envelope/gunzip.ts';
import { contentOf, isCloudWatch } from '../../support/verdict-lines.ts';
import type { LineForm } from '../../support/verdict-lines.ts';
import type { Route } from './measure.ts';

export interface Subject {
  readonly form: LineForm;
  readonly content: Buffer;
  readonly gzip: Buffer;
  /** What Lambda gets. */
  readonly base64: string;
}

export const subjectOf = (form: LineForm, denied: number, bytes: number): Subject => {
  const content = contentOf(form, denied, bytes);
  const gzip = gzipSync(content);
  return { form, content, gzip, base64: gzip.toString('base64') };
};

/** gunzip alone, into one buffer of the size that the trailer tells: the fastest that zlib does. */
export const floorRoute = ({ gzip }: Subject): Route => {
  const size = gzip.readUInt32LE(gzip.length - 4);
  return { name: 'gunzip', repeats: 8, run: () => gunzipSync(gzip, { chunkSize: size + 64 }) };
};

/** Payload to flows: of CloudWatch forms base64 text, of file forms the compressed file's bytes, whole. */
export const oursRoute = (subject: Subject): Route => {
  if (isCloudWatch(subject.form)) {
    const decoder = new PayloadDecoder();
    return { name: 'ours', repeats: 8, run: () => decoder.decode(subject.base64) };
  }
  const reader = new RecordReader();
  const run = (): DecodedBatch => {
    const decoder = new FastDecoder('lines', {}, reader);
    decoder.push(gunzipWhole(subject.gzip, 2 ** 30) ?? Buffer.alloc(0));
    return decoder.end();
  };
  return { name: 'ours', repeats: 8, run };
};

/** The same in pieces, as a file is read: zlib works in its thread meanwhile. */
export const streamRoute = ({ gzip }: Subject): Route => ({
  name: 'streamed',
  repeats: 8,
  run: () => decodeStream([gzip]),
});

interface Sum {
  count: number;
  first: number;
  last: number;
}

/** What a handler written with Powertools does: schema, then split every message into an object, then sum up. */
export const powertoolsRoute = ({ base64 }: Subject): Route => ({
  name: 'powertools',
  repeats: 1,
  run: () => {
    const { awslogs } = CloudWatchLogsSchema.parse({ awslogs: { data: base64 } });
    const sums = new Map<string, Sum>();
    for (const { message, timestamp } of awslogs.data.logEvents) {
      const flow: { readonly [key: string]: string } = Object.fromEntries(
        message.split(';').map((field) => {
          const colon = field.indexOf(': ');
          return [field.slice(0, colon), field.slice(colon + 2)];
        }),
      );
      if (flow['PolicyVerdict'] !== 'DENY') continue;
      const key = [flow['SIP'], flow['DIP'], flow['DPORT'], flow['PROTOCOL']].join(' ');
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { count: 1, first: timestamp, last: timestamp });
      else {
        sum.count += 1;
        sum.first = Math.min(sum.first, timestamp);
        sum.last = Math.max(sum.last, timestamp);
      }
    }
    return sums;
  },
});
