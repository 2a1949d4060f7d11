import { resolve } from 'node:path';
import { Command } from 'commander';
import {
  bareSnapshot,
  readVerdicts,
  verdictInputs,
  type VerdictInput,
  type VerdictInputs,
} from '../shared/compose-verdicts.ts';
import type { Flow } from '../shared/model/flow.ts';
import type { Snapshot } from '../shared/model/snapshot.ts';
import type { DenialsReport } from '../shared/report/denials/denials-report.ts';
import { FLOW_CSV_HEADER, flowCsv, renderDenialsCsv } from '../shared/report/denials/render-denials-csv.ts';
import { renderDenialsHtml } from '../shared/report/denials/render-denials-html.ts';
import { flowJson, renderDenialsJson } from '../shared/report/denials/render-denials-json.ts';
import { renderDenialsTable } from '../shared/report/denials/render-denials-table.ts';
import { writeAtomically } from '../shared/runtime/write-atomically.ts';
import { readTraffic } from '../shared/traffic.ts';
import { oneLine, progress, UsageError, wantsColour, type ExitCode, type Io } from './io.ts';
import { findPlaces, readPlace } from './snapshots.ts';
import { awsRangesFrom } from './verdict-ranges.ts';
import { follow } from './verdict-follow.ts';
import { logGroupInput, sinceMs } from './verdict-log-group.ts';
import { VERSION } from './version.ts';

const FORMATS = ['table', 'json', 'csv', 'html'] as const;
type Format = (typeof FORMATS)[number];

export interface VerdictFlags {
  readonly snapshot?: string;
  readonly output: string;
  readonly top: string;
  readonly flows?: true;
  readonly follow?: true;
  readonly logGroup?: string;
  readonly since: string;
  readonly region?: string;
  readonly profile?: string;
  readonly assumeTime?: string;
  readonly awsIpRanges?: string;
}

interface Target {
  readonly format: Format;
  readonly path?: string;
}

const targetOf = (text: string): Target => {
  const [name = '', ...rest] = text.split('=');
  const format = FORMATS.find((each) => each === name);
  const path = rest.join('=');
  if (format === undefined) {
    throw new UsageError(`--output ${oneLine(text)}: expected one of ${FORMATS.join(', ')}, or <format>=<file>`);
  }
  if (text.includes('=') && path === '')
    throw new UsageError(`--output ${oneLine(text)}: expected a file name after =`);
  return { format, ...(path === '' || path === '-' ? {} : { path }) };
};

const MOST_TOP = 100_000;

const topOf = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MOST_TOP) {
    throw new UsageError(`--top ${oneLine(text)}: expected a whole number from 1 to ${MOST_TOP}`);
  }
  return count;
};

const timeOf = (text: string): number => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(`--assume-time ${oneLine(text)}: expected an RFC 3339 time`);
  return time;
};

/** The one snapshot that gives names and reasons; one of nothing where none is given. */
const snapshotOf = async (path: string | undefined, io: Io): Promise<Snapshot | undefined> => {
  if (path === undefined) return undefined;
  const [place, ...others] = await findPlaces([path], io.cwd);
  if (place === undefined || others.length > 0) {
    throw new UsageError(`--snapshot ${oneLine(path)}: expected one snapshot, found ${others.length + 1}`);
  }
  return readPlace(place);
};

const stdinOf = (io: Io): VerdictInput => {
  const { stdin } = io;
  if (stdin === undefined) throw new UsageError('-: expected something on standard input');
  return { name: '-', assumedTime: io.now().getTime(), chunks: () => stdin };
};

const inputsOf = async (paths: readonly string[], flags: VerdictFlags, io: Io): Promise<readonly VerdictInput[]> => {
  if (flags.logGroup !== undefined) {
    if (paths.length > 0) throw new UsageError('expected files or --log-group, not both');
    return [await logGroupInput(flags.logGroup, flags, io)];
  }
  if (paths.length === 0) throw new UsageError('expected files of verdict logs, - for standard input, or --log-group');
  const assumed = flags.assumeTime === undefined ? undefined : timeOf(flags.assumeTime);
  const inputs: VerdictInput[] = [];
  for (const path of paths) {
    const found =
      path === '-'
        ? [stdinOf(io)]
        : await verdictInputs(resolve(io.cwd, path), path).catch((error: unknown) => {
            throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
          });
    if (found.length === 0) throw new UsageError(`${path}: expected files of verdict logs below it`);
    for (const input of found) inputs.push({ ...input, ...(assumed === undefined ? {} : { assumedTime: assumed }) });
  }
  return inputs;
};

const reportOf = async (
  reading: VerdictInputs,
  snapshot: Snapshot | undefined,
  flags: VerdictFlags,
  io: Io,
): Promise<DenialsReport> => {
  const now = io.now();
  const awsRanges = await awsRangesFrom(flags.awsIpRanges, io.cwd);
  const { traffic } = readTraffic(reading, {
    snapshot: snapshot ?? bareSnapshot(now.toISOString()),
    now: now.getTime(),
    ...(awsRanges === undefined ? {} : { awsRanges }),
  });
  return {
    tool: { name: 'netpol-warden', version: VERSION },
    generatedAt: now.toISOString(),
    ...(snapshot === undefined ? {} : { cluster: snapshot.cluster }),
    traffic,
    inputs: reading.inputs,
  };
};

const DEFAULT_COLUMNS = 100;
const MOST_COLUMNS = 140;

const render = (report: DenialsReport, format: Format, top: number, io: Io, onTerminal: boolean): string => {
  switch (format) {
    case 'table':
      return renderDenialsTable(report, {
        columns: Math.min((onTerminal ? io.stdoutColumns : undefined) ?? DEFAULT_COLUMNS, MOST_COLUMNS),
        colour: onTerminal && wantsColour(io),
        top,
      });
    case 'json':
      return renderDenialsJson(report);
    case 'csv':
      return renderDenialsCsv(report);
    case 'html':
      return renderDenialsHtml(report);
  }
};

/** Each flow goes out as it is read: a log is larger than memory. */
const flowWriter = (
  { format, path }: Target,
  io: Io,
): { readonly onFlow: (flow: Flow) => void; readonly end: () => void } => {
  if (path !== undefined || (format !== 'json' && format !== 'csv')) {
    throw new UsageError('--flows: expected --output json or --output csv, on standard output');
  }
  let count = 0;
  io.stdout(format === 'csv' ? FLOW_CSV_HEADER : '{"flows":[');
  return {
    onFlow: (flow) => {
      if (format === 'csv') io.stdout(flowCsv(flow));
      else io.stdout(`${count === 0 ? '\n' : ',\n'}${flowJson(flow)}`);
      count += 1;
    },
    end: () => {
      if (format === 'json') io.stdout('\n],\n');
    },
  };
};

const verdicts = async (paths: readonly string[], flags: VerdictFlags, io: Io): Promise<ExitCode> => {
  const target = targetOf(flags.output);
  const top = topOf(flags.top);
  const snapshot = await snapshotOf(flags.snapshot, io);
  if (flags.follow === true) return follow(paths, flags, snapshot, io);
  const inputs = await inputsOf(paths, flags, io);
  const writer = flags.flows === true ? flowWriter(target, io) : undefined;
  const bar = progress(io);
  const reading = await readVerdicts(inputs, {
    ...(writer === undefined ? {} : { onFlow: writer.onFlow }),
    onProgress: (name, bytes) => bar.show(`reading ${name}: ${(bytes / 1_048_576).toFixed(1)} MiB`),
  });
  bar.clear();
  writer?.end();
  const report = await reportOf(reading, snapshot, flags, io);
  for (const { name, problems } of report.inputs) {
    for (const problem of problems) io.stderr(`netpol-warden: ${oneLine(name)}: ${oneLine(problem)}\n`);
  }
  const text = render(report, target.format, top, io, target.path === undefined);
  if (writer !== undefined) {
    // The flows are out already; the rest of the same document follows them.
    if (target.format === 'json') io.stdout(text.replace(/^\{/, ''));
  } else if (target.path === undefined) io.stdout(text);
  else {
    await writeAtomically(resolve(io.cwd, target.path), text);
    io.stderr(`${target.format} report written to ${target.path}\n`);
  }
  return report.inputs.some(({ problems }) => problems.length > 0) ? 2 : 0;
};

export const verdictsCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  new Command('verdicts')
    .description('read verdict logs of the network policy agent: who was denied what, why, and what would allow it')
    .argument('[files...]', 'log files, .gz too, directories of them, or - for standard input')
    .option('-s, --snapshot <path>', 'a snapshot or raw dump of the cluster: gives addresses names and denials reasons')
    .option('-o, --output <format[=file]>', 'table, json, csv or html', 'table')
    .option('--top <count>', 'pairs told in full in the table', '20')
    .option('--flows', 'every decoded flow, too: with --output json or csv')
    .option('--follow', 'go on reading as lines are written, and tell of each denial once')
    .option('--log-group <name>', 'read CloudWatch Logs instead of files: /aws/eks/<cluster>/cluster')
    .option('--since <duration>', 'how far back in the log group: 30m, 1h, 7d', '1h')
    .option('--region <region>', 'AWS Region of the log group (default: AWS_REGION)')
    .option('--profile <name>', 'profile of the AWS shared configuration files')
    .option('--assume-time <time>', 'of lines that tell no time; default: when the file was last written')
    .option(
      '--aws-ip-ranges <file>',
      'a copy of https://ip-ranges.amazonaws.com/ip-ranges.json, or the word online to ask Amazon',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 everything was read, whatever it says; 2 could not run, or an input could not be read in full',
    )
    .action(async (files: readonly string[], flags: VerdictFlags) => {
      sinceMs(flags.since);
      done(await verdicts(files, flags, io));
    });
