import * as z from 'zod';
import { readCidr } from './address-key.ts';
import { rangeTable } from './range-table.ts';
import type { RangeTable } from './range-table.ts';

/** One line of Amazon's published ranges. */
export interface AwsRange {
  readonly cidr: string;
  /** `S3`, `DYNAMODB`, `CLOUDFRONT`, `EC2`, `AMAZON`, …; open. */
  readonly service: string;
  /** A region or `GLOBAL`. */
  readonly region: string;
}

/** https://ip-ranges.amazonaws.com/ip-ranges.json */
export interface AwsRanges {
  /** Publication time: seconds since 1970, as text. */
  readonly syncToken: string;
  /** `2026-08-22-21-17-05`, UTC. */
  readonly createDate: string;
  readonly ranges: readonly AwsRange[];
}

/** Amazon's file, or a copy of it, is not what its documentation says. `message` names the place and what was expected. */
export class AwsRangesError extends Error {
  override readonly name = 'AwsRangesError';
}

const word = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "-" or "_"');
const cidr = z
  .string()
  .max(64)
  .refine((text) => readCidr(text) !== undefined, 'expected a CIDR such as 3.5.140.0/22');

const file = z.object({
  syncToken: z.string().regex(/^\d{1,20}$/, 'expected digits'),
  createDate: z.string().regex(/^\d{4}(-\d{2}){5}$/, 'expected a time such as 2026-08-22-21-17-05'),
  prefixes: z.array(z.object({ ip_prefix: cidr, service: word, region: word })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: cidr, service: word, region: word })),
});

/**
 * Reads ip-ranges.json, already parsed as JSON. Syntax: https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html
 * @throws AwsRangesError
 */
export const parseAwsRanges = (json: unknown): AwsRanges => {
  const read = file.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new AwsRangesError(`AWS ranges: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not readable'}`);
  }
  const { syncToken, createDate, prefixes, ipv6_prefixes: ipv6Prefixes } = read.data;
  return {
    syncToken,
    createDate,
    ranges: [
      ...prefixes.map(({ ip_prefix: block, service, region }) => ({ cidr: block, service, region })),
      ...ipv6Prefixes.map(({ ipv6_prefix: block, service, region }) => ({ cidr: block, service, region })),
    ],
  };
};

/**
 * Every range is also in AMAZON, and what runs on instances also in EC2, sometimes in longer prefixes than the service's
 * own (https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html): the more telling word goes before length.
 */
const RANK: ReadonlyMap<string, number> = new Map([
  ['AMAZON', 0],
  ['EC2', 1],
]);
const TELLING = 2;

export const awsRangeTable = (ranges: readonly AwsRange[]): RangeTable<AwsRange> =>
  rangeTable(
    ranges.flatMap((value) => {
      const block = readCidr(value.cidr);
      return block === undefined ? [] : [{ block, value, rank: RANK.get(value.service) ?? TELLING }];
    }),
  );
