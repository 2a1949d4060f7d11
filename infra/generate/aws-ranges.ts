/**
 * Writes `shared/verdicts/resolve/aws-ranges.generated.ts` from a copy of Amazon's published ranges, so that the table
 * works without the network:
 *
 *   curl -O https://ip-ranges.amazonaws.com/ip-ranges.json
 *   node infra/generate/aws-ranges.ts --from ip-ranges.json [--to FILE]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { formatAddress } from '../../shared/verdicts/decode/address.ts';
import { readCidr } from '../../shared/verdicts/resolve/address-key.ts';
import type { AddressBlock } from '../../shared/verdicts/resolve/address-key.ts';
import { parseAwsRanges } from '../../shared/verdicts/resolve/aws-ranges.ts';
import type { AwsRange } from '../../shared/verdicts/resolve/aws-ranges.ts';

const SOURCE = 'https://ip-ranges.amazonaws.com/ip-ranges.json';
const MODULE = new URL('../../shared/verdicts/resolve/aws-ranges.generated.ts', import.meta.url);

/** Services that clusters talk to by public address and that tell more than `AMAZON`. */
const TELLING: ReadonlySet<string> = new Set([
  'S3',
  'DYNAMODB',
  'EC2_INSTANCE_CONNECT',
  'CLOUDFRONT',
  'CLOUDFRONT_ORIGIN_FACING',
  'ROUTE53',
  'ROUTE53_HEALTHCHECKS',
  'ROUTE53_HEALTHCHECKS_PUBLISHING',
  'ROUTE53_RESOLVER',
  'API_GATEWAY',
  'GLOBALACCELERATOR',
  'CODEBUILD',
]);

/** Characters of the table. The largest blocks of `AMAZON` fill what the services leave; the many small ones are left out. */
const BUDGET = 58_000;

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));
const size = ({ first, last }: AddressBlock): bigint => last - first + 1n;

/** The fewest blocks of one family that cover the same addresses. */
const collapsed = (blocks: readonly AddressBlock[]): readonly AddressBlock[] => {
  const kept: AddressBlock[] = [];
  for (const block of blocks.toSorted((a, b) => compare(a.first, b.first) || a.prefix - b.prefix)) {
    const before = kept.at(-1);
    if (before !== undefined && before.last >= block.last) continue;
    let next = block;
    for (let left = kept.at(-1); left !== undefined; left = kept.at(-1)) {
      const isSibling = left.prefix === next.prefix && left.last + 1n === next.first;
      if (!isSibling || left.first % (2n * size(left)) !== 0n) break;
      next = { family: next.family, first: left.first, last: next.last, prefix: next.prefix - 1 };
      kept.pop();
    }
    kept.push(next);
  }
  return kept;
};

const word = (value: bigint, index: number): number => Number(BigInt.asUintN(32, value >> BigInt(32 * (3 - index))));

const textOf = ({ family, first, prefix }: AddressBlock): string => {
  const value = family === 4 ? first | 0xffff_0000_0000n : first;
  return `${formatAddress(word(value, 0), word(value, 1), word(value, 2), word(value, 3))}/${prefix}`;
};

interface Row {
  readonly service: string;
  readonly region: string;
  readonly blocks: readonly AddressBlock[];
}

const rowsOf = (ranges: readonly AwsRange[]): readonly Row[] => {
  const groups = Map.groupBy(
    ranges,
    ({ service, region, cidr }) => `${service} ${region} ${cidr.includes(':') ? 6 : 4}`,
  );
  return [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, of]) => {
      const [service = '', region = ''] = key.split(' ');
      return { service, region, blocks: collapsed(of.flatMap(({ cidr }) => readCidr(cidr) ?? [])) };
    });
};

/** Blanks, quotes and commas of a row. */
const LABEL = 8;

/** Bits of a block compared with the whole of its family, so that both families are cut at the same coarseness. */
const coarseness = ({ family, prefix }: AddressBlock): number => (family === 4 ? prefix : prefix - 24);

const cost = (blocks: readonly AddressBlock[]): number =>
  blocks.reduce((sum, block) => sum + textOf(block).length + 1, 0);

/** The smallest blocks of `AMAZON` that still fit into the budget, as a limit on coarseness. */
const finest = (broad: readonly AddressBlock[], budget: number): number => {
  for (let limit = 32; limit > 0; limit--) {
    if (cost(broad.filter((block) => coarseness(block) <= limit)) <= budget) return limit;
  }
  return 0;
};

/** @throws AwsRangesError */
export const awsRangesModule = (json: unknown): string => {
  const { syncToken, createDate, ranges } = parseAwsRanges(json);
  const telling = rowsOf(ranges.filter(({ service }) => TELLING.has(service)));
  const broad = rowsOf(ranges.filter(({ service }) => service === 'AMAZON'));
  const labels = [...telling, ...broad].reduce((sum, row) => sum + row.service.length + row.region.length + LABEL, 0);
  const left = BUDGET - labels - telling.reduce((sum, { blocks }) => sum + cost(blocks), 0);
  const limit = finest(
    broad.flatMap(({ blocks }) => blocks),
    left,
  );
  const kept = broad.map((row) => ({ ...row, blocks: row.blocks.filter((block) => coarseness(block) <= limit) }));
  const lines = [...telling, ...kept]
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ service, region, blocks }) => `  '${service} ${region} ${blocks.map(textOf).join(' ')}',`);
  return [
    '// Generated by infra/generate/aws-ranges.ts. Do not edit.',
    "import type { AwsRanges } from './aws-ranges.ts';",
    '',
    '/** Service, region, CIDRs. */',
    'const ROWS: readonly string[] = [',
    ...lines,
    '];',
    '',
    '/**',
    ` * ${SOURCE}`,
    ` * Cut down: some services, neighbouring blocks put together, of AMAZON none smaller than /${limit} or /${limit + 24} (IPv6).`,
    ' */',
    'export const AWS_RANGES: AwsRanges = {',
    `  syncToken: '${syncToken}',`,
    `  createDate: '${createDate}',`,
    '  ranges: ROWS.flatMap((row) => {',
    "    const [service = '', region = '', ...cidrs] = row.split(' ');",
    '    return cidrs.map((cidr) => ({ cidr, service, region }));',
    '  }),',
    '};',
    '',
  ].join('\n');
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } });
  if (values.from === undefined) throw new Error(`--from FILE is needed: a copy of ${SOURCE}`);
  await writeFile(values.to ?? fileURLToPath(MODULE), awsRangesModule(JSON.parse(await readFile(values.from, 'utf8'))));
}
