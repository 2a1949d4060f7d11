import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Flow } from '../shared/model/flow.ts';
import type { Snapshot } from '../shared/model/snapshot.ts';
import { flowJson } from '../shared/report/denials/render-denials-json.ts';
import { addressBook } from '../shared/verdicts/resolve/index.ts';
import { decodeInput } from '../shared/verdicts/decode/index.ts';
import type { AddressOwner, ResolvedAddress } from '../shared/model/denied-traffic.ts';
import { oneLine, UsageError, type ExitCode, type Io } from './io.ts';
import { logGroupEvents } from '../shared/compose-log-group.ts';
import type { VerdictFlags } from './verdicts.ts';
import { sinceMs } from './verdict-log-group.ts';

/** How often a file or a log group is looked at for more. */
const FILE_POLL_MS = 500;
/** FilterLogEvents is limited to 5 a second and account: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const LOG_GROUP_POLL_MS = 10_000;
/** CloudWatch shows an event some seconds after it was published; a look goes back so far and leaves out what it had. */
const LATE_MS = 60_000;
const CHUNK_BYTES = 262_144;

const ownerText = (owner: AddressOwner): string | undefined => {
  switch (owner.kind) {
    case 'pod':
      return `${owner.namespace}/${owner.name}`;
    case 'service':
      return `Service ${owner.namespace}/${owner.name}`;
    case 'node':
      return `node ${owner.name}`;
    case 'well-known':
      return owner.service;
    case 'api-server':
      return 'API server';
    case 'network-interface':
      return owner.service ?? owner.description;
    case 'special':
    case 'vpc':
    case 'aws-service':
    case 'external':
      return undefined;
  }
};

const endText = ({ address, owners: [owner] }: ResolvedAddress, port: number): string => {
  const name = owner === undefined ? undefined : ownerText(owner);
  return `${name === undefined ? '' : `${name} `}${address}:${port}`;
};

/** One line a denial, for a terminal or a pipe. */
const denialLine = (flow: Flow, book: ReturnType<typeof addressBook> | undefined): string => {
  const hint = flow.node === undefined ? undefined : { node: flow.node };
  const end = (address: string, port: number): string =>
    book === undefined ? `${address}:${port}` : endText(book.resolve(address, flow.time, hint), port);
  const where = flow.node === undefined ? '' : ` on ${flow.node}`;
  return oneLine(
    `${new Date(flow.time).toISOString()} ${flow.verdict} ${end(flow.source, flow.sourcePort)} → ` +
      `${end(flow.destination, flow.destinationPort)} ${flow.protocol}${where}`,
  );
};

/** The bytes of a file as they are written; from the start again where it was truncated or replaced. */
const growing = async function* growing(path: string, stop: AbortSignal): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let inode: number | undefined;
  while (!stop.aborted) {
    const file = await open(path, 'r').catch(() => undefined);
    try {
      const stats = await file?.stat();
      if (file !== undefined && stats !== undefined) {
        if (inode !== undefined && (stats.ino !== inode || stats.size < offset)) offset = 0;
        inode = stats.ino;
        while (offset < stats.size && !stop.aborted) {
          const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, offset);
          if (bytesRead === 0) break;
          offset += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      }
    } finally {
      await file?.close();
    }
    await sleep(FILE_POLL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
};

const asText = (flags: VerdictFlags): boolean => {
  if (flags.output === 'table') return true;
  if (flags.output === 'json') return false;
  throw new UsageError('--follow: expected --output table or --output json');
};

/** Follows until it is interrupted. What cannot be read is said on standard error, and reading goes on. */
export const follow = async (
  paths: readonly string[],
  flags: VerdictFlags,
  snapshot: Snapshot | undefined,
  io: Io,
): Promise<ExitCode> => {
  const text = asText(flags);
  const stop = io.interrupted ?? new AbortController().signal;
  const book = snapshot === undefined ? undefined : addressBook({ facts: snapshot.facts });
  const onFlow = (flow: Flow): void => {
    if (flow.verdict !== 'DENY') return;
    io.stdout(`${text ? denialLine(flow, book) : flowJson(flow)}\n`);
  };
  if (flags.logGroup !== undefined) return followGroup(flags.logGroup, flags, io, stop, onFlow);
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) throw new UsageError('--follow: expected one file, -, or --log-group');
  const isDirectory = path !== '-' && (await stat(resolve(io.cwd, path)).catch(() => undefined))?.isDirectory();
  if (isDirectory === true) throw new UsageError(`--follow: expected one file, and ${path} is a directory`);
  const { stdin } = io;
  if (path === '-' && stdin === undefined) throw new UsageError('-: expected something on standard input');
  const chunks = path === '-' && stdin !== undefined ? stdin : growing(resolve(io.cwd, path), stop);
  const { counts } = await decodeInput(path, chunks, { assumedTime: io.now().getTime(), onFlow });
  io.stderr(`${counts.lines} lines, ${counts.denied} denied, ${counts.unreadable} unreadable\n`);
  return 0;
};

const followGroup = async (
  name: string,
  flags: VerdictFlags,
  io: Io,
  stop: AbortSignal,
  onFlow: (flow: Flow) => void,
): Promise<ExitCode> => {
  const region = flags.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw new UsageError('--log-group: expected --region <region> or AWS_REGION');
  let from = io.now().getTime() - sinceMs(flags.since);
  let had = new Set<string>();
  while (!stop.aborted) {
    const looked = io.now().getTime();
    const seen = new Set<string>();
    const profile = flags.profile === undefined ? {} : { profile: flags.profile };
    const { problems } = await decodeInput(name, logGroupEvents({ name, region, from, ...profile }), {
      assumedTime: looked,
      onFlow: (flow) => {
        const key = flow.eventId ?? JSON.stringify(flow);
        seen.add(key);
        if (!had.has(key)) onFlow(flow);
      },
    });
    for (const problem of problems) io.stderr(`netpol-warden: ${oneLine(name)}: ${problem.kind}\n`);
    had = seen;
    from = looked - LATE_MS;
    await sleep(LOG_GROUP_POLL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  return 0;
};
