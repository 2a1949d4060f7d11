import { Command, Option } from 'commander';
import type { OutboxEntry, OutboxStore } from '../shared/model/outbox.ts';
import { DEFAULT_NOISE_RULES } from '../shared/publish/outbox/noise.ts';
import { redrive } from '../shared/publish/outbox/outbox.ts';
import type { Destination } from '../shared/publish/port.ts';
import { inert } from '../shared/report/text.ts';
import { moment, plural } from '../shared/report/words.ts';
import { shortId } from './findings-list.ts';
import { tableOf } from './findings-place.ts';
import { UsageError, type ExitCode, type Io } from './io.ts';

/** Every destination by name, and what it wants of the changes that wait for it. */
export const DESTINATIONS: { readonly [name: string]: 'every-change' | 'latest' | 'notice' } = {
  'security-hub': 'latest',
  eventbridge: 'every-change',
  sns: 'every-change',
  webhook: 'every-change',
  pagerduty: 'every-change',
  'ocsf-s3': 'every-change',
  slack: 'notice',
  chat: 'notice',
};

/** A destination that is only named: what is driven again is delivered by the service, not from here. */
const named = (name: string): Destination => {
  const wants = DESTINATIONS[name] ?? 'every-change';
  const publish = (): Promise<never> => Promise.reject(new Error(`${name} is published to by the service only`));
  return wants === 'notice' ? { kind: 'notice', name, publish } : { kind: 'record', name, wants, publish };
};

const MOST_LISTED = 500;

const parkedText = ({ finding, parked }: OutboxEntry): string =>
  parked
    .map(
      ({ announcement: { change, sequence }, reason, parkedAt }) =>
        `  ${shortId(finding)} #${sequence} ${change.kind}, parked ${moment(parkedAt)}: ${inert(change.finding.check)} on ${inert(change.finding.resource.name)}\n    ${inert(reason)}\n`,
    )
    .join('');

/** Lists what is parked at the destinations, and has it tried again unless `dryRun`. Gives the number of findings. */
export const replay = async (
  outbox: OutboxStore,
  names: readonly string[],
  dryRun: boolean,
  io: Pick<Io, 'stdout' | 'now'>,
): Promise<number> => {
  let count = 0;
  for (const name of names) {
    const parked = await outbox.parked(name, MOST_LISTED);
    if (parked.length === 0) continue;
    const most = parked.length === MOST_LISTED ? 'at least ' : '';
    io.stdout(`${name}: ${most}${plural(parked.length, 'finding')} parked\n${parked.map(parkedText).join('')}`);
    count += dryRun
      ? parked.length
      : await redrive(
          {
            store: outbox,
            now: io.now,
            destinations: [],
            rules: DEFAULT_NOISE_RULES,
            openNow: () => Promise.reject(new Error('nothing is delivered from here')),
          },
          named(name),
        );
  }
  return count;
};

interface Flags {
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly destination?: string;
  readonly dryRun?: true;
}

export const replayCommand = (io: Io, done: (code: ExitCode) => void): Command =>
  new Command('replay')
    .description('deliveries that were refused or given up: list them, and have the service try them again')
    .option('--table <name>', "the service's DynamoDB table")
    .option('--region <region>', 'AWS Region of the table (default: AWS_REGION)')
    .option('--profile <name>', 'profile of the AWS shared configuration files')
    .addOption(new Option('--destination <name>', 'only this destination').choices(Object.keys(DESTINATIONS)))
    .option('--dry-run', 'only list what is parked')
    .action(async (flags: Flags) => {
      const target = tableOf(flags, io);
      if (target === undefined) {
        throw new UsageError('expected --table <name>: only the service delivers, so nothing is parked in a directory');
      }
      const { openTable, outboxIn } = await import('../shared/compose-findings-table.ts');
      const outbox = outboxIn(await openTable(target), io.now);
      const names = flags.destination === undefined ? Object.keys(DESTINATIONS) : [flags.destination];
      const count = await replay(outbox, names, flags.dryRun === true, io);
      const tried = flags.dryRun === true ? 'are parked' : 'wait again; the service tries them within a minute';
      io.stderr(count === 0 ? 'nothing is parked\n' : `${plural(count, 'delivery', 'deliveries')} ${tried}\n`);
      done(0);
    });
