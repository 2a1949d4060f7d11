import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type AwsRange, parseAwsRanges } from '../shared/verdicts/resolve/index.ts';
import { downloadAwsRanges } from '../shared/runtime/aws-ip-ranges.ts';
import { UsageError } from './io.ts';

/** Asks Amazon for the list, instead of a copy. */
const ONLINE = 'online';

/**
 * Amazon's address ranges: from a copy of ip-ranges.json, or from Amazon where `path` is `online`.
 * @throws UsageError naming the file, or the address, and what is wrong with it
 */
export const awsRangesFrom = async (
  path: string | undefined,
  cwd: string,
): Promise<readonly AwsRange[] | undefined> => {
  if (path === undefined) return undefined;
  try {
    if (path === ONLINE) return parseAwsRanges(await downloadAwsRanges()).ranges;
    const raw: unknown = JSON.parse(await readFile(resolve(cwd, path), 'utf8'));
    return parseAwsRanges(raw).ranges;
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
};
