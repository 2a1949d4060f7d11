import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type AwsRange, parseAwsRanges } from '../shared/verdicts/resolve/index.ts';
import { UsageError } from './io.ts';

/** Amazon's address ranges from a copy of ip-ranges.json. @throws UsageError naming the file and what is wrong in it */
export const awsRangesFrom = async (
  path: string | undefined,
  cwd: string,
): Promise<readonly AwsRange[] | undefined> => {
  if (path === undefined) return undefined;
  try {
    const raw: unknown = JSON.parse(await readFile(resolve(cwd, path), 'utf8'));
    return parseAwsRanges(raw).ranges;
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
};
