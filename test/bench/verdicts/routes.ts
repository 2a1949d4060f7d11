/** The ways from a payload to flows that the benchmark compares. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { CloudWatchLogsSchema } from '@aws-lambda-powertools/parser/schemas/cloudwatch';
import { z } from 'zod';
import { FastDecoder } from '../../../shared/verdicts/decode/fast.ts';
import { PayloadDecoder } from '../../../shared/verdicts/decode/index.ts';
import type { DecodedBatch } from '../../../shared/verdicts/decode/index.ts';
import { PlainDecoder } from '../../../shared/verdicts/decode/plain.ts';
import { RecordReader } from '../../../shared/verdicts/decode/record-reader.ts';
import { gunzipWhole } from '../../../shared/verdicts/envelope/gunzip.ts';
import { contentOf, isCloudWatch } from '../../support/verdict-lines.ts';
import type { LineForm } from '../../support/verdict-lines.ts';
import type { Route } from './measure.ts';

export interface Subject {
  readonly form: LineForm;
  readonly content: Buffer;
  readonly lines: number;
  readonly gzip: Buffer;
  /** What Lambda gets. */
  readonly base64: string;
}

export const subjectOf = (form: LineForm, denied: number, bytes: number): Subject => {
  const content = contentOf(form, denied, bytes);
  const gzip = gzipSync(content);
  const decoder = new FastDecoder(isCloudWatch(form) ? 'subscription' : 'lines');
  decoder.push(content);
  const { lines } = decoder.end().counts;
  return { form, content, lines, gzip, base64: gzip.toString('base64') };
};

/** gunzip alone, into one buffer of the size that the trailer tells: the fastest that zlib does. */
export const floorRoute = ({ gzip }: Subject): Route => {
  const size = gzip.readUInt32LE(gzip.length - 4);
  return { name: 'gunzip', run: () => gunzipSync(gzip, { chunkSize: size + 64 }) };
};

/** Payload to flows: of CloudWatch forms base64 text, of file forms the compressed file's bytes, whole. */
export const oursRoute = (subject: Subject): Route => {
  if (isCloudWatch(subject.form)) {
    const decoder = new PayloadDecoder();
    return { name: 'ours', run: () => decoder.decode(subject.base64) };
  }
  const reader = new RecordReader();
  const run = (): DecodedBatch => {
    const decoder = new FastDecoder('lines', {}, reader);
    decoder.push(gunzipWhole(subject.gzip, 2 ** 30) ?? Buffer.alloc(0));
    return decoder.end();
  };
  return { name: 'ours', run };
};

/** The same by the reference decoder alone: everything held, a regular expression a line, an object a flow. */
export const referenceRoute = ({ form, gzip }: Subject): Route => ({
  name: 'reference',
  isSlow: true,
  run: () => {
    const decoder = new PlainDecoder(isCloudWatch(form) ? 'subscription' : 'lines');
    decoder.push(gunzipSync(gzip));
    return decoder.end();
  },
});

interface Sum {
  count: number;
  firstSeenAt: number;
  lastSeenAt: number;
  readonly nodes: Set<string>;
  readonly tiers: Set<string>;
  readonly ids: string[];
}

const WINDOW_MS = 300_000;

const split = (message: string): { readonly [key: string]: string } =>
  Object.fromEntries(
    message.split(';').map((field) => {
      const colon = field.indexOf(': ');
      return [field.slice(0, colon), field.slice(colon + 2)];
    }),
  );

type Verdict = {
  readonly [Key in 'Node' | 'SIP' | 'DIP' | 'PROTOCOL' | 'PolicyVerdict' | 'Tier']?: string | undefined;
} & {
  readonly DPORT?: string | number | undefined;
};

/** Sums of denials with the same content as ours, though without a bound. */
class Sums {
  readonly flows = new Map<string, Sum>();

  add(verdict: Verdict, id: string, timestamp: number): void {
    const { Node: node, SIP, DIP, DPORT, PROTOCOL, PolicyVerdict, Tier: tier } = verdict;
    if (PolicyVerdict !== 'DENY') return;
    const key = [Math.floor(timestamp / WINDOW_MS), SIP, DIP, DPORT, PROTOCOL].join(' ');
    let sum = this.flows.get(key);
    if (sum === undefined) {
      sum = { count: 0, firstSeenAt: timestamp, lastSeenAt: timestamp, nodes: new Set(), tiers: new Set(), ids: [] };
      this.flows.set(key, sum);
    }
    sum.count += 1;
    sum.firstSeenAt = Math.min(sum.firstSeenAt, timestamp);
    sum.lastSeenAt = Math.max(sum.lastSeenAt, timestamp);
    if (node !== undefined) sum.nodes.add(node);
    if (tier !== undefined) sum.tiers.add(tier);
    if (sum.ids.length < 3) sum.ids.push(id);
  }
}

/** What a handler written with Powertools does at the least: its zod schema, then every message split into an object. */
export const splitRoute = ({ base64 }: Subject): Route => ({
  name: 'split',
  isSlow: true,
  run: () => {
    const sums = new Sums();
    const { awslogs } = CloudWatchLogsSchema.parse({ awslogs: { data: base64 } });
    for (const { id, message, timestamp } of awslogs.data.logEvents) sums.add(split(message), id, timestamp);
    return sums;
  },
});

const address = z.union([z.ipv4(), z.ipv6()]);
const port = z.coerce.number().int().min(0).max(65_535);
const word = z.string().min(1).max(32);
const verdictSchema = z.preprocess(
  (message) => split(String(message)),
  z.object({
    Node: z.string().min(1).max(253),
    SIP: address,
    SPORT: port,
    DIP: address,
    DPORT: port,
    PROTOCOL: word,
    PolicyVerdict: word,
    Tier: word.optional(),
  }),
);

/** The same where a zod schema looks at the fields as well, as ours does: what cannot be read is counted. */
export const parserRoute = ({ base64 }: Subject): Route => ({
  name: 'parser',
  isSlow: true,
  run: () => {
    const sums = new Sums();
    let unreadable = 0;
    const { awslogs } = CloudWatchLogsSchema.parse({ awslogs: { data: base64 } });
    for (const { id, message, timestamp } of awslogs.data.logEvents) {
      const { success, data } = verdictSchema.safeParse(message);
      if (success) sums.add(data, id, timestamp);
      else unreadable += 1;
    }
    return { sums, unreadable };
  },
});
