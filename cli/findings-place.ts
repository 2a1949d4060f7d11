import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { findingsInDirectory, type FindingsPlace } from '../shared/compose-findings.ts';
import { oneLine, UsageError, type Io } from './io.ts';

/** Where findings are kept: a state directory, or the service's table. */
export interface PlaceFlags {
  readonly state?: string;
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly exceptions?: string;
}

const DEFAULT_STATE = '.netpol-warden';

export const withPlaceFlags = (command: Command): Command =>
  command
    .option('--state <dir>', `directory that audit remembers findings in (default: ${DEFAULT_STATE})`)
    .option('--table <name>', "the service's DynamoDB table, instead of a directory")
    .option('--region <region>', 'AWS Region of the table (default: AWS_REGION)')
    .option('--profile <name>', 'profile of the AWS shared configuration files')
    .option('--exceptions <file>', 'exceptions in this document instead of the one in the directory');

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

/** The table's coordinates; undefined where a directory is meant. */
export const tableOf = ({ table, region, profile, state, exceptions }: PlaceFlags, io: Io) => {
  if (table === undefined) return undefined;
  if (state !== undefined) throw new UsageError('expected --state or --table, not both');
  if (exceptions !== undefined) throw new UsageError('--exceptions goes with --state: a table holds its own');
  if (!TABLE_NAME.test(table)) {
    throw new UsageError(`--table ${oneLine(table)}: expected 3 to 255 letters, digits, hyphens, dots or underscores`);
  }
  const where = region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'];
  if (where === undefined || !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(where)) {
    throw new UsageError(
      `--table: expected --region or AWS_REGION, as eu-west-1; found ${oneLine(where ?? 'neither')}`,
    );
  }
  return { tableName: table, region: where, ...(profile === undefined ? {} : { profile }) };
};

/** @throws UsageError where there is nothing to open */
export const openPlace = async (flags: PlaceFlags, io: Io): Promise<FindingsPlace> => {
  const target = tableOf(flags, io);
  if (target !== undefined) {
    const { findingsIn, openTable } = await import('../shared/compose-findings-table.ts');
    return findingsIn(await openTable(target), io.now);
  }
  const directory = resolve(io.cwd, flags.state ?? DEFAULT_STATE);
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new UsageError(`${oneLine(flags.state ?? DEFAULT_STATE)}: no such directory; netpol-warden audit makes it`);
  }
  return findingsInDirectory(directory, flags.exceptions === undefined ? undefined : resolve(io.cwd, flags.exceptions));
};
